"""The next day to act by, for whole columns of days on which clocks started."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .codes import Codes
from .days import Clocks, DayColumn
from .sayings import Open

Keys = npt.NDArray[np.int64]
"""Numbers that are smaller the sooner something is due. They hold what is due and when."""

_NONE = np.iinfo(np.int64).max
_DAY_BITS, _PLACE_BITS, _LINE_BITS = 17, 12, 12
_LAST = _PLACE_BITS + _LINE_BITS
_SAFE = _LAST + _DAY_BITS
_DAY_MASK, _LINE_MASK = (1 << _DAY_BITS) - 1, (1 << _LINE_BITS) - 1


def safe_days(keys: Keys) -> Codes:
    """Return the numbers of the safe days; where nothing is due, more than any day has."""
    return keys >> _SAFE


def last_days(keys: Keys) -> Codes:
    """Return the numbers of the last days; where nothing is due, more than any day has."""
    return keys >> _LAST & _DAY_MASK


def lines(keys: Keys) -> Codes:
    """Return the numbers of what is due; where nothing is, more than there are."""
    return keys & _LINE_MASK


class _Trigger(NamedTuple):
    """For each list of what is due and each day of one event, the key of what comes first."""

    start: npt.NDArray[np.intp]
    """By the list: where its days begin in the table, less the number of the first day."""
    first: int
    table: Keys


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
        self._triggers = {
            event: self._trigger(due, event, *ends)
            for event, ends in days.items()
            if event in asked
        }

    def _trigger(
        self, due: Sequence[tuple[Open, ...]], event: str, first: int, last: int
    ) -> _Trigger:
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
        return _Trigger(start - first, first, np.concatenate(table))

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
    ) -> Keys:
        """Return for each row the key of what is due next.

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
        soonest: Keys | None = None
        for event, trigger in self._triggers.items():
            place = np.maximum(days[event].at(rows), trigger.first)  # not known is before the first
            place += starts[event].take(which)
            keys = trigger.table.take(place)
            soonest = keys if soonest is None else np.minimum(soonest, keys)
        return np.full(len(which), _NONE) if soonest is None else soonest
