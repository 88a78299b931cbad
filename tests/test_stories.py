"""The stories in `cases/`: what a plan must say, told so that a navigator can write one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from secondopinion import ActionPlan, build_plan, read_case
from secondopinion.render import to_document, to_text

from .personas import stories

LISTS = ("warnings", "talking_points", "records", "contacts", "places", "evidence")


def in_this_order(wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Tell whether all that is wanted stands in what was found, in the same order."""
    rest = iter(found)
    return all(name in rest for name in wanted)


def carried(plan: ActionPlan) -> set[str]:
    """Return the ids of the base checklist that a plan carries."""
    document = to_document(plan)
    lists = ("steps", "records", "talking_points", "contacts", "notices")
    lines = [line for name in lists for line in document[name]]
    lines += [document["verdict"], document["third_opinion"]]
    return {name for line in lines for name in line["base"]}


def days(plan: ActionPlan, name: str) -> dict[str, Any] | None:
    """Return the day to file by of an appeal, or of a step."""
    levels = {level.id: level.file_by for level in plan.appeals}
    steps = {step.id: step.deadline for step in plan.steps}
    found = levels.get(name) or steps.get(name)
    return {"date": found.date, "safe_date": found.safe_date} if found else None


def text(plan: ActionPlan) -> str:
    """Return the plan as a person reads it, in one line."""
    return " ".join(to_text(plan).split())


def _equal(found: Callable[[ActionPlan], Any]) -> Callable[[ActionPlan, Any], Iterator[str]]:
    def differences(plan: ActionPlan, wanted: Any) -> Iterator[str]:
        if found(plan) != wanted:
            yield f"{found(plan)}, not {wanted}"

    return differences


def _holding(name: str) -> Callable[[ActionPlan, Sequence[str]], Iterator[str]]:
    def differences(plan: ActionPlan, wanted: Sequence[str]) -> Iterator[str]:
        found = {line["id"] for line in to_document(plan)[name]}
        yield from (f"{one} is not there" for one in wanted if one not in found)

    return differences


def _without(name: str) -> Callable[[ActionPlan, Sequence[str]], Iterator[str]]:
    def differences(plan: ActionPlan, unwanted: Sequence[str]) -> Iterator[str]:
        found = {line["id"] for line in to_document(plan)[name]}
        yield from (f"{one} is there" for one in unwanted if one in found)

    return differences


def _requirements(plan: ActionPlan, wanted: Mapping[str, str]) -> Iterator[str]:
    found = to_document(plan)["requirements"]
    yield from (f"{about} is {found[about]}" for about in wanted if found[about] != wanted[about])


def _cost(plan: ActionPlan) -> dict[str, str] | None:
    return {"low": str(plan.cost.low), "high": str(plan.cost.high)} if plan.cost else None


def _appeals(plan: ActionPlan, wanted: Mapping[str, Any]) -> Iterator[str]:
    for name, day in wanted.items():
        if days(plan, name) != day:
            yield f"{name} is due {days(plan, name)}, not {day}"


def _steps(plan: ActionPlan, wanted: Sequence[str]) -> Iterator[str]:
    found = [step.id for step in plan.steps]
    if not in_this_order(wanted, found):
        yield f"{found} do not hold {wanted} in this order"


def _changes(plan: ActionPlan, wanted: Mapping[str, Any]) -> Iterator[str]:
    found = {(change.fact, change.answer) for change in plan.would_change}
    yield from (f"{fact} changes nothing" for fact in wanted if (fact, wanted[fact]) not in found)


CHECKS: Mapping[str, Callable[[ActionPlan, Any], Iterator[str]]] = {
    "answer": _equal(lambda plan: plan.verdict.answer),
    "third": _equal(lambda plan: plan.third_opinion.answer),
    "rule": _equal(lambda plan: plan.verdict.rule),
    "freshness": _equal(lambda plan: plan.verdict.freshness),
    "levels": _equal(lambda plan: [level.id for level in plan.appeals]),
    "cost": _equal(_cost),
    "requirements": _requirements,
    "appeals": _appeals,
    "steps": _steps,
    "no_steps": _without("steps"),
    "no_warnings": _without("warnings"),
    "base": lambda plan, wanted: (f"{one} is lost" for one in wanted if one not in carried(plan)),
    "says": lambda plan, said: (f"no {words!r}" for words in said if words not in text(plan)),
    "never_says": lambda plan, said: (f"{words!r}" for words in said if words in text(plan)),
    "gaps": lambda plan, said: (f"no {words!r}" for words in said if words not in str(plan.gaps)),
    "would_change": _changes,
    **{name: _holding(name) for name in LISTS},
}


@pytest.mark.parametrize(
    "story", [pytest.param(story, id=f"{name}: {story['story']}") for name, story in stories()]
)
def test_the_plan_says_what_the_story_tells(story):
    plan = build_plan(read_case(story["case"]), story["as_of"])
    differences = {key: list(CHECKS[key](plan, story["expect"][key])) for key in story["expect"]}
    assert {key: found for key, found in differences.items() if found} == {}


TRAPS = [
    "surgery_only_wording", "manual_letter_c_or_d", "assignment_not_required",
    "limiting_charge_base", "ma_60_vs_65", "filed_means_received", "pa_14_vs_7",
    "wrong_moop_2026_pages", "aic_by_filing_year", "medicaid_ffs_no_right",
    "fair_hearing_ceiling", "stale_cfr_mirrors", "ma_network_inadequacy", "tricare_pos",
    "tricare_contractor_change", "tricare_lookalike_sites", "va_no_written_right",
    "va_two_year_sunset", "champva_path_conflict", "ihs_referral_not_payment", "fehb_90_days",
    "comp_second_opinion_meaning", "qio_not_second_opinion", "telehealth_date", "qmb_optout_hole",
]  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_that_research_found_has_its_story(trap):
    assert any(trap in story["story"] for _, story in stories())
