"""Make the lines of the knowledge base concrete for one case: steps, records, questions, people."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from secondopinion.knowledge import applies
from secondopinion.model import (
    About,
    AppealLevel,
    Cite,
    Contact,
    Deadline,
    Entry,
    Evidence,
    Notice,
    Place,
    Record,
    Source,
    Step,
    TalkingPoint,
    Warning_,
)

from .deadlines import deadline
from .reading import Reading, Standing, in_words

SECTIONS = ("before", "insurer", "records", "visit", "denied", "after")
_LOUDNESS = ("emergency", "fast", "caution", "note")
_TIMING_LEVEL: Mapping[str, Any] = {
    "emergency": "emergency",
    "hours_days": "fast",
    "days_2weeks": "caution",
}


def _standing(entry: Entry, reading: Reading, title: str, *texts: str) -> Standing | None:
    """Return what an entry stands on; where a rule is missing, leave a gap in its place."""
    also = [name for name in (entry.says.get("due"), entry.says.get("file")) if name]
    standing = reading.standing(entry, *texts, also=also)
    if standing is None:
        reading.gap("gap.rule", title=reading.fill(title))
    return standing


def steps(reading: Reading) -> tuple[Step, ...]:
    """Return what to do, in order: by section, then as the knowledge base orders it."""
    found = [*_find_out(reading), *_advice(reading)]
    return tuple(sorted(found, key=lambda step: SECTIONS.index(step.section)))


def _advice(reading: Reading) -> Iterator[Step]:
    for entry in reading.fitting("advice"):
        says = entry.says
        standing = _standing(entry, reading, says["title"], says["title"], says["body"])
        if standing:
            due = deadline(reading, reading.knowledge.rule(says["due"])) if "due" in says else None
            yield Step(
                entry.id, says["section"], reading.fill(says["title"]), reading.fill(says["body"]),
                entry.base, due, standing.seen, standing.sources,
            )  # fmt: skip


def _find_out(reading: Reading) -> Iterator[Step]:
    """Say how to find out what the person does not know, where we can."""
    for question in reading.knowledge.section("questions"):
        asked = {fact: frozenset(allowed) for fact, allowed in question["when"].items()}
        unknown = question["id"] not in reading.facts
        if "find_out" in question and unknown and applies(tuple(asked.items()), reading.facts):
            words = question["find_out"]
            yield Step(
                f"find_out.{question['id']}", "before", words["title"], words["body"],
                tuple(question["base"]), None, "secondary", (),
            )  # fmt: skip


def warnings(reading: Reading, appeals: Iterable[AppealLevel]) -> tuple[Warning_, ...]:
    """Return what to know before anything else, emergencies first."""
    found = [*_condition_warnings(reading), *_case_warnings(reading), *_past(reading, appeals)]
    for entry in reading.fitting("warnings"):
        text = entry.says["text"]
        standing = _standing(entry, reading, text, text)
        if standing:
            found.append(
                Warning_(entry.id, entry.says["level"], reading.fill(text), standing.sources)
            )
    return tuple(sorted(found, key=lambda warning: _LOUDNESS.index(warning.level)))


def _condition_warnings(reading: Reading) -> Iterator[Warning_]:
    name = reading.case.condition
    if name is None:
        return
    condition = reading.knowledge.condition(name)
    sources = _own_sources(reading, condition)
    if "emergency" in condition:
        yield Warning_(f"condition.{name}.emergency", "emergency", condition["emergency"], sources)
    level = _TIMING_LEVEL.get(condition["timing"]["level"])
    if level:
        yield Warning_(f"condition.{name}.timing", level, condition["timing"]["text"], sources)


def _case_warnings(reading: Reading) -> Iterator[Warning_]:
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


def _past(reading: Reading, appeals: Iterable[AppealLevel]) -> Iterator[Warning_]:
    for appeal in appeals:
        if appeal.file_by and appeal.file_by.past and not appeal.behind:
            text = reading.knowledge.say(
                "warning.past", name=appeal.name, day=in_words(appeal.file_by.date)
            )
            yield Warning_(
                f"past.{appeal.id}", "caution", f"{text} {appeal.late}".strip(),
                appeal.file_by.sources,
            )  # fmt: skip


def appeals(reading: Reading) -> tuple[AppealLevel, ...]:
    """Return the ladder of appeals that is open, from the first rung."""
    found = sorted(reading.fitting("appeals"), key=lambda entry: (entry.says["level"], entry.order))
    return tuple(level for entry in found if (level := _appeal(reading, entry)))


def _appeal(reading: Reading, entry: Entry) -> AppealLevel | None:
    says = entry.says
    standing = _standing(entry, reading, says["name"], says["how"])
    if standing is None:
        return None
    within, file_by, late = None, None, None
    if "file" in says:
        rule = reading.knowledge.rule(says["file"])
        version = reading.version(rule)
        within = reading.length(version.says) if version else None
        late = version.says.get("late") if version else None
        file_by = deadline(reading, rule)
    is_first = says["level"] == 1
    return AppealLevel(
        level=says["level"],
        id=entry.id,
        name=reading.fill(says["name"]),
        decider=says["decider"],
        how=reading.fill(says["how"]),
        automatic=says["automatic"],
        file_by=file_by,
        file_within=within,
        decide_within=_decide(reading, says["decide"]),
        behind=is_first and bool(reading.case.first_denial_upheld),
        late=late or "",
        seen=standing.seen,
        sources=standing.sources,
    )


def _decide(reading: Reading, clocks: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for speed, name in clocks.items():
        version = reading.version(reading.knowledge.rule(name))
        if version:
            found[speed] = reading.length(version.says)
    return found


def _own_sources(reading: Reading, raw: Mapping[str, Any]) -> tuple[Source, ...]:
    cites = [Cite(cite["source"], cite.get("at", "")) for cite in raw["cite"]]
    return reading.sources(cites, type(reading.as_of).fromisoformat(raw["checked"]))


def about(reading: Reading) -> About | None:
    """Return the illness in the plan's words, as general education."""
    if reading.case.condition is None:
        return None
    raw = reading.knowledge.condition(reading.case.condition)
    return About(
        raw["name"], raw["why"], raw["timing"]["text"], tuple(raw["specialists"]), raw["seen"],
        _own_sources(reading, raw),
    )  # fmt: skip


