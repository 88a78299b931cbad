"""The next day to act by, for whole columns of days on which clocks started."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from .codes import Codes
from .days import NEVER, Clocks, DayColumn, Days
from .sayings import Open

Keys = npt.NDArray[np.int64]
"""Numbers that are smaller the sooner something is due. They hold what is due and when."""

_NONE = np.iinfo(np.int64).max
_DAY_BITS, _PLACE_BITS, _LINE_BITS = 17, 12, 12
_LAST = _PLACE_BITS + _LINE_BITS
_SAFE = _LAST + _DAY_BITS
_DAY_MASK, _LINE_MASK = (1 << _DAY_BITS) - 1, (1 << _LINE_BITS) - 1


class Due(NamedTuple):
    """All that may be due next, the soonest first; -1, in the last place, is nothing."""

    safe: Days
    last: Days
    line: Codes

    @classmethod
    def of(cls, keys: Keys) -> "Due":
        """Return what some keys hold, the last of which holds nothing."""
        some = keys[:-1]
        held = (some >> _SAFE, some >> _LAST & _DAY_MASK, some & _LINE_MASK)
        return cls(*(np.append(each, NEVER).astype(np.int32) for each in held))


class _Trigger(NamedTuple):
    """For each list of what is due and each day of one event, which comes first of all there is."""

    start: npt.NDArray[np.intp]
    """By the list: where its days begin in the table, less the number of the first day."""
    first: int
    table: npt.NDArray[np.intp]


class Calendar:
    """Looks up what is due next.

    Parameters
    ----------
    clocks
        What each rule makes of each day.
    due
        The lists of what is due, by their code.
    days
        For each event, the first and the last day that occur.
    """

    def __init__(
        self, clocks: Clocks, due: Sequence[tuple[Open, ...]], days: Mapping[str, tuple[int, int]]
    ) -> None:
        self.lines = list(dict.fromkeys(each.line for listed in due for each in listed))
        """What may be due, by its number."""
        self._numbers = {line: number for number, line in enumerate(self.lines)}
        self._clocks = clocks
        asked = {each.trigger for listed in due for each in listed}
        tables = [
            (event, first, *self._table(due, event, first, last))
            for event, (first, last) in days.items()
            if event in asked
        ]
        keys = [np.full(1, _NONE), *(table for *_, table in tables)]
        places, found = pd.factorize(np.concatenate(keys), sort=True)
        self.due = Due.of(found)
        of_each = np.split(places, np.cumsum([len(some) for some in keys[:-1]]))
        self._triggers = {
            event: _Trigger(start, first, which)
            for (event, first, start, _), which in zip(tables, of_each[1:], strict=True)
        }

    def _table(
        self, due: Sequence[tuple[Open, ...]], event: str, first: int, last: int
    ) -> tuple[npt.NDArray[np.intp], Keys]:
        """Return where the days of each list begin in a table, and the table."""
        width = last - first + 1
        table = [np.full(width, _NONE)]
        start = np.zeros(len(due), dtype=np.intp)
        for number, listed in enumerate(due):
            keys = [
                self._keys(each, slice(first, last + 1), position)
                for position, each in enumerate(listed)
                if each.trigger == event
            ]
            if keys:
                start[number] = len(table) * width
                table.append(np.minimum.reduce(keys))
        return start - first, np.concatenate(table)

    def _keys(self, what: Open, days: slice, position: int) -> Keys:
        """Return a key for each day: by the safe day, then the last day, then the list's order."""
        clock = self._clocks.of(what.rule)
        safe, last = clock.safe[days].astype(np.int64), clock.last[days].astype(np.int64)
        order = position << _LINE_BITS | self._numbers[what.line]
        return np.where(last < 0, _NONE, safe << _SAFE | last << _LAST | order)

    def starts(self, due: Codes) -> dict[str, Codes]:
        """Return for each event where the days of some lists begin in its table."""
        return {event: trigger.start.take(due) for event, trigger in self._triggers.items()}

    def soonest(
        self, starts: Mapping[str, Codes], which: Codes, days: Mapping[str, DayColumn], rows: slice
    ) -> Codes:
        """Return for each row which of all that may be due is next.

        Parameters
        ----------
        starts
            What `starts` said of some lists.
        which
            For each row, which of these lists is its own.
        days
            For each event the days of all rows.
        rows
            Which of them are asked about.
        """
        soonest: Codes | None = None
        for event, trigger in self._triggers.items():
            place = np.maximum(days[event].at(rows), trigger.first)  # not known is before the first
            place += starts[event].take(which)
            found = trigger.table.take(place)
            soonest = found if soonest is None else np.minimum(soonest, found)
        return np.full(len(which), len(self.due.last) - 1) if soonest is None else soonest
