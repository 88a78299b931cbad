"""The plan as a document for programs keeps to its schema, and the schema to the contract."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import secondopinion
from secondopinion import ActionPlan, Case, build_plan, read_case
from secondopinion.authoring.strict_yaml import read
from secondopinion.render import to_document, to_json

from .answers import any_answers

NOVEMBER = date(2026, 11, 24)
CASES = Path(__file__).parent / "cases"
SCHEMA: dict[str, Any] = json.loads(
    (Path(secondopinion.__file__).parent / "plan.schema.json").read_text(encoding="utf-8")
)

# Names and answers that must never be taken away: programs of others read them.
FIELDS = {
    "plan": "schema as_of data_version case warnings verdict third_opinion requirements cost steps "
    "appeals records talking_points contacts places evidence would_change gaps",
    "case": "coverage condition state network_type recommended reasons opinion opinions_differ "
    "in_network_specialist plan_requires stage denied urgent first_denial_upheld events costs role "
    "language",
    "source": "id title at url kind checked",
    "deadline": "date safe_date trigger working sources",
    "warning": "id text",
    "verdict": "answer rule text conditions say_on_phone seen freshness sources",
    "requirements": "referral prior_authorization network sources",
    "cost": "low high working unknown",
    "step": "id section title body base deadline seen sources",
    "appeal": "level name decider automatic file_by decide_within sources",
    "record": "id text why base",
    "talking_point": "id for text base",
    "contact": "id name why phone url seen",
    "place": "id kind name state note url",
    "evidence": "id finding citation url caution",
    "change": "fact answer effect",
}
ANSWERS = {
    ("source", "kind"): "primary secondary",
    ("verdict", "answer"): "covered covered_if ask not_covered",
    ("verdict", "freshness"): "fresh due stale",
    ("requirements", "referral"): "required not_required ask",
    ("requirements", "prior_authorization"): "required maybe not_required ask",
    ("requirements", "network"): "any_enrolled in_network network_first any ask",
    ("step", "section"): "before insurer records visit denied after",
    ("talking_point", "for"): "second_doctor current_doctor insurer records_office self",
    ("place", "kind"): "cancer_center remote_program",
    ("case", "network_type"): "hmo epo pos ppo indemnity",
    ("case", "recommended"): "surgery major_procedure treatment diagnosis_only test emergency "
    "excluded_service",
    ("case", "opinion"): "second third",
    ("case", "in_network_specialist"): "found no_one not_sure prefer_outside",
    ("case", "stage"): "deciding arranging waiting denied after",
    ("case", "denied"): "referral prior_authorization gap_exception claim",
    ("case", "role"): "patient caregiver advocate",
}


def described(name: str) -> dict[str, Any]:
    """Return what the schema says of a part of the plan, or of the plan itself."""
    part: dict[str, Any] = SCHEMA if name == "plan" else SCHEMA["$defs"][name]
    return part


def closed(schema: Any) -> Any:
    """Return a schema that allows nothing that it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {name: closed(part) for name, part in schema.items()}
    return {"additionalProperties": False, **shut} if shut.get("type") == "object" else shut


