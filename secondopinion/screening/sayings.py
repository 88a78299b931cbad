"""What the columns of the result say, put together from the parts of a plan."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import attrgetter
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from secondopinion.knowledge import Knowledge
from secondopinion.model import Case, Warning_
from secondopinion.planner import lines
from secondopinion.planner.reading import Reading

from .codes import Codes, Facet, Joint, Said
from .likeness import Likeness, Worked
from .parts import DECISIONS, Found, parts_of_a_plan

BETWEEN = ";"
"""What stands between two ids in one cell."""


class Open(NamedTuple):
    """Something that the person has to do by a day that has not passed."""

    line: str
    trigger: str
    rule: str


def _still_open(due: Iterable[tuple[Any, Any]]) -> tuple[Open, ...]:
    return tuple(Open(line.id, day.trigger, day.rule) for line, day in due if not day.past)


def _bare(warnings: Iterable[Warning_]) -> tuple[Warning_, ...]:
    """Return warnings without their words, so that equal ones are recognized."""
    return tuple(warning._replace(text="", sources=()) for warning in warnings)


def _lines(found: Iterable[Found]) -> Iterable[Any]:
    return chain.from_iterable(each.lines for each in found)


def _gaps(found: Iterable[Found]) -> frozenset[str]:
    return frozenset[str]().union(*(each.gaps for each in found))


class _Decision(NamedTuple):
    answer: Hashable
    rule: str | None
    gaps: frozenset[str]

    @classmethod
    def of(cls, found: Found) -> "_Decision":
        answer, rule = found.lines
        return cls(answer, rule, found.gaps)


class _Steps(NamedTuple):
    actions: str
    due: tuple[Open, ...]
    rules: tuple[str, ...]
    gaps: frozenset[str]

    @classmethod
    def of(cls, stage: Found, *found: Found) -> "_Steps":
        steps = lines.in_order(_lines(found), stage.lines[0])
        rules = tuple(step.deadline.rule for step in steps if step.deadline)
        actions = BETWEEN.join(step.id for step in steps)
        return cls(actions, _still_open(lines.dues((), steps)), rules, _gaps(found))


class _Ladder(NamedTuple):
    passed: tuple[Warning_, ...]
    due: tuple[Open, ...]
    rules: tuple[str, ...]
    gaps: frozenset[str]

    @classmethod
    def of(cls, reading: Reading, *found: Found) -> "_Ladder":
        levels = lines.by_level(_lines(found))
        rules = tuple(level.file_by.rule for level in levels if level.file_by)
        passed = _bare(lines.passed(reading, levels))
        return cls(passed, _still_open(lines.dues(levels, ())), rules, _gaps(found))


class _Warned(NamedTuple):
    first: tuple[Warning_, ...]
    """Before those about appeals that have passed."""
    then: tuple[Warning_, ...]
    gaps: frozenset[str]

    @classmethod
    def of(cls, illness: Found, answers: Found, *found: Found) -> "_Warned":
        first = _bare(_lines((illness, answers)))
        return cls(first, _bare(_lines(found)), _gaps((illness, answers, *found)))


class _Silent(NamedTuple):
    gaps: frozenset[str]

    @classmethod
    def of(cls, *found: Found) -> "_Silent":
        return cls(_gaps(found))


class _Side:
    """Some parts of a plan, and the facets of what they come to together."""

    def __init__(self, parts: Sequence[Worked], kind: Any, make: Callable[..., Hashable]) -> None:
        self._parts = parts
        self._joint = Joint(parts, make)
        self.facets = {name: Facet(self._joint, attrgetter(name)) for name in kind._fields}

    def codes(self, traits: Mapping[str, Codes], pairs: Mapping[str, Codes]) -> dict[str, Codes]:
        """Return for each facet and case what it shows."""
        whole = self._joint.codes([part.codes(traits, pairs) for part in self._parts])
        return {name: facet.codes(whole) for name, facet in self.facets.items()}


class Sayings:
    """Everything that the plans of one day say, each distinct saying once."""

    def __init__(self, knowledge: Knowledge, as_of: date) -> None:
        of_a_plan = parts_of_a_plan(knowledge)
        self.likeness = Likeness(knowledge, as_of, list(chain.from_iterable(of_a_plan.values())))
        plain = Reading(knowledge, Case(), as_of)
        kinds: dict[str, tuple[Any, Callable[..., Hashable]]] = {
            **dict.fromkeys(DECISIONS, (_Decision, _Decision.of)),
            "steps": (_Steps, _Steps.of),
            "ladder": (_Ladder, lambda *found: _Ladder.of(plain, *found)),
            "warned": (_Warned, _Warned.of),
            "silent": (_Silent, _Silent.of),
        }
        self._sides = {
            name: _Side([Worked(part, self.likeness) for part in of_a_plan[name]], kind, make)
            for name, (kind, make) in kinds.items()
        }
        self._lock = Lock()
        self._mixed: dict[str, tuple[list[tuple[str, str]], Joint]] = {}
        self._mix("due", [("ladder", "due"), ("steps", "due")], lambda *due: tuple(chain(*due)))
        passed = [("ladder", "passed"), ("warned", "first"), ("warned", "then")]
        self._mix("warnings", passed, _warnings)
        ruled = [("ladder", "rules"), ("steps", "rules"), *((name, "rule") for name in DECISIONS)]
        self._mix("rules", ruled, _rules)
        self._mix("gaps", [(name, "gaps") for name in kinds], lambda *gaps: len(set().union(*gaps)))
        self._shown = {name: (name, "answer") for name in DECISIONS}
        self._shown |= {"verdict_rule": ("verdict", "rule"), "actions": ("steps", "actions")}

    def _mix(self, name: str, of: list[tuple[str, str]], make: Callable[..., Hashable]) -> None:
        """Make a column of several facets."""
        self._mixed[name] = of, Joint([self._facet(*each) for each in of], make)

    def _facet(self, side: str, name: str) -> Facet:
        return self._sides[side].facets[name]

    @property
    def said(self) -> dict[str, Said]:
        """What the codes of each column stand for."""
        shown = {name: self._facet(*of) for name, of in self._shown.items()}
        return {**shown, **{name: joint for name, (_, joint) in self._mixed.items()}}

    def texts(self) -> int:
        """Return how many distinct texts have been said so far, in all columns."""
        return sum(len(said.things) for said in self.said.values())

    def codes(self, traits: Mapping[str, Codes]) -> dict[str, Codes]:
        """Return what the plans of some cases say, as codes for each column."""
        with self._lock:
            return self._codes(traits)

    def _codes(self, traits: Mapping[str, Codes]) -> dict[str, Codes]:
        traits = {name: codes.astype(np.intp) for name, codes in traits.items()}
        book = self.likeness.codebook
        pairs = {fact: traits["coverage"] * book.size(fact) + traits[fact] for fact in book.answers}
        sides = {name: side.codes(traits, pairs) for name, side in self._sides.items()}
        shown = {name: sides[side][facet] for name, (side, facet) in self._shown.items()}
        mixed = {
            name: joint.codes([sides[side][facet] for side, facet in of])
            for name, (of, joint) in self._mixed.items()
        }
        return shown | mixed


def _warnings(
    passed: tuple[Warning_, ...], first: tuple[Warning_, ...], then: tuple[Warning_, ...]
) -> str:
    return BETWEEN.join(each.id for each in lines.by_loudness((*first, *passed, *then)))


def _rules(ladder: tuple[str, ...], steps: tuple[str, ...], *decided: str | None) -> str:
    """Return what a plan stands on: what decides, then what sets the days to act by."""
    return BETWEEN.join(dict.fromkeys(name for name in (*decided, *ladder, *steps) if name))
