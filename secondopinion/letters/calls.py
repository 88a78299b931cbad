"""One page for each call: what to say, what to ask, and room for the answer."""

from collections.abc import Iterator

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan, Entry, TalkingPoint
from secondopinion.notes import Notes
from secondopinion.papers import Block, Heading, Items, Paper, Paragraph, ToWrite, words

from .draft import Draft
from .log import log
from .writing import NO_NOTES, Writing

_MOST_QUESTIONS = 8


def call_sheets(
    plan: ActionPlan, notes: Notes = NO_NOTES, knowledge: Knowledge | None = None
) -> tuple[Paper, ...]:
    """Return a page for each call that fits a plan, in the order to make the calls.

    Parameters
    ----------
    plan
        The plan. What to say on the phone and whom to ask what come from it.
    notes
        What the person wrote down; calls already made stand on the page.
    knowledge
        Another knowledge base than the workbook's own.
    """
    writing = Writing(plan, notes, knowledge or load_knowledge())
    made = (_sheet(writing, entry) for entry in writing.reading.fitting("call_sheets"))
    return tuple(sheet for sheet in made if sheet)


def _sheet(writing: Writing, entry: Entry) -> Paper | None:
    says = entry.says
    sources = writing.sources_of(entry)
    if sources is None:
        return None
    draft = Draft(writing, "sheet")
    draft.sources.update(dict.fromkeys(sources))
    points = _points(writing.plan, says["for"], says["always"])
    draft.sources.update((source, None) for point in points for source in point.sources)
    blocks = tuple(_blocks(draft, entry, points))
    return Paper(
        entry.id, says["title"], says["why"], blocks, tuple(draft.missing.values()),
        tuple(draft.sources),
    )  # fmt: skip


def _points(plan: ActionPlan, to: str, always: list[str]) -> list[TalkingPoint]:
    """Return the questions for one person: the first ones, and those no call may leave out."""
    own = [point for point in plan.talking_points if point.to == to]
    kept = [point for point in own if point.id in always]
    free = _MOST_QUESTIONS - len(kept)
    first = [point for point in own if point not in kept][:free]
    return [point for point in own if point in first or point in kept]


def _blocks(draft: Draft, entry: Entry, points: list[TalkingPoint]) -> Iterator[Block]:
    writing, says = draft.writing, entry.says
    say = writing.knowledge.say
    yield from draft.blocks(says["body"])
    if says["say"]:
        verdict = writing.plan.verdict
        draft.sources.update(dict.fromkeys(verdict.sources))
        yield Heading(words(say("call.say")))
        yield Paragraph(words(verdict.say_on_phone), "lead")
    if points:
        yield Heading(words(say("call.ask")))
        yield Items(tuple(words(point.text) for point in points), "boxes")
    if says["write"]:
        yield Heading(words(say("call.write")))
    yield from (ToWrite(each["label"], each["lines"]) for each in says["write"])
    if says["write"] and any(call.to == says["for"] for call in writing.notes.calls):
        yield Heading(words(say("call.made")))
        yield log(writing, says["for"])
