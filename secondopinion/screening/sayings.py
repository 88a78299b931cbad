"""What the columns of the result say, put together from the parts of a plan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from secondopinion.knowledge import Knowledge
from secondopinion.model import Case, Warning_
from secondopinion.planner import lines
from secondopinion.planner.reading import Reading

from . import parts
from .codes import Codes, Facet, Joint, Said
from .likeness import Likeness, Worked

_SILENT = ("records", "talking_points", "contacts", "places")
_ENTRIES = ("advice", "appeals", "warnings", *_SILENT)
BETWEEN = ";"
"""What stands between two ids in one cell."""


class Open(NamedTuple):
    """Something that the person has to do by a day that has not passed."""

    line: str
    trigger: str
    rule: str


def _of_a_plan(knowledge: Knowledge) -> dict[str, list[parts.Part]]:
    """Return all the parts of a plan, by kind, in the order in which the planner makes them."""
    made = {kind: list(parts.entry_parts(knowledge, kind)) for kind in _ENTRIES}
    made["advice"].insert(0, parts.find_out(knowledge))
    made["warnings"].insert(0, parts.of_the_illness(knowledge))
    made["warnings"].insert(1, parts.of_the_answers(knowledge))
    return {"decisions": list(parts.decisions(knowledge)), **made}


def _still_open(due: Iterable[tuple[Any, Any]]) -> tuple[Open, ...]:
    return tuple(Open(line.id, day.trigger, day.rule) for line, day in due if not day.past)


def _bare(warnings: Iterable[Warning_]) -> tuple[Warning_, ...]:
    """Return warnings without their words, so that equal ones are recognized."""
    return tuple(warning._replace(text="", sources=()) for warning in warnings)


class _Steps(NamedTuple):
    ids: str
    due: tuple[Open, ...]
    rules: tuple[str, ...]
    gaps: frozenset[str]


class _Ladder(NamedTuple):
    passed: tuple[Warning_, ...]
    due: tuple[Open, ...]
    rules: tuple[str, ...]
    gaps: frozenset[str]


class _Warned(NamedTuple):
    first: tuple[Warning_, ...]
    then: tuple[Warning_, ...]
    gaps: frozenset[str]


class Sayings:
    """Everything that the plans of one day say, each distinct saying once."""

    def __init__(self, knowledge: Knowledge, as_of: date) -> None:
        of_a_plan = _of_a_plan(knowledge)
        every = list(chain.from_iterable(of_a_plan.values()))
        self.likeness = Likeness(knowledge, as_of, every)
        self._plain = Reading(knowledge, Case(), as_of)
        self._worked = {
            kind: [Worked(part, self.likeness) for part in some] for kind, some in of_a_plan.items()
        }
        decided = [worked.found for worked in self._worked["decisions"]]
        self._answers = [Facet(found, lambda each: each.lines[0][0]) for found in decided]
        self._deciding = [Facet(found, lambda each: each.lines[0][1]) for found in decided]
        self._decided_gaps = [Facet(found, lambda each: each.gaps) for found in decided]
        self._steps, self._ladder = Joint(self._make_steps), Joint(self._make_ladder)
        self._warned = Joint(self._make_warned)
        self._silent = Joint(self._make_silent)
        self._facets = {
            "actions": Facet(self._steps.values, lambda steps: steps.ids),
            "steps_due": Facet(self._steps.values, lambda steps: steps.due),
            "steps_rules": Facet(self._steps.values, lambda steps: steps.rules),
            "steps_gaps": Facet(self._steps.values, lambda steps: steps.gaps),
            "ladder_passed": Facet(self._ladder.values, lambda ladder: ladder.passed),
            "ladder_due": Facet(self._ladder.values, lambda ladder: ladder.due),
            "ladder_rules": Facet(self._ladder.values, lambda ladder: ladder.rules),
            "ladder_gaps": Facet(self._ladder.values, lambda ladder: ladder.gaps),
            "warned": Facet(self._warned.values, lambda warned: warned[:2]),
            "warned_gaps": Facet(self._warned.values, lambda warned: warned.gaps),
        }
        self._due, self._warnings = Joint(self._make_due), Joint(self._make_warnings)
        self._rules, self._gaps = Joint(self._make_rules), Joint(self._make_gaps)
        self.said: dict[str, Said] = {
            **dict(zip(parts.DECISIONS, self._answers, strict=True)),
            "verdict_rule": self._deciding[0],
            "actions": self._facets["actions"],
            "due": self._due,
            "warnings": self._warnings,
            "rules": self._rules,
            "gaps": self._gaps,
        }
        """What the codes of each column stand for."""

    def codes(self, traits: Mapping[str, Codes]) -> dict[str, Codes]:
        """Return what the plans of some cases say, as codes for each column."""
        size = self.likeness.codebook.size
        traits = {name: codes.astype(np.intp) for name, codes in traits.items()}
        paired = {
            fact: traits["coverage"] * size(fact) + traits[fact]
            for fact in self.likeness.codebook.answers
            if fact != "coverage"
        }
        worked = {
            kind: [each.codes(traits, paired) for each in some]
            for kind, some in self._worked.items()
        }
        decided = worked["decisions"]
        sides = {
            "steps": self._steps.codes([traits["stage"], *worked["advice"]]),
            "ladder": self._ladder.codes(worked["appeals"]),
            "warned": self._warned.codes(worked["warnings"]),
        }
        shown = {
            name: facet.codes(sides[name.partition("_")[0] if name != "actions" else "steps"])
            for name, facet in self._facets.items()
        }
        silent = self._silent.codes([codes for kind in _SILENT for codes in worked[kind]])
        answers = [f.codes(codes) for f, codes in zip(self._answers, decided, strict=True)]
        rules = [f.codes(codes) for f, codes in zip(self._deciding, decided, strict=True)]
        gaps = [f.codes(codes) for f, codes in zip(self._decided_gaps, decided, strict=True)]
        return {
            **dict(zip(parts.DECISIONS, answers, strict=True)),
            "verdict_rule": rules[0],
            "actions": shown["actions"],
            "due": self._due.codes([shown["ladder_due"], shown["steps_due"]]),
            "warnings": self._warnings.codes([shown["ladder_passed"], shown["warned"]]),
            "rules": self._rules.codes([*rules, shown["ladder_rules"], shown["steps_rules"]]),
            "gaps": self._gaps.codes(
                [*gaps, shown["ladder_gaps"], shown["steps_gaps"], shown["warned_gaps"], silent]
            ),
        }

    # What is made of the codes of some parts

    def _lines(self, kind: str, codes: Iterable[int]) -> Iterator[Any]:
        for worked, code in zip(self._worked[kind], codes, strict=True):
            yield from worked.found[code].lines

    def _missing(self, kind: str, codes: Iterable[int]) -> frozenset[str]:
        found = (w.found[code].gaps for w, code in zip(self._worked[kind], codes, strict=True))
        return frozenset[str]().union(*found)

    def _make_steps(self, stage: int, *codes: int) -> _Steps:
        said = self.likeness.codebook.answer("stage", stage)
        found = lines.in_order(self._lines("advice", codes), said)
        rules = tuple(step.deadline.rule for step in found if step.deadline)
        due = _still_open(lines.dues((), found))
        ids = BETWEEN.join(step.id for step in found)
        return _Steps(ids, due, rules, self._missing("advice", codes))

    def _make_ladder(self, *codes: int) -> _Ladder:
        found = lines.by_level(self._lines("appeals", codes))
        rules = tuple(level.file_by.rule for level in found if level.file_by)
        due = _still_open(lines.dues(found, ()))
        passed = _bare(lines.passed(self._plain, found))
        return _Ladder(passed, due, rules, self._missing("appeals", codes))

    def _make_warned(self, *codes: int) -> _Warned:
        found = [w.found[c].lines for w, c in zip(self._worked["warnings"], codes, strict=True)]
        first = _bare(chain.from_iterable(found[:2]))
        then = _bare(chain.from_iterable(found[2:]))
        return _Warned(first, then, self._missing("warnings", codes))

    def _make_silent(self, *codes: int) -> frozenset[str]:
        every = [worked for kind in _SILENT for worked in self._worked[kind]]
        found = (worked.found[code].gaps for worked, code in zip(every, codes, strict=True))
        return frozenset[str]().union(*found)

    def _make_due(self, ladder: int, steps: int) -> tuple[Open, ...]:
        due: tuple[Open, ...] = self._facets["ladder_due"].values[ladder]
        return due + tuple(self._facets["steps_due"].values[steps])

    def _make_warnings(self, passed: int, warned: int) -> str:
        first, then = self._facets["warned"].values[warned]
        past = self._facets["ladder_passed"].values[passed]
        return BETWEEN.join(each.id for each in lines.by_loudness((*first, *past, *then)))

    def _make_rules(self, *codes: int) -> str:
        *decided, ladder, steps = codes
        named = [f.values[code] for f, code in zip(self._deciding, decided, strict=True)]
        named += self._facets["ladder_rules"].values[ladder]
        named += self._facets["steps_rules"].values[steps]
        return BETWEEN.join(dict.fromkeys(name for name in named if name))

    def _make_gaps(self, *codes: int) -> int:
        every: Sequence[Said] = [
            *self._decided_gaps,
            self._facets["ladder_gaps"],
            self._facets["steps_gaps"],
            self._facets["warned_gaps"],
            self._silent,
        ]
        found = (each.values[code] for each, code in zip(every, codes, strict=True))
        return len(frozenset[str]().union(*found))
