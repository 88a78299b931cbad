"""Spread what plans say to the rows, with the days and the money of each row."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .answers import Answers
from .codes import Codes
from .columns import Columns, CostColumns, DueColumns, Layout, Table, TextColumns
from .pieces import each_piece, pieces
from .plans import Plans
from .prices import Cents
from .table import COSTS, DUE, RESULTS

_COUNTED = "verdict"
"""What is always said, because verdicts are counted."""
_NO_GAPS = -1


class Rows(NamedTuple):
    """What the plans of many cases say, row by row. A column may be a view of what lies together.

    What was not wanted is not there.
    """

    codes: Mapping[str, Codes]
    """By column, for each row which of the sayings; -1 where there is none."""
    said: Mapping[str, list[Any]]
    """By column, what its codes stand for."""
    gaps: npt.NDArray[np.int16] | None
    """How many gaps each plan has; -1 for a row that was not understood."""
    cents: Cents | None
    days: Mapping[str, Codes]
    """By column, days since 1970, in the form that was asked for."""


class Spread:
    """Spreads what plans say to the rows of some cases.

    Parameters
    ----------
    plans
        The plans.
    answers
        The cases.
    layout
        In what form days are wanted.
    wanted
        The columns of the result that are wanted.
    compiled
        Whether machine code is to work out what visits cost.
    """

    def __init__(
        self,
        plans: Plans,
        answers: Answers,
        layout: Layout,
        wanted: Collection[str] = RESULTS,
        *,
        compiled: bool = False,
    ) -> None:
        self._numbers = plans.numbers(answers)
        things = {name: each.things for name, each in plans.sayings.said.items()}
        asked = {_COUNTED, *wanted}
        asked |= {name for name, of in (("cost", COSTS), ("due", DUE)) if asked.intersection(of)}
        codes = {name: plans.codes[name] for name in things if name in asked - {"gaps"}}
        used = _used(self._numbers, codes)
        tables = {name: Table.of(each, things[name], used) for name, each in codes.items()}
        cost, due = tables.pop("cost", None), tables.pop("due", None)
        columns = {name: table.codes for name, table in tables.items()}
        if "gaps" in asked:
            counts = np.array([*things["gaps"], _NO_GAPS], dtype=np.int16)
            columns["gaps"] = counts.take(plans.codes["gaps"])
        self._said = {name: table.said for name, table in tables.items()}
        self._texts = TextColumns(columns, answers.rows)
        self._costs = cost and CostColumns(cost.whole(None), answers, compiled=compiled)
        self._due = DueColumns(due.whole(()), plans, answers, layout) if due else None

    def rows(self) -> Rows:
        """Return what the plans say, row by row."""
        texts, costs, due = self._texts, self._costs, self._due
        filled: list[Columns] = [each for each in (texts, costs, due) if each]

        def fill(rows: slice) -> None:
            here = self._numbers[rows].astype(np.intp)  # other integers are far slower as an index
            for each in filled:
                each.fill(rows, here)

        each_piece(len(self._numbers), fill)
        gaps = texts.found.get("gaps")
        codes = {name: texts.found[name] for name in self._said}
        said, days = dict(self._said), {}
        if due:
            codes["next_action"], said["next_action"], days = due.line, due.lines, due.found
        return Rows(codes, said, gaps, costs.found if costs else None, days)


def _used(numbers: Codes, codes: Mapping[str, Codes]) -> npt.NDArray[np.bool_]:
    """Return combinations that stand in some row, enough of them to know all that is said.

    Parameters
    ----------
    numbers
        For each row the number of its combination.
    codes
        By column, what is said of each combination.
    """
    count = len(codes[_COUNTED])
    everything = {name: _distinct(each) for name, each in codes.items()}
    used = np.zeros(count, dtype=bool)
    for place, piece in enumerate(pieces(len(numbers))):
        used |= np.bincount(numbers[piece], minlength=count) > 0
        is_time = place & (place - 1) == 0  # often in the beginning, when it is likely, then seldom
        if is_time and all(_distinct(codes[name][used]) == everything[name] for name in codes):
            break
    return used


def _distinct(codes: Codes) -> int:
    """Return how many distinct things some codes stand for, besides nothing."""
    return int(np.count_nonzero(np.bincount(codes + 1)[1:]))
