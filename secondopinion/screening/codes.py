"""Small numbers for answers, and for whatever is said of them."""

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from secondopinion.knowledge import Knowledge

Codes = npt.NDArray[np.integer[Any]]

MOST = 1 << 62
"""What an integer holds."""
_TABLE = 1 << 24  # keys for which a table of numbers is kept: 64 MiB
_LISTED = ("choice", "yes_no", "choices")


class Codebook:
    """The number of every answer to every question with a list of answers; 0 is not known."""

    def __init__(self, knowledge: Knowledge) -> None:
        asked = {question["id"]: question["kind"] for question in knowledge.section("questions")}
        self.answers = {name: knowledge.answers(name) for name in asked if asked[name] in _LISTED}
        self._many = {name for name, kind in asked.items() if kind == "choices"}

    def names(self, fact: str) -> list[str]:
        """Return the answers to a question that are all names."""
        return [str(answer) for answer in self.answers[fact]]

    def size(self, fact: str) -> int:
        """Return how many numbers the answers to a question take, with that for not known."""
        count = len(self.answers[fact])
        return 1 << count if fact in self._many else count + 1

    def number(self, fact: str, answer: Any) -> int:
        """Return the number of an answer. Where many may be chosen, each is one binary digit."""
        if answer is None:
            return 0
        offered = self.answers[fact]
        if fact in self._many:
            return sum(1 << place for place, one in enumerate(offered) if one in answer)
        return offered.index(answer) + 1

    def answer(self, fact: str, number: int) -> Any:
        """Return the answer that has a number."""
        offered = self.answers[fact]
        if fact in self._many:
            return tuple(one for place, one in enumerate(offered) if number >> place & 1)
        return offered[number - 1] if number else None


def smallest(size: int) -> np.dtype[Any]:
    """Return the smallest kind of integer that counts so far, and has room for -1."""
    return np.min_scalar_type(-max(size, 1))


def distinct(parts: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Return for each row which distinct combination it is, and a row where each one stands."""
    whole = np.zeros(len(parts[0]), dtype=np.int64)
    size = 1
    for part in parts:
        span = int(part.max(initial=0)) + 1
        if size * span > MOST:
            whole, found = pd.factorize(whole)
            size = len(found)
        if span > 1:
            whole = whole * span + part
            size *= span
    codes, found = pd.factorize(whole)
    rows = np.empty(len(found), dtype=np.intp)
    rows[codes] = np.arange(len(codes))
    return codes, rows


class Said:
    """Distinct things said, numbered in the order in which they are first said."""

    def __init__(self) -> None:
        self.things: list[Any] = []
        self._places: dict[Hashable, int] = {}

    def place(self, key: Hashable, value: Any) -> int:
        """Return the number of a thing said; equal keys stand for the same thing."""
        place = self._places.setdefault(key, len(self.things))
        if place == len(self.things):
            self.things.append(value)
        return place


class Facet(Said):
    """One side of each thing said: what of it a column shows."""

    def __init__(self, of: Said, pick: Callable[[Any], Hashable]) -> None:
        super().__init__()
        self._of = of
        self._pick = pick
        self._table: Codes = np.zeros(0, dtype=np.int32)

    def codes(self, codes: Codes) -> Codes:
        """Return for each row the number of the side that it shows."""
        new = [self._pick(value) for value in self._of.things[len(self._table) :]]
        if new:
            places = np.array([self.place(side, side) for side in new], dtype=np.int32)
            self._table = np.append(self._table, places)
        return self._table.take(codes)


class Joint(Said):
    """What is made of several things together, once for each distinct combination."""

    def __init__(self, of: Sequence[Said], make: Callable[..., Hashable]) -> None:
        super().__init__()
        self._of = of
        self._make = make
        self._known: dict[bytes, int] = {}

    def codes(self, parts: Sequence[Codes]) -> Codes:
        """Return for each row the number of what is made of the things its codes stand for."""
        combination, rows = distinct(parts)
        keys = np.stack([part[rows] for part in parts], axis=1).astype(np.int32)
        return np.fromiter(map(self._made, keys), np.int32, len(rows))[combination]

    def _made(self, codes: Codes) -> int:
        key = codes.tobytes()
        if key not in self._known:
            of = zip(self._of, codes.tolist(), strict=True)
            made = self._make(*(each.things[code] for each, code in of))
            self._known[key] = self.place(made, made)
        return self._known[key]


class Numbering:
    """Numbers keys as they come, one after the other, by a table or, for many, by a dict.

    Threads may share it: what is known is looked up, and only one of them numbers what is new.
    """

    def __init__(self) -> None:
        self.count = 0
        self._table: Codes = np.zeros(0, dtype=np.int32)
        self._places: dict[int, int] | None = None
        self._lock = Lock()

    def numbers(self, keys: Codes, bound: int) -> Codes:
        """Return the number of each key, where every key is below a bound."""
        table = self._table
        if len(table) >= bound:
            numbers: Codes = table.take(keys)
            if numbers.min(initial=0) >= 0:
                return numbers
        with self._lock:
            if bound <= _TABLE and self._places is None:
                return self._by_table(keys, bound)
            return self._by_dict(keys)

    def _by_table(self, keys: Codes, bound: int) -> Codes:
        table = self._table
        if bound > len(table):
            more = max(bound, min(2 * len(table), _TABLE)) - len(table)
            table = np.append(table, np.full(more, -1, dtype=np.int32))
        new = pd.unique(keys[table.take(keys) < 0])
        table[new] = np.arange(self.count, self.count + len(new))
        self.count += len(new)
        self._table = table
        numbers: Codes = table.take(keys)
        return numbers

    def _by_dict(self, keys: Codes) -> Codes:
        if self._places is None:
            known = np.flatnonzero(self._table >= 0)
            self._places = dict(zip(known.tolist(), self._table[known].tolist(), strict=True))
            self._table = np.zeros(0, dtype=np.int32)
        places = self._places
        rows, found = pd.factorize(keys)
        numbers = [places.setdefault(key, len(places)) for key in found.tolist()]
        self.count = len(places)
        spread: Codes = np.array(numbers, dtype=np.int32).take(rows)
        return spread
