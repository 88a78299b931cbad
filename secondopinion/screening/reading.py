"""Read the cells of columns as answers: each distinct cell once, or whole columns of numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from secondopinion.intake import MOST_MONEY, MOST_PERCENT, read_answers
from secondopinion.knowledge import Knowledge

from .answers import Answers, Complaint, Facts, Misread
from .cells import Cells, Distinct, distinct, plain
from .codes import Codebook, smallest
from .days import DAYS, FIRST, DayColumn, day_number
from .money import CENTS, MILLIONTHS, UNKNOWN, Amounts, Column, parts_of, whole
from .pieces import each_piece, spread
from .room import room

_EVENTS, _COSTS = "events.", "costs."
_PER_DAY = {
    "h": 24,
    "m": 1_440,
    "s": 86_400,
    "ms": 86_400_000,
    "us": 86_400_000_000,
    "ns": 86_400_000_000_000,
}
_OF_A_DOLLAR, _OF_A_PERCENT = (CENTS, MILLIONTHS), (1, CENTS, MILLIONTHS)
"""In how many parts a column of numbers may be, the coarsest first."""
_1900 = int(FIRST.astype(np.int64))
_LEAST = 1e-4  # below this Python writes a number with an exponent, which is not read


class Reader:
    """Reads tables of cases by the questions of the knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._codebook = Codebook(knowledge)
        self._kinds = {
            question["id"]: question["kind"] for question in knowledge.section("questions")
        }

    def answers(self, columns: Mapping[str, Cells], rows: int) -> Answers:
        """Return the answers in some columns, named as the fields of a case file."""
        facts: dict[str, Facts] = {}
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
        given = {place: plain(cell, self._kinds[name]) for place, cell in enumerate(cells)}
        given = {place: cell for place, cell in given.items() if cell is not None}
        read = zip(given, read_answers(name, given.values(), self._knowledge), strict=True)
        answers: list[Any] = [None] * len(cells)
        complaints = {}
        for place, (answer, wrong) in read:
            if wrong:
                complaints[place] = Complaint(name, _shown(cells[place]), wrong)
            else:
                answers[place] = answer
        return answers, complaints

    def _facts(self, name: str, cells: Cells) -> tuple[Facts, list[Misread]]:
        found = distinct(cells)
        answers, complaints = self._read(name, found.cells)
        numbers = [self._codebook.number(name, answer) for answer in answers]
        table = np.array([*numbers, 0], dtype=smallest(self._codebook.size(name)))
        return Facts(found.codes, table), _misread(found, complaints)

    def _days(self, name: str, cells: Cells) -> tuple[DayColumn, list[Misread]]:
        if not isinstance(cells, Distinct) and cells.dtype.kind == "M":
            return self._times(name, cells)
        found = distinct(cells)
        answers, complaints = self._read(name, found.cells)
        numbers = [-1 if answer is None else day_number(answer) for answer in answers]
        table = np.array([*numbers, -1], dtype=np.int32)
        return DayColumn(spread(table, found.codes)), _misread(found, complaints)

    def _times(self, name: str, cells: npt.NDArray[Any]) -> tuple[DayColumn, list[Misread]]:
        """Return a column of days or times of a day."""
        unit, _ = np.datetime_data(cells.dtype)
        ticks, per_day = cells.view(np.int64), _PER_DAY.get(unit, 1)
        days = room(len(cells), np.int32)

        def count(rows: slice) -> None:
            whole = ticks[rows] // per_day
            whole -= _1900
            np.clip(whole, -1, DAYS, out=days[rows], casting="unsafe")

        each_piece(len(cells), count)
        if days.min(initial=0) >= 0 and days.max(initial=0) < DAYS:
            return DayColumn(days), []
        outside = (days < 0) | (days == DAYS)
        days[outside] = -1
        return DayColumn(days), self._wrong(name, cells, np.flatnonzero(outside & ~np.isnat(cells)))

    def _amounts(self, name: str, cells: Cells) -> tuple[Column, list[Misread]]:
        percent = self._kinds[name] == "percent"
        if not isinstance(cells, Distinct) and cells.dtype.kind in "iuf":
            most, scales = (MOST_PERCENT, _OF_A_PERCENT) if percent else (MOST_MONEY, _OF_A_DOLLAR)
            column, wrong = _numbers(cells, int(most), scales)
            return column, self._wrong(name, cells, wrong)
        found = distinct(cells)
        answers, complaints = self._read(name, found.cells)
        parts = parts_of(answer for answer in answers if answer is not None)
        table = np.array([*(whole(answer, parts) for answer in answers), UNKNOWN], dtype=np.int64)
        column = Column(spread(table, found.codes), parts, int(table.max()))
        return column, _misread(found, complaints)

    def _wrong(
        self, name: str, cells: npt.NDArray[Any], rows: npt.NDArray[np.intp]
    ) -> list[Misread]:
        """Return the complaints about some rows of a column of numbers."""
        if not len(rows):
            return []
        found = distinct(cells[rows])
        _, complaints = self._read(name, found.cells)
        return [Misread(rows, found.codes, list(complaints.values()))]


def _numbers(
    cells: npt.NDArray[Any], most: int, scales: Sequence[int]
) -> tuple[Column, npt.NDArray[np.intp]]:
    """Return a column of numbers as exact amounts, and the rows that hold no such number."""
    nobody = np.zeros(0, dtype=np.intp)
    if cells.dtype.kind != "f":
        largest = int(cells.max(initial=0))
        if cells.min(initial=0) >= 0 and largest <= most:
            return Column(cells, 1, largest, gapless=True), nobody
        good = (cells >= 0) & (cells <= most)
        amounts = np.where(good, cells, UNKNOWN).astype(np.int64)
        return Column(amounts, 1, int(amounts.max())), np.flatnonzero(~good)
    good = (cells == 0) | (cells >= _LEAST)
    good &= (cells <= most) & ~np.signbit(cells)
    safe = np.where(good, cells, 0).astype(np.float64)
    for parts in scales:
        amounts, exact = _exactly(safe, parts)
        if exact.all():
            break
    good &= exact
    amounts[~good] = UNKNOWN
    column = Column(amounts, parts, int(amounts.max(initial=0)), gapless=bool(good.all()))
    return column, np.flatnonzero(~good & ~np.isnan(cells))


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
    places = spread(which, found.codes)
    rows = np.flatnonzero(places >= 0)
    return [Misread(rows, places[rows], list(complaints.values()))] if len(rows) else []


def _shown(cell: Any) -> str:
    return str(cell.item() if isinstance(cell, np.generic) else cell)
