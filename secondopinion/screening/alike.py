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
from .parts import Part, together

Table = npt.NDArray[np.int32]
Clause = tuple[str, frozenset[str | bool]]
Asks = tuple[tuple[Clause, ...] | None, ...]
"""What is left of some conditions when the coverage is known; None for one that cannot hold."""

_COVERAGE = "coverage"
_IMPLYING = {"condition": "conditions", "state": "states"}
_UPHELD, _UPHELD_BY = "first_denial_upheld", "final_denial"


def numbered(sights: Iterable[Hashable]) -> list[int]:
    """Return for each sight which distinct one it is."""
    places: dict[Hashable, int] = {}
    return [places.setdefault(sight, len(places)) for sight in sights]


class Look(NamedTuple):
    """How to find the number of the cases that look alike: a sum of numbers from tables."""

    size: int
    """How many such numbers there can be."""
    start: Table
    """By the coverage."""
    pairs: Mapping[str, Table]
    """By the coverage and one other fact."""
    singles: Mapping[str, Table]
    """By the day of an event, or by a flag."""

    def numbers(self, traits: Mapping[str, Codes], pairs: Mapping[str, Codes]) -> Codes:
        """Return the number of each case."""
        whole: Codes = self.start.take(traits[_COVERAGE])
        for fact, table in self.pairs.items():
            whole += table.take(pairs[fact])
        for name, table in self.singles.items():
            whole += table.take(traits[name])
        return whole.astype(np.intp)


