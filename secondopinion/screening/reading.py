"""Read the cells of columns as answers: each distinct cell once, or whole columns of numbers."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from secondopinion.intake import read_answers
from secondopinion.knowledge import Knowledge

from .answers import Answers, Complaint, Misread
from .cells import Cells, Distinct, distinct, plain
from .codes import Codebook, Codes, smallest
from .days import DAYS, FIRST, day_number
from .money import CENTS, MILLIONTHS, UNKNOWN, Amounts, Column, whole

_EVENTS, _COSTS = "events.", "costs."
_LEAST = 1e-4  # below this Python writes a number with an exponent, which is not read


class Reader:
    """Reads tables of cases by the questions of the knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.codebook = Codebook(knowledge)
        self.kinds = {
            question["id"]: question["kind"] for question in knowledge.section("questions")
        }

    def answers(self, columns: Mapping[str, Cells], rows: int) -> Answers:
        """Return the answers in some columns, named as the fields of a case file."""
        facts: dict[str, Codes] = {}
        days, prices, misread = {}, {}, []
        for name, cells in columns.items():
            if name.startswith(_EVENTS):
                days[name.removeprefix(_EVENTS)], wrong = self._days(name, cells)
            elif name.startswith(_COSTS):
                prices[name.removeprefix(_COSTS)], wrong = self._amounts(name, cells)
            else:
                facts[name], wrong = self._facts(name, cells)
            misread += wrong
        return Answers(rows, facts, days, prices, tuple(misread))

    def _read(self, name: str, cells: list[Any]) -> tuple[list[Any], dict[int, Complaint]]:
        """Return what distinct cells say, and the complaints by their place."""
        given = [plain(cell, self.kinds[name]) for cell in cells]
        read = list(
            read_answers(name, (each for each in given if each is not None), self.knowledge)
        )
        answers, complaints = [], {}
        left = iter(read)
        for place, each in enumerate(given):
            answer, wrong = next(left) if each is not None else (None, "")
            answers.append(None if wrong else answer)
            if wrong:
                complaints[place] = Complaint(name, _shown(cells[place]), wrong)
        return answers, complaints

    def _facts(self, name: str, cells: Cells) -> tuple[Codes, list[Misread]]:
        found = distinct(cells)
        answers, complaints = self._read(name, found.cells)
        numbers = [self.codebook.number(name, answer) for answer in answers]
        table = np.array([*numbers, 0], dtype=smallest(self.codebook.size(name)))
        return table.take(found.codes), _misread(found, complaints)

    def _days(self, name: str, cells: Cells) -> tuple[npt.NDArray[np.int32], list[Misread]]:
        if not isinstance(cells, Distinct) and cells.dtype.kind == "M":
            days = _whole_days(cells)
            if days.min(initial=0) >= 0 and days.max(initial=0) < DAYS:
                return days.astype(np.int32), []
            empty = np.isnat(cells)
            wrong = np.flatnonzero(((days < 0) | (days >= DAYS)) & ~empty)
            days[empty] = days[wrong] = -1
            return days.astype(np.int32), self._wrong(name, cells, wrong)
        found = distinct(cells)
        answers, complaints = self._read(name, found.cells)
        numbers = [-1 if answer is None else day_number(answer) for answer in answers]
        table = np.array([*numbers, -1], dtype=np.int32)
        return table.take(found.codes), _misread(found, complaints)

    def _amounts(self, name: str, cells: Cells) -> tuple[Column, list[Misread]]:
        percent = self.kinds[name] == "percent"
        if not isinstance(cells, Distinct) and cells.dtype.kind in "iuf":
            column, wrong = _numbers(cells, 100 if percent else 10_000_000)
            return column, self._wrong(name, cells, wrong)
        found = distinct(cells)
        answers, complaints = self._read(name, found.cells)
        is_fine = any(answer is not None and answer * CENTS % 1 for answer in answers)
        scale = MILLIONTHS if is_fine else CENTS
        table = np.array([*(whole(answer, scale) for answer in answers), UNKNOWN], dtype=np.int64)
        return Column(table.take(found.codes), scale), _misread(found, complaints)

    def _wrong(
        self, name: str, cells: npt.NDArray[Any], rows: npt.NDArray[np.intp]
    ) -> list[Misread]:
        """Return the complaints about some rows of a column of numbers."""
        if not len(rows):
            return []
        found = distinct(cells[rows])
        _, complaints = self._read(name, found.cells)
        return [
            Misread(rows, found.codes, [complaints[place] for place in range(len(found.cells))])
        ]


def _whole_days(cells: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the numbers of days and times."""
    unit, _ = np.datetime_data(cells.dtype)
    per_day = np.timedelta64(1, "D") // np.timedelta64(1, unit) if unit != "D" else 1
    return cells.view(np.int64) // per_day - FIRST.astype(np.int64)


def _numbers(cells: npt.NDArray[Any], most: int) -> tuple[Column, npt.NDArray[np.intp]]:
    """Return a column of numbers as exact amounts, and the rows that hold no such number."""
    if cells.dtype.kind != "f" and cells.min(initial=0) >= 0 and cells.max(initial=0) <= most:
        return Column(cells.astype(np.int64) * CENTS, CENTS), np.zeros(0, dtype=np.intp)
    empty = np.isnan(cells) if cells.dtype.kind == "f" else np.zeros(len(cells), dtype=bool)
    good = (cells >= 0) & (cells <= most)
    if cells.dtype.kind != "f":
        amounts = np.where(good, cells, 0).astype(np.int64) * CENTS
        scale = CENTS
    else:
        good &= ((cells >= _LEAST) | (cells == 0)) & ~np.signbit(cells)
        safe = np.where(good, cells, 0).astype(np.float64)
        amounts, exact = _exactly(safe, CENTS)
        scale = CENTS
        if not exact.all():
            amounts, exact = _exactly(safe, MILLIONTHS)
            scale = MILLIONTHS
            good &= exact
    amounts[~good] = UNKNOWN
    return Column(amounts, scale), np.flatnonzero(~good & ~empty)


def _exactly(numbers: npt.NDArray[np.float64], scale: int) -> tuple[Amounts, npt.NDArray[np.bool_]]:
    """Return numbers as whole parts, and which of them are written in full in such parts."""
    parts = np.rint(numbers * scale)
    return parts.astype(np.int64), parts / scale == numbers


def _misread(found: Distinct, complaints: Mapping[int, Complaint]) -> list[Misread]:
    """Return the rows of distinct cells that were not understood."""
    if not complaints:
        return []
    which = np.full(len(found.cells) + 1, -1, dtype=np.int32)
    which[list(complaints)] = np.arange(len(complaints))
    places = which.take(found.codes)
    rows = np.flatnonzero(places >= 0)
    return [Misread(rows, places[rows], list(complaints.values()))] if len(rows) else []


def _shown(cell: Any) -> str:
    return str(cell.item() if isinstance(cell, np.generic) else cell)


__all__ = ["Iterator", "Reader", "date", "Decimal", "pd"]
