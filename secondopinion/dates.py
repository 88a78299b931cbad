"""Count days the way a filing rule does: calendar days, months, working days, and how they roll."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

NoSuchDay = Literal["first_of_next_month", "last_of_month"]

_SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Tell whether offices are open: no Saturday, no Sunday, no federal holiday."""
    return day.weekday() < _SATURDAY and day not in holidays


def working_day_on_or_before(day: date, holidays: Collection[date]) -> date:
    """Return the last working day that is not after this day."""
    while not is_working_day(day, holidays):
        day -= timedelta(days=1)
    return day


def working_day_on_or_after(day: date, holidays: Collection[date]) -> date:
    """Return the first working day that is not before this day."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """Count this many working days after a day."""
    for _ in range(count):
        day = working_day_on_or_after(day + timedelta(days=1), holidays)
    return day


def add_months(day: date, months: int, no_such_day: NoSuchDay = "last_of_month") -> date:
    """Count calendar months after a day.

    Parameters
    ----------
    day
        Where the count starts.
    months
        How many calendar months.
    no_such_day
        What the rule says when the target month has no such day (there is no February 30):
        the first day of the next month, or the last day of the target month.
    """
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415  (16 ms; few plans need it)

    target = day + relativedelta(months=months)
    if target.day != day.day and no_such_day == "first_of_next_month":
        return target + timedelta(days=1)
    return target
