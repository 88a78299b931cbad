"""After the visit: two opinions side by side, and what to make of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan
from secondopinion.notes import Notes
from secondopinion.papers import Block, Heading, Items, Missing, Paper, Paragraph, Table, words

from .draft import Draft
from .typed import lines
from .writing import NO_NOTES, Writing


def second_look(
    plan: ActionPlan, notes: Notes = NO_NOTES, knowledge: Knowledge | None = None
) -> Paper:
    """Return the two opinions side by side, what they mean and whether a third is paid for.

    Parameters
    ----------
    plan
        The plan; what it says about a third opinion stands here too.
    notes
        What the person wrote down about each opinion. What is not there is left to write in.
    knowledge
        Another knowledge base than the workbook's own.
    """
    writing = Writing(plan, notes, knowledge or load_knowledge())
    entry = writing.reading.fitting("comparisons")[0]
    draft = Draft(writing, "sheet")
    draft.sources.update(dict.fromkeys(writing.sources_of(entry) or ()))
    blocks = tuple(_blocks(draft, entry.says))
    missing, sources = tuple(draft.missing.values()), tuple(draft.sources)
    return Paper(entry.id, entry.says["title"], entry.says["why"], blocks, missing, sources)


def _blocks(draft: Draft, says: Mapping[str, Any]) -> Iterator[Block]:
    yield from draft.blocks(says["body"])
    yield _side_by_side(draft, says["rows"])
    yield from draft.blocks(says["after"])
    yield from _third(draft)
    yield from _questions(draft, says["points"])


def _side_by_side(draft: Draft, rows: list[Mapping[str, str]]) -> Table:
    say = draft.writing.knowledge.say
    header = tuple(say(f"compare.{column}") for column in ("about", "first", "second"))
    cells = tuple(
        (row["label"], _cell(draft, row["first"]), _cell(draft, row["second"])) for row in rows
    )
    return Table(say("compare.caption"), header, cells)


def _cell(draft: Draft, blank: str) -> str:
    """Return what the person wrote, in one cell; an empty one is there to be written in."""
    typed = lines(draft.writing.notes.words.get(blank, ""))
    if not typed:
        label = draft.writing.blanks[blank].says["label"]
        draft.missing[blank] = Missing(blank, label)
    return " ".join(typed)


def _third(draft: Draft) -> Iterator[Block]:
    """Yield what the plan says about a third opinion, in its own words."""
    verdict = draft.writing.plan.third_opinion
    draft.sources.update(dict.fromkeys(verdict.sources))
    yield Heading(words(verdict.heading))
    yield from (Paragraph(words(text)) for text in (verdict.text, verdict.certainty))
    if verdict.conditions:
        yield Items(tuple(map(words, verdict.conditions)))
    yield Paragraph(words(draft.writing.knowledge.say("compare.say", text=verdict.say_on_phone)))


def _questions(draft: Draft, names: list[str]) -> Iterator[Block]:
    """Yield the questions that help to settle a difference, of those the plan asks."""
    asked = {point.id: point for point in draft.writing.plan.talking_points}
    points = [asked[name] for name in names if name in asked]
    draft.sources.update((source, None) for point in points for source in point.sources)
    if points:
        yield Heading(words(draft.writing.knowledge.say("compare.questions")))
        yield Items(tuple(words(point.text) for point in points), "boxes")
