"""Words cut into what every page format can set: lines of runs, with their links and blanks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from secondopinion.papers import Block, Heading, Paper, Paragraph, Table, Words, spoken, words

_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]*[^\s<>\"\\^`{|}.,;:!?')\]]")

_NARROWEST, _WIDEST, _TO_WRITE_IN = 6, 34, 24


class Run(NamedTuple):
    """A run of text that looks the same from end to end."""

    text: str
    blank: bool = False
    link: str = ""
    strong: bool = False


Line = tuple[Run, ...]


def lines(said: Words, *, named: bool = False) -> tuple[Line, ...]:
    """Return words line by line.

    Parameters
    ----------
    said
        The words; a new line in them is a new line on the page.
    named
        The first of several lines is a name, and stands out: a step, a person, a rung of a ladder.
    """
    found: list[list[Run]] = [[]]
    for span in said:
        for number, part in enumerate(span.text.split("\n")):
            if number:
                found.append([])
            found[-1] += [Run(part, blank=True)] if span.blank else _linked(part)
    if named and len(found) > 1:
        found[0] = [run._replace(strong=True) for run in found[0]]
    return tuple(map(tuple, found))


def _linked(text: str) -> Iterator[Run]:
    end = 0
    for address in _ADDRESS.finditer(text):
        if address.start() > end:
            yield Run(text[end : address.start()])
        yield Run(address[0], link=address[0])
        end = address.end()
    if end < len(text):
        yield Run(text[end:])


def is_letter(paper: Paper) -> bool:
    """Tell whether a paper is a letter to send: its subject is its title on the page."""
    return any(isinstance(block, Paragraph) and block.role == "subject" for block in paper.blocks)


def on_page(paper: Paper) -> tuple[Block, ...]:
    """Return the blocks as they stand on the page, the title of the page as its subject."""
    if is_letter(paper):
        return tuple(_posted(paper.blocks))
    title = Paragraph(words(paper.title), "subject")
    return (*([title] if paper.title.strip() else []), *_stepped(paper.blocks))


def _posted(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield a letter with each address in one piece, and one subject."""
    address: Words = ()
    has_subject = False
    for block in blocks:
        if isinstance(block, Paragraph) and block.role == "address":
            address = (*address, *words("\n"), *block.words) if address else block.words
            continue
        if address:
            yield Paragraph(address, "address")
            address = ()
        if isinstance(block, Paragraph) and block.role == "subject":
            yield block._replace(role="body") if has_subject else block
            has_subject = True
        else:
            yield block
    if address:
        yield Paragraph(address, "address")


def _stepped(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield blocks whose headings go down one level at a time, as screen readers expect."""
    above = 1
    for block in blocks:
        if isinstance(block, Heading):
            if not spoken(block.words).strip():
                continue
            above = min(block.level, above + 1)
            yield block._replace(level=2 if above == 2 else 3)  # noqa: PLR2004  (a level)
        else:
            yield block


def widths(table: Table) -> list[int]:
    """Return how wide the columns are beside each other: by their longest text, within reason."""
    return [_width(column) for column in zip(table.header, *table.rows, strict=True)]


def _width(column: tuple[str, ...]) -> int:
    texts = max(map(len, column))
    word = max(len(part) for text in column for part in (text.split() or [""]))
    least = _NARROWEST if all(column) else _TO_WRITE_IN
    return max(min(max(texts, word + 5), _WIDEST), least)
