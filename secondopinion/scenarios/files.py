"""The comparison as a file to take away: a workbook for Excel, or plain CSV.

Nothing in it can act: a text that a spreadsheet might take for a formula gets an apostrophe.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from secondopinion.cells import harmless
from secondopinion.knowledge import Knowledge, load_knowledge

from .frame import BETWEEN, to_frame
from .lines import Comparison

if TYPE_CHECKING:
    import pandas as pd

_ANSWERS: Mapping[str, str] = {
    "verdict": "scenarios.answer",
    "third_opinion": "scenarios.answer",
    "referral": "requirement.answer",
    "prior_authorization": "requirement.answer",
    "network": "requirement.answer",
}
_PARTS_SEEN_IN: Mapping[str, tuple[str, ...]] = {
    "cost": ("cost_low", "cost_high"),
    "deadline": ("next_deadline", "safe_date", "missed"),
}
_WIDE = frozenset({"more_steps", "fewer_steps", "differs"})
_USUAL_WIDTH, _WIDE_WIDTH = 17, 42
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "heading": {"bold": True, "bg_color": "#dfe8f1", "valign": "vcenter"},
    "plain": {},
    "differs": {"bold": True, "bg_color": "#fff3cd"},
}
_EVERY_CELL = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#b8b8b8"}
_DAY, _MONEY = {"num_format": "yyyy-mm-dd"}, {"num_format": "$#,##0.00"}
_ON_THE_LEFT = {"align": "left"}


def spoken(compared: Comparison, knowledge: Knowledge | None = None) -> "pd.DataFrame":
    """Return a comparison as a table in words, the base case first, as it goes into a file."""
    knowledge = knowledge or load_knowledge()
    told = to_frame(compared, with_base=True)
    for column, phrase in _ANSWERS.items():
        told[column] = [knowledge.say(f"{phrase}.{answer}") for answer in told[column]]
    told["differs"] = [
        BETWEEN.join(
            knowledge.say(f"scenarios.part.{part}") for part in parts.split(BETWEEN) if part
        )
        for parts in told["differs"]
    ]
    heads = [knowledge.say(f"scenarios.column.{column}") for column in told.columns]
    told.index = told.index.set_names(list(compared.heads))
    told = told.set_axis(heads, axis="columns").reset_index()
    return told.map(lambda cell: harmless(cell) if isinstance(cell, str) else cell)


def export_csv(compared: Comparison, knowledge: Knowledge | None = None) -> bytes:
    """Return a comparison as CSV, in words, for any program that reads tables."""
    text: str = spoken(compared, knowledge).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")  # Excel takes it for Windows-1252 without the mark


def export_xlsx(compared: Comparison, knowledge: Knowledge | None = None) -> bytes:
    """Return a comparison as a workbook for Excel: the lines, the base case and the rules.

    What differs from the base case is bold, and the column before the rules names it in words.
    """
    import xlsxwriter  # noqa: PLC0415  (only a file needs it)

    knowledge = knowledge or load_knowledge()
    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        made = datetime.combine(compared.base.plan.as_of, time())
        book.set_properties({"title": knowledge.say("scenarios.title"), "created": made})
        whole = _Book(book, knowledge)
        whole.lines(compared)
        whole.base(compared)
        whole.rules(compared)
    return file.getvalue()


class _Book:
    """The Excel file in the making."""

    def __init__(self, book: Any, knowledge: Knowledge) -> None:
        self.book = book
        self.knowledge = knowledge
        self.styles: dict[tuple[str, str], Any] = {}

    def lines(self, compared: Comparison) -> None:
        """Write the sheet of lines, the base case first."""
        told = spoken(compared, self.knowledge)
        names = [*compared.facts, *to_frame(compared).columns]
        marked = [frozenset[str](), *(_marked(line.differs) for line in compared.lines)]
        sheet = self._sheet(self.knowledge.say("scenarios.sheet.lines"), list(told.columns))
        for place, name in enumerate(names):
            sheet.set_column(place, place, _WIDE_WIDTH if name in _WIDE else _USUAL_WIDTH)
        for number, row in enumerate(told.itertuples(index=False), 1):
            for place, cell in enumerate(row):
                look = "differs" if names[place] in marked[number - 1] else "plain"
                self._write(sheet, number, place, cell, look)
        sheet.freeze_panes(2, len(compared.facts))
        sheet.autofilter(0, 0, len(told), len(names) - 1)

    def base(self, compared: Comparison) -> None:
        """Write the sheet of what the base case says."""
        say, plan = self.knowledge.say, compared.base.plan
        sheet = self._sheet(
            say("scenarios.base"), [say("scenarios.asked"), say("scenarios.answered")]
        )
        sheet.set_column(0, 1, _WIDE_WIDTH)
        said: list[tuple[str, Any]] = [
            (self.knowledge.named("questions", fact)["text"], label)
            for fact, label in plan.labels.items()
        ]
        for group in ("events", "costs"):
            for name, given in getattr(plan.case, group).items():
                said.append((self.knowledge.named("questions", f"{group}.{name}")["text"], given))
        said += [
            (say("scenarios.as_of"), plan.as_of),
            (say("scenarios.version"), plan.data_version),
        ]
        for number, pair in enumerate(said, 1):
            self._row(sheet, number, pair)

    def rules(self, compared: Comparison) -> None:
        """Write the sheet of the rules behind the lines, each with its sources."""
        heads = ("rule", "what", "source", "at", "url", "checked", "seen")
        say = self.knowledge.say
        sheet = self._sheet(
            say("scenarios.rules_sheet"), [say(f"scenarios.head.{name}") for name in heads]
        )
        sheet.set_column(0, 4, _WIDE_WIDTH)
        sheet.set_column(5, 6, _USUAL_WIDTH)
        for number, row in enumerate(_cited(compared, self.knowledge), 1):
            self._row(sheet, number, row)

    def _sheet(self, name: str, headings: Sequence[str]) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for place, heading in enumerate(headings):
            self._write(sheet, 0, place, heading, "heading")
        return sheet

    def _row(self, sheet: Any, number: int, row: Sequence[Any]) -> None:
        for place, cell in enumerate(row):
            self._write(sheet, number, place, cell, "plain")

    def _look(self, name: str, kind: str) -> Any:
        """Return how a cell looks: what it is, and what it holds."""
        if (name, kind) not in self.styles:
            extra = {"day": {**_DAY, **_ON_THE_LEFT}, "money": {**_MONEY, **_ON_THE_LEFT}}
            look = {**_EVERY_CELL, **_STYLES[name], **extra.get(kind, {})}
            self.styles[name, kind] = self.book.add_format(look)
        return self.styles[name, kind]

    def _write(self, sheet: Any, row: int, column: int, cell: Any, look: str) -> None:
        """Write a day as a day, money as money, and all else as a text that cannot act."""
        if cell is None:
            sheet.write_blank(row, column, None, self._look(look, "text"))
        elif isinstance(cell, date):
            moment = datetime.combine(cell, time())
            sheet.write_datetime(row, column, moment, self._look(look, "day"))
        elif isinstance(cell, Decimal):
            sheet.write_number(row, column, cell, self._look(look, "money"))
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, self._look(look, "text"))
        else:
            sheet.write_string(row, column, harmless(str(cell)), self._look(look, "text"))


def _marked(differs: frozenset[str]) -> frozenset[str]:
    """Return the columns in which the parts that differ are seen."""
    return frozenset(name for part in differs for name in _PARTS_SEEN_IN.get(part, (part,)))


def _cited(compared: Comparison, knowledge: Knowledge) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each source of each rule behind the lines."""
    every = (
        ground for line in (compared.base, *compared.lines) for ground in line.grounds.values()
    )
    for ground in sorted(dict.fromkeys(every), key=lambda ground: ground.rule):
        seen = knowledge.say(f"seen.{ground.seen}")
        for source in ground.sources:
            where = (source.title, source.at, source.url, source.checked)
            yield (ground.rule, ground.what, *where, seen)
