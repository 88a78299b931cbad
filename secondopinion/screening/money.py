"""Whole columns of money, in exact whole numbers, shared by the terms of each case's plan."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from secondopinion.planner.costs import Terms, bounds

from .codes import Codes

Amounts = npt.NDArray[np.int64]

CENTS = 100
MILLIONTHS = 1_000_000
"""How fine a case file may be: six places after the point."""
UNKNOWN = -1

_PERCENT = "coinsurance"
_ALL = 100 * MILLIONTHS
_FINER = MILLIONTHS // CENTS


def whole(figure: Decimal | None, scale: int) -> int:
    """Return a figure as a whole number of cents, or of millionths; -1 where nobody knows it."""
    return UNKNOWN if figure is None else int(figure * scale)


class WholeColumns:
    """The arithmetic of shares for whole columns, as `OneFigure` has it for one person.

    Parameters
    ----------
    scale
        In what money is counted: in cents, or in millionths where a price has parts of a cent.
        Percentages are always in millionths. -1 stands for what nobody knows.
    """

    nothing = 0
    everything = _ALL

    def __init__(self, scale: int) -> None:
        self.scale = scale

    @staticmethod
    def known(figure: Any, otherwise: Any) -> Any:
        """Return each figure, or another one where nobody knows it."""
        if figure is None:
            return otherwise
        if np.min(figure) >= 0:
            return figure
        return np.where(figure < 0, UNKNOWN if otherwise is None else otherwise, figure)

    @staticmethod
    def where(condition: Any, then: Any, otherwise: Any) -> Any:
        """Return one of two figures for each row."""
        if isinstance(condition, bool):
            return then if condition else otherwise
        return np.where(condition, then, otherwise)

    @staticmethod
    def least(one: Any, other: Any) -> Any:
        """Return the smaller of two figures for each row."""
        return np.minimum(one, other)

    def portion(self, amount: Any, percent: Any) -> Any:
        """Return a percentage of each amount, to the cent, half a cent up."""
        if self.scale == CENTS:
            return (amount * percent + _ALL // 2) // _ALL
        cents = amount // _FINER
        parts = amount - cents * _FINER
        full = cents * percent // _ALL
        rest = cents * percent - full * _ALL
        exact = rest * _FINER + parts * percent  # below 2 * _ALL * _FINER: no overflow
        return (full + (exact + _ALL * _FINER // 2) // (_ALL * _FINER)) * _FINER

    def cents(self, amount: Any) -> Any:
        """Return amounts in cents, half a cent up."""
        return amount if self.scale == CENTS else (amount + _FINER // 2) // _FINER


class Column(NamedTuple):
    """A column of money or percentages as whole numbers; below 0 is not known."""

    cells: npt.NDArray[Any]
    parts: int
    """How many of them make a dollar or a percent."""

    def at(self, rows: slice, mine: Codes, scale: int) -> Amounts:
        """Return some of the amounts in some rows, in a scale that is as fine or finer."""
        cells = self.cells[rows].take(mine).astype(np.int64)
        if scale != self.parts:
            cells *= scale // self.parts
        return cells


class Prices:
    """The cost columns of some cases, and what comes of them by the terms of their plans.

    Parameters
    ----------
    columns
        The columns, by the names of a case file's costs.
    terms
        How prices are shared, by the codes that `cents` is given.
    """

    def __init__(self, columns: Mapping[str, Column], terms: Sequence[Terms | None]) -> None:
        figures = [each for one in terms if one for each in (one.deductible, one.cap) if each]
        is_fine = any(
            column.parts == MILLIONTHS for name, column in columns.items() if name != _PERCENT
        )
        self.columns = columns
        self.scale = MILLIONTHS if is_fine or any(each * CENTS % 1 for each in figures) else CENTS
        self.terms = [one and self._scaled(one) for one in terms]

    def _scaled(self, terms: Terms) -> Any:
        """Return terms in whole numbers; what is not known stays so."""
        figures = {
            name: None if figure is None else whole(figure, scale)
            for name, figure, scale in (
                ("deductible", terms.deductible, self.scale),
                ("coinsurance", terms.coinsurance, MILLIONTHS),
                ("cap", terms.cap, self.scale),
            )
        }
        return terms._replace(**figures)  # type: ignore[arg-type]

    def cents(self, rows: slice, codes: Codes) -> tuple[Amounts, Amounts]:
        """Return what the visits in some rows cost at the least and at the most; -1 for unknown.

        Parameters
        ----------
        rows
            Which rows.
        codes
            For each of them the code of its terms.
        """
        low = np.full(len(codes), UNKNOWN, dtype=np.int64)
        high = low.copy()
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(self.terms)))
        begin = 0
        for terms, end in zip(self.terms, ends.tolist(), strict=True):
            if terms and end > begin:
                mine = order[begin:end]
                low[mine], high[mine] = self._shared(rows, mine, terms)
            begin = end
        return low, high

    def _shared(self, rows: slice, mine: Codes, terms: Terms) -> tuple[Any, Any]:
        """Return the least and the most in cents for rows of the same terms."""
        if terms.share == "none":
            return 0, 0
        do = WholeColumns(self.scale)
        price = self._own("visit_price", rows, mine)
        if terms.share == "full":
            return (0 if terms.may_be_less else do.cents(price)), do.cents(price)
        own = {name: self._own(name, rows, mine) for name in self.columns}
        worked = bounds(price, own, terms, do)
        return do.cents(worked.low), do.cents(worked.high)

    def _own(self, name: str, rows: slice, mine: Codes) -> Amounts:
        """Return a person's own numbers in some rows."""
        scale = MILLIONTHS if name == _PERCENT else self.scale
        return self.columns[name].at(rows, mine, scale)
