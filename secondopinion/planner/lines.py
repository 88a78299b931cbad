"""Make the lines of the knowledge base concrete for one case: steps, records, questions, people."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from secondopinion.knowledge import applies
from secondopinion.model import (
    AppealLevel,
    Contact,
    Deadline,
    Distance,
    Entry,
    Notice,
    Place,
    Record,
    Rule,
    Source,
    Step,
    TalkingPoint,
    Version,
    Warning_,
)

from . import illness
from .deadlines import deadline
from .reading import Reading, Standing, in_words, weakest

SECTIONS = ("before", "insurer", "records", "visit", "denied", "after")
_FOCUS = {"denied": "denied", "after": "after"}
_DISTANCES = ("own", "neighbor", "remote", "unknown", "elsewhere")
_LOUDNESS = ("emergency", "fast", "caution", "note")
THEIRS = frozenset({"records_request"})  # others must act by that day, not the person


def _standing(entry: Entry, reading: Reading, title: str, *texts: str) -> Standing | None:
    """Return what an entry stands on; where a rule is missing, leave a gap in its place."""
    also = [name for name in (entry.says.get("due"), entry.says.get("file")) if name]
    standing = reading.standing(entry, title, *texts, also=also)
    if standing is None:
        reading.gap("gap.rule", title=reading.fill(title))
    return standing


def steps(reading: Reading) -> tuple[Step, ...]:
    """Return what to do, in order: what the person stands before comes first."""
    return in_order((*find_out(reading), *reading.each("advice", _step)), reading.case.stage)


def in_order(found: Iterable[Step], stage: str | None) -> tuple[Step, ...]:
    """Return steps in the order of their sections; what the person stands before comes first."""
    focus = _FOCUS.get(stage or "")
    return tuple(
        sorted(found, key=lambda step: (step.section != focus, SECTIONS.index(step.section)))
    )


def _step(reading: Reading, entry: Entry) -> Step | None:
    says = entry.says
    standing = _standing(entry, reading, says["title"], says["body"])
    if standing is None:
        return None
    due = _due(reading, reading.knowledge.rule(says["due"])) if "due" in says else None
    return Step(
        entry.id, says["section"], reading.fill(says["title"]), reading.fill(says["body"]),
        entry.base, due, standing.seen, standing.sources,
    )  # fmt: skip


def _first_is_lost(reading: Reading) -> bool:
    return reading.facts.get("first_denial_upheld") is True


def _due(reading: Reading, rule: Rule) -> Deadline | None:
    """Return the day to act by; a first appeal that has been lost is not due any more."""
    if rule.clock == "denial" and _first_is_lost(reading):
        return None
    return deadline(reading, rule)


def find_out(reading: Reading) -> Iterator[Step]:
    """Say how to find out what the person does not know, where we can."""
    for question in reading.knowledge.section("questions"):
        if "find_out" not in question or question["id"] in reading.facts:
            continue
        asked = {fact: frozenset(allowed) for fact, allowed in question["when"].items()}
        if applies(tuple(asked.items()), reading.facts):
            words = question["find_out"]
            yield Step(
                f"find_out.{question['id']}", "before", words["title"], words["body"],
                tuple(question["base"]), None, words["seen"], reading.own_sources(words),
            )  # fmt: skip


def warnings(reading: Reading, appeals: Iterable[AppealLevel]) -> tuple[Warning_, ...]:
    """Return what to know before anything else, emergencies first."""
    of_the_illness, own = illness.warnings(reading), of_the_answers(reading)
    past = passed(reading, appeals)
    return by_loudness((*of_the_illness, *own, *past, *reading.each("warnings", _warning)))


def by_loudness(found: Iterable[Warning_]) -> tuple[Warning_, ...]:
    """Return warnings with the loudest first."""
    return tuple(sorted(found, key=lambda warning: _LOUDNESS.index(warning.level)))


def _warning(reading: Reading, entry: Entry) -> Warning_ | None:
    text = entry.says["text"]
    standing = _standing(entry, reading, text)
    if standing is None:
        return None
    return Warning_(entry.id, entry.says["level"], reading.fill(text), standing.sources)


def of_the_answers(reading: Reading) -> Iterator[Warning_]:
    """Yield what does not go together in what the person said."""
    say, case = reading.knowledge.say, reading.case
    implied = reading.facts.get("network_type")
    if case.network_type and implied != case.network_type:
        label = reading.knowledge.label("network_type", str(implied))
        yield Warning_("case.network_type", "caution", say("warning.network", label=label), ())
    for event in ("denial", "final_denial", "records_request", "first_bill"):
        day = case.events.get(event)
        if day and day > reading.as_of:
            text = say("warning.future", event=say(f"event.{event}"), day=in_words(day))
            yield Warning_(f"case.{event}", "caution", text, ())
    first, final = case.events.get("denial"), case.events.get("final_denial")
    if first and final and final < first:
        yield Warning_("case.final_denial.order", "caution", say("warning.order"), ())


def passed(reading: Reading, appeals: Iterable[AppealLevel]) -> Iterator[Warning_]:
    """Yield a warning for each appeal whose last day has passed, with what is still possible."""
    for appeal in appeals:
        if appeal.file_by and appeal.file_by.past and not appeal.behind:
            day = in_words(appeal.file_by.date)
            passed = reading.knowledge.say("warning.past", name=appeal.name, day=day)
            possible = appeal.late or reading.knowledge.say("warning.past.anyway")
            sources = appeal.file_by.sources
            yield Warning_(f"past.{appeal.id}", "caution", f"{passed} {possible}", sources)


def appeals(reading: Reading) -> tuple[AppealLevel, ...]:
    """Return the ladder of appeals that is open, from the first rung."""
    return by_level(reading.each("appeals", _appeal))


def by_level(found: Iterable[AppealLevel]) -> tuple[AppealLevel, ...]:
    """Return the rungs of a ladder from the first."""
    return tuple(sorted(found, key=lambda appeal: appeal.level))


def _appeal(reading: Reading, entry: Entry) -> AppealLevel | None:
    says = entry.says
    standing = _standing(entry, reading, says["name"], says["how"])
    if standing is None:
        return None
    within, file_by, late = None, None, None
    behind = says["level"] == 1 and _first_is_lost(reading)
    if "file" in says:
        rule = reading.knowledge.rule(says["file"])
        behind = behind and rule.clock == "denial"
        version = reading.version(rule)
        within = _within(reading, version) if version else None
        late = version.says.get("late") if version else None
        file_by = deadline(reading, rule)
    clocks = _clocks(reading, says["decide"])
    return AppealLevel(
        level=says["level"],
        id=entry.id,
        name=reading.fill(says["name"]),
        decider=reading.fill(says["decider"]),
        how=reading.fill(says["how"]),
        automatic=says["automatic"],
        file_by=file_by,
        file_within=within,
        decide_within={speed: reading.length(clock.says) for speed, clock in clocks.items()},
        behind=behind,
        late=late or "",
        seen=weakest([standing.seen, *(clock.seen for clock in clocks.values())]),
        sources=_joined(reading, standing.sources, clocks.values()),
    )


def _within(reading: Reading, version: Version) -> str:
    length = reading.length(version.says)
    is_ceiling = version.says["ceiling"]
    return reading.knowledge.say("length.ceiling", length=length) if is_ceiling else length


def _clocks(reading: Reading, decide: Mapping[str, str]) -> dict[str, Version]:
    """Return the limits on deciding that are in force."""
    read = {speed: reading.version(reading.knowledge.rule(name)) for speed, name in decide.items()}
    return {speed: version for speed, version in read.items() if version}


def _joined(
    reading: Reading, sources: tuple[Source, ...], versions: Iterable[Version]
) -> tuple[Source, ...]:
    """Return sources with those of some versions, each once."""
    own = (reading.sources(version.cites, version.checked) for version in versions)
    return tuple(dict.fromkeys(chain(sources, *own)))


def records(reading: Reading) -> tuple[Record, ...]:
    """Return the documents to gather: those everybody needs, then those of the illness."""
    return (*reading.each("records", _record), *illness.records(reading))


def _record(reading: Reading, entry: Entry) -> Record | None:
    says = entry.says
    standing = _standing(entry, reading, says["text"], says["why"])
    if standing is None:
        return None
    return Record(
        entry.id, reading.fill(says["text"]), reading.fill(says["why"]), entry.base, standing.seen,
        standing.sources,
    )  # fmt: skip


def talking_points(reading: Reading) -> tuple[TalkingPoint, ...]:
    """Return the questions to ask: those of the illness first for the second doctor."""
    return (*illness.questions(reading), *reading.each("talking_points", _talking_point))


def _talking_point(reading: Reading, entry: Entry) -> TalkingPoint | None:
    says = entry.says
    standing = _standing(entry, reading, says["text"], says.get("why", ""))
    if standing is None:
        return None
    why = reading.fill(says["why"]) if "why" in says else None
    return TalkingPoint(
        entry.id, says["for"], reading.fill(says["text"]), why, entry.base, standing.seen,
        standing.sources,
    )  # fmt: skip


def contacts(reading: Reading) -> tuple[Contact, ...]:
    """Return whom to turn to. A phone number nobody has confirmed is left out."""
    return reading.each("contacts", _contact)


def _contact(reading: Reading, entry: Entry) -> Contact | None:
    says = entry.says
    standing = _standing(entry, reading, says["name"], says["why"])
    if standing is None:
        return None
    confirmed = says.get("phone_seen") not in (None, "unverified")
    phone = says["phone"] if confirmed else None
    return Contact(
        entry.id, reading.fill(says["name"]), reading.fill(says["why"]), phone, says.get("url"),
        standing.seen, entry.base, standing.sources,
    )  # fmt: skip


def places(reading: Reading) -> tuple[Place, ...]:
    """Return centers and programs, the nearest first, as far as the state tells."""
    found = reading.each("places", _place)
    own = reading.case.state
    near = frozenset(reading.knowledge.named("states", own)["neighbors"]) if own else frozenset()
    placed = (place._replace(distance=_distance(place, own, near)) for place in found)
    return tuple(sorted(placed, key=lambda place: _DISTANCES.index(place.distance)))


def _distance(place: Place, own: str | None, near: frozenset[str]) -> Distance:
    if place.state is None or place.kind == "remote_program":
        return "remote"
    if own is None:
        return "unknown"
    if place.state == own:
        return "own"
    return "neighbor" if place.state in near else "elsewhere"


def _place(reading: Reading, entry: Entry) -> Place | None:
    says = entry.says
    standing = _standing(entry, reading, says["name"])
    if standing is None:
        return None
    return Place(
        entry.id, says["kind"], says["name"], says.get("state"), says.get("note"), says["url"],
        "unknown", standing.sources,
    )  # fmt: skip


def notices(reading: Reading) -> tuple[Notice, ...]:
    """Return the lines at the end of every plan."""
    words = {
        "last_checked": in_words(reading.oldest_check),
        "check_again": in_words(reading.check_again),
        "data_version": reading.knowledge.data_version,
        "as_of": in_words(reading.as_of),
    }
    return tuple(
        Notice(entry.id, entry.says["text"].format(**words), entry.base)
        for entry in reading.fitting("notices")
    )


def dues(
    appeals: Iterable[AppealLevel], steps: Iterable[Step]
) -> Iterator[tuple[AppealLevel | Step, Deadline]]:
    """Yield what the person has to do by a day, passed or not, in the order of the plan."""
    for level in appeals:
        if level.file_by and not level.behind and level.file_by.trigger not in THEIRS:
            yield level, level.file_by
    for step in steps:
        if step.deadline and step.deadline.trigger not in THEIRS:
            yield step, step.deadline


def next_deadline(found: Iterable[Deadline | None]) -> Deadline | None:
    """Return the deadline whose safe day comes first, of those that have not passed."""
    still_open = (day for day in found if day and not day.past)
    return min(still_open, key=lambda day: (day.safe_date, day.date), default=None)


MAKERS: Mapping[str, Callable[[Reading, Entry], Any]] = {
    "advice": _step,
    "appeals": _appeal,
    "warnings": _warning,
    "records": _record,
    "talking_points": _talking_point,
    "contacts": _contact,
    "places": _place,
}
"""What makes a line of the plan of an entry, for each kind of entry."""
