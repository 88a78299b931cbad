"""Small numbers for answers, and one number for each distinct combination of them."""

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from secondopinion.knowledge import Knowledge

Codes = npt.NDArray[np.integer[Any]]

_TABLE = 1 << 24  # combinations for which a table of numbers is kept: 64 MiB
_MOST = 1 << 62  # what an integer holds


class Codebook:
    """The number of every answer to every question with a list of answers; 0 is not known."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.answers: dict[str, list[str | bool]] = {}
        self.many: set[str] = set()
        for question in knowledge.section("questions"):
            if question["kind"] in ("choice", "yes_no", "choices"):
                self.answers[question["id"]] = knowledge.answers(question["id"])
            if question["kind"] == "choices":
                self.many.add(question["id"])

    def size(self, fact: str) -> int:
        """Return how many numbers the answers to a question take, with that for not known."""
        count = len(self.answers[fact])
        return 1 << count if fact in self.many else count + 1

    def number(self, fact: str, answer: Any) -> int:
        """Return the number of an answer. Where many may be chosen, each is one binary digit."""
        if answer is None:
            return 0
        offered = self.answers[fact]
        if fact in self.many:
            return sum(1 << place for place, one in enumerate(offered) if one in answer)
        return offered.index(answer) + 1

    def answer(self, fact: str, number: int) -> Any:
        """Return the answer that has a number."""
        offered = self.answers[fact]
        if fact in self.many:
            return tuple(one for place, one in enumerate(offered) if number >> place & 1)
        return offered[number - 1] if number else None


def smallest(size: int) -> np.dtype[Any]:
    """Return the smallest kind of integer that counts so far, and has room for -1."""
    return np.min_scalar_type(-max(size, 1))


def distinct(parts: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Return for each row which distinct combination it is, and where each one is first found."""
    whole = np.zeros(len(parts[0]), dtype=np.int64)
    size = 1
    for part in parts:
        span = int(part.max(initial=0)) + 1
        if span == 1:
            continue
        if size * span > _MOST:
            whole, found = pd.factorize(whole)
            size = len(found)
        whole = whole * span + part
        size *= span
    codes, found = pd.factorize(whole)
    first = np.empty(len(found), dtype=np.intp)
    backwards = np.arange(len(codes) - 1, -1, -1)
    first[codes[::-1]] = backwards
    return codes, first


class Said:
    """Distinct things said, numbered in the order in which they are first said."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[Hashable, int] = {}

    def place(self, value: Hashable) -> int:
        """Return the number of a thing said."""
        place = self._places.setdefault(value, len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place


class Facet(Said):
    """One side of each of some values: what of them a column shows."""

    def __init__(self, of: list[Any], pick: Callable[[Any], Hashable]) -> None:
        super().__init__()
        self._of = of
        self._pick = pick
        self._table: Codes = np.zeros(0, dtype=np.int32)

    def codes(self, codes: Codes) -> Codes:
        """Return for each row the number of the side its value shows."""
        new = self._of[len(self._table) :]
        if new:
            places = [self.place(self._pick(value)) for value in new]
            self._table = np.append(self._table, np.array(places, dtype=np.int32))
        return self._table.take(codes)


class Joint(Said):
    """What is made of several codes together, once for each distinct combination."""

    def __init__(self, make: Callable[..., Hashable]) -> None:
        super().__init__()
        self._make = make
        self._known: dict[tuple[int, ...], int] = {}

    def _made(self, key: tuple[int, ...]) -> int:
        if key not in self._known:
            self._known[key] = self.place(self._make(*key))
        return self._known[key]

    def codes(self, parts: Sequence[Codes]) -> Codes:
        """Return for each row the number of what is made of its codes."""
        rows, first = distinct(parts)
        keys = zip(*(part[first].tolist() for part in parts), strict=True)
        return np.fromiter(map(self._made, keys), np.int32, len(first))[rows]


class Numbering:
    """Numbers keys as they come, one after the other, by a table or, for large keys, a dict.

    Threads may share it: what is known is looked up, and only one of them numbers what is new.
    """

    def __init__(self, *, by_table: bool = True) -> None:
        self.count = 0
        self._table: Codes | None = np.zeros(0, dtype=np.int32) if by_table else None
        self._places: dict[int, int] = {}
        self._lock = Lock()

    def numbers(self, keys: Codes, bound: int) -> Codes:
        """Return the number of each key, where every key is below a bound."""
        table = self._table
        if table is not None and len(table) >= bound:
            numbers: Codes = table.take(keys)
            if numbers.min(initial=0) >= 0:
                return numbers
        with self._lock:
            if self._table is not None and bound > _TABLE:
                self._into_a_dict()
            return self._by_dict(keys) if self._table is None else self._by_table(keys, bound)

    def _by_table(self, keys: Codes, bound: int) -> Codes:
        table = self._table
        assert table is not None
        if bound > len(table):
            more = max(bound, min(2 * len(table), _TABLE)) - len(table)
            table = np.append(table, np.full(more, -1, np.int32))
        numbers = table.take(keys)
        new = pd.unique(keys[numbers < 0])
        table[new] = np.arange(self.count, self.count + len(new))
        self.count += len(new)
        self._table = table
        return table.take(keys)

    def _into_a_dict(self) -> None:
        table, self._table = self._table, None
        assert table is not None
        known = np.flatnonzero(table >= 0)
        self._places = dict(zip(known.tolist(), table[known].tolist(), strict=True))

    def _by_dict(self, keys: Codes) -> Codes:
        rows, found = pd.factorize(keys)
        places = self._places
        numbers = [places.setdefault(key, len(places)) for key in found.tolist()]
        self.count = len(places)
        return np.asarray(numbers, dtype=np.int32)[rows]
