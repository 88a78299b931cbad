"""Every day there is, as a number, and what each rule makes of a clock that starts on it."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from secondopinion.dates import NoSuchDay
from secondopinion.knowledge import Knowledge
from secondopinion.model import Rule
from secondopinion.planner.deadlines import ending

from .codes import Codes, smallest

Days = npt.NDArray[np.int32]

FIRST = np.datetime64("1900-01-01")
"""The day with the number 0. Case files take no earlier day."""
DAYS = int((np.datetime64("2100-01-01") - FIRST).astype(int))
"""How many days a case file may name."""
LATEST = DAYS + 366 * 60
"""One more than the last day on which a count may end."""
NEVER = np.int32(-1)


def day_number(day: date) -> int:
    """Return the number of a day."""
    return int((np.datetime64(day) - FIRST).astype(int))


def day_numbered(number: int) -> date:
    """Return the day that has a number."""
    day: date = (FIRST + np.timedelta64(int(number), "D")).astype(object)
    return day


class DayColumn(NamedTuple):
    """A column of days as numbers; -1 is not known."""

    cells: Days

    def at(self, rows: slice | Codes) -> npt.NDArray[np.intp]:
        """Return the numbers of the days in some rows."""
        return self.cells[rows].astype(np.intp)

    def ends(self) -> tuple[int, int] | None:
        """Return the first and the last day, or None where none is known."""
        last = int(self.cells.max(initial=NEVER))
        if last < 0:
            return None
        known = self.cells if self.cells.min() >= 0 else self.cells[self.cells >= 0]
        return int(known.min()), last


class EveryDay:
    """Counts from many days at once, as `OneDay` counts from one."""

    def __init__(self, holidays: frozenset[date], closed_days: frozenset[date]) -> None:
        works = self._working(holidays)
        is_open = self._working(holidays | closed_days)
        numbers = np.arange(len(works), dtype=np.int32)
        ahead = np.where(works, numbers, len(works))
        self._from = np.minimum.accumulate(ahead[::-1])[::-1].astype(np.int32)
        self._until = np.maximum.accumulate(np.where(is_open, numbers, NEVER)).astype(np.int32)

    @staticmethod
    def _working(closed: frozenset[date]) -> npt.NDArray[np.bool_]:
        days = FIRST + np.arange(LATEST)
        return np.is_busday(days, holidays=np.array(sorted(closed), dtype="datetime64[D]"))

    @staticmethod
    def days_after(day: Days, number: int) -> Days:
        """Count calendar days."""
        return day + np.int32(number)

    @staticmethod
    def months_after(day: Days, number: int, no_such_day: NoSuchDay) -> Days:
        """Count calendar months."""
        start = FIRST + day.astype(np.int64)
        month = start.astype("datetime64[M]")
        target, after = month + number, month + (number + 1)
        into_the_month = start - month.astype("datetime64[D]")
        end = target.astype("datetime64[D]") + into_the_month
        next_month = after.astype("datetime64[D]")
        instead = next_month - (0 if no_such_day == "first_of_next_month" else 1)
        found = np.where(end < next_month, end, instead)
        return (found - FIRST).astype(np.int32)

    def working_days_after(self, day: Days, number: int) -> Days:
        """Count working days."""
        for _ in range(number):
            day = self._from[day + 1]
        return day

    def working_day_from(self, day: Days) -> Days:
        """Return the first working day that is not before each day."""
        return self._from[day]

    def open_day_until(self, day: Days) -> Days:
        """Return the last day on which offices are open that is not after each day."""
        return self._until[day]

    @staticmethod
    def earlier(one: Days, other: Days) -> Days:
        """Return the earlier of two days."""
        return np.minimum(one, other)

    @staticmethod
    def later(one: Days, other: Days) -> Days:
        """Return the later of two days."""
        return np.maximum(one, other)


class Clock(NamedTuple):
    """What one rule makes of a clock that starts on each day."""

    version: Days
    """Which version of the rule is in force, -1 for none."""
    last: Days
    """The last day to act by it, where it is a limit."""
    safe: Days


class Clocks:
    """What the rules make of every day on which a clock may start."""

    def __init__(self, knowledge: Knowledge, as_of: date) -> None:
        self.knowledge = knowledge
        self.as_of = day_number(as_of)
        self._made: dict[str, Clock] = {}

    @cached_property
    def _every_day(self) -> EveryDay:
        return EveryDay(self.knowledge.holidays, self.knowledge.closed_days)

    def of(self, name: str) -> Clock:
        """Return what a rule makes of a clock that starts on each day."""
        if name not in self._made:
            self._made[name] = self._clock(self.knowledge.rule(name))
        return self._made[name]

    def _clock(self, rule: Rule) -> Clock:
        begins = np.array([version.since for version in rule.history], dtype="datetime64[D]")
        days = FIRST + np.arange(DAYS)
        version = (np.searchsorted(begins, days, side="right") - 1).astype(np.int32)
        last, safe = np.full(DAYS, NEVER), np.full(DAYS, NEVER)
        for number, each in enumerate(rule.history):
            if each.until:
                version[(version == number) & (days > np.datetime64(each.until))] = NEVER
            ruled = np.flatnonzero(version == number).astype(np.int32)
            if rule.kind == "limits" and len(ruled):
                end = ending(ruled, each.says, self._every_day)
                last[ruled], safe[ruled] = end.last, end.safe
        return Clock(version, last, safe)

    def segments(self, rules: Iterable[str]) -> "Segments":
        """Return the stretches of days between which nothing changes for any of the rules."""
        traits: list[npt.NDArray[Any]] = [np.arange(DAYS) > self.as_of]
        for name in rules:
            clock = self.of(name)
            traits += [clock.version, clock.last < self.as_of]
        return Segments.between(traits)


class Segments(NamedTuple):
    """Stretches of days that are all alike for the rules."""

    codes: npt.NDArray[np.integer[Any]]
    """For each day the number of its stretch, from 1; and 0 at the end, for a day not known."""
    begins: Days
    ends: Days

    @classmethod
    def between(cls, traits: Sequence[npt.NDArray[Any]]) -> "Segments":
        """Return the stretches between which none of the traits of a day changes."""
        changes = np.zeros(DAYS, dtype=bool)
        for trait in traits:
            changes[1:] |= trait[1:] != trait[:-1]
        begins = np.flatnonzero(changes | (np.arange(DAYS) == 0)).astype(np.int32)
        ends = np.append(begins[1:] - 1, DAYS - 1).astype(np.int32)
        numbers = np.cumsum(changes) + 1
        codes = np.append(numbers, 0).astype(smallest(len(begins) + 1))
        return cls(codes, begins, ends)