def checker(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


OPEN, CLOSED = checker(SCHEMA), checker(closed(SCHEMA))


def faults(document: Any, schema: Draft202012Validator = CLOSED) -> list[str]:
    """Return everything about a document that its schema does not allow."""
    return [f"{each.json_path}: {each.message}" for each in schema.iter_errors(document)]


def told() -> Iterator[Any]:
    """Yield every story: its case and its day."""
    for path in sorted(CASES.glob("*.yaml")):
        for story in read(path, path.name).content:
            name = f"{path.stem}: {story['story']}"
            yield pytest.param(story["case"], story["as_of"], id=name)


def as_read(plan: ActionPlan) -> Any:
    """Return the plan as a program reads it from JSON."""
    return json.loads(to_json(plan))


@cache
def full_document() -> Any:
    """Return a plan in which every part has something to say."""
    case = {
        "coverage": "medicare_advantage_hmo",
        "condition": "breast_cancer",
        "state": "TX",
        "recommended": "surgery",
        "reasons": ["why.confirm"],
        "stage": "denied",
        "denied": "prior_authorization",
        "events": {"denial": "2026-03-02"},
        "costs": {"visit_price": "400.10"},
    }
    return as_read(build_plan(read_case(case), date(2026, 3, 10)))


def test_the_schema_is_a_json_schema():
    assert Draft202012Validator(Draft202012Validator.META_SCHEMA).is_valid(SCHEMA)


@pytest.mark.parametrize("part", FIELDS)
def test_the_schema_names_every_field_of_the_contract(part):
    assert set(FIELDS[part].split()) <= described(part)["properties"].keys()


@pytest.mark.parametrize("part", [part for part in FIELDS if part != "case"])
def test_every_field_of_the_contract_is_always_there(part):
    assert set(FIELDS[part].split()) <= set(described(part)["required"])


@pytest.mark.parametrize(("part", "field"), ANSWERS)
def test_the_schema_allows_the_answers_of_the_contract_and_no_others(part, field):
    allowed = described(part)["properties"][field]["enum"]
    assert allowed == ANSWERS[part, field].split()


def test_the_schema_grades_sources_as_the_contract_does():
    assert described("seen")["enum"] == ["primary", "secondary", "unverified"]


def test_the_schema_is_the_first():
    assert described("plan")["properties"]["schema"]["const"] == "secondopinion.plan/1"


def test_a_case_names_what_a_case_file_names():
    assert tuple(described("case")["properties"]) == Case._fields


@pytest.mark.parametrize(("case", "as_of"), [*told()])
def test_the_plan_of_every_story_keeps_to_the_schema(case, as_of):
    assert faults(as_read(build_plan(read_case(case), as_of))) == []


@given(any_answers(), st.dates(date(2020, 1, 1), date(2032, 12, 31)))
@settings(deadline=None)
def test_the_plan_of_any_case_on_any_day_keeps_to_the_schema(answers: Any, as_of: date):
    assert faults(as_read(build_plan(read_case(answers), as_of))) == []


@pytest.mark.parametrize(("case", "as_of"), [*told()])
def test_the_case_in_a_plan_gives_the_same_plan_again(case, as_of):
    plan = build_plan(read_case(case), as_of)
    assert build_plan(read_case(as_read(plan)["case"]), as_of) == plan


@given(any_answers())
@settings(deadline=None)
def test_the_case_in_any_plan_is_the_case_that_was_given(answers: Any):
    case = read_case(answers)
    assert read_case(as_read(build_plan(case, NOVEMBER))["case"]) == case


def test_an_open_case_is_written_as_nothing_said():
    assert as_read(build_plan(Case(), NOVEMBER))["case"] == {}


def test_false_is_written_as_an_answer():
    plan = build_plan(read_case({"urgent": False}), NOVEMBER)
    assert as_read(plan)["case"] == {"urgent": False}


@pytest.mark.parametrize(
    "part",
    ["warnings", "steps", "appeals", "records", "talking_points", "contacts", "places", "evidence",
     "cost", "cost_rule", "about", "notices"],
)  # fmt: skip
def test_a_full_plan_has_something_in_every_part(part):
    assert full_document()[part]


def test_money_is_written_as_text_to_the_cent():
    cost = full_document()["cost"]
    assert (cost["low"], cost["high"]) == ("0.00", "400.10")


def test_the_persons_own_numbers_are_written_as_given():
    assert full_document()["case"]["costs"] == {"visit_price": "400.10"}


def test_days_are_written_as_year_month_day():
    file_by = full_document()["appeals"][0]["file_by"]
    assert (file_by["date"], file_by["safe_date"]) == ("2026-05-06", "2026-05-01")


def test_who_a_question_is_for_is_written_under_for():
    assert "second_doctor" in {point["for"] for point in full_document()["talking_points"]}


def test_the_json_is_the_document():
    plan = build_plan(Case(coverage="medicare_original"), NOVEMBER)
    assert as_read(plan) == to_document(plan)


def test_letters_of_every_language_are_written_as_they_are():
    plan = build_plan(Case(state="PR"), NOVEMBER)._replace(gaps=("señora",))
    assert "señora" in to_json(plan)


def test_an_addition_keeps_to_the_schema():
    assert faults({**full_document(), "mood": "hopeful"}, OPEN) == []


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("schema", "secondopinion.plan/2"),
        ("as_of", "2026-02-30"),
        ("as_of", "20260310"),
        ("as_of", "2026-03-10T00:00"),
        ("data_version", ""),
        ("case", {"coverge": "fehb"}),
        ("case", {"costs": {"visit_price": 400}}),
        ("case", {"costs": {"visit_price": "4e2"}}),
        ("case", {"costs": {"tip": "4"}}),
        ("case", {"events": {"denial": "March 2"}}),
        ("case", {"urgent": "yes"}),
        ("cost", {"low": 0, "high": 400, "working": [], "unknown": []}),
        ("cost", {"low": "0", "high": "400.1", "working": [], "unknown": []}),
        ("gaps", [""]),
        ("steps", None),
    ],
)
def test_what_the_contract_does_not_allow_breaks_the_schema(part, value):
    assert faults({**full_document(), part: value}, OPEN)


@pytest.mark.parametrize("part", SCHEMA["required"])
def test_a_plan_without_one_of_its_parts_breaks_the_schema(part):
    short = deepcopy(full_document())
    del short[part]
    assert faults(short, OPEN) == [f"$: '{part}' is a required property"]


def test_the_same_case_on_the_same_day_gives_the_same_json():
    case = Case(coverage="medicare_original", stage="deciding")
    assert to_json(build_plan(case, NOVEMBER)) == to_json(build_plan(case, NOVEMBER))


def test_another_day_changes_the_document():
    case = Case(coverage="medicare_original")
    days = (NOVEMBER, NOVEMBER + timedelta(1))
    assert len({to_json(build_plan(case, day)) for day in days}) == 2


def test_a_first_appeal_that_was_lost_says_that_it_is_behind():
    said = {"coverage": "medicare_original", "stage": "denied", "first_denial_upheld": True}
    [first, second, *_] = to_document(build_plan(read_case(said), date(2026, 11, 24)))["appeals"]
    assert (first["behind"], second["behind"]) == (True, False)
