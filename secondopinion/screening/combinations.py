"""One number for all cases whose plans are made of the same parts."""

from collections.abc import Mapping
from math import prod

import numpy as np

from .alike import Table
from .codes import MOST, Codes, Numbering

COVERAGE = "coverage"
_GROUP = 1 << 22  # combinations of answers that one table holds: 16 MiB


class _Group:
    """Answers that are numbered together, with the coverage, because it says what they mean."""

    def __init__(self, sizes: Mapping[str, int], classes: Mapping[str, Table]) -> None:
        self._sizes = sizes
        self._classes = classes
        self._spans = {name: int(classes[name].max()) + 1 for name in sizes if name != COVERAGE}
        self._alike = Numbering()
        self._numbers = np.full(prod(sizes.values()), -1, dtype=np.int32)

    @property
    def count(self) -> int:
        """How many numbers there are so far."""
        return self._alike.count

    def numbers(self, traits: Mapping[str, Codes]) -> Codes:
        """Return a number for each row: the same for all that look alike."""
        keys = np.zeros(len(traits[COVERAGE]), dtype=np.int32)
        for name, size in self._sizes.items():
            keys *= size
            keys += traits[name]
        keys = keys.astype(np.intp)  # other integers are far slower as an index
        numbers = self._numbers.take(keys)
        if numbers.min(initial=0) < 0:
            new = np.flatnonzero(numbers < 0)
            rows = new[np.unique(keys[new], return_index=True)[1]]
            self._numbers[keys[rows]] = self._number(traits, rows)
            numbers = self._numbers.take(keys)
        return numbers

    def _number(self, traits: Mapping[str, Codes], rows: Codes) -> Codes:
        """Return a number for each of some rows, by what looks alike under its coverage."""
        coverage = traits[COVERAGE][rows].astype(np.intp)
        alike = coverage.copy()
        for name, span in self._spans.items():
            alike *= span
            alike += self._classes[name].take(coverage * self._sizes[name] + traits[name][rows])
        return self._alike.numbers(alike, MOST)


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

    def numbers(self, traits: Mapping[str, Codes]) -> Codes:
        """Return the number of the combination in each row."""
        first, *more = self._groups
        whole, count = first.numbers(traits), first.count
        for group, pairs in zip(more, self._pairs, strict=True):
            pair = whole.astype(np.int64) << 32 | group.numbers(traits)
            whole, count = pairs.numbers(pair, MOST), pairs.count
        key = whole.astype(np.intp)
        for name, span in self._spans.items():
            if span > 1:
                key *= span
                key += self._alike(name, traits)
        return self._last.numbers(key, count * prod(self._spans.values()))

    def _alike(self, name: str, traits: Mapping[str, Codes]) -> Codes:
        """Return for each row which of the codes that look alike its own is."""
        if name not in self._classes:
            return traits[name]
        pair = traits[COVERAGE].astype(np.intp)
        pair *= self._others[name]
        pair += traits[name]
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
