"""What of a table was not understood, and the table after a person has said what it means."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

import pandas as pd

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.screening import Understood, look_over, problems_of

LEAVE_OPEN = "?"
"""The answer of somebody who wants a cell to count as not known."""

_CHOSEN = ("choice", "yes_no")


_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_AMOUNT = re.compile(r"\$?\s*([\d,]+(?:\.\d+)?)\s*%?")

Writing = Literal["month_first", "day_first", "signs"]
"""How the cells of a column are written, where it is not as we read them."""


class Value(NamedTuple):
    """One value that stands in a column and that we do not understand."""

    column: str
    value: str
    rows: int
    what_to_write: str
    answers: tuple[tuple[str, str], ...]
    """What it may mean, each as it is written and as it is called; none for days and numbers."""


class Mending(NamedTuple):
    """What a person has said about a table."""

    names: Mapping[str, str] = {}
    """For a column, the name under which it is an answer; empty where it is none."""
    meanings: Mapping[tuple[str, str], str] = {}
    """For a value in a column, the answer it means, or `LEAVE_OPEN`."""
    writings: Mapping[str, Writing] = {}
    """For a column, how its days or its amounts are written."""


class Look(NamedTuple):
    """How a table is read at present, and what could be put right."""

    understood: Understood
    unknown: tuple[Value, ...]
    problems: pd.DataFrame


def mended(frame: pd.DataFrame, mending: Mending) -> pd.DataFrame:
    """Return the table with columns under their right names and values as they are meant."""
    table = frame.rename(columns=dict(mending.names))
    for column, writing in mending.writings.items():
        table[column] = table[column].map(lambda cell, how=writing: rewritten(cell, how))
    for column in {column for column, _ in mending.meanings} & {*table.columns}:
        table[column] = _in_place(table[column], column, mending.meanings)
    return table


def rewritten(cell: Any, writing: Writing) -> Any:
    """Return a day as 2026-03-02 and an amount as 1250.50; leave alone what is neither."""
    if not isinstance(cell, str):
        return cell
    if writing == "signs":
        amount = _AMOUNT.fullmatch(cell.strip())
        return amount[1].replace(",", "") if amount else cell
    found = _DAY.fullmatch(cell.strip())
    if not found:
        return cell
    first, second, year = map(int, found.groups())
    month, day = (first, second) if writing == "month_first" else (second, first)
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # there is no such day
        return cell


def writings_for(column: str, values: Iterable[Value], knowledge: Knowledge) -> list[Writing]:
    """Return the ways of writing that would make some unknown values of a column readable."""
    kind = knowledge.named("questions", column)["kind"]
    ways: Mapping[str, tuple[Writing, ...]] = {
        "day": ("month_first", "day_first"),
        "money": ("signs",),
        "percent": ("signs",),
    }
    return [
        way
        for way in ways.get(kind, ())
        if any(rewritten(each.value, way) != each.value for each in values if each.column == column)
    ]


def _in_place(
    cells: "pd.Series[Any]", column: str, meanings: Mapping[tuple[str, str], str]
) -> "pd.Series[Any]":
    def meant(cell: Any) -> Any:
        meaning = meanings.get((column, str(cell).strip()))
        return cell if meaning is None else None if meaning == LEAVE_OPEN else meaning

    return cells.astype(object).map(meant)


def look_at(frame: pd.DataFrame, knowledge: Knowledge | None = None) -> Look:
    """Return how a table is read, and its values that we do not understand, the frequent first."""
    knowledge = knowledge or load_knowledge()
    problems = problems_of(frame, knowledge)
    groups = problems.groupby(["column", "value"], sort=False, observed=True)
    counted = groups.agg(rows=("row", "size"), what_to_write=("what_to_write", "first"))
    frequent = counted.sort_values("rows", ascending=False, kind="stable")
    found = [
        Value(column, value, int(rows), what_to_write, _meanings(column, knowledge))
        for (column, value), rows, what_to_write in frequent.itertuples()
    ]
    return Look(look_over(frame, knowledge), tuple(found), problems)


def _meanings(column: str, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """Return the answers that a column can hold, as a case file writes them."""
    if knowledge.named("questions", column)["kind"] not in _CHOSEN:
        return ()
    return tuple(
        (
            str(answer).lower() if isinstance(answer, bool) else answer,
            knowledge.label(column, answer),
        )
        for answer in knowledge.answers(column)
    )
