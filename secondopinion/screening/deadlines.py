"""The next day to act by, for whole columns of days on which clocks started."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .codes import Codes, smallest
from .days import Clocks, DayColumn
from .sayings import Open

_NONE = np.iinfo(np.int64).max
_DAY_BITS, _PLACE_BITS = 20, 16
_DAY_MASK, _PLACE_MASK = (1 << _DAY_BITS) - 1, (1 << _PLACE_BITS) - 1
_NEVER = -1


class Next(NamedTuple):
    """What is due next, in the rows in which anything is."""

    rows: Codes
    last: Codes
    safe: Codes
    """The numbers of days."""
    action: Codes


class _Trigger(NamedTuple):
    """For each list of what is due and each day of one event, which comes first."""

    start: npt.NDArray[np.intp]
    """By the list: where its days begin in the table."""
    first: int
    """The first of these days."""
    table: npt.NDArray[np.int64]


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
        place = {line: number for number, line in enumerate(self.lines)}
        self._width = max((len(listed) for listed in due), default=0) + 1
        self._actions = np.full(len(due) * self._width, _NEVER, dtype=smallest(len(self.lines)))
        for number, listed in enumerate(due):
            start = number * self._width
            self._actions[start : start + len(listed)] = [place[each.line] for each in listed]
        self._has_any = np.array([bool(listed) for listed in due])
        self._triggers = {
            event: trigger
            for event, (first, last) in days.items()
            if (trigger := self._trigger(clocks, due, event, first, last))
        }

    @staticmethod
    def _trigger(
        clocks: Clocks, due: Sequence[tuple[Open, ...]], event: str, first: int, last: int
    ) -> _Trigger | None:
        width = last - first + 1
        table = [np.full(width, _NONE)]
        start = np.zeros(len(due), dtype=np.intp)
        for number, listed in enumerate(due):
            keys = [
                _key(clocks, each.rule, slice(first, last + 1), position)
                for position, each in enumerate(listed)
                if each.trigger == event
            ]
            if keys:
                start[number] = len(table) * width
                table.append(np.minimum.reduce(keys))
        return _Trigger(start, first, np.concatenate(table)) if len(table) > 1 else None

    def next(self, due: Codes, days: Mapping[str, DayColumn], rows: slice) -> Next:
        """Return what is due next, for those rows in which anything is.

        Parameters
        ----------
        due
            For each row the code of the list of what is due, as an index.
        days
            For each event the days of all rows.
        rows
            Which of them are asked about.
        """
        asked = np.flatnonzero(self._has_any.take(due))
        mine = due.take(asked)
        soonest = self._soonest(mine, {e: days[e].at(rows).take(asked) for e in self._triggers})
        last = soonest >> _PLACE_BITS & _DAY_MASK
        safe = soonest >> (_PLACE_BITS + _DAY_BITS)
        action = self._actions.take(mine * self._width + (soonest & _PLACE_MASK))
        return Next(asked, last, safe, action)

    def _soonest(self, due: Codes, days: Mapping[str, Codes]) -> npt.NDArray[np.int64]:
        """Return for each row the number that stands for what comes first."""
        soonest = np.full(len(due), _NONE)
        for event, trigger in self._triggers.items():
            place = np.maximum(days[event] - trigger.first, 0)
            place += trigger.start.take(due)
            soonest = np.minimum(soonest, trigger.table.take(place))
        return soonest


def _key(clocks: Clocks, rule: str, days: slice, position: int) -> npt.NDArray[np.int64]:
    """Return a number that is smaller the sooner the safe day, then the last day, comes."""
    clock = clocks.of(rule)
    safe, last = clock.safe[days].astype(np.int64), clock.last[days].astype(np.int64)
    key = safe << (_DAY_BITS + _PLACE_BITS) | last << _PLACE_BITS | position
    return np.where(last < 0, _NONE, key)
