"""Whole columns of money, in exact whole numbers, shared by the terms of each case's plan."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from secondopinion.planner.costs import Terms

from .codes import Codes

Amounts = npt.NDArray[np.signedinteger[Any]]

CENTS = 100
MILLIONTHS = 1_000_000
"""How fine a case file may be: six places after the point."""
UNKNOWN = -1

PERCENT = "coinsurance"
"""The one of a case file's costs that is no amount of money."""
_FINER = MILLIONTHS // CENTS
_KNOWN = np.ones((), dtype=np.int8)
_SHORT = np.iinfo(np.int32).max


def whole(figure: Decimal | None, scale: int) -> int:
    """Return a figure as a whole number of cents, or of millionths; -1 where nobody knows it."""
    return UNKNOWN if figure is None else int(figure * scale)


def parts_of(figures: Iterable[Decimal], coarsest: int = 1) -> int:
    """Return in how many parts of a dollar, or of a percent, some figures are all whole."""
    listed = list(figures)
    scales = [scale for scale in (1, CENTS) if scale >= coarsest]
    fits = (scale for scale in scales if all(figure * scale % 1 == 0 for figure in listed))
    return next(fits, MILLIONTHS)


class Ruled(NamedTuple):
    """The percentages that rules have, row by row. Where a rule has none, it may be any."""

    least: Amounts
    most: Amounts


class WholeColumns:
    """The arithmetic of shares for whole columns, as `OneFigure` has it for one person.

    Parameters
    ----------
    scale
        In what money is counted: in cents, or in millionths where a price has parts of a cent.
        -1 stands for what nobody knows.
    percents
        In how many parts of a percent percentages are counted.
    kind
        The kind of integer that holds them. Half as long ones take half the time.
    """

    nothing = 0

    def __init__(
        self, scale: int, percents: int = MILLIONTHS, kind: type[np.signedinteger[Any]] = np.int64
    ) -> None:
        self.scale = scale
        self.kind = kind
        self.everything = 100 * percents

    def known(self, figure: Any, otherwise: Any) -> Any:
        """Return each figure, or another one where nobody knows it."""
        if figure is None:
            return otherwise
        if isinstance(figure, Ruled):
            return {self.nothing: figure.least, self.everything: figure.most}[otherwise]
        if np.min(figure, initial=0) >= 0:
            return figure
        return self.where(figure < 0, UNKNOWN if otherwise is None else otherwise, figure)

    def parts(self, name: str) -> int:
        """Return in how many parts of a dollar, or of a percent, one of the costs is counted."""
        return self.everything // 100 if name == PERCENT else self.scale

    def where(self, condition: Any, then: Any, otherwise: Any) -> Any:
        """Return one of two figures for each row.

        Reckoned, not chosen: a processor that has to guess which one comes next loses time.
        """
        if isinstance(condition, bool):
            return then if condition else otherwise
        chosen = condition.astype(self.kind, copy=False)
        if otherwise is self.nothing:
            return then * chosen
        if then is self.nothing:
            return otherwise * (1 - chosen)
        return otherwise + (then - otherwise) * chosen

    @staticmethod
    def least(one: Any, other: Any) -> Any:
        """Return the smaller of two figures for each row."""
        return np.minimum(one, other)

    def portion(self, amount: Any, percent: Any) -> Any:
        """Return a percentage of each amount, to the cent, half a cent up."""
        every = self.everything
        if self.scale == CENTS:
            return (amount * percent + every // 2) // every
        cents = amount // _FINER
        parts = amount - cents * _FINER
        full = cents * percent // every
        rest = cents * percent - full * every
        exact = rest * _FINER + parts * percent  # below 2 * every * _FINER: no overflow
        return (full + (exact + every * _FINER // 2) // (every * _FINER)) * _FINER

    def cents(self, amount: Any) -> Any:
        """Return amounts in cents, half a cent up."""
        return amount if self.scale == CENTS else (amount + _FINER // 2) // _FINER


class Column(NamedTuple):
    """A column of money or percentages as whole numbers; below 0 is not known."""

    cells: npt.NDArray[Any]
    parts: int
    """How many of them make a dollar or a percent."""
    most: int
    """The largest of them."""
    gapless: bool = False
    """Whether every cell is known for sure."""

    def known(self, rows: slice | Codes) -> Codes:
        """Return in which rows the amount is known, as 0 and 1; one 1 for all rows may do."""
        return _KNOWN if self.gapless else (self.cells[rows] >= 0).view(np.int8)

    def at(self, rows: slice, scale: int, kind: type[np.signedinteger[Any]]) -> Amounts:
        """Return the amounts in some rows, in a scale that is as fine or finer."""
        finer = kind(scale // self.parts)
        amounts: Amounts = np.multiply(self.cells[rows], finer, dtype=kind, casting="unsafe")
        return amounts


def arithmetic(columns: Mapping[str, Column], terms: Sequence[Terms]) -> WholeColumns:
    """Return arithmetic that is exact for some columns and terms, in the shortest integers.

    Parameters
    ----------
    columns
        The cost columns, by the names of a case file's costs.
    terms
        The terms that occur.
    """
    own = [column for name, column in columns.items() if name != PERCENT]
    ruled = [each for one in terms for each in (one.deductible, one.cap) if each is not None]
    if MILLIONTHS in {parts_of(ruled, CENTS), *(column.parts for column in own)}:
        return WholeColumns(MILLIONTHS)
    most = [column.most * (CENTS // column.parts) for column in own]
    most += [whole(figure, CENTS) for figure in ruled]
    percents = parts_of([one.coinsurance for one in terms if one.coinsurance is not None])
    if PERCENT in columns:
        percents = max(percents, columns[PERCENT].parts)
    # On the way are percentages that are not yet divided, and three amounts together.
    is_short = max(most, default=0) * max(100 * percents, 3) + 50 * percents <= _SHORT
    return WholeColumns(CENTS, percents, np.int32 if is_short else np.int64)
