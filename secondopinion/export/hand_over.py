"""A copy for somebody else: the plan and the notes without the parts a person unticks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan
from secondopinion.notes import Notes
from secondopinion.planner import build_plan

PARTS = ("illness", "costs", "letters", "calls", "opinions", "notes")
_NEVER_SAID: Mapping[str, Mapping[str, Any]] = {
    "illness": {"condition": None, "reasons": ()},
    "costs": {"costs": {}},
}
"""The answers that make a part; without it the plan is that of a person who never gave them."""


class Part(NamedTuple):
    """A part that a person can leave out of a copy, and its name for them."""

    id: str
    label: str


def parts(knowledge: Knowledge | None = None) -> tuple[Part, ...]:
    """Return the parts that a copy can leave out, in the order they are offered."""
    say = (knowledge or load_knowledge()).say
    return tuple(Part(name, say(f"part.{name}")) for name in PARTS)


def handed_over(
    plan: ActionPlan, without: frozenset[str], knowledge: Knowledge | None = None
) -> ActionPlan:
    """Return the plan of a person who never said what is left out.

    It is made anew and not cut: what a rule, a step or a center would give away is gone as well.
    """
    knowledge = knowledge or load_knowledge()
    case = plan.case
    for part in _NEVER_SAID.keys() & without:
        case = case._replace(**_NEVER_SAID[part])
    if case != plan.case:
        plan = build_plan(case, plan.as_of, knowledge)
    if "illness" in without:
        kept = [change for change in plan.would_change if change.fact not in _NEVER_SAID["illness"]]
        plan = plan._replace(would_change=tuple(kept))
    if "costs" in without:
        about_costs = {knowledge.say(gap) for gap in ("gap.cost", "gap.price")}
        gaps = tuple(gap for gap in plan.gaps if gap not in about_costs)
        plan = plan._replace(cost=None, cost_rule=None, gaps=gaps)
    return plan


def notes_handed_over(notes: Notes, without: frozenset[str]) -> Notes:
    """Return what a person wrote down, without what is left out.

    Their own words may name the illness anywhere, so that they go with it.
    """
    if without & {"notes", "illness"}:
        return Notes()
    return notes._replace(calls=()) if "calls" in without else notes


def left_out(without: frozenset[str], knowledge: Knowledge | None = None) -> str:
    """Return a line that tells what a copy leaves out, or nothing for a whole one."""
    knowledge = knowledge or load_knowledge()
    labels = "; ".join(part.label for part in parts(knowledge) if part.id in without)
    return knowledge.say("files.left_out", parts=labels) if labels else ""
