"""Whole columns of money, in exact whole numbers, shared by the terms of each case's plan."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from secondopinion.planner.costs import Terms, bounds

from .codes import Codes
from .packed import packed

Amounts = npt.NDArray[np.int64]

CENTS = 100
MILLIONTHS = 1_000_000
"""How fine a case file may be: six places after the point."""
UNKNOWN = -1

_PERCENT = "coinsurance"
_ALL = 100 * MILLIONTHS
_FINER = MILLIONTHS // CENTS
_INSTEAD = {"deductible": "deductible_left", "coinsurance": _PERCENT, "cap": "out_of_pocket_left"}
"""By the name of a rule's own figure, what a person may know better."""
_KNOWN = np.ones((), dtype=np.int8)


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

    @classmethod
    def known(cls, figure: Any, otherwise: Any) -> Any:
        """Return each figure, or another one where nobody knows it."""
        if figure is None:
            return otherwise
        if np.min(figure, initial=0) >= 0:
            return figure
        return cls.where(figure < 0, UNKNOWN if otherwise is None else otherwise, figure)

    @staticmethod
    def where(condition: Any, then: Any, otherwise: Any) -> Any:
        """Return one of two figures for each row.

        Reckoned, not chosen: a processor that has to guess which one comes next loses time.
        """
        if isinstance(condition, bool):
            return then if condition else otherwise
        if otherwise is WholeColumns.nothing:
            return then * condition
        if then is WholeColumns.nothing:
            return otherwise * ~condition
        return otherwise + (then - otherwise) * condition

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
    gapless: bool = False
    """Whether every cell is known for sure."""

    def known(self, rows: slice | Codes) -> Codes:
        """Return in which rows the amount is known, as 0 and 1; one 1 for all rows may do."""
        return _KNOWN if self.gapless else (self.cells[rows] >= 0).view(np.int8)

    def at(self, rows: slice, scale: int) -> Amounts:
        """Return the amounts in some rows, in a scale that is as fine or finer."""
        cells = self.cells[rows].astype(np.int64)
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
        How prices are shared, by their code.
    """

    def __init__(self, columns: Mapping[str, Column], terms: Sequence[Terms | None]) -> None:
        figures = [each for one in terms if one for each in (one.deductible, one.cap) if each]
        is_fine = any(
            column.parts == MILLIONTHS for name, column in columns.items() if name != _PERCENT
        )
        is_fine = is_fine or any(each * CENTS % 1 for each in figures)
        self._columns = columns
        self._do = WholeColumns(MILLIONTHS if is_fine else CENTS)
        some = [one or Terms("none") for one in terms]
        ruled = {
            name: np.array([whole(getattr(one, name), self._scale(own)) for one in some])
            for name, own in _INSTEAD.items()
            if not (own in columns and columns[own].gapless)
        }
        flags = {
            "is_known": [one is not None for one in terms],
            "is_owed": [one.share != "none" for one in some],
            "is_full": [one.share == "full" for one in some],
            "may_be_less": [one.may_be_less for one in some],
            "has_copay": [one.has_copay for one in some],
        }
        fields = {**ruled, **{name: np.array(flag) for name, flag in flags.items()}}
        self.fields = tuple(fields)
        self.terms = packed(fields)
        """The terms as records, by their code."""

    def _scale(self, name: str) -> int:
        return MILLIONTHS if name == _PERCENT else self._do.scale

    def cents(self, rows: slice, terms: Mapping[str, Any]) -> tuple[Amounts, Amounts]:
        """Return what the visits in some rows cost at the least and at the most.

        Parameters
        ----------
        rows
            Which rows.
        terms
            For each of them its terms, by field. Where they are not known the cost is 0.
        """
        do = self._do
        own = {name: column.at(rows, self._scale(name)) for name, column in self._columns.items()}
        if "visit_price" not in own:
            nobody = np.zeros(len(terms["is_known"]), dtype=np.int64)
            return nobody, nobody
        price = own["visit_price"] * terms["is_owed"]
        ruled = {name: terms[name] for name in _INSTEAD if name in terms}
        worked = bounds(price, own, Terms("formula", **ruled, has_copay=terms["has_copay"]), do)
        in_full = price * terms["is_full"]  # no formula comes to more than the price
        low = do.where(terms["may_be_less"], do.nothing, np.maximum(worked.low, in_full))
        return do.cents(low), do.cents(np.maximum(worked.high, in_full))
