"""What the results of a list come to, for its charts: answers, weeks, and what visits may cost."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, get_args

import pandas as pd

from secondopinion.knowledge import Knowledge
from secondopinion.model import Answer
from secondopinion.planner.reading import dollars
from secondopinion.scenarios.charts import Tick, percent, round_figures
from secondopinion.scenarios.words import short_day

_MOST_WEEKS = 16
_A_WEEK = timedelta(days=7)
_ANSWERS = get_args(Answer)


class Share(NamedTuple):
    """How many people have one answer, and where its piece of the bar lies."""

    answer: str
    people: int
    left: str
    width: str


class Group(NamedTuple):
    """The people with one kind of insurance, and their answers."""

    name: str
    people: int
    shares: tuple[Share, ...]


class Week(NamedTuple):
    """How many people must act in a week, by its first day."""

    begins: str
    people: int
    width: str


class Costs(NamedTuple):
    """What a visit may cost the people with one kind of insurance."""

    name: str
    words: str
    people: int
    left: str
    width: str


class Tally(NamedTuple):
    """Everything that the charts show."""

    rows: int
    done: int
    counts: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]
    weeks: tuple[Week, ...]
    later: int
    ticks: tuple[Tick, ...]
    costs: tuple[Costs, ...]
    without_cost: int


def tally(result: pd.DataFrame, knowledge: Knowledge) -> Tally:
    """Return what a screened list comes to."""
    done = result[result["verdict"].notna()]
    kinds = _kinds(done, knowledge)
    verdicts = done["verdict"].astype(object)
    counted = verdicts.value_counts()
    weeks, later = _weeks(done["safe_date"])
    ticks, costs = _costs(done, kinds, knowledge)
    return Tally(
        rows=len(result),
        done=len(done),
        counts=tuple((answer, int(counted[answer])) for answer in _ANSWERS if answer in counted),
        groups=tuple(_groups(kinds, verdicts)),
        weeks=weeks,
        later=later,
        ticks=ticks,
        costs=costs,
        without_cost=int(done["cost_high"].isna().sum()),
    )


def _kinds(done: pd.DataFrame, knowledge: Knowledge) -> "pd.Series[Any]":
    """Return each person's insurance by its name, in the order of the form."""
    names = {kind: knowledge.label("coverage", kind) for kind in knowledge.answers("coverage")}
    left_open = knowledge.say("scenarios.open")
    if "coverage" not in done:
        return pd.Series(left_open, index=done.index, dtype=object)
    cells = done["coverage"].astype(object)
    found = cells.map(lambda cell: names.get(str(cell).strip(), left_open))
    return found.astype(pd.CategoricalDtype([*names.values(), left_open], ordered=True))


def _groups(kinds: "pd.Series[Any]", verdicts: "pd.Series[Any]") -> Iterator[Group]:
    counts = verdicts.groupby([kinds, verdicts], observed=True, sort=True).size()
    for name in kinds.sort_values().drop_duplicates():
        own = counts[name]
        total = int(own.sum())
        before, shares = 0, []
        for answer in _ANSWERS:
            if answer in own:
                count = int(own[answer])
                shares.append(Share(answer, count, percent(before, total), percent(count, total)))
                before += count
        yield Group(str(name), total, tuple(shares))


def _weeks(days: "pd.Series[Any]") -> tuple[tuple[Week, ...], int]:
    """Return how many safe days fall into each of the next weeks, and how many come later."""
    known = pd.to_datetime(days.dropna())
    if known.empty:
        return (), 0
    mondays = known.dt.normalize() - pd.to_timedelta(known.dt.day_of_week, unit="D")
    counts = mondays.dt.date.value_counts().sort_index()
    first: date = counts.index[0]
    shown = counts[[day < first + _MOST_WEEKS * _A_WEEK for day in counts.index]]
    most = int(shown.max())
    weeks = tuple(
        Week(short_day(day), int(count), percent(int(count), most)) for day, count in shown.items()
    )
    return weeks, int(counts.sum() - shown.sum())


def _costs(
    done: pd.DataFrame, kinds: "pd.Series[Any]", knowledge: Knowledge
) -> tuple[tuple[Tick, ...], tuple[Costs, ...]]:
    known = done["cost_high"].notna()
    low, high = (done.loc[known, name].map(_exact) for name in ("cost_low", "cost_high"))
    if low.empty:
        return (), ()
    own = kinds[known]
    ticks = round_figures(max(high))
    found = []
    for name in own.sort_values().drop_duplicates():
        least, most = min(low[own == name]), max(high[own == name])
        words = knowledge.say("scenarios.range", low=dollars(least), high=dollars(most))
        found.append(
            Costs(
                name=str(name),
                words=dollars(least) if least == most else words,
                people=int((own == name).sum()),
                left=percent(least, ticks[-1]),
                width=percent(most - least, ticks[-1]),
            )
        )
    marks = tuple(Tick(percent(figure, ticks[-1]), dollars(figure)) for figure in ticks)
    return marks, tuple(found)


def _exact(amount: Any) -> Decimal:
    return amount if isinstance(amount, Decimal) else Decimal(str(amount))
