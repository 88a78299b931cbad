"""Count a filing deadline the way its rule counts it, and show the working."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from secondopinion import dates
from secondopinion.model import Deadline, Rule

from .reading import Reading, in_words


class Count(NamedTuple):
    """A count of days: where it ends by the rule, where it ends at the latest, and the safe day."""

    counted: date
    last: date
    safe: date


def _after(start: date, says: Mapping[str, Any], holidays: frozenset[date]) -> date:
    if "months" in says:
        return dates.add_months(start, says["months"], says["no_such_day"])
    if "working_days" in says:
        return dates.add_working_days(start, says["working_days"], holidays)
    if "hours" in says:
        return start + timedelta(hours=says["hours"])
    return start + timedelta(days=says["days"])


def count(
    notice: date,
    says: Mapping[str, Any],
    holidays: frozenset[date],
    closed_days: frozenset[date] = frozenset(),
) -> Count:
    """Count from the date on a notice.

    Parameters
    ----------
    notice
        The date on the letter.
    says
        What the limit says: its length, where it counts from, how it rolls.
    holidays
        The legal federal holidays, which move a rule's last day where it rolls.
    closed_days
        Other days on which offices are closed, which are no safe days.
    """
    received = notice + timedelta(days=says["mail_days"])
    counted = _after(received, says, holidays)
    rolls = says["roll"] == "next_working_day"
    last = dates.working_day_on_or_after(counted, holidays) if rolls else counted
    cautious = min(_after(notice, says, holidays), counted)
    safe = max(notice, dates.working_day_on_or_before(cautious, holidays | closed_days))
    return Count(counted, last, safe)


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
    )


def _working(
    reading: Reading, trigger: str, notice: date, says: Mapping[str, Any], days: Count
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
