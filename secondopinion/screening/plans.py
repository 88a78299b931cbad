"""The plans of many cases: each combination of answers is planned once, and has a number."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from secondopinion.knowledge import Knowledge

from .answers import Answers
from .codes import Codes
from .combinations import COVERAGE, Combinations
from .days import DAYS
from .deadlines import Calendar
from .likeness import EVENTS
from .parts import FLAGS, LEFT, ORDER, PRICE
from .pieces import LONG_PIECE, each_piece, pieces
from .room import room
from .sayings import Open, Sayings

_MOST_COMBINATIONS = 1 << 21  # kept from one batch to the next: a few hundred megabytes
_MOST_TEXTS = 1 << 18  # the same
_STRETCH = 512  # days; a calendar has whole stretches of them, so that it seldom changes
_KEPT, _MOST_KEPT = 2, 1 << 17  # kinds of tables, and combinations, kept between two calls
NOT_UNDERSTOOD = 0
"""The number that a row has which was not understood: nothing is said of it."""


@lru_cache(maxsize=2)
def _sayings(knowledge: Knowledge, as_of: date) -> Sayings:
    return Sayings(knowledge, as_of)


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
    """

    def __init__(self, knowledge: Knowledge, as_of: date, columns: tuple[str, ...]) -> None:
        self._for = knowledge, as_of, columns
        self.sayings = _sayings(knowledge, as_of)
        self._segments = self.sayings.likeness.segments
        book = self.sayings.likeness.codebook
        asked = [fact for fact in book.answers if fact in columns and fact != COVERAGE]
        facts = {COVERAGE: book.size(COVERAGE), **{fact: book.size(fact) for fact in asked}}
        others = {flag: 2 for flag in (PRICE, LEFT) if flag in columns}
        others |= {
            EVENTS + event: len(segments.begins) + 1
            for event, segments in self._segments.items()
            if EVENTS + event in columns
        }
        if {"events.denial", "events.final_denial"} <= set(others):
            others[ORDER] = 2
        self._given = (*facts, *others)
        self._combinations = Combinations(facts, others, self.sayings.likeness.classes)
        self.codes = {name: np.full(1, -1, dtype=np.int32) for name in self.sayings.said}
        """By column, what is said of each combination by its number."""
        self._calendar: tuple[Any, Calendar] | None = None

    @property
    def count(self) -> int:
        """How many combinations are known, with the one that was not understood."""
        return len(self.codes["gaps"])

    def renewed(self, most: int = _MOST_COMBINATIONS, most_texts: int = _MOST_TEXTS) -> "Plans":
        """Return these plans, or new ones that know nothing yet when these have become too many.

        Parameters
        ----------
        most
            How many combinations may be kept from one batch to the next.
        most_texts
            How many distinct texts may be kept.
        """
        if self.count <= most and self.sayings.texts() <= most_texts:
            return self
        _sayings.cache_clear()
        return Plans(*self._for)

    def calendar(
        self, due: list[tuple[Open, ...]], days: Mapping[str, tuple[int, int]]
    ) -> Calendar:
        """Return what is due next; it stays the same while it is asked the same.

        Parameters
        ----------
        due
            The lists of what is due, by their code.
        days
            For each event, the first and the last day that occur.
        """
        wide = {
            event: (first // _STRETCH * _STRETCH, min((last // _STRETCH + 1) * _STRETCH, DAYS) - 1)
            for event, (first, last) in days.items()
        }
        if self._calendar is None or self._calendar[0] != (due, wide):
            self._calendar = (due, wide), Calendar(self.sayings.likeness.clocks, due, wide)
        return self._calendar[1]

    def numbers(self, answers: Answers) -> Codes:
        """Return for each row the number of its combination, planned if it is new."""
        numbers = room(answers.rows, np.int32)
        together = self._combinations.together(answers.fact)

        def number(rows: slice) -> None:
            traits = _Traits(lambda name: self._trait(name, answers, rows))
            np.add(self._combinations.numbers(together, rows, traits), 1, out=numbers[rows])

        each_piece(answers.rows, number, LONG_PIECE)
        have, count = self.count, int(numbers.max(initial=0)) + 1
        if count > have:
            rows = _a_row_of_each(numbers, have, count)
            for piece in pieces(len(rows)):
                self._plan(answers, rows[piece])
        bad = answers.bad()
        if bad is not None:
            numbers[bad] = NOT_UNDERSTOOD
        return numbers

    def _plan(self, answers: Answers, rows: Codes) -> None:
        """Plan the combinations that stand in some rows."""
        book = self.sayings.likeness.codebook
        nothing = np.zeros(len(rows), dtype=np.int8)
        traits: Mapping[str, Codes] = {
            name: nothing + self._trait(name, answers, rows) if name in self._given else nothing
            for name in (*book.answers, *(EVENTS + event for event in self._segments), *FLAGS)
        }
        for name, codes in self.sayings.codes(traits).items():
            self.codes[name] = np.append(self.codes[name], codes.astype(np.int32))

    def _trait(self, name: str, answers: Answers, rows: slice | Codes) -> Codes:
        """Return the codes of something that decides, for some rows."""
        if name.startswith(EVENTS):
            event = name.removeprefix(EVENTS)
            return self._segments[event].codes.take(answers.days[event].at(rows))
        if name in (PRICE, LEFT):
            return answers.prices[name.partition(".")[2]].known(rows)
        if name == ORDER:
            first, final = (answers.days[event].at(rows) for event in ("denial", "final_denial"))
            return ((final >= 0) & (final < first)).view(np.int8)
        return answers.fact(name).at(rows)


class _Traits(dict[str, Codes]):
    """What decides in some rows, by name, looked up when it is first asked for."""

    def __init__(self, find: Callable[[str], Codes]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, name: str) -> Codes:
        self[name] = found = self._find(name)
        return found


_LENT: dict[tuple[Knowledge, date, tuple[str, ...]], Plans] = {}


@contextmanager
def lent_plans(knowledge: Knowledge, as_of: date, columns: tuple[str, ...]) -> Iterator[Plans]:
    """Lend the plans that earlier tables of the same columns brought; nobody else has them then.

    Parameters
    ----------
    knowledge
        The knowledge base.
    as_of
        The day to plan for.
    columns
        The questions that the table answers.
    """
    what = knowledge, as_of, columns
    plans = _LENT.pop(what, None) or Plans(*what)
    yield plans  # after an error they do not come back
    _LENT[what] = plans.renewed(_MOST_KEPT)
    for oldest in list(_LENT)[:-_KEPT]:
        _LENT.pop(oldest, None)


def _a_row_of_each(numbers: Codes, first: int, end: int) -> Codes:
    """Return a row for each number from the first; most are found long before the last row."""
    row = np.full(end, -1, dtype=np.intp)
    for piece in pieces(len(numbers)):
        row[numbers[piece]] = np.arange(piece.start, piece.stop)
        if row[first:].min() >= 0:
            break
    return row[first:]
