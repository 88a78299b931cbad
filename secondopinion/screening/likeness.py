"""One case that stands for all that look alike, and what each part of its plan comes to."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from secondopinion.knowledge import Knowledge
from secondopinion.model import Case
from secondopinion.planner.reading import Reading

from .alike import Eye
from .codes import Codebook, Codes, Said
from .days import Clocks, day_numbered
from .parts import LEFT, ORDER, PRICE, Found, Part

EVENTS = "events."
_SOME_NUMBER = Decimal(1)  # that it is known matters here; the rest is arithmetic


class _Sounding(Reading):
    """A reading whose gaps are told apart by what is missing, not by the year they name."""

    def gap(self, phrase: str, **words: object) -> None:
        missing = (str(word) for name, word in words.items() if name != "year")
        self.gaps[" ".join((phrase, *missing))] = None


class Likeness:
    """The cases of one day as codes, and a case that looks like any row of them.

    Parameters
    ----------
    knowledge
        The knowledge base.
    as_of
        The day to plan for.
    every
        All the parts of a plan: what none of them can tell apart is alike.
    """

    def __init__(self, knowledge: Knowledge, as_of: date, every: Sequence[Part]) -> None:
        self.knowledge = knowledge
        self.as_of = as_of
        self.codebook = Codebook(knowledge)
        self.clocks = Clocks(knowledge, as_of)
        self.eye = Eye(knowledge, self.codebook, self.clocks, every)
        self.segments = self.eye.segments
        self.classes = self.eye.classes(every)

    def case(self, traits: Mapping[str, Codes], row: int) -> Case:
        """Return a case that looks like the one in a row."""
        facts: dict[str, Any] = {
            fact: self.codebook.answer(fact, int(traits[fact][row]))
            for fact in self.codebook.answers
        }
        known = (flag for flag in (PRICE, LEFT) if traits[flag][row])
        costs = {flag.partition(".")[2]: _SOME_NUMBER for flag in known}
        return Case(**facts, events=self._days(traits, row), costs=costs)

    def _days(self, traits: Mapping[str, Codes], row: int) -> dict[str, date]:
        """Return a day for each event that is known, in the stretch and the order of the row."""
        days = {}
        is_reversed = bool(traits[ORDER][row])
        for event, segments in self.segments.items():
            stretch = int(traits[EVENTS + event][row])
            if stretch:
                at_the_end = is_reversed == (event == "denial")
                day = (segments.ends if at_the_end else segments.begins)[stretch - 1]
                days[event] = day_numbered(day)
        return days

    def found(self, part: Part, traits: Mapping[str, Codes], row: int) -> Found:
        """Return what a part comes to for the case in a row."""
        reading = _Sounding(self.knowledge, self.case(traits, row), self.as_of)
        return Found(tuple(part.work(reading)), frozenset(reading.gaps))


class Worked(Said):
    """A part of the plan, and what it has come to so far."""

    def __init__(self, part: Part, likeness: Likeness) -> None:
        super().__init__()
        self._part = part
        self._likeness = likeness
        self._look = likeness.eye.look(part)
        self._by_look = np.full(self._look.size, -1, dtype=np.int32)

    def codes(self, traits: Mapping[str, Codes], pairs: Mapping[str, Codes]) -> Codes:
        """Return for each case which of the things found is its own.

        Parameters
        ----------
        traits
            By name, the codes of all that decides.
        pairs
            By fact, the codes of the coverage and that fact together.
        """
        looks = self._look.numbers(traits, pairs)
        codes: Codes = self._by_look.take(looks)
        new = np.flatnonzero(codes < 0)
        if len(new):
            fresh, first = np.unique(looks[new], return_index=True)
            for look, row in zip(fresh.tolist(), new[first].tolist(), strict=True):
                found = self._likeness.found(self._part, traits, row)
                self._by_look[look] = self.place(found.essence(), found)
            codes = self._by_look.take(looks)
        return codes
