"""One case that stands for all that look alike, and what each part of its plan comes to."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np

from secondopinion.knowledge import Knowledge
from secondopinion.model import Case
from secondopinion.planner.reading import Reading

from . import parts
from .alike import Eye, Look
from .codes import Codebook, Codes
from .days import Clocks, day_numbered
from .parts import FLAGS, ORDER, Found, Part

EVENTS = "events."
_A_NUMBER = Decimal(1)  # of a figure it matters only that it is known; the rest is arithmetic


class _Sounding(Reading):
    """A reading whose gaps are told apart by what is missing, not by the year they name."""

    def gap(self, phrase: str, **words: object) -> None:
        missing = (str(word) for name, word in words.items() if name != "year")
        self.gaps[" ".join((phrase, *missing))] = None


class Likeness:
    """The cases of one day as codes, and a case that looks like any row of them."""

    def __init__(self, knowledge: Knowledge, as_of: date, every: Sequence[Part]) -> None:
        self.knowledge = knowledge
        self.as_of = as_of
        self.codebook = Codebook(knowledge)
        self.clocks = Clocks(knowledge, as_of)
        events = [q["id"] for q in knowledge.section("questions") if q["kind"] == "day"]
        self.events = [name.removeprefix(EVENTS) for name in events]
        read = set(chain.from_iterable(part.rules for part in every))
        eye = Eye(knowledge, self.codebook, self.clocks)
        self.segments = {
            event: self.clocks.segments(event, eye.moving(read, event)) for event in self.events
        }
        self.look = lambda part: eye.look(part, self.segments)
        self.classes = eye.classes([*every, parts.order_of_steps()], self.segments)

    def case(self, traits: Mapping[str, Codes], row: int) -> Case:
        """Return a case that looks like the one in a row."""
        facts: dict[str, Any] = {
            fact: self.codebook.answer(fact, int(traits[fact][row]))
            for fact in self.codebook.answers
        }
        known = {flag.partition(".")[2]: _A_NUMBER for flag in FLAGS[:2] if traits[flag][row]}
        return Case(**facts, events=self._days(traits, row), costs=known)

    def _days(self, traits: Mapping[str, Codes], row: int) -> dict[str, date]:
        """Return a day for each event that is known, in the stretch and the order of the row."""
        days = {}
        is_reversed = bool(traits[ORDER][row])
        for event in self.events:
            stretch = int(traits[EVENTS + event][row])
            if stretch:
                segments = self.segments[event]
                late = is_reversed == (event == "denial")
                days[event] = day_numbered(
                    (segments.ends if late else segments.begins)[stretch - 1]
                )
        return days

    def found(self, part: Part, traits: Mapping[str, Codes], row: int) -> Found:
        """Return what a part comes to for the case in a row."""
        reading = _Sounding(self.knowledge, self.case(traits, row), self.as_of)
        return Found(tuple(part.work(reading)), frozenset(reading.gaps))


class Worked:
    """A part of the plan, and what it has come to so far."""

    def __init__(self, part: Part, likeness: Likeness) -> None:
        self.part = part
        self.likeness = likeness
        self.look: Look = likeness.look(part)
        self.found: list[Found] = []
        self._places: dict[Any, int] = {}
        self._by_look = np.full(self.look.size, -1, dtype=np.int32)

    def codes(self, traits: Mapping[str, Codes], paired: Mapping[str, Codes]) -> Codes:
        """Return for each case which of the things found is its own."""
        looks = self.look.numbers(traits, paired)
        codes: Codes = self._by_look.take(looks)
        new = np.flatnonzero(codes < 0)
        if len(new):
            fresh, first = np.unique(looks[new], return_index=True)
            for look, row in zip(fresh.tolist(), new[first].tolist(), strict=True):
                self._by_look[look] = self._place(self.likeness.found(self.part, traits, row))
            codes = self._by_look.take(looks)
        return codes

    def _place(self, found: Found) -> int:
        key = (tuple(map(parts.essence, found.lines)), found.gaps)
        place = self._places.setdefault(key, len(self.found))
        if place == len(self.found):
            self.found.append(found)
        return place
