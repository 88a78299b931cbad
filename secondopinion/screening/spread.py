"""Spread what plans say to the rows, with the days and the money of each row."""

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .answers import Answers
from .codes import Codes, smallest
from .days import FIRST, Days
from .money import Prices
from .packed import packed
from .pieces import each_piece, pieces
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

    def of(self, days: Days) -> Codes:
        """Return numbered days in this form."""
        since_1970 = (days + _1970) * np.int64(self.per_day)
        return np.where(days < 0, self.never, since_1970).astype(self.days)


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
        present = np.flatnonzero(np.bincount(codes[used] + 1, minlength=len(said) + 1)[1:])
        again = np.full(len(said) + 1, -1, dtype=smallest(len(present)))
        again[present] = np.arange(len(present))
        return cls(again[codes], [said[code] for code in present.tolist()])

    def whole(self, nothing: Any) -> "_Table":
        """Return a table in which every code stands for something."""
        codes = np.where(self.codes < 0, len(self.said), self.codes)
        return _Table(codes.astype(np.intp), [*self.said, nothing])


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
        used = _used(self._numbers, plans.codes)
        said = {name: each.things for name, each in plans.sayings.said.items()}
        counts = np.array([*said.pop("gaps"), _NO_GAPS], dtype=np.int16)
        tables = {name: _Table.of(plans.codes[name], said[name], used) for name in said}
        cost, due = tables.pop("cost").whole(None), tables.pop("due").whole(())
        codes = {name: table.codes for name, table in tables.items()}
        self._said = {name: table.said for name, table in tables.items()}
        self._records = packed({**codes, "gaps": counts.take(plans.codes["gaps"])})
        self._prices = Prices(answers.prices, cost.said)
        self._terms = self._prices.terms.take(cost.codes)
        self._calendar = plans.calendar(due.said, answers.ranges())
        self._starts = self._calendar.starts(due.codes)
        due_next = self._calendar.due
        self._last, self._safe = layout.of(due_next.last), layout.of(due_next.safe)
        self._line = due_next.line.astype(self._code_of("next_action"))

    def _code_of(self, name: str) -> np.dtype[Any]:
        """Return the kind of integer for the codes of a column."""
        said = self._calendar.lines if name == "next_action" else self._said[name]
        return np.dtype(self._layout.codes or smallest(len(said)))

    def rows(self) -> Rows:
        """Return what the plans say, row by row."""
        found = self._empty(self._answers.rows)
        fills = (self._fill_money, self._fill_days, self._fill_codes)
        each_piece(self._answers.rows, *(partial(fill, found) for fill in fills))
        return found

    def _empty(self, count: int) -> Rows:
        """Return room for so many rows."""
        said = {**self._said, "next_action": self._calendar.lines}
        return Rows(
            codes={name: np.empty(count, self._code_of(name)) for name in said},
            said=said,
            low=np.zeros((count, 2), dtype=np.int64),
            high=np.zeros((count, 2), dtype=np.int64),
            priced=np.empty((count + 7) // 8, dtype=np.uint8),
            gaps=np.empty(count, dtype=np.int16),
            last=np.empty(count, dtype=self._layout.days),
            safe=np.empty(count, dtype=self._layout.days),
        )

    def _here(self, rows: slice) -> Codes:
        """Return the combinations in some rows: other integers are far slower as an index."""
        return self._numbers[rows].astype(np.intp)

    def _fill_codes(self, found: Rows, rows: slice) -> None:
        """Fill in what is said, and how many gaps there are."""
        records = self._records.take(self._here(rows), mode="clip")
        for name in self._said:
            found.codes[name][rows] = records[name]
        found.gaps[rows] = records["gaps"]

    def _fill_money(self, found: Rows, rows: slice) -> None:
        """Fill in what the visits cost."""
        records = self._terms.take(self._here(rows), mode="clip")
        terms = {name: records[name].copy() for name in self._prices.fields}
        bits = np.packbits(terms["is_known"], bitorder="little")
        found.priced[rows.start // 8 :][: len(bits)] = bits
        found.low[rows, 0], found.high[rows, 0] = self._prices.cents(rows, terms)

    def _fill_days(self, found: Rows, rows: slice) -> None:
        """Fill in what is due next."""
        due = self._calendar.soonest(self._starts, self._here(rows), self._answers.days, rows)
        self._last.take(due, out=found.last[rows], mode="clip")
        self._safe.take(due, out=found.safe[rows], mode="clip")
        self._line.take(due, out=found.codes["next_action"][rows], mode="clip")


def _used(numbers: Codes, codes: Mapping[str, Codes]) -> npt.NDArray[np.bool_]:
    """Return combinations that stand in some row, enough of them to know all that is said.

    Parameters
    ----------
    numbers
        For each row the number of its combination.
    codes
        By column, what is said of each combination.
    """
    count = len(codes["gaps"])
    everything = {name: _distinct(each) for name, each in codes.items()}
    used = np.zeros(count, dtype=bool)
    for place, piece in enumerate(pieces(len(numbers))):
        used |= np.bincount(numbers[piece], minlength=count) > 0
        looks_likely = place & (place - 1) == 0  # seldom, and soonest at the beginning
        if looks_likely and all(
            _distinct(codes[name][used]) == most for name, most in everything.items()
        ):
            break
    return used


def _distinct(codes: Codes) -> int:
    """Return how many distinct things some codes stand for, besides nothing."""
    return int(np.count_nonzero(np.bincount(codes + 1)[1:]))
