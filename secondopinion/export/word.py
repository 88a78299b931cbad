"""Papers as a Word file that can be edited: real headings, lists, tables and boxes to tick.

python-docx writes it. docxtpl would fill a template made in Word, and then our papers would be
laid out in two places.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.papers import Block, Heading, Items, Paper, Paragraph, Table, ToWrite

from .characters import clean, cleaned
from .layout import Line, Run, is_letter, lines, on_page, widths
from .word_base import empty_document, saved

_TEXT_WIDTH = 6.5  # inches between the margins
_STYLES: Mapping[str, str] = {
    "lead": "Lead",
    "address": "Block",
    "day": "Block",
    "closing": "Block",
    "note": "Note",
    "body": "Normal",
}
_NUMBERED: Mapping[str, str] = {"dots": "List Bullet", "numbers": "List Number", "boxes": "Tick"}
_BOX = (
    '<w:sdt xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr><w14:checkbox>'
    '<w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
    '<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" '
    'w:eastAsia="MS Gothic" w:hint="eastAsia"/></w:rPr><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>'
)
"""A box that a click in Word ticks."""


def to_docx(
    papers: Sequence[Paper], title: str, as_of: date, knowledge: Knowledge | None = None
) -> bytes:
    """Return papers as one Word file, each starting on a new page.

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
    page = say("files.page", page="{page}", pages="{pages}")
    page_alone = say("files.page_alone", page="{page}")
    writing = _Writing(empty_document(), page if len(papers) == 1 else page_alone)
    for number, paper in enumerate(papers):
        writing.paper(cleaned(paper), is_first=number == 0)
    return saved(writing.document, clean(title), say("page.name"), as_of)