class Eye:
    """Finds out what parts can tell apart, from the conditions and the rules they name.

    Parameters
    ----------
    knowledge
        The knowledge base.
    codebook
        The numbers of answers.
    clocks
        What each rule makes of each day.
    every
        All the parts of a plan.
    """

    def __init__(
        self, knowledge: Knowledge, codebook: Codebook, clocks: Clocks, every: Sequence[Part]
    ) -> None:
        self._codebook = codebook
        self._clocks = clocks
        rules = chain.from_iterable(knowledge.rules(kind) for kind in KINDS_OF_RULE)
        self._rules = {rule.id: rule for rule in rules}
        levels = knowledge.section("appeals")
        self._of_today = {level["amount"] for level in levels if "amount" in level}
        implied = {
            asked: [knowledge.implied_by(kind, name) for name in (None, *codebook.names(asked))]
            for asked, kind in {_COVERAGE: "coverages", **_IMPLYING}.items()
        }
        names = (None, *codebook.names(_COVERAGE))
        self._known = [
            {_COVERAGE: name, **facts} if name else {}
            for name, facts in zip(names, implied.pop(_COVERAGE), strict=True)
        ]
        self._implied = implied
        brought = chain.from_iterable(chain.from_iterable(implied.values()))
        self._open = {*brought, *codebook.answers, "dated"} - {_COVERAGE}
        events = [q["id"] for q in knowledge.section("questions") if q["kind"] == "day"]
        read = together(every).rules
        self.segments = {
            event: clocks.segments(self._moving(read, event))
            for event in (name.partition(".")[2] for name in events)
        }

    def look(self, part: Part) -> Look:
        """Return how to number the cases that look alike to a part."""
        asks = [self._asks(part, known) for known in self._known]
        kinds = numbered(asks)
        steps = [self._steps(part, asks[kinds.index(kind)]) for kind in range(max(kinds) + 1)]
        starts = np.cumsum([0, *(span for _, span in steps)])
        pairs = {
            fact: self._pair(fact, [step.get(fact) for step, _ in steps], kinds)
            for fact in dict.fromkeys(fact for step, _ in steps for fact in step)
        }
        singles, size = self._singles(part, int(starts[-1]))
        return Look(size, starts[kinds].astype(np.int32), pairs, singles)

    def classes(self, every: Sequence[Part]) -> dict[str, Table]:
        """Return for each coverage and answer which of those that look alike to all parts it is."""
        rows: dict[str, list[list[int]]] = {}
        for known in self._known:
            whole = together(p for p in every if self._remaining(p.must, known) is not None)
            clauses = _clauses(self._asks(whole, known))
            for fact in self._codebook.answers:
                rows.setdefault(fact, []).append(self._classes(whole, clauses, fact))
            for event, segments in self.segments.items():
                rows.setdefault(f"events.{event}", []).append(self._days(whole, event, segments))
        return {name: np.array(row, dtype=np.int32).ravel() for name, row in rows.items()}

    # Facts

    def _asks(self, part: Part, known: Mapping[str, Any]) -> Asks:
        """Return what a part asks when the coverage is known; nothing where it cannot apply."""
        if self._remaining(part.must, known) is None:
            return ()
        return tuple(self._remaining(when, known) for when in part.whens)

    def _remaining(self, when: When, known: Mapping[str, Any]) -> tuple[Clause, ...] | None:
        """Return what a condition still asks when the coverage is known; None if it cannot hold."""
        left = []
        for fact, allowed in when:
            if known[fact] not in allowed if fact in known else fact not in self._open:
                return None
            if fact not in known:
                left.append((fact, allowed))
        return tuple(left)

    def _steps(self, part: Part, asks: Asks) -> tuple[dict[str, list[int]], int]:
        """Return for one kind of coverage the number each answer adds, and how many there are."""
        clauses = _clauses(asks)
        span, steps = 1, {}
        for fact in self._codebook.answers:
            classes = self._classes(part, clauses, fact)
            count = max(classes) + 1
            if count > 1:
                steps[fact] = [number * span for number in classes]
                span *= count
        return steps, span

    def _classes(self, part: Part, clauses: Sequence[Clause], asked: str) -> list[int]:
        """Return for each answer to a question which of those that look alike it is."""
        numbers = range(self._codebook.size(asked))
        if asked in part.own:
            return list(numbers)
        bringing = {asked}.union(*self._implied.get(asked, ()))
        if asked == _COVERAGE or not any(fact in bringing for fact, _ in clauses):
            return [0] * len(numbers)
        return numbered(self._sees(clauses, asked, number) for number in numbers)

    def _sees(self, clauses: Sequence[Clause], asked: str, number: int) -> Hashable:
        """Return what some conditions see of one answer; None for what it says nothing about."""
        implied = self._implied[asked][number] if asked in self._implied else {}
        answer = self._codebook.answer(asked, number)
        follows = asked == _UPHELD and not number  # not said, and yet perhaps known
        facts = {} if follows else {asked: answer if isinstance(answer, tuple) else (answer,)}
        facts |= {fact: (known,) for fact, known in implied.items()}
        return tuple(
            not allowed.isdisjoint(facts[fact]) if fact in facts else None
            for fact, allowed in clauses
        )

    def _pair(self, fact: str, steps: Sequence[list[int] | None], kinds: Sequence[int]) -> Table:
        """Return the number that a coverage and an answer together add."""
        nothing = [0] * self._codebook.size(fact)
        return np.array([step or nothing for step in steps], dtype=np.int32)[kinds].ravel()

    # Days

    def _singles(self, part: Part, size: int) -> tuple[dict[str, Table], int]:
        """Return the numbers by events and flags, in steps of what there is without them."""
        tables = {}
        for event, segments in self.segments.items():
            classes = self._days(part, event, segments)
            if max(classes):
                tables[f"events.{event}"] = np.array(classes, np.int32) * size
                size *= max(classes) + 1
        for flag in sorted(part.flags):
            tables[flag] = np.array([0, size], np.int32)
            size *= 2
        return tables, size

    def _days(self, part: Part, event: str, segments: Segments) -> list[int]:
        """Return for each stretch of days, and for none, which of those that look alike it is."""
        facts = {fact for when in part.whens for fact, _ in when}
        dated = "dated" in facts or (event == _UPHELD_BY and _UPHELD in facts)
        clocks = [self._clocks.of(name) for name in self._moving(part.rules, event)]
        if not dated and not clocks and event not in part.futures:
            return [0] * (len(segments.begins) + 1)
        today = self._clocks.as_of
        sees: list[Hashable] = [None]
        for day in segments.begins.tolist():
            ahead = event in part.futures and day > today
            read = [(int(clock.version[day]), bool(clock.last[day] < today)) for clock in clocks]
            sees.append((dated, ahead, *read) if dated or ahead or read else None)
        return numbered(sees)

    def _moving(self, rules: Iterable[str], event: str) -> list[str]:
        """Return those of some rules whose version depends on the day of an event."""
        found = []
        for name in sorted(rules):
            rule = self._rules.get(name)
            if rule and rule.kind == "amounts":
                moves = event == "appointment" and name not in self._of_today
            else:
                moves = rule is not None and rule.clock == event
            if moves:
                found.append(name)
        return found


def _clauses(asks: Asks) -> list[Clause]:
    """Return everything that some conditions ask, each once."""
    return list(dict.fromkeys(clause for when in asks if when for clause in when))
