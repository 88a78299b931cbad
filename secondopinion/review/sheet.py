"""The review sheet: an Excel file that a nurse, a lawyer or a navigator can filter, mark and print.

Nothing in it can act. Every text is written as a text, never as a formula, and one that would
become a formula in another program (after a copy to a CSV file) gets an apostrophe before it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Any

from secondopinion.cells import harmless
from secondopinion.planner.reading import in_words
from secondopinion.render.page import fill_template

from .columns import MOST_LINES, columns_of, lines_in, lines_of, wide_enough
from .rows import Review, Row

_PAPER = 5  # US Legal: the columns need its width
_GUIDE_WIDTH = 110
_LINE = 13.0  # points
_ADDRESS = re.compile(r"https?://(?:www\.)?([A-Za-z0-9.-]+)(?::\d+)?(?:[/?#]\S*)?")
_LONGEST_LINK = 2_000  # Excel's own end is at 2,079
_LONGEST_TIP = 255


def _site(address: str) -> str | None:
    """Return the name of the site that a web address leads to, or None for anything else."""
    found = _ADDRESS.fullmatch(address)
    return found[1] if found and address.isprintable() and len(address) <= _LONGEST_LINK else None


_STYLES: Mapping[str, Mapping[str, Any]] = {
    "text": {},
    "small": {"font_size": 8, "font_color": "#444444"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "number": {"num_format": "0.0", "align": "left"},
    "link": {"font_color": "#0b57d0", "underline": 1},
    "answer": {"bg_color": "#fff8dc"},
    "heading": {"bold": True, "bg_color": "#dfe8f1", "valign": "vcenter"},
    "title": {"bold": True, "font_size": 16, "border": 0},
    "prose": {"font_size": 12, "border": 0},
}
_EVERY_CELL = {
    "text_wrap": True, "valign": "top", "border": 1, "border_color": "#b8b8b8", "font_size": 10,
}  # fmt: skip


class _Book:
    """The Excel file in the making."""

    def __init__(self, review: Review) -> None:
        import xlsxwriter  # noqa: PLC0415  (only reviewers need it)

        self.review = review
        self.file = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self.book = xlsxwriter.Workbook(self.file, options)
        made = datetime.combine(review.as_of, time())
        self.book.set_properties({"title": review.knowledge.say("page.name"), "created": made})
        self.styles = {
            name: self.book.add_format({**_EVERY_CELL, **style}) for name, style in _STYLES.items()
        }

    def guide(self, kinds: Mapping[str, Sequence[Row]]) -> None:
        """Write the first sheet: how to review, and what is on the other sheets."""
        say = self.review.knowledge.say
        sheet = self._sheet(say("review.guide"))
        sheet.set_column(0, 0, _GUIDE_WIDTH)
        sheet.hide_gridlines(2)
        lines = fill_template(
            "review_guide.txt.jinja", self.review.knowledge, day=in_words(self.review.as_of),
            version=self.review.knowledge.data_version,
        ).splitlines()  # fmt: skip
        for number, line in enumerate(lines):
            self._write(sheet, number, 0, line, "prose" if number else "title")
            sheet.set_row(number, lines_of(line, _GUIDE_WIDTH) * 1.25 * _LINE + 6)
        for number, (kind, rows) in enumerate(kinds.items(), len(lines)):
            name = say(f"review.kind.{kind}")
            label = say("review.sheet", name=name, count=len(rows))
            sheet.write_url(number, 0, f"internal:'{name}'!A1", self.styles["link"], label)

    def rows(self, kind: str, rows: Sequence[Row]) -> None:
        """Write one sheet of rows, with room for a reviewer's answers."""
        say = self.review.knowledge.say
        sheet = self._sheet(say(f"review.kind.{kind}"))
        columns = [wide_enough(each, rows) for each in columns_of(self.review, rows)]
        sheet.set_row(0, 2 * _LINE + 6)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            self._write(sheet, 0, place, column.heading, "heading")
            for number, row in enumerate(rows, 1):
                self._write(sheet, number, place, column.cell(row), column.style)
        for number, row in enumerate(rows, 1):
            lines = max(lines_in(column, row) for column in columns)
            sheet.set_row(number, min(lines, MOST_LINES) * _LINE + 3)
        answers = [place for place, column in enumerate(columns) if column.style == "answer"]
        choices = {"validate": "list", "source": [say("review.yes"), say("review.no")]}
        sheet.data_validation(1, answers[0], len(rows), answers[0], choices)
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, len(rows), answers[-1])

    def _sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_PAPER)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{name}&C{self.review.knowledge.data_version}&R&P / &N")
        return sheet

    def _write(self, sheet: Any, row: int, column: int, value: Any, style: str) -> None:
        """Write a day as a day, a number as a number, a link as a link, all else as a text."""
        look = self.styles[style]
        if value is None or value == "":
            sheet.write_blank(row, column, None, look)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, look)
        elif isinstance(value, float):
            sheet.write_number(row, column, value, look)
        elif style == "link" and (site := _site(value)):
            sheet.write_url(row, column, value, look, harmless(site), value[:_LONGEST_TIP])
        else:
            sheet.write_string(row, column, harmless(value), look)

    def whole(self) -> bytes:
        """Return the file."""
        self.book.close()
        return self.file.getvalue()


def _by_kind(rows: Iterable[Row]) -> dict[str, list[Row]]:
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    return kinds


def to_sheet(review: Review) -> bytes:
    """Return the review sheet as an Excel file."""
    book = _Book(review)
    kinds = _by_kind(review.rows)
    book.guide(kinds)
    for kind, rows in kinds.items():
        book.rows(kind, rows)
    return book.whole()
