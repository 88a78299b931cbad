"""Which cases look alike to a part of the plan: the same number for all that it cannot tell apart.

A part asks of a fact only if it is among some answers. Two answers that lie in the same of these
sets are one and the same to it. What follows from the insurance, the illness or the state counts
as if it had been said.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from secondopinion.knowledge import KINDS_OF_RULE, Knowledge
from secondopinion.model import When

from .codes import Codebook, Codes
from .days import Clocks, Segments
from .parts import Part

_IMPLYING = {"condition": "conditions", "state": "states"}
_UPHELD_BY = ("first_denial_upheld", "final_denial")

Clause = tuple[str, frozenset[str | bool]]
Table = npt.NDArray[np.int32]


def _numbered(signatures: Iterable[Hashable]) -> list[int]:
    """Return for each signature which distinct one it is."""
    places: dict[Hashable, int] = {}
    return [places.setdefault(each, len(places)) for each in signatures]


class Look(NamedTuple):
    """How to find the number of the cases that look alike: sums of numbers from tables."""

    size: int
    """How many such numbers there can be."""
    start: Table
    """By the coverage."""
    pairs: Mapping[str, Table]
    """By the coverage and one other fact."""
    singles: Mapping[str, Table]
    """By an event's day or a flag alone."""

    def numbers(self, traits: Mapping[str, Codes], paired: Mapping[str, Codes]) -> Codes:
        """Return the number of each case.

        Parameters
        ----------
        traits
            The codes of the facts, the days and the flags.
        paired
            The codes of a coverage and a fact together.
        """
        whole: Codes = self.start.take(traits["coverage"])
        for fact, table in self.pairs.items():
            whole += table.take(paired[fact])
        for name, table in self.singles.items():
            whole += table.take(traits[name])
        return whole.astype(np.intp)


