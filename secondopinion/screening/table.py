"""What the columns of a table are: answers to our questions, somebody's own, or misspelt."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from secondopinion.errors import UnknownAnswer
from secondopinion.knowledge import Knowledge

PROBLEMS = "problems"
COSTS = ("cost_low", "cost_high")
DUE = ("next_deadline", "safe_date", "next_action")
RESULTS = (
    "verdict",
    "verdict_rule",
    "third_opinion",
    "referral",
    "prior_authorization",
    "network",
    *COSTS,
    *DUE,
    "actions",
    "rules",
    "warnings",
    "gaps",
    PROBLEMS,
)
"""The columns that screening adds, in this order."""

_CLOSE = 0.8


class Understood(NamedTuple):
    """How a table is read, before anything is done with it."""

    rows: int
    fields: tuple[str, ...]
    """The columns read as answers."""
    missing: tuple[str, ...]
    """What could also be asked, and no column answers."""
    extra: tuple[str, ...]
    """The columns that stay as they are."""
    misspelt: Mapping[str, str]
    """Extra columns that look like an answer's name, each with the name it may mean."""
    problems: Mapping[str, int]
    """How many cells of a column were not understood, for the columns that have such cells."""
    problem_rows: int
    """How many rows have such a cell. They get no answer; all others do."""


def fields_of(knowledge: Knowledge) -> tuple[str, ...]:
    """Return the names of the columns that are read as answers."""
    return tuple(question["id"] for question in knowledge.section("questions"))


def wanted_columns(columns: Iterable[str] | None) -> tuple[str, ...]:
    """Return those columns of the result that are wanted, in their order; all of them for None.

    What was not understood is always told.
    """
    named = [columns] if isinstance(columns, str) else columns
    wanted = {PROBLEMS, *(RESULTS if named is None else named)}
    unknown = sorted(map(str, wanted.difference(RESULTS)))
    if unknown:
        message = (
            f"the result has no column named {', '.join(unknown)}; choose from {', '.join(RESULTS)}"
        )
        raise UnknownAnswer(message)
    return tuple(name for name in RESULTS if name in wanted)


def checked_columns(columns: Iterable[object], wanted: Iterable[str] = RESULTS) -> list[object]:
    """Return the columns of a table that we can add the wanted ones to, or say why we cannot."""
    listed = list(columns)
    twice = sorted({str(name) for name in listed if listed.count(name) > 1})
    if twice:
        message = f"these columns stand twice in the table: {', '.join(twice)}; keep one of each"
        raise UnknownAnswer(message)
    taken = [name for name in wanted if name in listed]
    if taken:
        message = (
            f"the table already has a column named {', '.join(taken)}, and so has the result; "
            "give yours another name"
        )
        raise UnknownAnswer(message)
    return listed


def misspelt(columns: Iterable[object], knowledge: Knowledge) -> dict[str, str]:
    """Return the columns that look like the name of an answer nobody gives, with that name."""
    listed = list(columns)
    left = [name for name in fields_of(knowledge) if name not in listed]
    meant = {name: name for name in left} | {name.rpartition(".")[2]: name for name in left}
    found = {}
    for column in listed:
        if isinstance(column, str) and column not in fields_of(knowledge):
            plain = "_".join(column.casefold().replace("-", " ").replace("_", " ").split())
            close = get_close_matches(plain, meant, n=1, cutoff=_CLOSE)
            if close:
                found[column] = meant[close[0]]
    return found
