"""Three people whose files we open, page by page, and what they wrote down."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from secondopinion import ActionPlan, build_plan, read_case
from secondopinion.export import File, make_file
from secondopinion.notes import Call, Notes

AS_OF = date(2026, 11, 24)

CASES: Mapping[str, Mapping[str, Any]] = {
    "medicare_third": {
        "coverage": "medicare_original",
        "condition": "breast_cancer",
        "state": "OH",
        "recommended": "surgery",
        "opinion": "third",
        "opinions_differ": True,
        "stage": "arranging",
        "role": "patient",
        "events": {"appointment": "2026-12-18", "start_treatment_by": "2027-01-08"},
        "costs": {"visit_price": 412.50, "deductible_left": 283},
    },
    "hmo_gap": {
        "coverage": "individual_aca",
        "condition": "lymphoma",
        "state": "TX",
        "network_type": "hmo",
        "recommended": "treatment",
        "in_network_specialist": "no_one",
        "stage": "arranging",
        "role": "caregiver",
        "events": {"appointment": "2027-01-11", "records_request": "2026-11-16"},
        "costs": {"visit_price": 650},
    },
    "employer_appeal": {
        "coverage": "employer_self_funded_erisa",
        "condition": "prostate_cancer",
        "state": "CA",
        "network_type": "ppo",
        "recommended": "surgery",
        "stage": "denied",
        "denied": "prior_authorization",
        "urgent": False,
        "role": "patient",
        "events": {"denial": "2026-10-19"},
        "costs": {"visit_price": 725, "coinsurance": 20},
    },
}


class Person(NamedTuple):
    """A person's plan and what they wrote down."""

    plan: ActionPlan
    notes: Notes


NOTES = Notes(
    words={
        "my_name": "Ana Lucía O'Brien-Núñez",
        "my_street": "12 Elm Street, Apt. 4",
        "my_town": "Dayton, OH 45402",
        "my_phone": "937-555-0144",
        "plan_name": "Plain Health",
        "member_id": "1EG4-TE5-MK73",
        "diagnosis": "Xylographic wombat syndrome",
        "second_doctor": "Dr. Priya Nair",
        "second_office": "Zebulon Cross Hospital",
        "first_diagnosis": "Stage 2, grade 3",
        "second_diagnosis": "Stage 1, grade 2",
    },
    calls=(
        Call("network_doctor", date(2026, 11, 17), "Lakeside Oncology", "Kim", "R-4410",
             "No visit before March; does not treat this."),
        Call("insurer", date(2026, 11, 18), "Member services", "Lee", "A-0099",
             "Asked for the gap exception form."),
    ),
)  # fmt: skip


@cache
def person(name: str) -> Person:
    return Person(build_plan(read_case(CASES[name]), AS_OF), NOTES)


@cache
def file(name: str, kind: str, without: frozenset[str] = frozenset(), letter: str = "") -> File:
    """Return one of a person's files."""
    plan, notes = person(name)
    return make_file(kind, plan, notes, without=without, letter=letter)
