"""Many cases as columns of numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .codes import Codes
from .days import DayColumn
from .money import Column


class Complaint(NamedTuple):
    """A cell that was not understood, and what to write instead."""

    column: str
    value: str
    what_to_write: str


class Misread(NamedTuple):
    """The rows of one column that were not understood."""

    rows: npt.NDArray[np.intp]
    which: Codes
    """For each of these rows, which of the complaints."""
    complaints: list[Complaint]


class Facts(NamedTuple):
    """A column of answers from a list."""

    cells: Codes
    """For each row, which of the distinct cells it holds; -1 where it is empty."""
    table: Codes
    """For each distinct cell the number of the answer in the `Codebook`, and for none at last."""

    def at(self, rows: slice | Codes) -> Codes:
        """Return the numbers of the answers in some rows."""
        return self.table.take(self.cells[rows], mode="wrap")


@dataclass(frozen=True)
class Answers:
    """The answers of many cases.

    A cell that was not understood stands here as not known; `bad` says which rows have one.
    """

    rows: int
    facts: Mapping[str, Facts]
    """By question."""
    days: Mapping[str, DayColumn]
    """By event."""
    prices: Mapping[str, Column]
    """By the names of a case file's costs."""
    misread: tuple[Misread, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The questions that are answered, as a case file names them."""
        days = (f"events.{event}" for event in self.days)
        return (*self.facts, *days, *(f"costs.{name}" for name in self.prices))

    def fact(self, name: str) -> Facts:
        """Return the answers to a question; nothing but empty cells where it has no column."""
        nobody = Facts(np.broadcast_to(np.int8(-1), self.rows), np.zeros(1, dtype=np.int8))
        return self.facts.get(name, nobody)

    def ranges(self) -> dict[str, tuple[int, int]]:
        """Return the first and the last day of each event, where any is known."""
        ends = {event: column.ends() for event, column in self.days.items()}
        return {event: each for event, each in ends.items() if each}

    def bad(self) -> npt.NDArray[np.bool_] | None:
        """Return which rows have a cell that was not understood; None if there is no such row."""
        if not self.misread:
            return None
        rows = np.zeros(self.rows, dtype=bool)
        for each in self.misread:
            rows[each.rows] = True
        return rows
