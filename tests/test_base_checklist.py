"""Every item of the checklist that the workbook started from is in it, and reaches somebody."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from secondopinion import build_plan, load_knowledge, read_case

from .test_stories import carried

TODAY = date(2026, 11, 24)
ANYBODY: Mapping[str, Any] = {}
ORIGINAL_MEDICARE = {"coverage": "medicare_original", "recommended": "surgery"}
INSURED_JOB_PLAN = {"coverage": "employer_fully_insured", "state": "TX"}

# What an item is about, and somebody whose plan must carry it.
REACHES: Mapping[str, Mapping[str, Any]] = {
    "why.confirm": {"reasons": ["why.confirm"]},
    "why.complex": {"reasons": ["why.complex"]},
    "why.required": {**INSURED_JOB_PLAN, "recommended": "surgery", "plan_requires": True},
    "why.not_responding": {"reasons": ["why.not_responding"]},
    "why.side_effects": {"reasons": ["why.side_effects"]},
    "why.newer_treatment": {"reasons": ["why.newer_treatment"]},
    "why.wider_view": {"reasons": ["why.wider_view"]},
    "why.peace_of_mind": {"reasons": ["why.peace_of_mind"]},
    "how.tell_doctor": ANYBODY,
    "how.advocacy_orgs": ANYBODY,
    "how.insurer_process": ANYBODY,
    "how.insurer_in_network": INSURED_JOB_PLAN,
    "how.insurer_list": INSURED_JOB_PLAN,
    "how.gap_exception": {**INSURED_JOB_PLAN, "in_network_specialist": "no_one"},
    "how.records": ANYBODY,
    "how.records_trouble": ANYBODY,
    "how.questions": ANYBODY,
    "record.history": ANYBODY,
    "record.imaging": ANYBODY,
    "record.slides": ANYBODY,
    "record.pathology": ANYBODY,
    "record.discharge": ANYBODY,
    "record.drugs": ANYBODY,
    "record.treatment_plan": ANYBODY,
    "question.how_concluded": ANYBODY,
    "question.key_factors": ANYBODY,
    "question.compare_cases": ANYBODY,
    "coverage.general": ANYBODY,
    "coverage.medicaid": {"coverage": "medicaid_managed_care", "recommended": "surgery"},
    "coverage.medicare": ORIGINAL_MEDICARE,
    "coverage.private": INSURED_JOB_PLAN,
    "coverage.tricare": {"coverage": "tricare_prime"},
    "around.appeals": {**INSURED_JOB_PLAN, "stage": "denied"},
    "around.learn_more": ANYBODY,
    "around.share": ANYBODY,
    "around.reviewed": ANYBODY,
    "around.disclaimer": ANYBODY,
}
SIZES = {"why": 8, "how": 9, "record": 7, "question": 3, "coverage": 5, "around": 5}
CARRIERS = (
    "verdicts", "requirements", "advice", "appeals", "warnings", "records", "talking_points",
    "contacts", "notices", "questions",
)  # fmt: skip


def in_data() -> Iterator[str]:
    """Yield every item that an entry of `data/` says it carries."""
    knowledge = load_knowledge()
    for kind in CARRIERS:
        for entry in knowledge.section(kind):
            yield from entry.get("base", ())


@pytest.mark.parametrize(("part", "size"), SIZES.items())
def test_no_part_of_the_checklist_is_left_out(part: str, size: int):
    assert sum(item.startswith(f"{part}.") for item in REACHES) == size


@pytest.mark.parametrize("item", REACHES)
def test_an_item_of_the_checklist_is_in_the_data(item: str):
    assert item in set(in_data())


def test_the_data_names_no_item_that_is_not_on_the_checklist():
    assert set(in_data()) - REACHES.keys() == set()


@pytest.mark.parametrize("item", REACHES)
def test_an_item_of_the_checklist_reaches_somebody(item: str):
    plan = build_plan(read_case(REACHES[item]), TODAY)
    assert item in carried(plan)
