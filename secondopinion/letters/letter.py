"""Every letter that fits a plan, each one page; what only the person knows is left open."""

from collections.abc import Iterator, Mapping
from typing import Any

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan, AppealLevel, Deadline, Entry
from secondopinion.notes import Notes
from secondopinion.papers import Block, Items, Paper, Paragraph, spoken, words
from secondopinion.planner.reading import in_words

from .draft import Draft, Part
from .writing import NO_NOTES, Writing


def letters_for(
    plan: ActionPlan, notes: Notes = NO_NOTES, knowledge: Knowledge | None = None
) -> tuple[Paper, ...]:
    """Return the letters that fit a plan, the ones to send first at the top.

    Parameters
    ----------
    plan
        The plan. Its dates and its ladder of appeals stand in the letters as they are.
    notes
        What the person wrote down. What is not there stays a blank that stands out.
    knowledge
        Another knowledge base than the workbook's own.
    """
    writing = Writing(plan, notes, knowledge or load_knowledge())
    made = (_letter(writing, entry) for entry in writing.reading.fitting("letters"))
    return tuple(paper for paper in made if paper)


def _letter(writing: Writing, entry: Entry) -> Paper | None:
    """Return a letter, or None where the step it asks for is not open or has no footing."""
    says = entry.says
    rung = _open_rung(writing.plan, says["rungs"])
    sources = writing.sources_of(entry)
    if sources is None or (says["rungs"] and rung is None):
        return None
    day = rung.file_by if rung else None
    given = {**_of_rung(rung), **_of_contact(writing.plan, says["contact"])}
    draft = Draft(writing, "letter", given, {"late": day.past} if day else {})
    draft.sources.update(dict.fromkeys(sources))
    blocks = tuple(_blocks(draft, says))
    why = " ".join((writing.reading.fill(says["why"]), *_of_step(writing, rung)))
    title = spoken(draft.words(says["title"]))
    return Paper(
        entry.id, title, why, blocks, tuple(draft.missing.values()), tuple(draft.sources)
    )  # fmt: skip


def _blocks(draft: Draft, says: Mapping[str, Any]) -> Iterator[Block]:
    writing = draft.writing
    wording = writing.wording
    yield from draft.blocks(wording["sender"], "address")
    yield Paragraph(words(in_words(writing.plan.as_of)), "day")
    yield from draft.blocks(says["to"], "address")
    yield Paragraph(draft.words(says["subject"]), "subject")
    yield from draft.blocks(says["about"], "subject")
    yield Paragraph(draft.words(wording["greeting"]))
    yield from draft.blocks(wording["opening"])
    yield from draft.blocks(says["body"])
    yield Paragraph(draft.words(wording["closing"]), "closing")
    yield from draft.blocks(wording["signature"], "closing")
    yield from draft.blocks(says["below"])
    yield from _enclosed(draft, (*says["enclosures"], *wording["enclosures"]))


def _enclosed(draft: Draft, parts: tuple[Part, ...]) -> Iterator[Block]:
    items = [block.words for block in draft.blocks(parts) if isinstance(block, Paragraph)]
    if items:
        yield Paragraph(words(draft.writing.knowledge.say("letter.enclosed")), "note")
        yield Items(tuple(items))


def _open_rung(plan: ActionPlan, names: list[str]) -> AppealLevel | None:
    """Return the rung of the plan's ladder that a letter is for, if the person must act on it."""
    for level in plan.appeals:
        if level.id in names and not level.behind and not level.automatic:
            return level
    return None


def _of_rung(rung: AppealLevel | None) -> dict[str, str]:
    """Return what the plan says about a rung, by the names that blanks use."""
    if rung is None:
        return {}
    within = {f"rung.{speed}": length for speed, length in rung.decide_within.items()}
    said = {"rung.name": rung.name, "rung.decider": rung.decider, **within}
    if rung.file_by:
        said["rung.last_day"] = in_words(rung.file_by.date)
    return said


def _of_contact(plan: ActionPlan, names: list[str]) -> dict[str, str]:
    """Return the name of the office a letter goes to, where the plan names it."""
    found = {contact.id.rpartition(".")[2]: contact.name for contact in reversed(plan.contacts)}
    return next(({"contact": found[name]} for name in names if name in found), {})


def _of_step(writing: Writing, rung: AppealLevel | None) -> Iterator[str]:
    """Yield who decides and until when to send it, as the plan has them."""
    if rung is None:
        return
    say = writing.knowledge.say
    yield say("letter.decides", decider=rung.decider.rstrip("."))
    if rung.file_by:
        yield from _by_when(writing, rung, rung.file_by)


def _by_when(writing: Writing, rung: AppealLevel, day: Deadline) -> Iterator[str]:
    say = writing.knowledge.say
    if day.past:
        yield say("letter.past", day=in_words(day.date))
        yield rung.late
    elif day.safe_past:
        yield say("letter.today", day=in_words(day.date))
    elif day.safe_date == day.date:
        yield say("letter.until", day=in_words(day.date))
    else:
        yield say("letter.by", safe=in_words(day.safe_date), day=in_words(day.date))
    if not day.past:
        yield say(f"working.end.{day.trigger}")
