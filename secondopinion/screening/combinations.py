"""One number for all cases whose plans are made of the same parts."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from threading import Lock

import numpy as np

from .alike import Table
from .answers import Facts
from .codes import MOST, Codes, Numbering, smallest

COVERAGE = "coverage"
_GROUP = 1 << 22  # combinations of answers that one table holds: 16 MiB
_FEW = 1 << 16  # combinations of cells for which it is worth to find the answers beforehand


class _Known:
    """The numbers of keys in a table; what is new in it is numbered by something slower."""

    def __init__(self) -> None:
        self._table: Codes = np.zeros(0, dtype=np.int32)
        self._lock = Lock()

    def numbers(self, keys: Codes, bound: int, number: Callable[[Codes], Codes]) -> Codes:
        """Return the number of each key below a bound.

        Parameters
        ----------
        keys
            The keys.
        bound
            More than any of them.
        number
            Numbers some rows, each of which has a new key. Threads that meet the same key at
            the same time get the same number.
        """
        table = self._table if bound <= len(self._table) else self._longer(bound)
        numbers: Codes = table.take(keys)
        if numbers.min(initial=0) < 0:
            new = np.flatnonzero(numbers < 0)
            rows = new[np.unique(keys[new], return_index=True)[1]]
            table[keys[rows]] = number(rows)
            numbers = table.take(keys)
        return numbers

    def peek(self, keys: Codes) -> Codes:
        """Return the numbers of some keys; -1 for what is new."""
        table = self._table
        numbers = np.full(len(keys), -1, dtype=table.dtype)
        inside = keys < len(table)
        numbers[inside] = table.take(keys[inside])
        return numbers

    def _longer(self, bound: int) -> Codes:
        with self._lock:
            more = max(bound - len(self._table), len(self._table))
            self._table = np.append(self._table, np.full(more, -1, dtype=np.int32))
            return self._table


class _Group:
    """Answers that are numbered together, with the coverage, because it says what they mean."""

    def __init__(self, sizes: Mapping[str, int], classes: Mapping[str, Table]) -> None:
        self.sizes = sizes
        self._classes = classes
        self._spans = {name: int(classes[name].max()) + 1 for name in sizes if name != COVERAGE}
        self._alike = Numbering()
        self._known = _Known()
        self._bound = prod(sizes.values())

    @property
    def count(self) -> int:
        """How many numbers there are so far."""
        return self._alike.count

    def known(self, keys: Codes) -> Codes:
        """Return the numbers of some answers together; -1 for those not met yet."""
        return self._known.peek(keys)

    def numbers(self, keys: Codes, traits: Mapping[str, Codes]) -> Codes:
        """Return a number for each row: the same for all that look alike."""
        return self._known.numbers(keys, self._bound, lambda rows: self._number(traits, rows))

    def _number(self, traits: Mapping[str, Codes], rows: Codes) -> Codes:
        """Return a number for each of some rows, by what looks alike under its coverage."""
        coverage = traits[COVERAGE][rows].astype(np.intp)
        alike = coverage.copy()
        for name, span in self._spans.items():
            alike *= span
            alike += self._classes[name].take(coverage * self.sizes[name] + traits[name][rows])
        return self._alike.numbers(alike, MOST)


class Together:
    """The answers in several columns of one table, as one number for each row.

    Parameters
    ----------
    group
        Numbers answers together.
    fact
        Gives the column of a question.
    """

    def __init__(self, group: _Group, fact: Callable[[str], Facts]) -> None:
        self._group = group
        self._columns = [(fact(name), size) for name, size in group.sizes.items()]
        count = prod(len(column.table) for column, _ in self._columns)
        self._keys: Codes | None = np.zeros(1, dtype=np.intp) if count <= _FEW else None
        self._empty = 0
        for column, size in self._columns:
            self._empty = self._empty * len(column.table) + 1
            if self._keys is not None:
                from_empty = np.roll(column.table, 1).astype(np.intp)  # empty is -1, so it is first
                self._keys = np.add.outer(self._keys * size, from_empty).ravel()
        self._kind = smallest(count + self._empty)
        if self._keys is not None:
            self._found = group.known(self._keys)

    def numbers(self, rows: slice, traits: Mapping[str, Codes]) -> Codes:
        """Return a number for each of some rows: the same for all that look alike.

        Parameters
        ----------
        rows
            Which rows.
        traits
            By name, the codes of all that decides in them.
        """
        if self._keys is None:
            return self._group.numbers(self._keys_at(rows), traits)
        cells = self._cells(rows)
        numbers: Codes = self._found.take(cells)
        if numbers.min(initial=0) < 0:
            numbers = self._group.numbers(self._keys.take(cells), traits)
            self._found[cells] = numbers
        return numbers

    def _keys_at(self, rows: slice) -> Codes:
        keys: Codes = np.zeros(1, dtype=np.intp)
        for column, size in self._columns:
            keys = keys * size + column.at(rows)
        return keys

    def _cells(self, rows: slice) -> Codes:
        """Return a number for the cells of each row: small integers are quick to reckon with."""
        (first, _), *others = self._columns
        cells: Codes = first.cells[rows].astype(self._kind, copy=False)
        for column, _ in others:
            cells = cells * self._kind.type(len(column.table))
            cells = cells + column.cells[rows].astype(self._kind, copy=False)
        from_empty: Codes = cells + self._kind.type(self._empty)
        return from_empty.astype(np.intp)


class Combinations:
    """The number of every combination met so far, in the order in which they come.

    Parameters
    ----------
    facts
        How many codes each question with a list of answers may have, the coverage first.
    others
        How many codes each event and flag may have.
    classes
        By the coverage and the code of a column, which of the codes that look alike it is.
    """

    def __init__(
        self, facts: Mapping[str, int], others: Mapping[str, int], classes: Mapping[str, Table]
    ) -> None:
        self._classes = classes
        self._others = others
        self._spans = {
            name: int(classes[name].max()) + 1 if name in classes else size
            for name, size in others.items()
        }
        self._groups = [_Group(sizes, classes) for sizes in _grouped(facts)]
        self._pairs = [Numbering() for _ in self._groups[1:]]
        self._last = Numbering()
        self._known = _Known()

    def together(self, fact: Callable[[str], Facts]) -> list[Together]:
        """Return the answers of one table that are numbered together, for each group.

        Parameters
        ----------
        fact
            Gives the column of a question.
        """
        return [Together(group, fact) for group in self._groups]

    def numbers(
        self, together: Sequence[Together], rows: slice, traits: Mapping[str, Codes]
    ) -> Codes:
        """Return the number of the combination in each of some rows.

        Parameters
        ----------
        together
            The answers of the table, as `together` returns them.
        rows
            Which rows.
        traits
            By name, the codes of all that decides in them.
        """
        whole, count = together[0].numbers(rows, traits), self._groups[0].count
        for each, pairs in zip(together[1:], self._pairs, strict=True):
            pair = whole.astype(np.int64) << 32 | each.numbers(rows, traits)
            whole, count = pairs.numbers(pair, MOST), pairs.count
        others = prod(self._others.values())
        bound = count * others
        if bound > _GROUP:
            return self._number(whole, count, traits, slice(None))
        other: Codes = np.zeros((), dtype=np.int32)
        for name, size in self._others.items():
            other = other * np.int32(size) + traits[name]
        key = (whole * np.int32(others) + other).astype(np.intp)
        return self._known.numbers(
            key, bound, lambda some: self._number(whole, count, traits, some)
        )

    def _number(
        self, whole: Codes, count: int, traits: Mapping[str, Codes], rows: slice | Codes
    ) -> Codes:
        """Return the number of the combination in some rows, by what looks alike."""
        key = whole[rows].astype(np.intp)
        for name, span in self._spans.items():
            if span > 1:
                key *= span
                key += self._alike(name, traits, rows)
        return self._last.numbers(key, count * prod(self._spans.values()))

    def _alike(self, name: str, traits: Mapping[str, Codes], rows: slice | Codes) -> Codes:
        """Return for each row which of the codes that look alike its own is."""
        codes = np.broadcast_to(traits[name], len(traits[COVERAGE]))[rows]
        if name not in self._classes:
            return codes
        pair = traits[COVERAGE][rows].astype(np.intp)
        pair *= self._others[name]
        pair += codes
        return self._classes[name].take(pair)


def _grouped(facts: Mapping[str, int]) -> list[dict[str, int]]:
    """Return the facts in groups of which each, with the coverage, fits into a table."""
    groups = [{COVERAGE: facts[COVERAGE]}]
    for name, size in facts.items():
        if name != COVERAGE:
            if prod(groups[-1].values()) * size > _GROUP:
                groups.append({COVERAGE: facts[COVERAGE]})
            groups[-1][name] = size
    return groups