class _Writing:
    """A Word file that is being written, block by block."""

    def __init__(self, document: Any, page: str) -> None:
        self.document = document
        self.page = page
        self._title = ""
        self._write = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Items: self._items,
            Table: self._table,
            ToWrite: self._to_write,
        }

    def paper(self, paper: Paper, *, is_first: bool) -> None:
        self._section(is_first=is_first, is_numbered=not is_letter(paper))
        self._title = "Subject" if is_letter(paper) else "Heading 1"
        for block in on_page(paper):
            self._block(block)

    def _block(self, block: Block) -> None:
        self._write[type(block)](block)  # type: ignore[operator]

    def _section(self, *, is_first: bool, is_numbered: bool) -> None:
        """Begin the pages of a paper. They are counted from one; a letter has no number."""
        from docx.oxml import OxmlElement  # noqa: PLC0415  (lxml, not to be had in a browser)
        from docx.oxml.ns import qn  # noqa: PLC0415  (the same)
        from docx.shared import Inches  # noqa: PLC0415  (the same)

        section = self.document.sections[0] if is_first else self.document.add_section()
        if is_first:
            section.left_margin = section.right_margin = Inches(1)
            section.top_margin = section.bottom_margin = Inches(0.7)
            count = OxmlElement("w:pgNumType")
            count.set(qn("w:start"), "1")
            layout = section._sectPr  # noqa: SLF001  (no public way to count anew)
            layout.find(qn("w:cols")).addprevious(count)  # the schema wants it there
        section.footer.is_linked_to_previous = False
        if is_numbered:
            self._page_number(section.footer.paragraphs[0])

    def _page_number(self, paragraph: Any) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  (the same)
        from docx.oxml import OxmlElement  # noqa: PLC0415  (the same)
        from docx.oxml.ns import qn  # noqa: PLC0415  (the same)

        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for part in re.split(r"(\{pages?\})", self.page):
            run = paragraph.add_run(part)
            if part.startswith("{"):
                run.text = "1"
                field = OxmlElement("w:fldSimple")
                field.set(qn("w:instr"), "PAGE" if part == "{page}" else "NUMPAGES")
                run._r.addprevious(field)  # noqa: SLF001  (no public way to a field)
                field.append(run._r)  # noqa: SLF001  (the same)

    def _heading(self, heading: Heading) -> None:
        self._lined(f"Heading {heading.level}", lines(heading.words))

    def _paragraph(self, paragraph: Paragraph) -> None:
        style = self._title if paragraph.role == "subject" else _STYLES[paragraph.role]
        self._lined(style, lines(paragraph.words))

    def _lined(self, style: str, said: tuple[Line, ...]) -> None:
        self._say(self._begun(style), said)

    def _begun(self, style: str) -> Any:
        """Return a new paragraph. Its style is set by id: by name costs a search every time."""
        paragraph = self.document.add_paragraph()
        paragraph._p.style = style.replace(" ", "")  # noqa: SLF001  (as above)
        return paragraph

    def _say(self, paragraph: Any, said: tuple[Line, ...]) -> None:
        for number, line in enumerate(said):
            if number:
                paragraph.add_run().add_break()
            for run in line:
                self._run(paragraph, run)

    def _run(self, paragraph: Any, run: Run) -> None:
        from docx.enum.text import WD_COLOR_INDEX  # noqa: PLC0415  (the same)

        made = paragraph.add_run(f"[{run.text}]" if run.blank else run.text)
        if run.strong:
            made.bold = True
        if run.blank:
            made.font.highlight_color = WD_COLOR_INDEX.YELLOW
        if run.link:
            self._link(made, run.link)

    def _link(self, run: Any, address: str) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415  (the same)
        from docx.oxml import OxmlElement  # noqa: PLC0415  (the same)
        from docx.oxml.ns import qn  # noqa: PLC0415  (the same)
        from docx.shared import RGBColor  # noqa: PLC0415  (the same)

        run.font.color.rgb, run.font.underline = RGBColor(0x0B, 0x4F, 0x9C), True
        link = OxmlElement("w:hyperlink")
        way = RELATIONSHIP_TYPE.HYPERLINK
        link.set(qn("r:id"), self.document.part.relate_to(address, way, is_external=True))
        run._r.addprevious(link)  # noqa: SLF001  (no public way to a link)
        link.append(run._r)  # noqa: SLF001  (the same)

    def _items(self, items: Items) -> None:
        from docx.oxml import parse_xml  # noqa: PLC0415  (the same)

        number = self._counted_anew() if items.kind == "numbers" else None
        for item in items.items:
            paragraph = self._begun(_NUMBERED[items.kind])
            if number is not None:
                own = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001  (the same)
                own.get_or_add_numId().val, own.get_or_add_ilvl().val = number, 0
            if items.kind == "boxes":
                paragraph._p.append(parse_xml(_BOX))  # noqa: SLF001  (no public way to a box)
                paragraph.add_run("\t")
            self._say(paragraph, lines(item, named=True))

    def _counted_anew(self) -> int:
        """Return a list number that starts at one again."""
        style = self.document.styles["List Number"].element.pPr.numPr.numId.val
        numbering = self.document.part.numbering_part.element
        known = numbering.num_having_numId(style).abstractNumId.val
        made = numbering.add_num(known)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    def _table(self, table: Table) -> None:
        from docx.shared import Inches  # noqa: PLC0415  (the same)

        if table.caption:
            self._begun("Caption").add_run(table.caption)
        made = self.document.add_table(rows=0, cols=len(table.header), style="Table Grid")
        made.autofit = False
        wide = widths(table)
        for column, share in zip(made.columns, wide, strict=True):
            column.width = Inches(_TEXT_WIDTH * share / sum(wide))
        self._row(made, table.header, wide, is_header=True)
        for row in table.rows:
            self._row(made, row, wide)
        self._begun("Cell")

    def _row(
        self, table: Any, cells: Sequence[str], wide: Sequence[int], *, is_header: bool = False
    ) -> None:
        from docx.enum.table import WD_ROW_HEIGHT_RULE  # noqa: PLC0415  (the same)
        from docx.oxml import OxmlElement  # noqa: PLC0415  (the same)
        from docx.shared import Inches, Pt  # noqa: PLC0415  (the same)

        row = table.add_row()
        about = row._tr.get_or_add_trPr()  # noqa: SLF001  (no public way to a header row)
        about.append(OxmlElement("w:cantSplit"))
        if is_header:
            about.append(OxmlElement("w:tblHeader"))
        if not all(cells):
            row.height, row.height_rule = Pt(24), WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, text, share in zip(row.cells, cells, wide, strict=True):
            cell.width = Inches(_TEXT_WIDTH * share / sum(wide))
            cell.paragraphs[0].style = "Cell"
            run = cell.paragraphs[0].add_run(text)
            if is_header:
                run.bold = True

    def _to_write(self, field: ToWrite) -> None:
        from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER  # noqa: PLC0415  (the same)
        from docx.shared import Inches  # noqa: PLC0415  (the same)

        for number in range(field.lines):
            label = f"{field.label} \t" if number == 0 else "\t"
            paragraph = self._begun("Field")
            paragraph.add_run(label)
            paragraph.paragraph_format.tab_stops.add_tab_stop(
                Inches(_TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES
            )
