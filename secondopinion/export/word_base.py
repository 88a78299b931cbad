"""An empty Word file in our own styles, and the way to save it so that it is always the same."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import ZipFile

from .zipped import zip_entry

FONT = "Arial"
"""It is on every Windows and Mac, and Liberation Sans has the same widths everywhere else."""
INK, QUIET = "1C3D5A", "4A4A4A"
_LONGEST_TITLE = 255  # as the format says
_KEPT = frozenset(
    (
        *("Normal", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number"),
        *("Caption", "Footer", "Table Grid", "Default Paragraph Font", "Normal Table", "No List"),
    )
)
_BAGGAGE = ("thumbnail", "extended-properties", "customXml", "stylesWithEffects")
"""What the library's own empty file brings along: a picture, a maker's name, styles twice over."""


class Look(NamedTuple):
    """How a style looks: sizes and distances are in points."""

    size: float = 10.5
    color: str = ""
    bold: bool | None = None
    before: float = 0
    after: float = 5


_LOOKS: Mapping[str, Look] = {
    "Normal": Look(),
    "Heading 1": Look(18, INK, bold=True, after=8),
    "Heading 2": Look(14, INK, bold=True, before=14, after=5),
    "Heading 3": Look(11, "000000", bold=True, before=10, after=4),
    "List Bullet": Look(after=4),
    "List Number": Look(after=4),
    "Caption": Look(10, "000000", bold=True, before=8, after=4),
    "Footer": Look(9, QUIET, after=0),
}
_OWN_LOOKS: Mapping[str, tuple[str, Look]] = {
    "Subject": ("Heading 1", Look(10.5, "000000", before=8, after=8)),
    "Lead": ("Normal", Look(11.5, bold=True)),
    "Note": ("Normal", Look(9, QUIET)),
    "Block": ("Normal", Look(before=2, after=9)),
    "Tick": ("Normal", Look(after=3)),
    "Field": ("Normal", Look(before=8, after=7)),
    "Cell": ("Normal", Look(9.5, before=1, after=1)),
}
"""Styles that we add, each with the style it starts from."""


def empty_document() -> Any:
    """Return an empty Word document in our own styles."""
    from docx import Document  # noqa: PLC0415  (lxml, not to be had in a browser)

    return Document(BytesIO(_base()))


@cache
def _base() -> bytes:
    from docx import Document  # noqa: PLC0415  (the same)
    from docx.oxml.ns import qn  # noqa: PLC0415  (the same)

    document = Document()
    for holder in (document.part.package, document.part):
        for name, relation in list(holder.rels.items()):
            if relation.reltype.rpartition("/")[2] in _BAGGAGE:
                del holder.rels[name]
    for style in list(document.styles):
        element = style.element
        if style.name not in _KEPT:
            element.getparent().remove(element)
        for link in element.findall(qn("w:link")):  # to a style that is gone
            element.remove(link)
    _style(document.styles)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def _style(styles: Any) -> None:
    """Give the styles their looks, and add those that a letter needs."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415  (the same)
    from docx.oxml.ns import qn  # noqa: PLC0415  (the same)

    for name, look in _LOOKS.items():
        _set(styles[name], look)
    for name, (base, look) in _OWN_LOOKS.items():
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style, made.quick_style = styles[base], True
        _set(made, look)
    _indent(styles["Tick"].paragraph_format)
    for name in ("List Bullet", "List Number"):
        layout = styles[name].element.pPr
        layout.remove(layout.find(qn("w:contextualSpacing")))  # it drops the room between items
    styles["Caption"].paragraph_format.keep_with_next = True


def _indent(layout: Any) -> None:
    from docx.shared import Inches  # noqa: PLC0415  (the same)

    layout.left_indent, layout.first_line_indent = Inches(0.3), Inches(-0.3)
    layout.tab_stops.add_tab_stop(Inches(0.3))


def _set(style: Any, look: Look) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415  (the same)
    from docx.shared import Pt, RGBColor  # noqa: PLC0415  (the same)

    style.font.size, style.font.bold, style.font.name = Pt(look.size), look.bold, FONT
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    if look.color:
        style.font.color.rgb = RGBColor.from_string(look.color)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing = 1.05


def saved(document: Any, title: str, author: str, as_of: date) -> bytes:
    """Return a document as a file whose days are all the day of the plan."""
    day = datetime.combine(as_of, time(), UTC)
    about = document.core_properties
    about.title, about.author, about.language = title[:_LONGEST_TITLE], author, "en-US"
    about.last_modified_by, about.comments, about.revision = author, "", 1
    about.created = about.modified = day
    made = BytesIO()
    document.save(made)
    return _dated(made.getvalue(), as_of)


def _dated(content: bytes, as_of: date) -> bytes:
    """Return a zip file again, with one day for every file in it."""
    again = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(again, "w") as new:
        for name in old.namelist():
            new.writestr(zip_entry(name, as_of), old.read(name))
    return again.getvalue()
