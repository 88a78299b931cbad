"""Say how the knowledge base stands: what is broken, what is due for a look, how much there is."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from secondopinion.model import DUE_DAYS, FRESH_DAYS

from .compile import Workshop, read_workshop
from .schema import KINDS, RULES

FRESH = timedelta(days=FRESH_DAYS)
STALE = timedelta(days=DUE_DAYS)
SOON = timedelta(days=30)
_COUNTED = ("coverages", "states", "conditions", "contacts", "places", "evidence", "sources")


class Look(NamedTuple):
    """An entry, the day somebody last looked at its source, and the day to look again."""

    kind: str
    id: str
    checked: date
    again: date


class Report(NamedTuple):
    """The state of a knowledge base on a day."""

    problems: list[str]
    stale: list[Look]
    due: list[Look]
    soon: list[Look]
    counts: dict[str, int]
    primary: dict[str, str]


def _newest(entry: dict[str, Any]) -> date | None:
    """Return the day the part now in force was checked."""
    history = entry.get("history")
    checked: date | None = (history[-1] if history else entry).get("checked")
    return checked


def looks(shop: Workshop) -> Iterator[Look]:
    """Yield every entry that has a day on which it was checked."""
    for kind in KINDS:
        for entry in shop.entries[kind]:
            checked = _newest(entry)
            if checked:
                yield Look(kind, entry["id"], checked, checked + FRESH)


def _share_of_primary(shop: Workshop, kind: str) -> str:
    grades = Counter(
        version["seen"] for entry in shop.entries[kind] for version in entry["history"][-1:]
    )
    total = sum(grades.values())
    return f"{grades['primary']} of {total}"


def report(root: Path, as_of: date) -> Report:
    """Read a knowledge base and say how it stands on a day."""
    shop = read_workshop(root)
    every = sorted(looks(shop), key=lambda look: (look.again, look.id))
    return Report(
        problems=[str(problem) for problem in shop.problems],
        stale=[look for look in every if look.checked + STALE < as_of],
        due=[look for look in every if look.again < as_of <= look.checked + STALE],
        soon=[look for look in every if timedelta() <= look.again - as_of <= SOON],
        counts={kind: len(shop.entries[kind]) for kind in (*_COUNTED, *RULES)},
        primary={kind: _share_of_primary(shop, kind) for kind in ("verdicts", "limits")},
    )
