"""Run a list, and hand over what came of it as a file."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import pandas as pd

from secondopinion.cells import harmless
from secondopinion.knowledge import Knowledge
from secondopinion.screening import screen

MOST_EXCEL_ROWS = 20_000
"""A workbook is made cell by cell in memory; longer lists go as CSV or Parquet."""
_BATCH = 20_000
_DAY = {"num_format": "yyyy-mm-dd", "align": "left"}
_MONEY = {"num_format": "$#,##0.00", "align": "left"}
_WIDTH = 18


def run(
    frame: pd.DataFrame, as_of: date, knowledge: Knowledge, progress: Callable[[int], None]
) -> pd.DataFrame:
    """Return a list with what every plan says; tell after each batch how many rows are done."""
    pieces = []
    for begin in range(0, len(frame), _BATCH):
        pieces.append(screen(frame.iloc[begin : begin + _BATCH], as_of, knowledge))
        progress(min(begin + _BATCH, len(frame)))
    return pd.concat(pieces, ignore_index=True)


def to_csv(result: pd.DataFrame) -> bytes:
    """Return results as CSV, in which no cell can act."""
    safe = result.apply(_safe).set_axis([harmless(str(name)) for name in result], axis="columns")
    text: str = safe.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")  # Excel takes it for Windows-1252 without the mark


def _safe(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Make the texts of a column harmless, each distinct one once."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells.cat.rename_categories(lambda text: harmless(str(text)))
    if cells.dtype == object or pd.api.types.is_string_dtype(cells.dtype):
        return cells.astype(object).map(_harmless)
    return cells


def _harmless(cell: Any) -> Any:
    return harmless(cell) if isinstance(cell, str) else cell


def to_parquet(result: pd.DataFrame) -> bytes:
    """Return results as Parquet: days as days, money exact."""
    file = BytesIO()
    result.apply(_of_one_kind).to_parquet(file, index=False)
    return file.getvalue()


def _of_one_kind(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Make texts of a column of many kinds, which Parquet does not know."""
    mixed = cells.dtype == object and len({type(cell) for cell in cells.dropna()}) > 1
    return cells.map(lambda cell: None if pd.isna(cell) else str(cell)) if mixed else cells


def to_xlsx(result: pd.DataFrame, title: str) -> bytes:
    """Return results as a workbook for Excel, in which no cell can act.

    Parameters
    ----------
    result
        The results, no more than `MOST_EXCEL_ROWS` of them.
    title
        The name of the sheet.
    """
    import xlsxwriter  # noqa: PLC0415  (only a file needs it)

    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title)
        looks = {name: book.add_format(look) for name, look in (("day", _DAY), ("money", _MONEY))}
        head = book.add_format({"bold": True, "bg_color": "#dfe8f1"})
        sheet.set_column(0, len(result.columns) - 1, _WIDTH)
        for place, name in enumerate(result):
            sheet.write_string(0, place, harmless(str(name)), head)
            for number, cell in enumerate(result[name].astype(object), 1):
                _write(sheet, number, place, cell, looks)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(result), len(result.columns) - 1)
    return file.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Any, looks: dict[str, Any]) -> None:
    """Write a day as a day, a number as a number, and all else as a text that cannot act."""
    match cell:
        case bool():
            sheet.write_boolean(row, column, cell)
        case Decimal():
            sheet.write_number(row, column, cell, looks["money"])
        case int() | float() if cell == cell and abs(cell) != float("inf"):  # noqa: PLR0124  (NaN)
            sheet.write_number(row, column, cell)
        case date() if cell is not pd.NaT:
            moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
            sheet.write_datetime(row, column, moment.replace(tzinfo=None), looks["day"])
        case str():
            sheet.write_string(row, column, harmless(cell))
        case _ if not pd.api.types.is_scalar(cell) or not pd.isna(cell):
            sheet.write_string(row, column, harmless(str(cell)))


def example(knowledge: Knowledge) -> bytes:
    """Return a small list to fill in: every column, and one row that is understood."""
    questions = knowledge.section("questions")
    row = {question["id"]: _first(question, knowledge) for question in questions}
    text: str = pd.DataFrame([row]).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _first(question: Any, knowledge: Knowledge) -> str:
    if question["when"] or question["kind"] not in {"choice", "choices", "yes_no"}:
        return ""
    answer = knowledge.answers(question["id"])[0]
    return str(answer).lower() if isinstance(answer, bool) else str(answer)
