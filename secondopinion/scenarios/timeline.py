"""What a picture of days needs: letters, safe days, last days and today, along one line of time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from secondopinion.dates import add_months
from secondopinion.knowledge import Knowledge
from secondopinion.model import Deadline

from .charts import Tick, name_of, percent, together
from .lines import Comparison, Line
from .words import day_in_words

_MOST_TICKS = 7
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600)
_A_WEEK = timedelta(days=7)


class Stretch(NamedTuple):
    """One line of time, from the letter to the last day, with the safe day and today."""

    whose: tuple[str, ...]
    what: str
    words: str
    begun: str
    safe: str
    last: str
    today: str
    is_past: bool


class Timeline(NamedTuple):
    """The stretches, first that of the base case if it has one, and who has no day to act by."""

    ticks: tuple[Tick, ...]
    base: Stretch | None
    stretches: tuple[Stretch, ...]
    without: tuple[str, ...]

    @property
    def all(self) -> list[tuple[Stretch, bool]]:
        """Every stretch, and whether it is that of the base case."""
        first = [(self.base, True)] if self.base else []
        return [*first, *((stretch, False) for stretch in self.stretches)]


class _Span(NamedTuple):
    """The days from the first to the last of a picture."""

    first: date
    last: date

    def at(self, day: date) -> str:
        return percent((day - self.first).days, (self.last - self.first).days)


def timeline(compared: Comparison, knowledge: Knowledge) -> Timeline:
    """Return the day to act by in each situation, those with the same days together."""
    dated = [line for line in compared.lines if _shown(line)]
    span = _span([compared.base, *dated])
    groups = together(dated, lambda line: (_shown(line), line.plan.as_of))
    return Timeline(
        ticks=tuple(_ticks(span)),
        base=_stretch([compared.base], span, knowledge),
        stretches=tuple(filter(None, (_stretch(group, span, knowledge) for group in groups))),
        without=tuple(name_of(line) for line in compared.lines if not _shown(line)),
    )


def _shown(line: Line) -> tuple[str, Deadline] | None:
    """Return the next day to act by, or the one that was missed, with what it is for."""
    if line.due:
        return line.due
    if line.missed and line.missed.file_by:
        return line.missed.name, line.missed.file_by
    return None


def _begun(line: Line, day: Deadline) -> date:
    return line.plan.case.events[day.trigger]


def _span(lines: Sequence[Line]) -> _Span:
    days = [line.plan.as_of for line in lines]
    for line in lines:
        if shown := _shown(line):
            days += [_begun(line, shown[1]), shown[1].safe_date, shown[1].date]
    return _Span(min(days) - _A_WEEK, max(days) + _A_WEEK)


def _ticks(span: _Span) -> Iterator[Tick]:
    """Yield the first days of months, so many months apart that their names have room."""
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month
    apart = next(size for size in _MONTHS if months / size <= _MOST_TICKS)
    day = add_months(span.first.replace(day=1), 1)
    while day <= span.last:
        yield Tick(span.at(day), f"{day:%b %Y}")
        day = add_months(day, apart)


def _stretch(lines: Sequence[Line], span: _Span, knowledge: Knowledge) -> Stretch | None:
    shown = _shown(lines[0])
    if shown is None:
        return None
    what, day = shown
    return Stretch(
        whose=tuple(map(name_of, lines)),
        what=what,
        words=day_in_words(day, knowledge),
        begun=span.at(_begun(lines[0], day)),
        safe=span.at(day.safe_date),
        last=span.at(day.date),
        today=span.at(lines[0].plan.as_of),
        is_past=day.past,
    )
