"""Days are counted the way a filing rule counts them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion import load_knowledge
from secondopinion.dates import (
    NoSuchDay,
    add_months,
    add_working_days,
    is_working_day,
    working_day_on_or_after,
    working_day_on_or_before,
)

CLOSED = load_knowledge().closed_days
THANKSGIVING = date(2026, 11, 26)

days = st.dates(date(2016, 1, 1), date(2044, 12, 31))
months = st.integers(1, 120)
said_of_a_missing_day = st.sampled_from(["first_of_next_month", "last_of_month"])


@pytest.mark.parametrize(
    ("start", "months_later", "end"),
    [
        (date(2026, 3, 2), 4, date(2026, 7, 2)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 10, 1), 12, date(2027, 10, 1)),
    ],
)
@pytest.mark.parametrize("no_such_day", ["first_of_next_month", "last_of_month"])
def test_a_month_later_is_the_same_day_of_a_later_month(start, months_later, end, no_such_day):
    assert add_months(start, months_later, no_such_day) == end


@pytest.mark.parametrize(
    ("start", "months_later", "end"),
    [
        (date(2026, 10, 30), 4, date(2027, 3, 1)),
        (date(2026, 10, 29), 4, date(2027, 3, 1)),
        (date(2027, 10, 30), 4, date(2028, 3, 1)),
        (date(2026, 3, 31), 1, date(2026, 5, 1)),
        (date(2026, 8, 31), 6, date(2027, 3, 1)),
    ],
)
def test_external_review_counts_a_missing_day_as_the_first_of_the_next_month(
    start, months_later, end
):
    assert add_months(start, months_later, "first_of_next_month") == end


@pytest.mark.parametrize(
    ("start", "months_later", "end"),
    [
        (date(2026, 10, 30), 4, date(2027, 2, 28)),
        (date(2027, 10, 30), 4, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
    ],
)
def test_other_rules_count_a_missing_day_as_the_last_of_the_month(start, months_later, end):
    assert add_months(start, months_later) == end


def test_in_a_leap_year_february_29_is_a_day_to_land_on():
    assert add_months(date(2027, 10, 29), 4, "first_of_next_month") == date(2028, 2, 29)


def test_a_year_after_february_29_is_a_missing_day():
    assert add_months(date(2028, 2, 29), 12, "first_of_next_month") == date(2029, 3, 1)


@pytest.mark.parametrize(
    "holiday",
    [
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 11),
        THANKSGIVING,
        date(2026, 12, 25),
    ],
)
def test_offices_are_closed_on_a_federal_holiday(holiday):
    assert not is_working_day(holiday, CLOSED)


def test_offices_are_closed_on_the_friday_before_a_saturday_holiday():
    assert not is_working_day(date(2026, 7, 3), CLOSED)


def test_offices_are_closed_on_the_monday_after_a_sunday_holiday():
    assert not is_working_day(date(2027, 7, 5), CLOSED)


@pytest.mark.parametrize("weekend_day", [date(2026, 11, 21), date(2026, 11, 22)])
def test_offices_are_closed_on_a_weekend(weekend_day):
    assert not is_working_day(weekend_day, CLOSED)


def test_the_working_day_on_or_before_thanksgiving_is_wednesday():
    assert working_day_on_or_before(THANKSGIVING, CLOSED) == date(2026, 11, 25)


def test_the_working_day_on_or_after_thanksgiving_is_friday():
    assert working_day_on_or_after(THANKSGIVING, CLOSED) == date(2026, 11, 27)


def test_three_working_days_pass_over_thanksgiving_and_the_weekend():
    assert add_working_days(date(2026, 11, 25), 3, CLOSED) == date(2026, 12, 1)


def test_one_working_day_after_a_saturday_is_monday():
    assert add_working_days(date(2026, 11, 21), 1, CLOSED) == date(2026, 11, 23)


@given(days, months, said_of_a_missing_day)
def test_months_later_is_the_month_named_or_the_first_day_after_it(
    start: date, number: int, no_such_day: NoSuchDay
):
    end = add_months(start, number, no_such_day)
    passed = (end.year - start.year) * 12 + end.month - start.month
    assert passed == number or (passed == number + 1 and end.day == 1)


@given(days, months)
def test_the_two_readings_of_a_missing_day_lie_at_most_a_day_apart(start: date, number: int):
    early, late = add_months(start, number), add_months(start, number, "first_of_next_month")
    assert late - early in (timedelta(0), timedelta(1))


@given(days, days, months, said_of_a_missing_day)
def test_who_starts_later_never_ends_earlier(
    one: date, other: date, number: int, no_such_day: NoSuchDay
):
    first, second = sorted((one, other))
    assert add_months(first, number, no_such_day) <= add_months(second, number, no_such_day)


@given(days)
def test_a_working_day_is_its_own_working_day_on_or_before_and_after(day: date):
    found = working_day_on_or_before(day, CLOSED)
    assert (found == day) == is_working_day(day, CLOSED)
    assert (working_day_on_or_after(day, CLOSED) == day) == is_working_day(day, CLOSED)


@given(days)
def test_no_working_day_lies_between_a_day_and_the_working_day_before_it(day: date):
    found = working_day_on_or_before(day, CLOSED)
    skipped = [found + timedelta(n) for n in range(1, (day - found).days + 1)]
    assert not any(is_working_day(each, CLOSED) for each in skipped)


@given(days)
def test_offices_are_never_closed_for_more_than_four_days_in_a_row(day: date):
    assert day - working_day_on_or_before(day, CLOSED) <= timedelta(4)


@given(days, st.integers(1, 60))
@settings(deadline=None)
def test_a_count_of_working_days_passes_exactly_that_many(day: date, count: int):
    end = add_working_days(day, count, CLOSED)
    passed = [day + timedelta(n) for n in range(1, (end - day).days + 1)]
    assert sum(is_working_day(each, CLOSED) for each in passed) == count
