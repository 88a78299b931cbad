"""Count a filing deadline the way its rule counts it, and show the working."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from secondopinion import dates
from secondopinion.model import Deadline, Rule

from .reading import Reading, in_words

_HOURS_OF_A_DAY = 24


Day = TypeVar("Day")


class Count(NamedTuple, Generic[Day]):
    """A count of days: where it ends by the rule, where it ends at the latest, and the safe day."""

    counted: Day
    last: Day
    safe: Day


class OneDay:
    """Counts from one day; screening counts in the same way from every day there is."""

    def __init__(self, holidays: frozenset[date], closed_days: frozenset[date]) -> None:
        self.holidays = holidays
        self.closed = holidays | closed_days

    @staticmethod
    def days_after(day: date, number: int) -> date:
        """Count calendar days."""
        return day + timedelta(days=number)

    @staticmethod
    def months_after(day: date, number: int, no_such_day: dates.NoSuchDay) -> date:
        """Count calendar months."""
        return dates.add_months(day, number, no_such_day)

    def working_days_after(self, day: date, number: int) -> date:
        """Count working days."""
        return dates.add_working_days(day, number, self.holidays)

    def working_day_from(self, day: date) -> date:
        """Return the first working day that is not before this day."""
        return dates.working_day_on_or_after(day, self.holidays)

    def open_day_until(self, day: date) -> date:
        """Return the last day on which offices are open that is not after this day."""
        return dates.working_day_on_or_before(day, self.closed)

    @staticmethod
    def earlier(one: date, other: date) -> date:
        """Return the earlier of two days."""
        return min(one, other)

    @staticmethod
    def later(one: date, other: date) -> date:
        """Return the later of two days."""
        return max(one, other)


_on_one_day = cache(OneDay)


def _after(start: Any, says: Mapping[str, Any], do: Any) -> Any:
    if "months" in says:
        return do.months_after(start, says["months"], says["no_such_day"])
    if "working_days" in says:
        return do.working_days_after(start, says["working_days"])
    if "hours" in says:
        return do.days_after(start, says["hours"] // _HOURS_OF_A_DAY)
    return do.days_after(start, says["days"])


def ending(notice: Any, says: Mapping[str, Any], do: Any) -> Count[Any]:
    """Count from the date on a notice.

    Parameters
    ----------
    notice
        The date on the letter.
    says
        What the limit says: its length, where it counts from, how it rolls.
    do
        How to count: from one day, or from whole columns of days.
    """
    received = do.days_after(notice, says["mail_days"])
    counted = _after(received, says, do)
    last = do.working_day_from(counted) if says["roll"] == "next_working_day" else counted
    cautious = do.earlier(_after(notice, says, do), counted)
    return Count(counted, last, do.later(notice, do.open_day_until(cautious)))


def count(
    notice: date,
    says: Mapping[str, Any],
    holidays: frozenset[date],
    closed_days: frozenset[date] = frozenset(),
) -> Count[date]:
    """Count from one day.

    Parameters
    ----------
    notice
        The date on the letter.
    says
        What the limit says.
    holidays
        The legal federal holidays, which move a rule's last day where it rolls.
    closed_days
        Other days on which offices are closed, which are no safe days.
    """
    return ending(notice, says, _on_one_day(holidays, closed_days))


def deadline(reading: Reading, rule: Rule) -> Deadline | None:
    """Return the day to act by, or None where its clock has not started or a date would mislead."""
    trigger = rule.clock
    notice = reading.case.events.get(trigger) if trigger else None
    version = reading.version(rule)
    if trigger is None or notice is None or version is None:
        return None
    if version.says["ceiling"]:
        reading.gap("gap.ceiling", length=reading.length(version.says))
        return None
    if reading.freshness(version.checked) == "stale":
        reading.gap("gap.stale", what=rule.what)
        return None
    knowledge = reading.knowledge
    days = count(notice, version.says, knowledge.holidays, knowledge.closed_days)
    return Deadline(
        date=days.last,
        safe_date=days.safe,
        trigger=trigger,
        working=_working(reading, trigger, notice, version.says, days),
        safe_past=days.safe < reading.as_of,
        past=days.last < reading.as_of,
        seen=version.seen,
        sources=reading.sources(version.cites, version.checked),
        rule=rule.id,
    )


def _working(
    reading: Reading, trigger: str, notice: date, says: Mapping[str, Any], days: Count[date]
) -> str:
    say = reading.knowledge.say
    received = notice + timedelta(days=says["mail_days"])
    lines = [say(f"working.start.{trigger}", day=in_words(notice))]
    if says["mail_days"]:
        mail = reading.length({"days": says["mail_days"]})
        lines.append(say("working.mail", mail=mail, day=in_words(received)))
    elif says["from"] == "receipt":
        lines.append(say("working.receipt"))
    lines.append(say("working.count", length=reading.length(says), day=in_words(days.counted)))
    if "months" in says and days.counted.day != received.day:
        lines.append(say("working.no_such_day"))
    if days.last != days.counted:
        lines.append(say("working.roll", day=in_words(days.last)))
    if says.get("filed_when"):
        lines.append(say(f"working.{says['filed_when']}"))
    if days.safe != days.last:
        lines.append(say("working.safe", day=in_words(days.safe)))
    lines.append(say(f"working.end.{trigger}"))
    return " ".join(lines)
