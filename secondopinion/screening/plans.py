"""The plans of many cases: each combination of answers once, then spread to the rows."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from secondopinion.knowledge import Knowledge

from .answers import Answers
from .codes import Codes, smallest
from .combinations import Combinations
from .days import Days
from .deadlines import Calendar
from .likeness import EVENTS
from .money import Prices
from .parts import FLAGS, ORDER
from .pieces import each_piece
from .sayings import Sayings

_NOTHING = 0
"""The number of the combination that a row has which was not understood."""


class Rows(NamedTuple):
    """What the plans of many cases say, row by row."""

    codes: Mapping[str, Codes]
    """By column, for each row which of the sayings; -1 where there is none."""
    sayings: Mapping[str, list[Any]]
    """By column, what its codes stand for."""
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    """Cents as Arrow holds decimals, in two words; below 0 where there is no figure."""
    last: Days
    safe: Days
    """The number of the day; -1 where nothing is due."""


@lru_cache(maxsize=2)
def _sayings(knowledge: Knowledge, as_of: date) -> Sayings:
    return Sayings(knowledge, as_of)


class _Table(NamedTuple):
    """A column's codes by the number of the combination, and what they stand for."""

    codes: Codes
    said: list[Any]

    @classmethod
    def of(cls, codes: Codes, said: list[Any], used: npt.NDArray[np.bool_]) -> "_Table":
        """Return a table without what no row says."""
        present = np.unique(codes[used])
        present = present[present >= 0]
        again = np.full(len(said) + 1, -1, dtype=smallest(len(present)))
        again[present] = np.arange(len(present))
        return cls(again[codes], [said[code] for code in present.tolist()])

    def closed(self, nothing: Any) -> "_Table":
        """Return a table in which every code stands for something."""
        codes = np.where(self.codes < 0, len(self.said), self.codes)
        return _Table(codes.astype(np.int16), [*self.said, nothing])


class Plans:
    """The plans of one day for the cases of one table, or of its batches one after the other.

    Parameters
    ----------
    knowledge
        The knowledge base.
    as_of
        The day to plan for.
    columns
        The questions that the table answers.
    kind
        The kind of integer for the codes of the result; as small as can be when left out.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        as_of: date,
        columns: tuple[str, ...],
        kind: type[np.integer[Any]] | None = None,
    ) -> None:
        self._kind = kind
        self._sayings = _sayings(knowledge, as_of)
        likeness = self._sayings.likeness
        book = likeness.codebook
        sizes = {fact: book.size(fact) for fact in book.answers if fact in columns}
        for event in likeness.events:
            if EVENTS + event in columns:
                sizes[EVENTS + event] = len(likeness.segments[event].begins) + 1
        sizes |= {flag: 2 for flag in FLAGS[:2] if flag in columns}
        if {EVENTS + "denial", EVENTS + "final_denial"} <= set(columns):
            sizes[ORDER] = 2
        self._traits = ("coverage", *(name for name in sizes if name != "coverage"))
        self._combinations = Combinations(sizes, likeness.classes)
        self._known = {name: np.full(1, -1, dtype=np.int32) for name in self._sayings.said}

    def _trait(self, name: str, answers: Answers, rows: slice | Codes) -> Codes:
        """Return the codes of something that decides, for some rows."""
        if name in answers.facts:
            return answers.facts[name][rows]
        if name.startswith(EVENTS):
            event = name.removeprefix(EVENTS)
            stretches = self._sayings.likeness.segments[event].codes
            return stretches.take(answers.days[event][rows].astype(np.intp))
        if name == ORDER:
            first, final = (answers.days[event][rows] for event in ("denial", "final_denial"))
            return ((final >= 0) & (final < first)).view(np.int8)
        if name in FLAGS:
            return (answers.prices[name.partition(".")[2]].amounts[rows] >= 0).view(np.int8)
        return answers.nothing[rows]

    def _numbers(self, answers: Answers) -> Codes:
        """Return for each row the number of its combination."""
        numbers = np.empty(answers.rows, dtype=np.int32)

        def number(rows: slice) -> None:
            traits = {name: self._trait(name, answers, rows) for name in self._traits}
            np.add(self._combinations.numbers(traits), 1, out=numbers[rows])

        each_piece(answers.rows, number)
        have, count = len(self._known["cost"]), int(numbers.max(initial=0)) + 1
        if count > have:
            a_row_of = np.zeros(count, dtype=np.intp)
            a_row_of[numbers] = np.arange(answers.rows)
            self._learn(answers, a_row_of[have:])
        bad = answers.bad()
        if bad is not None:
            numbers[bad] = _NOTHING
        return numbers

    def _learn(self, answers: Answers, rows: Codes) -> None:
        """Work out the plans of combinations met for the first time, each from one of its rows."""
        likeness = self._sayings.likeness
        every = (*likeness.codebook.answers, *(EVENTS + e for e in likeness.events), *FLAGS)
        nothing = np.zeros(len(rows), dtype=np.int8)
        traits = {
            name: self._trait(name, answers, rows) if name in self._traits else nothing
            for name in every
        }
        codes = self._sayings.codes(traits)
        for name, known in self._known.items():
            self._known[name] = np.append(known, codes[name].astype(np.int32))

    def rows(self, answers: Answers) -> Rows:
        """Return what the plans of some cases say."""
        numbers = self._numbers(answers)
        used = np.bincount(numbers, minlength=len(self._known["cost"])) > 0
        said = self._sayings.said
        tables = {
            name: _Table.of(codes, said[name].values, used) for name, codes in self._known.items()
        }
        cost, due = tables.pop("cost").closed(None), tables.pop("due").closed(())
        prices = Prices(answers.prices, cost.said)
        calendar = Calendar(self._sayings.likeness.clocks, due.said, _ranges(answers))
        count = answers.rows
        if self._kind:
            tables = {
                name: table._replace(codes=table.codes.astype(self._kind))
                for name, table in tables.items()
            }
        codes = {name: np.empty(count, table.codes.dtype) for name, table in tables.items()}
        codes["next_action"] = np.empty(count, self._kind or smallest(len(calendar.lines)))
        sayings = {name: table.said for name, table in tables.items()}
        found = Rows(
            codes,
            {**sayings, "next_action": calendar.lines},
            np.zeros((count, 2), dtype=np.int64),
            np.zeros((count, 2), dtype=np.int64),
            np.empty(count, dtype=np.int32),
            np.empty(count, dtype=np.int32),
        )

        def spread(rows: slice) -> None:
            here = numbers[rows].astype(np.intp)  # other integers are far slower as an index
            for name, table in tables.items():
                table.codes.take(here, out=codes[name][rows], mode="clip")
            low, high = prices.cents(rows, cost.codes.take(here))
            found.low[rows, 0], found.high[rows, 0] = low, high
            next_ = calendar.next(due.codes.take(here).astype(np.intp), answers.days, rows)
            found.last[rows], found.safe[rows], codes["next_action"][rows] = next_

        each_piece(count, spread)
        return found


def _ranges(answers: Answers) -> dict[str, tuple[int, int]]:
    """Return the first and the last day of each event, where any is known."""
    ends = {}
    for event, days in answers.days.items():
        last = int(days.max(initial=-1))
        if last >= 0:
            first = int(days.min())
            ends[event] = (first if first >= 0 else int(days[days >= 0].min()), last)
    return ends
