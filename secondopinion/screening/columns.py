"""Columns of a result that are looked up piece by piece, from what each combination says."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from .answers import Answers
from .codes import Codes, smallest
from .days import FIRST, Days
from .packed import packed
from .plans import Plans
from .prices import Cents, Prices
from .room import room

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


class Table(NamedTuple):
    """A column's codes by the number of the combination, and what they stand for."""

    codes: Codes
    said: list[Any]

    @classmethod
    def of(cls, codes: Codes, said: list[Any], used: npt.NDArray[np.bool_]) -> "Table":
        """Return a table without what no row says."""
        present = np.flatnonzero(np.bincount(codes[used] + 1, minlength=len(said) + 1)[1:])
        again = np.full(len(said) + 1, -1, dtype=smallest(len(present)))
        again[present] = np.arange(len(present))
        return cls(again[codes], [said[code] for code in present.tolist()])

    def whole(self, nothing: Any) -> "Table":
        """Return a table in which every code stands for something."""
        codes = np.where(self.codes < 0, len(self.said), self.codes)
        return Table(codes.astype(np.intp), [*self.said, nothing])


class Columns(Protocol):
    """Columns that are filled in piece by piece."""

    def fill(self, rows: slice, here: Codes) -> None:
        """Fill in some rows, each of which has one of the combinations."""


# With mode "clip" numpy writes what it looks up to its place without a detour.


class TextColumns:
    """The codes of texts, and how many gaps there are.

    Parameters
    ----------
    columns
        By column, what each combination says.
    rows
        How many rows there are.
    """

    def __init__(self, columns: Mapping[str, Codes], rows: int) -> None:
        self._records = packed(columns)
        self._found = room(rows, self._records.dtype)
        self.found = {name: self._found[name] for name in columns}

    def fill(self, rows: slice, here: Codes) -> None:
        """Fill in some rows."""
        self._records.take(here, out=self._found[rows], mode="clip")


class CostColumns:
    """What the visits cost.

    Parameters
    ----------
    costs
        How prices are shared, by the combination.
    answers
        The cases.
    compiled
        Whether machine code is to work them out.
    """

    def __init__(self, costs: Table, answers: Answers, *, compiled: bool = False) -> None:
        kind = _compiled_prices() if compiled else Prices
        self._prices = kind(answers.prices, costs.said, costs.codes)
        self.found = Cents.of(answers.rows)

    def fill(self, rows: slice, here: Codes) -> None:
        """Fill in some rows."""
        self._prices.fill(rows, here, self.found)


def _compiled_prices() -> type[Prices]:
    """Return the prices that machine code works out."""
    try:
        from .compiled import CompiledPrices  # noqa: PLC0415  (needs numba)
    except ModuleNotFoundError as error:
        cure = "run: pip install 'secondopinion[compiled]'"
        message = f"{error.name} is missing, and compiled=True needs it; {cure}"
        raise ModuleNotFoundError(message, name=error.name) from error
    return CompiledPrices


class DueColumns:
    """What is due next.

    Parameters
    ----------
    due
        The lists of what is due, by the combination.
    plans
        The plans.
    answers
        The cases.
    layout
        In what form days are wanted.
    """

    def __init__(self, due: Table, plans: Plans, answers: Answers, layout: Layout) -> None:
        self._calendar = calendar = plans.calendar(due.said, answers.ranges())
        self._starts = calendar.starts(due.codes)
        self._started = answers.days
        every = calendar.due
        days = {"next_deadline": layout.of(every.last), "safe_date": layout.of(every.safe)}
        self._days = packed(days)
        self._line = every.line.astype(smallest(len(calendar.lines)))
        self._found = room(answers.rows, self._days.dtype)
        self.found = {name: self._found[name] for name in days}
        self.line = room(answers.rows, self._line.dtype)
        self.lines = calendar.lines

    def fill(self, rows: slice, here: Codes) -> None:
        """Fill in some rows."""
        due = self._calendar.soonest(self._starts, here, self._started, rows)
        self._days.take(due, out=self._found[rows], mode="clip")
        self._line.take(due, out=self.line[rows], mode="clip")
