"""Spread what plans say to the rows, with the days and the money of each row."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .answers import Answers
from .codes import Codes, smallest
from .days import FIRST
from .deadlines import Calendar
from .money import Prices
from .pieces import each_piece
from .plans import Plans

_NO_GAPS = -1
_1970 = int(FIRST.astype(np.int64))


class Layout(NamedTuple):
    """In what form codes and days are wanted."""

    codes: type[np.integer[Any]] | None
    """The kind of integer; as small as can be for None."""
    days: type[np.integer[Any]]
    per_day: int
    never: int


FOR_A_FRAME = Layout(None, np.int64, 86_400, np.iinfo(np.int64).min)
"""Days as numpy counts seconds."""
FOR_A_FILE = Layout(np.int32, np.int32, 1, -1)


class Rows(NamedTuple):
    """What the plans of many cases say, row by row."""

    codes: Mapping[str, Codes]
    """By column, for each row which of the sayings; -1 where there is none."""
    said: Mapping[str, list[Any]]
    """By column, what its codes stand for."""
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    """Cents as Arrow holds decimals, in two words."""
    priced: npt.NDArray[np.uint8]
    """Where there is a figure, one bit for each row, as Arrow has it."""
    gaps: npt.NDArray[np.int16]
    """How many gaps each plan has; -1 for a row that was not understood."""
    last: Codes
    safe: Codes
    """Days since 1970, in the form that was asked for."""


class _Table(NamedTuple):
    """A column's codes by the number of the combination, and what they stand for."""

    codes: Codes
    said: list[Any]

    @classmethod
    def of(cls, codes: Codes, said: list[Any], used: npt.NDArray[np.bool_]) -> "_Table":
        """Return a table without what no row says."""
        present = np.unique(codes[used])
        present = present[present >= 0]
        again = np.full(len(said) + 1, -1, dtype=smallest(len(present)))
        again[present] = np.arange(len(present))
        return cls(again[codes], [said[code] for code in present.tolist()])

    def whole(self, nothing: Any) -> "_Table":
        """Return a table in which every code stands for something."""
        codes = np.where(self.codes < 0, len(self.said), self.codes)
        return _Table(codes.astype(smallest(len(self.said) + 1)), [*self.said, nothing])


class Spread:
    """Spreads what plans say to the rows of some cases.

    Parameters
    ----------
    plans
        The plans.
    answers
        The cases.
    layout
        In what form codes and days are wanted.
    """

    def __init__(self, plans: Plans, answers: Answers, layout: Layout) -> None:
        self._answers = answers
        self._layout = layout
        known = plans.count
        self._numbers = plans.numbers(answers)
        used = np.ones(plans.count, dtype=bool)
        if known > 1 or answers.misread:  # else every combination is one of this table
            used = np.bincount(self._numbers, minlength=plans.count) > 0
        said = {name: each.things for name, each in plans.sayings.said.items()}
        counts = np.array([*said.pop("gaps"), _NO_GAPS], dtype=np.int16)
        self._gaps = counts.take(plans.codes["gaps"])
        tables = {name: _Table.of(plans.codes[name], said[name], used) for name in said}
        self._cost, self._due = tables.pop("cost").whole(None), tables.pop("due").whole(())
        self._tables = {
            name: table._replace(codes=table.codes.astype(layout.codes or table.codes.dtype))
            for name, table in tables.items()
        }
        self._prices = Prices(answers.prices, self._cost.said)
        self._calendar = Calendar(plans.sayings.likeness.clocks, self._due.said, answers.ranges())

    def rows(self) -> Rows:
        """Return what the plans say, row by row."""
        found = self._empty(self._answers.rows)
        each_piece(self._answers.rows, lambda rows: self._fill(found, rows))
        return found

    def _empty(self, count: int) -> Rows:
        """Return room for so many rows."""
        kinds = {name: table.codes.dtype for name, table in self._tables.items()}
        kinds["next_action"] = np.dtype(self._layout.codes or smallest(len(self._calendar.lines)))
        said = {name: table.said for name, table in self._tables.items()}
        return Rows(
            codes={name: np.empty(count, kind) for name, kind in kinds.items()},
            said={**said, "next_action": self._calendar.lines},
            low=np.zeros((count, 2), dtype=np.int64),
            high=np.zeros((count, 2), dtype=np.int64),
            priced=np.empty((count + 7) // 8, dtype=np.uint8),
            gaps=np.empty(count, dtype=np.int16),
            last=np.empty(count, dtype=self._layout.days),
            safe=np.empty(count, dtype=self._layout.days),
        )

    def _fill(self, found: Rows, rows: slice) -> None:
        """Fill in some rows."""
        here = self._numbers[rows].astype(np.intp)  # other integers are far slower as an index
        for name, table in self._tables.items():
            table.codes.take(here, out=found.codes[name][rows], mode="clip")
        self._gaps.take(here, out=found.gaps[rows], mode="clip")
        low, high = self._prices.cents(rows, self._cost.codes.take(here))
        bits = np.packbits(low >= 0, bitorder="little")
        found.priced[rows.start // 8 :][: len(bits)] = bits
        found.low[rows, 0], found.high[rows, 0] = np.maximum(low, 0), np.maximum(high, 0)
        self._fill_days(found, rows, self._due.codes.take(here).astype(np.intp))

    def _fill_days(self, found: Rows, rows: slice, due: Codes) -> None:
        """Fill in what is due next, where anything is."""
        next_ = self._calendar.next(due, self._answers.days, rows)
        filled = (
            (found.last, self._layout.never, self._day(next_.last)),
            (found.safe, self._layout.never, self._day(next_.safe)),
            (found.codes["next_action"], -1, next_.action),
        )
        for column, nothing, some in filled:
            column[rows] = nothing
            column[rows][next_.rows] = some

    def _day(self, numbers: Codes) -> Codes:
        """Return numbers of days in the form that is wanted."""
        return (numbers + _1970) * self._layout.per_day
