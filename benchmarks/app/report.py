"""What was measured, as tables to read, each with its ratios and its method."""

import statistics
from collections.abc import Iterable, Mapping, Sequence

from .crowd import Crowd
from .memory import each
from .pages import Visit
from .served import OURS

Visits = Mapping[str, Sequence[Visit]]  # "cold" and "warm", one of each in every round

_USABLE = """\
Chromium, headless, a fresh context for each cold visit and the same one again for the warm visit.
Before each visit the server is at rest, with its processes in waiting; each has had one visitor.
Usable: from the start of the navigation to the first animation frame in which the first plan and
all its fields stand on the page, where choosing an insurance in that frame gave a new plan.
Answered: that, and until the new plan was drawn. KB: bodies as sent, and WebSocket frames, until
answered. In brackets the fastest and the slowest round; ratios are medians over the rounds.
Goal: at most 0.60 of Panel's."""
_CHANGE = """\
From the change event of the insurance list to the task after the first animation frame with
another text in the plan. A frame is 17 ms. The next change comes when the page is idle.
Goal: p50 at most 60, p95 at most 100."""
_MEMORY = """\
PSS of every process that carries the server's mark in its environment, at rest. Visitors without
a browser who load the page and its files, answer four times and stay.
Each: from the first visitor to the last, divided by the visitors between. Goal: at most 24."""
_CROWD = """\
Visitors without a browser, in one process on the same machine, who load the page and its files and
then change their insurance every 4 s (2 to 6) until all leave. Page: its HTML, from asking to the
last byte. Change: from sending it to the new plan's arrival. Processor: seconds of it in a second,
of the server and of the visitors themselves. Goal: no error, and no slower p95 than alone."""


def usable(met: Mapping[str, Visits]) -> Iterable[str]:
    """Say how long each page takes, and what ours takes of that."""
    yield (
        f"{'PAGE TO USABLE, ms':<20}{'cold cache':>19}{'warm cache':>19}{'answered':>10}"
        f"{'requests':>10}{'KB':>7}{'ours of it, cold':>18}{'warm':>6}"
    )
    for name, visits in met.items():
        cold, warm = visits["cold"], visits["warm"]
        yield (
            f"{name:<20}{_spread(visit.usable for visit in cold):>19}"
            f"{_spread(visit.usable for visit in warm):>19}"
            f"{_median(visit.answered for visit in cold):>10.0f}"
            f"{_median(visit.requests for visit in cold):>10.0f}"
            f"{_median(visit.kilobytes for visit in cold):>7.0f}"
            f"{_ours_of(met, name, 'cold'):>18}{_ours_of(met, name, 'warm'):>6}"
        )
    yield _USABLE


def changes(met: Mapping[str, Visits]) -> Iterable[str]:
    """Say how long a change takes until it is on the screen."""
    took = {
        name: [took for visit in visits["warm"] for took in visit.changes]
        for name, visits in met.items()
    }
    yield f"{'A CHANGE, ms':<20}{'p50':>8}{'p95':>8}{'changes':>9}{'ours of it, p50':>17}{'p95':>6}"
    for name, these in took.items():
        ours = took.get(OURS.name)
        of_it = [_of(at(ours), at(these)) if ours else "" for at in (_median, p95)]
        yield (
            f"{name:<20}{_median(these):>8.0f}{p95(these):>8.0f}{len(these):>9}"
            f"{of_it[0]:>17}{of_it[1]:>6}"
        )
    yield _CHANGE


def memory(met: Mapping[str, Sequence[dict[int, float]]]) -> Iterable[str]:
    """Say what visitors cost in memory."""
    counts = list(next(iter(met.values()))[0])
    heads = "".join(f"{f'{count} there':>10}" for count in counts)
    yield f"{'MEMORY, MiB':<20}{heads}{'each':>8}"
    for name, rounds in met.items():
        held = "".join(f"{_median(one[count] for one in rounds):>10.1f}" for count in counts)
        yield f"{name:<20}{held}{_median(map(each, rounds)):>8.1f}"
    yield _MEMORY


def crowds(met: Mapping[str, Mapping[float, Crowd]]) -> Iterable[str]:
    """Say what many visitors at once meet."""
    yield (
        f"{'AT ONCE':<9}{'visitors':>24}{'p50':>7}{'p95':>7}{'p95 of alone':>14}"
        f"{'changes':>9}{'processor':>11}{'visitors':>10}"
    )
    for name, rates in met.items():
        for rate, crowd in rates.items():
            yield f"{name}, {rate:g} arriving each second"
            yield f"{'':<9}{'page, ms':>24}{_median(crowd.pages):>7.0f}{p95(crowd.pages):>7.0f}"
            alone = p95(crowd.holds[0].changes)
            for hold in crowd.holds:
                yield (
                    f"{'':<9}{f'change, {hold.visitors} there, ms':>24}"
                    f"{_median(hold.changes):>7.0f}{p95(hold.changes):>7.0f}"
                    f"{_of(p95(hold.changes), alone):>14}{len(hold.changes):>9}"
                    f"{_share(hold.processor):>11}{_share(hold.own):>10}"
                )
            yield (
                f"{'':<9}{'while they arrive, ms':>24}{_median(crowd.arriving):>7.0f}"
                f"{p95(crowd.arriving):>7.0f}{_of(p95(crowd.arriving), alone):>14}"
                f"{len(crowd.arriving):>9}"
            )
            yield f"{'':<9}{'MiB each':>24}{crowd.each:>7.1f}"
            yield f"{'':<9}{'errors':>24}{len(crowd.errors):>7}   {'; '.join(crowd.errors[:3])}"
    yield _CROWD


def p95(values: Sequence[float]) -> float:
    """Return the value that nineteen of twenty do not exceed."""
    if len(values) < 2:
        return _median(values)
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def _ours_of(met: Mapping[str, Visits], name: str, cache: str) -> str:
    if OURS.name not in met:
        return ""
    pairs = zip(met[OURS.name][cache], met[name][cache], strict=True)
    return f"{_median(ours.usable / its.usable for ours, its in pairs):.2f}"


def _of(part: float, whole: float) -> str:
    return f"{part / whole:.2f}" if whole else ""


def _share(part: float) -> str:
    return f"{part:.2f}" if part else ""


def _median(values: Iterable[float]) -> float:
    return statistics.median(list(values) or [0.0])


def _spread(values: Iterable[float]) -> str:
    these = list(values)
    return f"{_median(these):.0f} [{min(these):.0f}-{max(these):.0f}]"