def records(reading: Reading) -> tuple[Record, ...]:
    """Return the documents to gather: those everybody needs, then those of the illness."""
    found = []
    for entry in reading.fitting("records"):
        says = entry.says
        standing = _standing(entry, reading, says["text"], says["text"], says["why"])
        if standing:
            found.append(
                Record(
                    entry.id, reading.fill(says["text"]), reading.fill(says["why"]), entry.base,
                    standing.seen, standing.sources,
                )  # fmt: skip
            )
    name = reading.case.condition
    if name:
        raw = reading.knowledge.condition(name)
        sources = _own_sources(reading, raw)
        usual = reading.knowledge.say("record.why")
        for number, record in enumerate(raw["records"], 1):
            found.append(
                Record(
                    f"condition.{name}.record.{number}", record["text"], record.get("why", usual),
                    (), raw["seen"], sources,
                )  # fmt: skip
            )
    return tuple(found)


def talking_points(reading: Reading) -> tuple[TalkingPoint, ...]:
    """Return the questions to ask: those of the illness first for the second doctor."""
    found = []
    name = reading.case.condition
    if name:
        raw = reading.knowledge.condition(name)
        sources = _own_sources(reading, raw)
        for number, text in enumerate(raw["questions"], 1):
            found.append(
                TalkingPoint(
                    f"condition.{name}.question.{number}", "second_doctor", text, None, (),
                    raw["seen"], sources,
                )  # fmt: skip
            )
    for entry in reading.fitting("talking_points"):
        says = entry.says
        standing = _standing(entry, reading, says["text"], says["text"], says.get("why", ""))
        if standing:
            why = reading.fill(says["why"]) if "why" in says else None
            found.append(
                TalkingPoint(
                    entry.id, says["for"], reading.fill(says["text"]), why, entry.base,
                    standing.seen, standing.sources,
                )  # fmt: skip
            )
    return tuple(found)


def contacts(reading: Reading) -> tuple[Contact, ...]:
    """Return whom to turn to. A phone number nobody has confirmed is left out."""
    found = []
    for entry in reading.fitting("contacts"):
        says = entry.says
        standing = _standing(entry, reading, says["name"], says["why"])
        if standing:
            confirmed = says.get("phone_seen") not in (None, "unverified")
            found.append(
                Contact(
                    entry.id, says["name"], reading.fill(says["why"]),
                    says["phone"] if confirmed else None, says.get("url"), standing.seen,
                    entry.base, standing.sources,
                )  # fmt: skip
            )
    return tuple(found)


def places(reading: Reading) -> tuple[Place, ...]:
    """Return centers and programs, those in the person's own state first."""
    found = []
    for entry in reading.fitting("places"):
        says = entry.says
        standing = _standing(entry, reading, says["name"])
        if standing:
            found.append(
                Place(
                    entry.id, says["kind"], says["name"], says.get("state"), says.get("note"),
                    says["url"], standing.sources,
                )  # fmt: skip
            )
    own = reading.case.state
    return tuple(sorted(found, key=lambda place: place.state is None or place.state != own))


def evidence(reading: Reading) -> tuple[Evidence, ...]:
    """Return what studies found for this illness."""
    if reading.case.condition is None:
        return ()
    named = reading.knowledge.condition(reading.case.condition)["evidence"]
    studies = [reading.knowledge.named("evidence", name) for name in named]
    return tuple(
        Evidence(raw["id"], raw["finding"], raw["citation"], raw["url"], raw.get("caution"))
        for raw in studies
    )


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


def next_deadline(found: Iterable[Deadline | None]) -> Deadline | None:
    """Return the first day to act by that has not passed."""
    return min((day for day in found if day and not day.past), default=None)
