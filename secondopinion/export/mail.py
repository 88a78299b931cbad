"""Papers as plain text for an e-mail: short lines, and every open place in [brackets]."""

from collections.abc import Iterator, Sequence
from textwrap import TextWrapper

from secondopinion.papers import Block, Heading, Items, Paper, Paragraph, Table, ToWrite, spoken

from .characters import cleaned
from .layout import is_letter, on_page

WIDTH = 72
"""The length of a line that every mail program shows whole, even when it is quoted."""
_MARKS = {"dots": "- ", "boxes": "[ ] "}


def to_mail(papers: Sequence[Paper]) -> str:
    """Return papers as plain text, wrapped, to be sent in an e-mail.

    Parameters
    ----------
    papers
        What to write, in this order.
    """
    written = ("\n".join(_paper(cleaned(paper))) for paper in papers)
    return f"\n\n{'=' * WIDTH}\n\n".join(written) + "\n"


def _paper(paper: Paper) -> Iterator[str]:
    for number, block in enumerate(on_page(paper)):
        if number:
            yield ""
        yield from _block(block, is_in_letter=is_letter(paper))


def _block(block: Block, *, is_in_letter: bool) -> Iterator[str]:
    match block:
        case Heading():
            text = spoken(block.words)
            yield from _wrapped(text if block.level > 2 else text.upper())  # noqa: PLR2004  (a level)
        case Paragraph():
            is_title = block.role == "subject" and not is_in_letter
            yield from _wrapped(spoken(block.words).upper() if is_title else spoken(block.words))
        case Items():
            for number, item in enumerate(block.items, 1):
                yield from _wrapped(spoken(item), _MARKS.get(block.kind, f"{number}. "))
        case Table():
            yield from _wrapped(block.caption)
            for row in block.rows:
                pairs = zip(block.header, row, strict=True)
                yield from _wrapped("; ".join(f"{name}: {cell}" for name, cell in pairs), "- ")
        case ToWrite():
            yield from _wrapped(f"{block.label}: {'_' * 20}")


def _wrapped(text: str, mark: str = "") -> Iterator[str]:
    """Yield a text in short lines. A long address or word stays in one piece."""
    after = " " * len(mark)
    for number, line in enumerate(text.split("\n")):
        wrapper = TextWrapper(
            WIDTH,
            initial_indent=after if number else mark,
            subsequent_indent=after,
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from wrapper.wrap(line) or [""]
