"""One number for all cases whose plans are made of the same parts."""

from collections.abc import Mapping

import numpy as np

from .alike import Table
from .codes import Codes, Numbering

_GROUP = 1 << 22  # combinations of answers that one table holds: 16 MiB
_MOST = 1 << 62


class _Group:
    """Answers that are numbered together, with the coverage, because it says what they mean."""

    def __init__(self, sizes: Mapping[str, int], classes: Mapping[str, Table]) -> None:
        self.sizes = sizes
        self.classes = classes
        self.span = int(np.prod(list(sizes.values()), dtype=object))
        self._spans = {name: int(classes[name].max()) + 1 for name in sizes if name in classes}
        self._alike = Numbering(by_table=False)
        self._by_key = np.full(self.span, -1, dtype=np.int32)

    @property
    def count(self) -> int:
        """How many numbers there are so far."""
        return self._alike.count

    def numbers(self, traits: Mapping[str, Codes], coverage: Codes) -> Codes:
        """Return a number for each row: the same for all that look alike."""
        keys = np.zeros(len(coverage), dtype=np.int32)
        for name, size in self.sizes.items():
            keys *= size
            keys += traits[name]
        keys = keys.astype(np.intp)
        numbers = self._by_key.take(keys)
        if numbers.min(initial=0) < 0:
            new = np.flatnonzero(numbers < 0)
            rows = new[np.unique(keys[new], return_index=True)[1]]
            self._by_key[keys[rows]] = self._number(traits, coverage, rows)
            numbers = self._by_key.take(keys)
        return numbers

    def _number(self, traits: Mapping[str, Codes], coverage: Codes, rows: Codes) -> Codes:
        """Return a number for each of some rows, by what looks alike under its coverage."""
        covered = coverage[rows].astype(np.int64)
        alike = covered.copy()
        for name, span in self._spans.items():
            pair = covered * self.sizes[name] + traits[name][rows]
            alike = alike * span + self.classes[name].take(pair)
        return self._alike.numbers(alike, _MOST)


class Combinations:
    """The number of every combination met so far, in the order in which they come.

    Parameters
    ----------
    sizes
        How many codes each column may have; columns that a table does not have are left out.
    classes
        By the coverage and the code of a column, which of the codes that look alike it is.
    """

    def __init__(self, sizes: Mapping[str, int], classes: Mapping[str, Table]) -> None:
        self.sizes = sizes
        self.classes = classes
        facts = {name: size for name, size in sizes.items() if "." not in name and name != "order"}
        coverage = facts.pop("coverage", 1)
        self._groups: list[_Group] = []
        gathered: dict[str, int] = {"coverage": coverage}
        for name, size in facts.items():
            span = int(np.prod(list(gathered.values()), dtype=object))
            if span * size > _GROUP:
                self._groups.append(_Group(gathered, classes))
                gathered = {"coverage": coverage}
            gathered[name] = size
        self._groups.append(_Group(gathered, classes))
        self._apart = {
            name: size for name, size in sizes.items() if name not in ("coverage", *facts)
        }
        self._spans = {
            name: int(classes[name].max()) + 1 if name in classes else size
            for name, size in self._apart.items()
        }
        self._pairs = [Numbering(by_table=False) for _ in self._groups[1:]]
        self._last = Numbering()

    def numbers(self, traits: Mapping[str, Codes]) -> Codes:
        """Return the number of the combination in each row."""
        coverage = traits["coverage"]
        first, *others = self._groups
        whole, count = first.numbers(traits, coverage), first.count
        for group, pairs in zip(others, self._pairs, strict=True):
            number = group.numbers(traits, coverage)
            whole = pairs.numbers(whole.astype(np.int64) << 32 | number, _MOST)
            count = pairs.count
        if not self._apart:
            return whole
        key = whole.astype(np.int64)
        for name, span in self._spans.items():
            if span > 1:
                key *= span
                key += self._class(name, coverage, traits[name])
                count *= span
        return self._last.numbers(key, count)

    def _class(self, name: str, coverage: Codes, codes: Codes) -> Codes:
        if name not in self.classes:
            return codes
        pair = coverage.astype(np.intp)
        pair *= self._apart[name]
        pair += codes
        return self.classes[name].take(pair)
