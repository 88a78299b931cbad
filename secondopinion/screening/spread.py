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
    """Cents as Arrow holds decimals, in two words; below 0 where there is no figure."""
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
        self._numbers = plans.numbers(answers)
        used = np.bincount(self._numbers, minlength=len(plans.codes["gaps"])) > 0
        said = plans.sayings.said
        tables = {
            name: _Table.of(codes, said[name].things, used) for name, codes in plans.codes.items()
        }
        self._cost, self._due = tables.pop("cost").whole(None), tables.pop("due").whole(())
        self._tables = tables
        self._prices = Prices(answers.prices, self._cost.said)
        self._calendar = Calendar(plans.sayings.likeness.clocks, self._due.said, answers.ranges())

    def rows(self) -> Rows:
        """Return what the plans say, row by row."""
        count, layout = self._answers.rows, self._layout
        kinds = {name: table.codes.dtype for name, table in self._tables.items()}
        kinds["next_action"] = smallest(len(self._calendar.lines))
        said = {name: table.said for name, table in self._tables.items()}
        found = Rows(
            {name: np.empty(count, layout.codes or kind) for name, kind in kinds.items()},
            {**said, "next_action": self._calendar.lines},
            np.zeros((count, 2), dtype=np.int64),
            np.zeros((count, 2), dtype=np.int64),
            np.empty(count, dtype=layout.days),
            np.empty(count, dtype=layout.days),
        )
        tables = {
            name: table.codes.astype(found.codes[name].dtype)
            for name, table in self._tables.items()
        }
        each_piece(count, lambda rows: self._fill(found, tables, rows))
        return found

    def _fill(self, found: Rows, tables: Mapping[str, Codes], rows: slice) -> None:
        """Fill in some rows."""
        here = self._numbers[rows].astype(np.intp)  # other integers are far slower as an index
        for name, table in tables.items():
            table.take(here, out=found.codes[name][rows], mode="clip")
        low, high = self._prices.cents(rows, self._cost.codes.take(here))
        found.low[rows, 0], found.high[rows, 0] = low, high
        due = self._due.codes.take(here).astype(np.intp)
        next_ = self._calendar.next(due, self._answers.days, rows)
        found.last[rows], found.safe[rows] = self._layout.never, self._layout.never
        found.last[rows][next_.rows] = self._day(next_.last)
        found.safe[rows][next_.rows] = self._day(next_.safe)
        found.codes["next_action"][rows] = -1
        found.codes["next_action"][rows][next_.rows] = next_.action

    def _day(self, numbers: Codes) -> Codes:
        """Return numbers of days in the form that is wanted."""
        return (numbers + _1970) * self._layout.per_day
