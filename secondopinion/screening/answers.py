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


@dataclass(frozen=True)
class Answers:
    """The answers of many cases.

    A cell that was not understood stands here as not known; `bad` says which rows have one.
    """

    rows: int
    facts: Mapping[str, Codes]
    """By question, for each row the number of the answer in the `Codebook`."""
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

    @cached_property
    def nothing(self) -> Codes:
        """A column in which nothing is known."""
        return np.zeros(self.rows, dtype=np.int8)

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
