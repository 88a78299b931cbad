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
from .packed import Records, packed
from .pieces import each_piece, pieces
from .plans import Plans

_NO_GAPS = -1
_1970 = int(FIRST.astype(np.int64))


class Layout(NamedTuple):
    """In what form days are wanted."""

    kind: type[np.integer[Any]]
    per_day: int
    never: int

    def of(self, days: Days) -> Codes:
        """Return numbered days in this form."""
        since_1970 = (days + _1970) * np.int64(self.per_day)
        return np.where(days < 0, self.never, since_1970).astype(self.kind)


FOR_A_FRAME = Layout(np.int64, 86_400, np.iinfo(np.int64).min)
"""Days as numpy counts seconds."""
FOR_A_FILE = Layout(np.int32, 1, -1)


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


class _Room(NamedTuple):
    """Room for what the plans of many cases say, row by row.

    What is looked up together lies together; a column of it is every so many bytes.
    """

    said: Records
    """What is said, and how many gaps there are, by column."""
    due: Records
    """The last and the safe day."""
    line: Codes
    """What is due."""
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    priced: npt.NDArray[np.uint8]


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
        every = self._calendar.due
        self._due = packed({"last": layout.of(every.last), "safe": layout.of(every.safe)})
        self._line = every.line.astype(smallest(len(self._calendar.lines)))

    def rows(self) -> Rows:
        """Return what the plans say, row by row."""
        count = self._answers.rows
        found = _Room(
            said=np.empty(count, self._records.dtype),
            due=np.empty(count, self._due.dtype),
            line=np.empty(count, self._line.dtype),
            low=np.zeros((count, 2), dtype=np.int64),
            high=np.zeros((count, 2), dtype=np.int64),
            priced=np.empty((count + 7) // 8, dtype=np.uint8),
        )
        each_piece(count, partial(self._fill, found))
        return Rows(
            codes={**{name: found.said[name] for name in self._said}, "next_action": found.line},
            said={**self._said, "next_action": self._calendar.lines},
            low=found.low,
            high=found.high,
            priced=found.priced,
            gaps=found.said["gaps"],
            last=found.due["last"],
            safe=found.due["safe"],
        )

    def _fill(self, found: _Room, rows: slice) -> None:
        """Fill in some rows. With mode "clip" numpy writes to its place without a detour."""
        here = self._numbers[rows].astype(np.intp)  # other integers are far slower as an index
        self._records.take(here, out=found.said[rows], mode="clip")
        due = self._calendar.soonest(self._starts, here, self._answers.days, rows)
        self._due.take(due, out=found.due[rows], mode="clip")
        self._line.take(due, out=found.line[rows], mode="clip")
        self._fill_money(found, rows, self._terms.take(here, mode="clip"))

    def _fill_money(self, found: _Room, rows: slice, records: Records) -> None:
        """Fill in what the visits in some rows cost, by their terms."""
        terms = {name: records[name].copy() for name in self._prices.fields}
        bits = np.packbits(terms["is_known"], bitorder="little")
        found.priced[rows.start // 8 :][: len(bits)] = bits
        found.low[rows, 0], found.high[rows, 0] = self._prices.cents(rows, terms)


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
