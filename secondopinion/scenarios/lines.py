"""One case beside many: what each situation comes to, and where it differs from the base case."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan, AppealLevel, Case, Deadline, Step
from secondopinion.planner import build_plan
from secondopinion.render.page import next_due

from .grounds import Ground, grounds
from .situations import Only, Situation, named, situations

NEEDS = ("referral", "prior_authorization", "network")
PARTS = ("verdict", "third_opinion", *NEEDS, "cost", "deadline", "steps")
"""What is compared, in the order of the columns."""


class Line(NamedTuple):
    """One situation, its plan, and where that differs from the plan of the base case."""

    labels: tuple[str, ...]
    plan: ActionPlan
    due: tuple[str, Deadline] | None
    missed: AppealLevel | None
    grounds: Mapping[str, Ground]
    differs: frozenset[str] = frozenset()
    more: tuple[Step, ...] = ()
    fewer: tuple[Step, ...] = ()


class Comparison(NamedTuple):
    """A base case and its lines, with the facts that they vary and what these are called."""

    facts: tuple[str, ...]
    heads: tuple[str, ...]
    base: Line
    lines: tuple[Line, ...]


_VALUES: Mapping[str, Callable[[Line], Any]] = {
    "verdict": lambda line: line.plan.verdict.answer,
    "third_opinion": lambda line: line.plan.third_opinion.answer,
    "referral": lambda line: line.plan.requirements.referral,
    "prior_authorization": lambda line: line.plan.requirements.prior_authorization,
    "network": lambda line: line.plan.requirements.network,
    "cost": lambda line: line.plan.cost and (line.plan.cost.low, line.plan.cost.high),
    "deadline": lambda line: (
        line.due and (line.due[1].date, line.due[1].safe_date, line.due[1].safe_past),
        line.missed and line.missed.file_by and line.missed.file_by.date,
    ),
    "steps": lambda line: frozenset(step.id for step in line.plan.steps),
}


def compare(
    case: Case,
    facts: Sequence[str],
    as_of: date,
    knowledge: Knowledge | None = None,
    only: Only | None = None,
) -> Comparison:
    """Return a case beside the same case under every answer to one or more facts.

    Parameters
    ----------
    case
        The base case.
    facts
        What to vary: ids of questions, such as `coverage`, or `deadline`.
    as_of
        The day to plan for.
    knowledge
        Another knowledge base than the workbook's own.
    only
        For some of the facts, the answers to keep to.
    """
    knowledge = knowledge or load_knowledge()
    heads = tuple(named(fact, knowledge) for fact in facts)
    alone = _line(Situation((), case, as_of), knowledge)
    base = alone._replace(labels=_own_labels(alone.plan, facts, knowledge))
    found = situations(case, facts, as_of, knowledge, only)
    lines = tuple(_against(base, _line(each, knowledge)) for each in found)
    return Comparison(tuple(facts), heads, base, lines)


def _own_labels(plan: ActionPlan, facts: Sequence[str], knowledge: Knowledge) -> tuple[str, ...]:
    """Return the answers of the base case itself, or that they are open."""
    return tuple(plan.labels.get(fact, knowledge.say("scenarios.open")) for fact in facts)


def _line(situation: Situation, knowledge: Knowledge) -> Line:
    plan = build_plan(situation.case, situation.as_of, knowledge)
    due, missed = next_due(plan), _missed(plan)
    day = due[1] if due else missed and missed.file_by
    return Line(situation.labels, plan, due, missed, grounds(plan, day, knowledge))


def _missed(plan: ActionPlan) -> AppealLevel | None:
    """Return the appeal whose last day has passed and that is not behind us."""
    past = (
        level for level in plan.appeals if level.file_by and level.file_by.past and not level.behind
    )
    return next(past, None)


def _against(base: Line, line: Line) -> Line:
    """Return a line with what sets it apart from the base case."""
    return line._replace(
        differs=frozenset(part for part in PARTS if value(line, part) != value(base, part)),
        more=_beyond(line.plan.steps, base.plan.steps),
        fewer=_beyond(base.plan.steps, line.plan.steps),
    )


def value(line: Line, part: str) -> Any:
    """Return what a line says about one part, for comparing it with another line."""
    return _VALUES[part](line)


def _beyond(steps: Sequence[Step], others: Sequence[Step]) -> tuple[Step, ...]:
    known = {step.id for step in others}
    return tuple(step for step in steps if step.id not in known)
