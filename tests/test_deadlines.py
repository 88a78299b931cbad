"""The last day to act, and a safer one before it, counted from the date on a letter."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion import Case, build_plan, load_knowledge
from secondopinion.dates import is_working_day
from secondopinion.model import AppealLevel, Deadline
from secondopinion.planner.deadlines import Count, count

HOLIDAYS = load_knowledge().holidays
CLOSED = load_knowledge().closed_days


def limit(**says: Any) -> dict[str, Any]:
    """Return what a limit says, with what a file may leave out filled in."""
    usual = {"from": "notice", "mail_days": 0, "roll": "none", "no_such_day": "last_of_month"}
    return {**usual, **says}


def counted_from(notice: date, **says: Any) -> Count[date]:
    return count(notice, limit(**says), HOLIDAYS, CLOSED)


def denied(*, on: date | None) -> Case:
    """Return the case of a person whose Medicare Advantage plan said no."""
    return Case(
        coverage="medicare_advantage_hmo", stage="denied", events={"denial": on} if on else {}
    )


def first_appeal(case: Case, as_of: date = date(2026, 3, 10)) -> AppealLevel:
    return build_plan(case, as_of).appeals[0]


def file_by(case: Case, as_of: date = date(2026, 3, 10)) -> Deadline:
    found = first_appeal(case, as_of).file_by
    assert found
    return found


MEDICARE_ADVANTAGE = {"days": 60, "from": "receipt", "mail_days": 5}
DENIED_ON_MARCH_2 = counted_from(date(2026, 3, 2), **MEDICARE_ADVANTAGE)


def test_medicare_advantage_allows_65_days_from_the_date_on_the_letter():
    assert DENIED_ON_MARCH_2.last == date(2026, 5, 6)


def test_the_safe_day_counts_60_days_from_the_letter_itself():
    assert DENIED_ON_MARCH_2.safe == date(2026, 5, 1)


def test_the_plan_shows_both_days_of_a_medicare_advantage_denial():
    found = file_by(denied(on=date(2026, 3, 2)))
    assert (found.date, found.safe_date) == (date(2026, 5, 6), date(2026, 5, 1))


@pytest.mark.parametrize(
    "words", ["March 2, 2026", "5 days", "60 days", "May 6, 2026", "May 1, 2026"]
)
def test_the_plan_shows_how_a_day_was_counted(words):
    assert words in file_by(denied(on=date(2026, 3, 2))).working


def test_beside_every_day_of_a_letter_stands_that_the_letter_wins():
    letter_wins = load_knowledge().say("working.end.denial")
    assert letter_wins in file_by(denied(on=date(2026, 3, 2))).working


def test_the_last_day_itself_is_not_past():
    assert not file_by(denied(on=date(2026, 3, 2)), as_of=date(2026, 5, 6)).past


def test_the_day_after_the_last_day_is_past():
    assert file_by(denied(on=date(2026, 3, 2)), as_of=date(2026, 5, 7)).past


def test_without_the_date_on_the_letter_no_day_is_worked_out():
    assert first_appeal(denied(on=None)).file_by is None


def test_without_the_date_on_the_letter_the_plan_still_says_how_long_there_is():
    assert first_appeal(denied(on=None)).file_within == "60 days"


def test_a_rule_that_rolls_moves_a_saturday_to_monday():
    assert counted_from(date(2026, 3, 3), days=60, roll="next_working_day") == Count(
        counted=date(2026, 5, 2), last=date(2026, 5, 4), safe=date(2026, 5, 1)
    )


def test_a_rule_that_does_not_roll_stays_on_saturday():
    assert counted_from(date(2026, 3, 3), days=60).last == date(2026, 5, 2)


def test_a_rule_that_rolls_moves_a_holiday_to_the_next_working_day():
    assert counted_from(date(2026, 10, 27), days=30, roll="next_working_day").last == date(
        2026, 11, 27
    )


INDEPENDENCE_DAY_IS_KEPT_ON_FRIDAY = counted_from(
    date(2026, 5, 4), days=60, roll="next_working_day"
)


def test_a_rule_does_not_roll_off_a_day_that_is_no_legal_holiday():
    assert INDEPENDENCE_DAY_IS_KEPT_ON_FRIDAY.last == date(2026, 7, 3)


def test_a_day_on_which_offices_are_closed_is_not_safe():
    assert INDEPENDENCE_DAY_IS_KEPT_ON_FRIDAY.safe == date(2026, 7, 2)


def test_the_safe_day_is_before_the_weekend_whether_or_not_the_rule_rolls():
    rolling = counted_from(date(2026, 3, 3), days=60, roll="next_working_day")
    still = counted_from(date(2026, 3, 3), days=60)
    assert rolling.safe == still.safe == date(2026, 5, 1)


def test_four_months_from_october_30_end_on_march_1():
    ending = counted_from(date(2026, 10, 30), months=4, no_such_day="first_of_next_month")
    assert ending.last == date(2027, 3, 1)


def test_working_days_pass_over_thanksgiving():
    assert counted_from(date(2026, 11, 25), working_days=3).last == date(2026, 12, 1)


def test_72_hours_are_three_days():
    assert counted_from(date(2026, 3, 2), hours=72).last == date(2026, 3, 5)


def test_a_day_to_act_on_a_weekend_is_safe_on_the_day_of_the_letter_and_not_before_it():
    saturday = date(2026, 11, 21)
    assert counted_from(saturday, days=1).safe == saturday


notices = st.dates(date(2016, 1, 1), date(2040, 12, 31))
lengths = st.one_of(
    st.fixed_dictionaries({"days": st.integers(1, 400)}),
    st.fixed_dictionaries({"months": st.integers(1, 36)}),
    st.fixed_dictionaries({"working_days": st.integers(1, 90)}),
    st.fixed_dictionaries({"hours": st.sampled_from([24, 48, 72, 96])}),
)
limits = st.builds(
    lambda length, roll, no_such_day, mail_days: limit(
        **length, roll=roll, no_such_day=no_such_day, mail_days=mail_days
    ),
    lengths,
    st.sampled_from(["none", "next_working_day"]),
    st.sampled_from(["first_of_next_month", "last_of_month"]),
    st.sampled_from([0, 0, 5]),
)


@given(notices, limits)
@settings(deadline=None)
def test_every_last_day_comes_after_its_letter(notice: date, says: dict[str, Any]):
    assert count(notice, says, HOLIDAYS, CLOSED).last > notice


@given(notices, limits)
@settings(deadline=None)
def test_no_safe_day_comes_after_the_last_day(notice: date, says: dict[str, Any]):
    ending = count(notice, says, HOLIDAYS, CLOSED)
    assert ending.safe <= ending.counted <= ending.last


@given(notices, limits)
@settings(deadline=None)
def test_no_safe_day_comes_before_its_letter(notice: date, says: dict[str, Any]):
    assert count(notice, says, HOLIDAYS, CLOSED).safe >= notice


@given(notices, limits)
@settings(deadline=None)
def test_a_safe_day_is_a_working_day_unless_that_would_be_before_the_letter(
    notice: date, says: dict[str, Any]
):
    safe = count(notice, says, HOLIDAYS, CLOSED).safe
    assert is_working_day(safe, CLOSED) or safe == notice


@given(notices, limits)
@settings(deadline=None)
def test_a_rule_that_rolls_ends_on_a_working_day(notice: date, says: dict[str, Any]):
    last = count(notice, {**says, "roll": "next_working_day"}, HOLIDAYS, CLOSED).last
    assert is_working_day(last, HOLIDAYS)


@given(notices, limits)
@settings(deadline=None)
def test_time_in_the_mail_never_moves_the_safe_day(notice: date, says: dict[str, Any]):
    mailed = count(notice, {**says, "mail_days": 5}, HOLIDAYS, CLOSED)
    handed_over = count(notice, {**says, "mail_days": 0}, HOLIDAYS, CLOSED)
    assert mailed.safe == handed_over.safe


@given(notices, st.integers(1, 400))
@settings(deadline=None)
def test_a_letter_a_day_later_never_gives_an_earlier_last_day(notice: date, days: int):
    later = notice + timedelta(1)
    assert counted_from(notice, days=days).last < counted_from(later, days=days).last


@pytest.mark.parametrize("received", [0, 5])
def test_the_rule_counts_from_the_day_the_letter_is_presumed_to_arrive(received):
    ending = counted_from(date(2026, 3, 2), days=60, mail_days=received)
    assert ending.counted == date(2026, 3, 2) + timedelta(60 + received)
