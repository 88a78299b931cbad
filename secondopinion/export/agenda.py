"""The days of a plan for a calendar: every day to keep, whole-day, on the safe day.

icalendar writes it: it knows how a text is escaped and folded, and is pure Python.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan, Deadline, Source
from secondopinion.planner.lines import THEIRS
from secondopinion.planner.reading import in_words

from .characters import cleaned

ALARMS = (14, 7, 2)
"""So many days before a day to keep, the calendar says so."""
_FIRST_DAY = date(2020, 1, 1)
OWN_DAYS = ("appointment", "start_treatment_by")


class Entry(NamedTuple):
    """A day to keep: what it is (never what illness it is about), when, and why."""

    id: str
    day: date
    summary: str
    description: tuple[str, ...]
    alarms: tuple[int, ...] = ALARMS


def entries(plan: ActionPlan, knowledge: Knowledge | None = None) -> tuple[Entry, ...]:
    """Return the days of a plan that are still to come, the nearest first."""
    say = (knowledge or load_knowledge()).say
    found = (*_deadlines(plan, say), *_events(plan, say), _again(plan, say))
    return tuple(sorted(found, key=lambda entry: (entry.day, entry.id)))


def _deadlines(plan: ActionPlan, say: Any) -> Iterator[Entry]:
    """Yield each day to act by once, though a step and a rung of the ladder may share it."""
    levels = [
        (f"appeal:{level.id}", level.name, level.file_by)
        for level in plan.appeals
        if not level.behind
    ]
    steps = [(f"step:{step.id}", step.title, step.deadline) for step in plan.steps]
    seen: set[tuple[str, date, date]] = set()
    for name, what, due in (*levels, *steps):
        if due is None or due.past or (due.trigger, due.safe_date, due.date) in seen:
            continue
        seen.add((due.trigger, due.safe_date, due.date))
        yield _deadline(plan, say, name, what, due)


def _deadline(plan: ActionPlan, say: Any, name: str, what: str, due: Deadline) -> Entry:
    kind = "theirs" if due.trigger in THEIRS else name.partition(":")[0]
    when = "today" if due.safe_past else "by"
    lines = [what]
    if due.safe_past:
        lines.append(say("page.act_today", day=in_words(due.safe_date)))
    lines += [say("calendar.last", day=in_words(due.date)), due.working]
    return Entry(
        id=f"{name}:{due.trigger}:{plan.case.events[due.trigger]}",
        day=max(due.safe_date, plan.as_of),
        summary=say(f"calendar.{kind}.{when}"),
        description=(*lines, *_sources(due.sources, say)),
    )


def _sources(sources: tuple[Source, ...], say: Any) -> Iterator[str]:
    for source in sources:
        place = ", ".join(filter(None, (source.title, source.at)))
        checked = say("page.checked", day=source.checked)
        yield " ".join(filter(None, (f"{place} ({checked})", source.url)))


def _events(plan: ActionPlan, say: Any) -> Iterator[Entry]:
    """Yield the days that the person gave us themselves."""
    for event in OWN_DAYS:
        day = plan.case.events.get(event)
        if day and day >= plan.as_of:
            reason = say(f"working.start.{event}", day=in_words(day))
            end = say(f"working.end.{event}")
            yield Entry(f"event:{event}", day, say(f"calendar.{event}"), (reason, end))


def _again(plan: ActionPlan, say: Any) -> Entry:
    return Entry("again", plan.check_again, say("calendar.again"), (say("calendar.again.why"),), ())


def to_calendar(plan: ActionPlan, knowledge: Knowledge | None = None) -> bytes:
    """Return the days of a plan as a calendar file.

    A second file, made on a later day, changes the entries of the first instead of doubling them.

    Parameters
    ----------
    plan
        The plan whose days to keep.
    knowledge
        Another knowledge base than the workbook's own.
    """
    from icalendar import Calendar  # noqa: PLC0415  (100 ms; few visitors download)

    say = (knowledge or load_knowledge()).say
    calendar = Calendar()
    calendar.add("prodid", f"-//{say('page.name')}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", say("calendar.name"))
    for entry in entries(plan, knowledge):
        calendar.add_component(_event(cleaned(entry), plan.as_of))
    return bytes(calendar.to_ical())


def uid(name: str) -> str:
    """Return what a program knows an entry by: the same in every file, and silent about what."""
    return f"{sha256(name.encode()).hexdigest()[:32]}@second-opinion-workbook"


def _event(entry: Entry, as_of: date) -> Any:
    from icalendar import Event  # noqa: PLC0415  (the same)

    made, event = datetime.combine(as_of, time(), UTC), Event()
    event.add("uid", uid(entry.id))
    event.add("dtstamp", made)
    event.add("last-modified", made)
    event.add("sequence", max((as_of - _FIRST_DAY).days, 0))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", "\n\n".join(entry.description))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    for days in entry.alarms:
        if entry.day - timedelta(days=days) > as_of:
            event.add_component(_alarm(entry.summary, days))
    return event


def _alarm(summary: str, days: int) -> Any:
    """Return an alarm. One that lies behind is left out: a calendar would ring it at once."""
    from icalendar import Alarm  # noqa: PLC0415  (the same)

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(days=-days))
    return alarm
