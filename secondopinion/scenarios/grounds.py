"""What each part of an answer stands on: the rule, its sources, and when somebody last looked."""

from collections.abc import Iterator
from typing import NamedTuple

from secondopinion.knowledge import Knowledge
from secondopinion.model import ActionPlan, Deadline, Seen, Source
from secondopinion.planner.reading import Reading


class Ground(NamedTuple):
    """One rule that a part of an answer stands on."""

    rule: str
    what: str
    seen: Seen
    sources: tuple[Source, ...]


def grounds(plan: ActionPlan, due: Deadline | None, knowledge: Knowledge) -> dict[str, Ground]:
    """Return the rule behind each part of a plan that has one, by the name of the part.

    Parameters
    ----------
    plan
        The plan to explain.
    due
        The day to act by that is shown, where there is one.
    knowledge
        The knowledge base that the plan was made from.
    """
    reading = Reading(knowledge, plan.case, plan.as_of)
    return {part: ground_of(reading, rule) for part, rule in _rules(plan, due)}


def _rules(plan: ActionPlan, due: Deadline | None) -> Iterator[tuple[str, str]]:
    if plan.verdict.rule:
        yield "verdict", plan.verdict.rule
    if plan.third_opinion.rule:
        yield "third_opinion", plan.third_opinion.rule
    yield from plan.requirements.rules.items()
    if plan.cost_rule:
        yield "cost", plan.cost_rule.rule
    if due:
        yield "deadline", due.rule


def ground_of(reading: Reading, name: str) -> Ground:
    """Return the rule of this name as it governs a case."""
    rule = reading.knowledge.rule(name)
    version = reading.version(rule)
    if version is None:
        return Ground(name, rule.what, "unverified", ())
    sources = reading.sources(version.cites, version.checked)
    return Ground(name, rule.what, version.seen, sources)
