"""What visits cost, reckoned in machine code: `costs.bounds` itself, compiled for whole columns.

numba compiles the very function that works out a single plan, once in each process. That takes
two seconds, so it is for those who screen table after table.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

from secondopinion.planner import costs
from secondopinion.planner.costs import Own, Terms

from .codes import Codes
from .money import PERCENT, UNKNOWN, Column, WholeColumns, whole
from .prices import Cents, Prices, switches

Figures = npt.NDArray[np.uint32]
"""Cents, parts of a percent, or 1 for yes. What would not fit into a signed integer is unknown."""

_MOST = np.uint32(np.iinfo(np.int32).max)
_BLOCK = 1024  # rows whose terms and shares stay next to the processor


class OneCent(NamedTuple):
    """The arithmetic of shares in whole cents, as `OneFigure` has it in dollars.

    The cents have no sign, because only then a processor divides several of them at once.
    """

    nothing: Any
    everything: Any
    known: Any
    where: Any
    least: Any
    portion: Any

    @classmethod
    def counted(cls, everything: int) -> "OneCent":
        """Return the arithmetic where percentages are counted in so many parts of everything."""
        every, half = np.uint32(everything), np.uint32(everything // 2)

        def known(figure: Any, otherwise: Any) -> Any:
            return otherwise if figure > _MOST else figure

        def where(condition: Any, then: Any, otherwise: Any) -> Any:
            return then if condition else otherwise

        def least(one: Any, other: Any) -> Any:
            return min(one, other)

        def portion(amount: Any, percent: Any) -> Any:
            return np.uint32(np.uint32(np.uint32(amount * percent) + half) // every)

        return cls(
            np.uint32(0), every, *(_compiled(each) for each in (known, where, least, portion))
        )


def _compiled(work: Callable[..., Any]) -> Callable[..., Any]:
    """Return machine code for some work, made when it is first needed; threads do it together."""
    code: Callable[..., Any] = numba.njit(work, nogil=True)
    return code


class Ways(NamedTuple):
    """How prices are shared, field by field: for each combination, or for each row."""

    is_owed: Any
    is_full: Any
    is_firm: Any
    has_copay: Any
    deductible: Any
    coinsurance: Any
    cap: Any
    is_known: Any


def _look_up(table: Ways, here: Codes, start: Any, count: Any, found: Ways) -> None:
    """Look up one field after the other: the values of each lie close together."""
    for values, into in zip(table, found):  # noqa: B905  (numba knows no strict)
        for row in range(count):
            into[row] = values[np.uint64(here[start + row])]


def _write(cents: Figures, column: npt.NDArray[np.int64], start: Any, count: Any) -> None:
    """Write cents as Arrow holds decimals, in two words."""
    for row in range(count):
        column[start + row, 0] = cents[row]
        column[start + row, 1] = 0


@lru_cache
def _sharing(everything: int) -> Callable[..., None]:
    """Return machine code that works out the shares in some rows, several rows at once."""
    do = OneCent.counted(everything)
    for each in (costs.share, costs.bounds):
        register_jitable(each)

    def share(  # noqa: PLR0913, PLR0917  (one for each column)
        price: Figures, own: Own, start: Any, count: Any, ways: Ways, low: Figures, high: Figures
    ) -> None:
        deductible, coinsurance, copay, left = own
        for row in range(count):
            at = start + row
            asked = np.uint32(price[at] * ways.is_owed[row])
            mine = Own(deductible[at], coinsurance[at], copay[at], left[at])
            of_plan = Terms(
                "formula",
                ways.deductible[row],
                ways.coinsurance[row],
                ways.cap[row],
                may_be_less=False,
                has_copay=ways.has_copay[row] != 0,
            )
            worked = costs.bounds(asked, mine, of_plan, do)
            in_full = np.uint32(asked * ways.is_full[row])  # no formula comes to more
            low[row] = np.uint32(max(worked.low, in_full) * ways.is_firm[row])
            high[row] = max(worked.high, in_full)

    return _compiled(share)


@lru_cache
def _filling(everything: int) -> Callable[..., None]:
    """Return machine code that fills in what the visits in some rows cost."""
    look_up, share, write = _compiled(_look_up), _sharing(everything), _compiled(_write)

    def fill(  # noqa: PLR0913, PLR0917  (one for each column)
        price: Figures, own: Own, table: Ways, here: Codes, low: Any, high: Any, is_known: Any
    ) -> None:
        room = np.empty((10, _BLOCK), np.uint32)
        ways = Ways(room[0], room[1], room[2], room[3], room[4], room[5], room[6], room[7])
        least, most = room[8], room[9]
        for first in range(0, len(here), _BLOCK):
            # Without a sign: else each index would be asked whether it counts from the end.
            start, count = np.uint64(first), np.uint64(min(_BLOCK, len(here) - first))
            look_up(table, here, start, count, ways)
            share(price, own, start, count, ways, least, most)
            write(least, low, start, count)
            write(most, high, start, count)
            for row in range(count):
                is_known[start + row] = ways.is_known[row]

    return _compiled(fill)


class CompiledPrices(Prices):
    """Prices that are shared by machine code, where short integers hold all amounts.

    Parameters
    ----------
    columns
        The columns, by the names of a case file's costs.
    terms
        How prices are shared; None is not known.
    of_each
        For each combination, which of the terms are its own.
    """

    def __init__(
        self, columns: Mapping[str, Column], terms: Sequence[Terms | None], of_each: Codes
    ) -> None:
        super().__init__(columns, terms, of_each)
        self._is_short = self._do.kind is np.int32
        if self._is_short:
            self._ways = _ways(terms, self._do, of_each)
            self._fill = _filling(self._do.everything)

    def fill(self, rows: slice, here: Codes, found: Cents) -> None:
        """Fill in what the visits in some rows cost.

        Parameters
        ----------
        rows
            Which rows; they begin at a multiple of eight.
        here
            For each of them its combination.
        found
            Where to write it.
        """
        if not self._is_short:
            super().fill(rows, here, found)
            return
        own = {
            name: column.at(rows, self._do.parts(name), np.int32).view(np.uint32)
            for name, column in self._columns.items()
        }
        nobody = np.full(len(here), UNKNOWN, np.int32).view(np.uint32)
        price, *others = (own.get(name, nobody) for name in ("visit_price", *Own._fields))
        known = np.empty(len(here), np.uint8)
        self._fill(price, Own(*others), self._ways, here, found.low[rows], found.high[rows], known)
        found.mark(rows, known)


def _ways(terms: Sequence[Terms | None], do: WholeColumns, of_each: Codes) -> Ways:
    """Return how prices are shared in each combination."""
    some = [one or Terms("none") for one in terms]
    fields = Ways(
        **switches(some),
        deductible=[whole(one.deductible, do.scale) for one in some],
        coinsurance=[whole(one.coinsurance, do.parts(PERCENT)) for one in some],
        cap=[whole(one.cap, do.scale) for one in some],
        is_known=[one is not None for one in terms],
    )
    return Ways(*(np.array(each, np.int32).view(np.uint32).take(of_each) for each in fields))
