"""The review sheet: an Excel file that a nurse, a lawyer or a navigator can filter, mark and print.

Nothing in it can act. Every text is written as a text, never as a formula, and one that would
become a formula in another program (after a copy to a CSV file) gets an apostrophe before it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from secondopinion.planner.reading import in_words
from secondopinion.render.page import fill_template

from .rows import Review, Row

MOST = 32_000
"""Excel keeps 32,767 characters in a cell and drops a longer text without a word."""

_ACTS = tuple("=+-@\t\r\n|%＝＋－＠")  # noqa: RUF001  (their wide twins act too)
_UNPRINTABLE = {code: " " for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
_PAPER = 5  # US Legal: the columns need its width
_GUIDE_WIDTH = 110
_LINE, _MOST_LINES = 13.0, 31  # points; Excel's rows grow no higher than 409 of them
_LOOSE = 1.12  # words do not fill their lines
_LONGEST_LINK = 2_000  # Excel's own end is at 2,079
_LONGEST_TIP = 255


def harmless(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    clean = text.translate(_UNPRINTABLE).replace("\r\n", "\n").replace("\r", "\n")
    acts = text.startswith(_ACTS) or clean.lstrip().startswith(_ACTS)
    whole = f"'{clean}" if acts else clean
    return whole if len(whole) <= MOST else f"{whole[:MOST]}…"


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and len(text) <= _LONGEST_LINK


class Column(NamedTuple):
    """One column: its heading, its width and what stands in it."""

    heading: str
    width: float
    cell: Callable[[Row], Any]
    style: str = "text"


def _day(row_day: date | None) -> datetime | None:
    return datetime.combine(row_day, time()) if row_day else None


def _sources(row: Row) -> str:
    """Return the documents cited, each with the place in it, on lines of their own."""
    cited = (f"{source.title}, {source.at}" if source.at else source.title for source in row.sources)
    return "\n".join(dict.fromkeys(cited))


class _Links:
    """Finds the n-th link of a row."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, row: Row) -> str | None:
        return row.links[self.number] if self.number < len(row.links) else None


def _columns(review: Review, rows: Sequence[Row]) -> list[Column]:
    say = review.knowledge.say
    nobody = say("review.everyone")

    def whom(row: Row) -> str:
        lines = "\n".join(filter(None, row.whom))
        return lines or (nobody if row.has_whom else "")

    def heading(name: str) -> str:
        return say(f"review.column.{name}")

    most_links = max((len(row.links) for row in rows), default=0)
    return [
        Column(heading("kind"), 10, lambda row: say(f"review.kind.{row.kind}")),
        Column(heading("id"), 15, lambda row: row.id, "small"),
        Column(heading("what"), 18, lambda row: row.what),
        Column(heading("whom"), 26, whom),
        Column(heading("reads"), 54, lambda row: "\n".join(row.reads)),
        Column(heading("value"), 22, lambda row: row.value),
        Column(heading("source"), 26, _sources),
        Column(heading("link"), 13, _Links(0), "link"),
        Column(heading("seen"), 10, lambda row: say(f"seen.{row.seen}") if row.seen else ""),
        Column(heading("checked"), 10, lambda row: _day(row.checked), "day"),
        Column(heading("right"), 8, lambda _: "", "answer"),
        Column(heading("change"), 28, lambda _: "", "answer"),
        Column(heading("initials"), 10, lambda _: "", "answer"),
        Column(heading("again"), 10, lambda row: _day(row.again), "day"),
        Column(heading("grade"), 8, lambda row: row.grade, "number"),
        Column(heading("where"), 34, lambda row: row.where, "small"),
        *(
            Column(say("review.column.more_links", number=number + 1), 13, _Links(number), "link")
            for number in range(1, most_links)
        ),
    ]


def _wide_enough(column: Column, rows: Sequence[Row]) -> Column:
    """Widen a column until its longest text fits the height that a row can have."""
    texts = [text for row in rows if isinstance(text := column.cell(row), str)]
    while max((_lines_of(text, column.width) for text in texts), default=0) > _MOST_LINES:
        column = column._replace(width=column.width * 1.25)
    return column


def _lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a column: not every program works it out itself."""
    return sum(1 + int(len(line) * _LOOSE / width) for line in text.split("\n"))


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
        for number, (kind, rows) in enumerate(kinds.items(), len(lines)):
            name = say(f"review.kind.{kind}")
            label = say("review.sheet", name=name, count=len(rows))
            sheet.write_url(number, 0, f"internal:'{name}'!A1", self.styles["link"], label)

    def rows(self, kind: str, rows: Sequence[Row]) -> None:
        """Write one sheet of rows, with room for a reviewer's answers."""
        say = self.review.knowledge.say
        sheet = self._sheet(say(f"review.kind.{kind}"))
        columns = [_wide_enough(each, rows) for each in _columns(self.review, rows)]
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            self._write(sheet, 0, place, column.heading, "heading")
            for number, row in enumerate(rows, 1):
                self._write(sheet, number, place, column.cell(row), column.style)
        for number, row in enumerate(rows, 1):
            cells = ((column.cell(row), column.width) for column in columns)
            lines = [_lines_of(cell, width) for cell, width in cells if isinstance(cell, str)]
            sheet.set_row(number, max(lines) * _LINE + 3)
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
        elif style == "link" and _is_link(value):
            shown = urlsplit(value).netloc.removeprefix("www.")
            sheet.write_url(row, column, value, look, harmless(shown), value[:_LONGEST_TIP])
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
