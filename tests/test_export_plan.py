"""The plan on paper says what the plan on the screen says, in the same order."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion import ActionPlan, build_plan, load_knowledge, read_case
from secondopinion.export import plan_paper
from secondopinion.papers import Heading, Items, Paper, spoken, texts

from .answers import any_answers
from .handed import AS_OF, CASES, person

SAY = load_knowledge().say


def told(plan: ActionPlan) -> Iterator[str]:
    """Yield every sentence that a plan tells."""
    for verdict in (plan.verdict, plan.third_opinion):
        yield from (verdict.heading, verdict.text, *verdict.conditions, verdict.say_on_phone)
        yield verdict.certainty
    yield from plan.requirements.texts.values()
    yield from (warning.text for warning in plan.warnings)
    yield from plan.cost.working if plan.cost else ()
    yield from [plan.cost_rule.text] if plan.cost_rule else []
    yield from (text for step in plan.steps for text in (step.title, step.body))
    yield from (text for level in plan.appeals for text in (level.name, level.decider, level.how))
    yield from (record.text for record in plan.records)
    yield from (point.text for point in plan.talking_points)
    yield from (text for each in plan.contacts for text in (each.name, each.why, each.phone or ""))
    yield from (place.name for place in plan.places)
    yield from (plan.about.why, plan.about.timing, *plan.about.specialists) if plan.about else ()
    yield from (study.finding for study in plan.evidence)
    yield from (change.effect for change in plan.would_change)
    yield from plan.gaps
    yield from (notice.text for notice in plan.notices)


def whole(paper: Paper) -> str:
    return "\n".join(texts(paper))


def headings(paper: Paper, level: int = 2) -> list[str]:
    found = (block for block in paper.blocks if isinstance(block, Heading))
    return [spoken(block.words) for block in found if block.level == level]


@settings(deadline=None, max_examples=60)
@given(answers=any_answers(), day=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_nothing_that_the_plan_tells_is_lost_on_paper(answers: dict[str, Any], day: date):
    plan = build_plan(read_case(answers), day)
    paper = whole(plan_paper(plan))
    assert [text for text in told(plan) if text not in paper] == []


@pytest.mark.parametrize("name", CASES)
def test_every_deadline_is_told_with_both_days_and_its_working(name: str):
    plan = person(name).plan
    paper = whole(plan_paper(plan))
    days = [step.deadline for step in plan.steps if step.deadline]
    days += [level.file_by for level in plan.appeals if level.file_by and not level.behind]
    assert all(paper.count(day.working) == 1 for day in days)
    assert all(f"{day.date:%B} {day.date.day}, {day.date.year}" in paper for day in days)


def test_the_parts_stand_in_the_order_of_the_page():
    found = headings(plan_paper(person("medicare_third").plan))
    order = [SAY(f"page.{part}") for part in (
        "requirements", "cost", "first_steps", "records", "questions", "contacts", "places",
        "about", "sources",
    )]  # fmt: skip
    assert [heading for heading in found if heading in order] == order


def test_after_a_no_the_steps_come_before_the_cost():
    found = headings(plan_paper(person("employer_appeal").plan))
    assert found.index(SAY("page.first_steps")) < found.index(SAY("page.cost"))


def test_a_third_opinion_is_answered_first_when_it_is_the_question():
    plan = person("medicare_third").plan
    assert headings(plan_paper(plan))[:2] == [plan.third_opinion.heading, plan.verdict.heading]


def test_every_step_has_a_box():
    plan = person("employer_appeal").plan
    boxes = [
        spoken(item).partition("\n")[0]
        for block in plan_paper(plan).blocks
        if isinstance(block, Items) and block.kind == "boxes"
        for item in block.items
    ]
    assert boxes[: len(plan.steps)] == [step.title for step in plan.steps]


def test_every_source_has_a_number_a_day_and_is_pointed_to():
    blocks = plan_paper(person("hmo_gap").plan).blocks
    sources = blocks[-1]
    assert isinstance(sources, Items)
    assert all("(checked 20" in spoken(item) for item in sources.items)
    assert f"{len(sources.items)}, " in whole(plan_paper(person("hmo_gap").plan)) or (
        f" {len(sources.items)}" in whole(plan_paper(person("hmo_gap").plan))
    )


def test_the_paper_says_when_to_look_again_and_from_which_data():
    plan = person("hmo_gap").plan
    paper = whole(plan_paper(plan))
    assert f"Data version {plan.data_version}" in paper
    assert f"{plan.check_again:%B} {plan.check_again.day}, {plan.check_again.year}" in paper


def test_a_plan_of_somebody_who_said_nothing_is_a_paper_too():
    paper = plan_paper(build_plan(read_case({}), AS_OF))
    assert SAY("page.empty") in whole(paper)
