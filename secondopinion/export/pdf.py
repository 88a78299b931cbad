"""Papers as a PDF that screen readers can read, set by Typst.

Typst needs nothing from the machine (no fonts, no system library), tags every part, and refuses a
file that would break PDF/UA-1. WeasyPrint needs Pango; ReportLab and fpdf2 tag nothing or little.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.papers import Block, Heading, Items, Paper, Paragraph, Table, ToWrite, spoken

from .characters import clean, cleaned
from .layout import Line, is_letter, lines, on_page, widths

_NO_SUCH_LETTER = "could not be displayed"


def to_pdf(
    papers: Sequence[Paper], title: str, as_of: date, knowledge: Knowledge | None = None
) -> bytes:
    """Return papers as one tagged PDF, each starting on a new page.

    Parameters
    ----------
    papers
        What to lay out, in this order.
    title
        The title of the whole document.
    as_of
        The day of the plan; it stands in the file as its date, so that the same plan gives the
        same bytes.
    knowledge
        Another knowledge base than the workbook's own.
    """
    say = (knowledge or load_knowledge()).say
    content = {
        "title": clean(title),
        "author": say("page.name"),
        "page": say("files.page", page="{page}", pages="{pages}"),
        "papers": [_paper(cleaned(paper)) for paper in papers],
    }
    return _compiled(json.dumps(content), as_of)


def _compiled(content: str, as_of: date) -> bytes:
    import typst  # noqa: PLC0415  (a compiled library, not to be had in a browser)

    given: dict[str, Any] = {
        "input": _template(),
        "format": "pdf",
        "sys_inputs": {"papers": content},
        "timestamp": datetime.combine(as_of, time(), UTC),
    }
    try:
        made = _compiler().compile(**given, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if _NO_SUCH_LETTER not in error.message:
            raise
        # A letter of a script that the fonts lack: it is drawn as a box and stays readable to
        # machines. The file keeps its tags, but must not claim the standard.
        made = _compiler().compile(**given)
    return bytes(made)


@cache
def _compiler() -> Any:
    import typst  # noqa: PLC0415  (the same)

    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))


@cache
def _template() -> bytes:
    return (files("secondopinion") / "templates" / "papers.typ").read_bytes()


def _paper(paper: Paper) -> dict[str, Any]:
    is_sheet = any(isinstance(block, ToWrite) for block in paper.blocks)
    return {
        "is_letter": is_letter(paper),
        "is_one_page": is_sheet or is_letter(paper),
        "blocks": [_block(block) for block in on_page(paper)],
    }


def _lines(found: tuple[Line, ...]) -> list[list[dict[str, Any]]]:
    return [[run._asdict() for run in line] for line in found]


def _block(block: Block) -> Mapping[str, Any]:
    """Return a block as the template reads it."""
    match block:
        case Heading():
            return {"kind_of": "heading", "level": block.level, "lines": _lines(lines(block.words))}
        case Paragraph():
            is_title = block.role == "subject" and spoken(block.words).strip()
            kind = "title" if is_title else "paragraph"
            return {"kind_of": kind, "role": block.role, "lines": _lines(lines(block.words))}
        case Items():
            items = [_lines(lines(item, named=True)) for item in block.items]
            return {"kind_of": "items", "kind": block.kind, "items": items}
        case Table():
            return {"kind_of": "table", **block._asdict(), "widths": widths(block)}
        case ToWrite():
            return {"kind_of": "to_write", "label": block.label, "more": block.lines - 1}
