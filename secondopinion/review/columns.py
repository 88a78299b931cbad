"""The columns of the review sheet: what stands in each, and how much room it needs."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from .rows import Review, Row

MOST_LINES = 31
"""A row of Excel grows to 409 points and no higher."""

_LOOSE = 1.12  # words do not fill their lines
_WIDEST = 150  # characters; past that nobody reads along a line


class Column(NamedTuple):
    """One column: its heading, its width and what stands in it."""

    heading: str
    width: float
    cell: Callable[[Row], Any]
    style: str = "text"


def _day(row_day: date | None) -> datetime | None:
    return datetime.combine(row_day, time()) if row_day else None


def _sources(row: Row) -> str:
    """Return the documents cited, each with the place in it, on lines of their own."""
    cited = (
        f"{source.title}, {source.at}" if source.at else source.title for source in row.sources
    )
    return "\n".join(dict.fromkeys(cited))


class _Links:
    """Finds the n-th link of a row."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, row: Row) -> str | None:
        return row.links[self.number] if self.number < len(row.links) else None


def columns_of(review: Review, rows: Sequence[Row]) -> list[Column]:
    """Return the columns; those after the reviewer's own three are not printed."""
    say = review.knowledge.say
    everyone = say("review.everyone")

    def whom(row: Row) -> str:
        lines = "\n".join(filter(None, row.whom))
        return lines or (everyone if row.has_whom else "")

    def heading(name: str) -> str:
        return say(f"review.column.{name}")

    most_links = max((len(row.links) for row in rows), default=0)
    return [
        Column(heading("kind"), 10, lambda row: say(f"review.kind.{row.kind}")),
        Column(heading("id"), 15, lambda row: row.id, "small"),
        Column(heading("what"), 18, lambda row: row.what),
        Column(heading("whom"), 26, whom),
        Column(heading("reads"), 54, lambda row: "\n".join(row.reads)),
        Column(heading("value"), 22, lambda row: row.value),
        Column(heading("source"), 26, _sources),
        Column(heading("link"), 13, _Links(0), "link"),
        Column(heading("seen"), 10, lambda row: say(f"seen.{row.seen}") if row.seen else ""),
        Column(heading("checked"), 10, lambda row: _day(row.checked), "day"),
        Column(heading("right"), 8, lambda _: "", "answer"),
        Column(heading("change"), 28, lambda _: "", "answer"),
        Column(heading("initials"), 10, lambda _: "", "answer"),
        Column(heading("again"), 10, lambda row: _day(row.again), "day"),
        Column(heading("grade"), 8, lambda row: row.grade, "number"),
        Column(heading("where"), 34, lambda row: row.where, "small"),
        *(
            Column(say("review.column.more_links", number=number + 1), 13, _Links(number), "link")
            for number in range(1, most_links)
        ),
    ]


def lines_in(column: Column, row: Row) -> int:
    """Return how many lines a row takes in a column; a link shows its short name only."""
    cell = "" if column.style == "link" else column.cell(row)
    return lines_of(cell, column.width) if isinstance(cell, str) else 1


def wide_enough(column: Column, rows: Sequence[Row]) -> Column:
    """Widen a column until its longest text fits the height that a row can have."""
    too_narrow = max((lines_in(column, row) for row in rows), default=0) > MOST_LINES
    if not too_narrow or column.width > _WIDEST:
        return column
    return wide_enough(column._replace(width=column.width * 1.25), rows)


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a column: not every program works it out itself."""
    return sum(1 + int(len(line) * _LOOSE / width) for line in text.split("\n"))
