"""What a calendar shows that opens our file."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion import ActionPlan, build_plan, read_case
from secondopinion.export import to_calendar

from .answers import any_answers
from .handed import AS_OF, CASES, person
from .opened import calendar

DENIED: Mapping[str, Any] = {
    "coverage": "medicare_advantage_hmo",
    "condition": "breast_cancer",
    "stage": "denied",
    "denied": "prior_authorization",
    "events": {"denial": "2026-11-02"},
}
SAFE, LAST = date(2026, 12, 31), date(2027, 1, 6)


def plan_on(day: date, case: Mapping[str, Any] = DENIED) -> ActionPlan:
    return build_plan(read_case(case), day)


def events(plan: ActionPlan) -> dict[str, Any]:
    """Return the events of a plan by what they are called."""
    found = calendar(to_calendar(plan))
    return {event.summary.value: event for event in found}


def alarms(event: Any) -> list[timedelta]:
    return [alarm.trigger.value for alarm in event.contents.get("valarm", [])]


def test_an_appeal_stands_on_its_safe_day_for_the_whole_day():
    event = events(plan_on(AS_OF))["Appeal: send by this day"]
    assert (event.dtstart.value, event.dtend.value) == (SAFE, SAFE + timedelta(days=1))


def test_the_last_day_and_the_working_can_be_read_in_the_entry():
    said = events(plan_on(AS_OF))["Appeal: send by this day"].description.value
    assert "Wednesday, January 6, 2027" in said
    assert "The letter that said no is dated Monday, November 2, 2026." in said
    assert "If your letter gives an earlier date, the letter wins." in said
    assert "https://www.ecfr.gov" in said


def test_alarms_ring_fourteen_seven_and_two_days_before():
    event = events(plan_on(AS_OF))["Appeal: send by this day"]
    assert alarms(event) == [timedelta(days=-14), timedelta(days=-7), timedelta(days=-2)]


def test_an_alarm_that_lies_behind_does_not_ring_at_once():
    event = events(plan_on(date(2026, 12, 24)))["Appeal: send by this day"]
    assert alarms(event) == [timedelta(days=-2)]


def test_the_day_of_an_appeal_does_not_make_a_person_busy_and_stays_private():
    event = events(plan_on(AS_OF))["Appeal: send by this day"]
    assert (event.transp.value, event.contents["class"][0].value) == ("TRANSPARENT", "PRIVATE")


def test_after_the_safe_day_it_says_act_today():
    event = events(plan_on(date(2027, 1, 4)))["Appeal: act today"]
    assert event.dtstart.value == date(2027, 1, 4)
    assert "Act today." in event.description.value


def test_after_the_last_day_there_is_no_entry():
    assert [name for name in events(plan_on(LAST + timedelta(days=1))) if "Appeal" in name] == []


def test_a_later_file_changes_the_entry_instead_of_doubling_it():
    early, late = events(plan_on(AS_OF)), events(plan_on(date(2026, 12, 1)))
    before, after = (each["Appeal: send by this day"] for each in (early, late))
    assert before.uid.value == after.uid.value
    assert int(before.sequence.value) < int(after.sequence.value)
    assert before.dtstamp.value < after.dtstamp.value


def test_another_letter_is_another_entry():
    other = plan_on(AS_OF, {**DENIED, "events": {"denial": "2026-11-09"}})
    uids = {events(each)["Appeal: send by this day"].uid.value for each in (plan_on(AS_OF), other)}
    assert len(uids) == 2


def test_a_step_and_its_rung_are_one_entry():
    plan = plan_on(AS_OF)
    shared = [step.title for step in plan.steps if step.deadline]
    shared += [level.name for level in plan.appeals if level.file_by]
    assert len(shared) > 1
    assert len([name for name in events(plan) if "Appeal" in name]) == 1


def test_the_days_a_person_gave_are_in_the_calendar():
    found = events(person("medicare_third").plan)
    assert found["Visit"].dtstart.value == date(2026, 12, 18)
    assert found["My plan: start by this day"].dtstart.value == date(2027, 1, 8)


def test_the_records_office_has_its_own_day():
    found = events(person("hmo_gap").plan)
    entry = found["Records: they should have answered by this day"]
    assert "It is their last day, not yours." in entry.description.value


@pytest.mark.parametrize("name", CASES)
def test_a_calendar_seen_over_a_shoulder_says_nothing_of_the_illness(name: str):
    plan = person(name).plan
    content = to_calendar(plan).decode().casefold().replace("\r\n ", "")
    words = {*plan.labels["condition"].casefold().split(), str(plan.case.condition)}
    seen = {word for word in words if len(word) > 4 and word in content}
    assert seen == set()


def test_a_calendar_without_a_date_asks_to_look_again():
    plan = plan_on(AS_OF, {})
    (event,) = calendar(to_calendar(plan))
    assert event.dtstart.value == plan.check_again


def test_the_same_plan_gives_the_same_file():
    assert to_calendar(plan_on(AS_OF)) == to_calendar(plan_on(AS_OF))


@settings(deadline=None, max_examples=60)
@given(answers=any_answers(), day=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_no_entry_comes_after_the_last_day_or_before_today(answers: dict[str, Any], day: date):
    plan = build_plan(read_case(answers), day)
    lasts = [step.deadline.date for step in plan.steps if step.deadline]
    lasts += [level.file_by.date for level in plan.appeals if level.file_by]
    for event in calendar(to_calendar(plan)):
        start = event.dtstart.value
        assert not isinstance(start, datetime)
        assert start >= day
        if event.summary.value.startswith("Appeal"):
            assert start <= max(lasts)