class Eye:
    """Finds out what a part can tell apart, from the conditions it names."""

    def __init__(
        self,
        knowledge: Knowledge,
        codebook: Codebook,
        clocks: Clocks,
    ) -> None:
        self.codebook = codebook
        self.clocks = clocks
        every = chain.from_iterable(knowledge.rules(kind) for kind in KINDS_OF_RULE)
        self.rules = {rule.id: rule for rule in every}
        self.amounts_of_today = frozenset(
            level["amount"] for level in knowledge.section("appeals") if "amount" in level
        )
        self._of_coverage = [
            {"coverage": name, **knowledge.implied_by("coverages", name)} if name else {}
            for name in (None, *map(str, codebook.answers["coverage"]))
        ]
        self._implied = {
            asked: [
                knowledge.implied_by(kind, name)
                for name in (None, *map(str, codebook.answers[asked]))
            ]
            for asked, kind in _IMPLYING.items()
        }
        self._bringing = {
            asked: {fact for each in self._implied.get(asked, ()) for fact in each}
            for asked in codebook.answers
        }
        self._open = (
            set().union(*self._bringing.values()) | set(codebook.answers) - {"coverage"} | {"dated"}
        )

    def _remaining(self, when: When, known: Mapping[str, Any]) -> tuple[Clause, ...] | None:
        """Return what a condition still asks when the coverage is known; None if it cannot hold."""
        left = []
        for fact, allowed in when:
            if fact in known:
                if known[fact] not in allowed:
                    return None
            elif fact in self._open:
                left.append((fact, allowed))
            else:
                return None
        return tuple(left)

    def _sees(self, clauses: Sequence[Clause], asked: str, number: int) -> Hashable:
        """Return what some conditions see of one answer."""
        implied = self._implied[asked][number] if asked in self._implied else {}
        answer = self.codebook.answer(asked, number)
        said = set(answer) if isinstance(answer, tuple) else {answer}
        may_follow = (
            asked == _UPHELD_BY[0] and number == 0
        )  # not said, but perhaps known all the same
        own = {asked: None if may_follow else said}
        sees: list[bool | None] = []
        for fact, allowed in clauses:
            if fact in implied:
                sees.append(implied[fact] in allowed)
            else:
                found = own.get(fact)
                sees.append(None if found is None else not allowed.isdisjoint(found))
        return tuple(sees)

    def _classes(self, part: Part, clauses: Sequence[Clause], asked: str) -> list[int]:
        """Return for each answer to a question which of those that look alike it is."""
        size = self.codebook.size(asked)
        if asked in part.own:
            return list(range(size))
        if not any(fact == asked or fact in self._bringing[asked] for fact, _ in clauses):
            return [0]
        return _numbered(self._sees(clauses, asked, number) for number in range(size))

    def moving(self, rules: Iterable[str], event: str) -> list[str]:
        """Return those of some rules whose version depends on the day of an event."""
        return sorted(name for name in rules if self._reads(name, event))

    def _asks(self, part: Part, known: Mapping[str, Any]) -> tuple[tuple[Clause, ...] | None, ...]:
        """Return what a part asks when the coverage is known; nothing where it cannot apply."""
        if self._remaining(part.must, known) is None:
            return ()
        return tuple(self._remaining(when, known) for when in part.whens)

    def look(self, part: Part, segments: Mapping[str, Segments]) -> Look:
        """Return how to number the cases that look alike to a part."""
        asks = [self._asks(part, known) for known in self._of_coverage]
        kinds = _numbered(asks)
        steps = [self._steps(part, asks[kinds.index(kind)]) for kind in range(max(kinds) + 1)]
        starts = np.cumsum([0, *(span for _, span in steps)])
        singles, size = self._singles(part, segments, int(starts[-1]))
        asked = dict.fromkeys(fact for step, _ in steps for fact in step)
        return Look(size, starts[kinds].astype(np.int32), self._pairs(asked, kinds, steps), singles)

    def classes(self, every: Sequence[Part], segments: Mapping[str, Segments]) -> dict[str, Table]:
        """Return for each coverage and answer which of those that look alike to all parts it is."""
        names = [fact for fact in self.codebook.answers if fact != "coverage"]
        found: dict[str, list[list[int]]] = {name: [] for name in names}
        found |= {f"events.{event}": [] for event in segments}
        for known in self._of_coverage:
            looking = [part for part in every if self._remaining(part.must, known) is not None]
            whole = _together(looking)
            asks = self._asks(whole, known)
            clauses = dict.fromkeys(clause for when in asks if when for clause in when)
            for fact in names:
                classes = self._classes(whole, list(clauses), fact)
                found[fact].append(classes if len(classes) > 1 else [0] * self.codebook.size(fact))
            for event, stretches in segments.items():
                days = self._days(whole, event, stretches)
                count = len(stretches.begins) + 1
                found[f"events.{event}"].append(days if len(days) > 1 else [0] * count)
        return {name: np.array(rows, dtype=np.int32).ravel() for name, rows in found.items()}

    def _steps(
        self, part: Part, remaining: Sequence[tuple[Clause, ...] | None]
    ) -> tuple[dict[str, list[int]], int]:
        """Return for one kind of coverage the number each answer adds, and how many there are."""
        clauses = list(dict.fromkeys(clause for when in remaining if when for clause in when))
        span, steps = 1, {}
        for fact in self.codebook.answers:
            classes = [0] if fact == "coverage" else self._classes(part, clauses, fact)
            count = max(classes) + 1
            if count > 1:
                steps[fact] = [number * span for number in classes]
                span *= count
        return steps, span

    def _pairs(
        self,
        asked: Iterable[str],
        kinds: Sequence[int],
        steps: Sequence[tuple[dict[str, list[int]], int]],
    ) -> dict[str, Table]:
        """Return for each fact the number that a coverage and an answer together add."""
        pairs = {}
        for fact in asked:
            nothing = [0] * self.codebook.size(fact)
            rows = np.array([step.get(fact, nothing) for step, _ in steps], dtype=np.int32)
            pairs[fact] = rows[kinds].ravel()
        return pairs

    def _singles(
        self, part: Part, segments: Mapping[str, Segments], size: int
    ) -> tuple[dict[str, Table], int]:
        """Return the numbers by events and flags, in steps of what there is without them."""
        tables = {}
        for event, stretches in segments.items():
            classes = self._days(part, event, stretches)
            if max(classes):
                tables[f"events.{event}"] = np.array(classes, np.int32) * size
                size *= max(classes) + 1
        for flag in sorted(part.flags):
            tables[flag] = np.array([0, size], np.int32)
            size *= 2
        return tables, size

    def _days(self, part: Part, event: str, segments: Segments) -> list[int]:
        """Return for each stretch of days which of those that look alike it is."""
        dated = self._dated(part, event)
        clocks = [self.clocks.of(name) for name in self.moving(part.rules, event)]
        if not dated and not clocks and event not in part.futures:
            return [0]
        sees: list[Hashable] = [None]
        for day in segments.begins.tolist():
            ahead = event in part.futures and day > self.clocks.as_of
            read = [(int(c.version[day]), bool(c.last[day] < self.clocks.as_of)) for c in clocks]
            sees.append((dated, ahead, *read) if dated or ahead or read else None)
        return _numbered(sees)

    @staticmethod
    def _dated(part: Part, event: str) -> bool:
        """Tell whether it matters to a part that the day of an event is known."""
        facts = {fact for when in part.whens for fact, _ in when}
        return "dated" in facts or (event == _UPHELD_BY[1] and _UPHELD_BY[0] in facts)

    def _reads(self, name: str, event: str) -> bool:
        """Tell whether the version of a rule depends on the day of an event."""
        rule = self.rules.get(name)
        if rule is None:
            return False
        if rule.kind == "amounts":
            return event == "appointment" and name not in self.amounts_of_today
        return rule.clock == event


def _together(every: Sequence[Part]) -> Part:
    """Return one part that looks at all that some parts look at."""
    return Part(
        "whole",
        tuple(when for part in every for when in part.whens),
        frozenset[str]().union(*(part.rules for part in every)),
        frozenset[str]().union(*(part.flags for part in every)),
        frozenset[str]().union(*(part.futures for part in every)),
        frozenset[str]().union(*(part.own for part in every)),
        (),
        lambda _: (),
    )
