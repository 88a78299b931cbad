"""What comes of the cost columns of many cases by the terms of their plans."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from secondopinion.planner.costs import Own, Terms, bounds

from .codes import Codes
from .money import PERCENT, UNKNOWN, Amounts, Column, Ruled, arithmetic, whole
from .packed import packed
from .room import room

_INSTEAD = {"deductible": "deductible_left", "cap": "out_of_pocket_left"}
"""By the name of a rule's own amount, what a person may know better."""


class Cents(NamedTuple):
    """What visits cost."""

    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    """Cents as Arrow holds decimals, in two words."""
    priced: npt.NDArray[np.uint8]
    """Where there is a figure, one bit for each row, as Arrow has it."""

    @classmethod
    def of(cls, rows: int) -> "Cents":
        """Return room for so many rows."""
        low, high = (room(2 * rows, np.int64).reshape(-1, 2) for _ in range(2))
        return cls(low, high, room((rows + 7) // 8, np.uint8))

    def mark(self, rows: slice, known: npt.NDArray[Any]) -> None:
        """Say in which of some rows there is a figure.

        Parameters
        ----------
        rows
            Which rows; they begin at a multiple of eight.
        known
            Not 0 where there is one.
        """
        bits = np.packbits(known, bitorder="little")
        self.priced[rows.start // 8 :][: len(bits)] = bits


def switches(terms: Sequence[Terms]) -> dict[str, list[int]]:
    """Return what about some terms is only so or not, field by field, as 0 and 1.

    Parameters
    ----------
    terms
        How prices are shared.
    """
    return {
        "is_owed": [one.share != "none" for one in terms],
        "is_full": [one.share == "full" for one in terms],
        "is_firm": [not one.may_be_less for one in terms],
        "has_copay": [one.has_copay for one in terms],
    }


class Prices:
    """The cost columns of some cases, and how prices are shared.

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
        self._columns = columns
        some = [one or Terms("none") for one in terms]
        self._do = do = arithmetic(columns, some)
        fields = switches(some)
        unsure = {name for name in (*_INSTEAD.values(), PERCENT) if not self._is_sure(name)}
        for name, own in _INSTEAD.items():
            if own in unsure:
                fields[name] = [whole(getattr(one, name), do.scale) for one in some]
        if PERCENT in unsure:
            percents = [whole(one.coinsurance, do.parts(PERCENT)) for one in some]
            fields["least"] = [max(percent, do.nothing) for percent in percents]
            fields["most"] = [do.everything if p == UNKNOWN else p for p in percents]
        is_known = np.array([one is not None for one in terms])
        columns_of = {name: np.array(field, do.kind) for name, field in fields.items()}
        self._terms = packed({**columns_of, "is_known": is_known}).take(of_each)
        self._fields = tuple(columns_of)

    def _is_sure(self, name: str) -> bool:
        return name in self._columns and self._columns[name].gapless

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
        terms = self._terms.take(here, mode="clip")
        found.mark(rows, terms["is_known"])
        low, high = self._bounds(rows, {name: terms[name].copy() for name in self._fields})
        for column, cents in ((found.low, low), (found.high, high)):
            column[rows, 0], column[rows, 1] = cents, 0

    def _bounds(self, rows: slice, terms: Mapping[str, Any]) -> tuple[Amounts, Amounts]:
        """Return the cents at the least and at the most; 0 where the terms are not known."""
        do = self._do
        own = {
            name: column.at(rows, do.parts(name), do.kind) for name, column in self._columns.items()
        }
        if "visit_price" not in own:
            nobody = np.zeros(len(terms["is_owed"]), dtype=do.kind)
            return nobody, nobody
        price = own["visit_price"] * terms["is_owed"]
        ruled = {name: terms[name] for name in _INSTEAD if name in terms}
        if "most" in terms:
            ruled[PERCENT] = Ruled(terms["least"], terms["most"])
        of_plan = Terms("formula", **ruled, has_copay=terms["has_copay"])
        worked = bounds(price, Own.of(own), of_plan, do)
        in_full = price * terms["is_full"]  # no formula comes to more than the price
        low = np.maximum(worked.low, in_full) * terms["is_firm"]  # else it may be nothing
        return do.cents(low), do.cents(np.maximum(worked.high, in_full))
