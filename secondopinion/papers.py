"""A paper for the hand: what a letter, a call sheet or a plan says, before any file format.

Every format (screen, Word, PDF, plain text) lays out the same blocks and decides nothing.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from .model import Source


class Span(NamedTuple):
    """A run of words. A blank is a place that the person has not filled yet; it must stand out."""

    text: str
    blank: bool = False


Words = tuple[Span, ...]


class Heading(NamedTuple):
    """A heading inside a paper; level 2 is the highest, because level 1 is the paper's title."""

    words: Words
    level: Literal[2, 3] = 2


class Paragraph(NamedTuple):
    """A paragraph, and what part of a letter it plays."""

    words: Words
    role: Literal["body", "lead", "address", "day", "subject", "closing", "note"] = "body"


class Items(NamedTuple):
    """A list: with dots, with numbers, or with boxes to tick."""

    items: tuple[Words, ...]
    kind: Literal["dots", "numbers", "boxes"] = "dots"


class Table(NamedTuple):
    """A table with a header row. Empty cells are there to be written in."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class ToWrite(NamedTuple):
    """A line to write on by hand, after its label."""

    label: str
    lines: int = 1


Block = Heading | Paragraph | Items | Table | ToWrite


class Missing(NamedTuple):
    """A blank nobody has filled: its id in `data/letters/`, and what to fill in."""

    id: str
    label: str


class Paper(NamedTuple):
    """One finished paper. The id is neutral: it names no illness, and files are named after it."""

    id: str
    title: str
    why: str
    blocks: tuple[Block, ...]
    missing: tuple[Missing, ...] = ()
    sources: tuple[Source, ...] = ()


def words(text: str) -> Words:
    """Return plain text as words without a blank."""
    return (Span(text),)


def spoken(said: Words) -> str:
    """Return words as plain text; a blank stands in square brackets."""
    return "".join(f"[{span.text}]" if span.blank else span.text for span in said)


def texts(paper: Paper) -> Iterator[str]:
    """Yield every text of a paper, in reading order."""
    yield paper.title
    for block in paper.blocks:
        match block:
            case Heading() | Paragraph():
                yield spoken(block.words)
            case Items():
                yield from map(spoken, block.items)
            case Table():
                yield from (block.caption, *block.header)
                yield from (cell for row in block.rows for cell in row)
            case ToWrite():
                yield block.label
