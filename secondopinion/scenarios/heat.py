"""The map of answers: one fact down, another across, and in each square whether it is covered."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from secondopinion.intake import asked_only
from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Answer, Case
from secondopinion.planner.reading import Reading
from secondopinion.planner.verdicts import verdict_about

from .grounds import Ground, ground_of
from .situations import DEADLINE, Choice, Only, kept, named

if TYPE_CHECKING:
    import pandas as pd


_USUAL = ("coverage", "recommended")


class Square(NamedTuple):
    """Whether it is covered, and the rule that says so, where there is one."""

    answer: Answer
    ground: Ground | None


class Column(NamedTuple):
    """The answers across that read the same all the way down, and their squares."""

    labels: tuple[str, ...]
    squares: tuple[Square, ...]


class HeatMap(NamedTuple):
    """Which opinion it is about, what runs down and across, and the columns in their order.

    It is about the second opinion, unless the case says that it is about a third.
    """

    about: Literal["second", "third"]
    down: str
    across: str
    rows: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def width(self) -> int:
        """How many answers stand across, alike or not."""
        return sum(len(column.labels) for column in self.columns)

    def grounds(self, row: int) -> dict[Ground, list[str]]:
        """Return the rules that decide along a row, each with the answers that it decides for."""
        found: dict[Ground, list[str]] = {}
        for column in self.columns:
            if ground := column.squares[row].ground:
                found.setdefault(ground, []).extend(column.labels)
        return found


def heat_map(
    case: Case,
    facts: tuple[str, str],
    as_of: date,
    knowledge: Knowledge | None = None,
    only: Only | None = None,
) -> HeatMap:
    """Return whether an opinion is covered under every answer to two questions, as a plan says it.

    Parameters
    ----------
    case
        The base case.
    facts
        The two questions to vary: down, and across.
    as_of
        The day to plan for.
    knowledge
        Another knowledge base than the workbook's own.
    only
        For either question, the answers to keep to.
    """
    knowledge, only = knowledge or load_knowledge(), only or {}
    rows, columns = (kept(fact, knowledge, only) for fact in facts)
    about: Literal["second", "third"] = "third" if case.opinion == "third" else "second"

    def column(across: Choice) -> Column:
        cases = (_told(case, facts, (down.id, across.id)) for down in rows)
        squares = (_square(each, about, as_of, knowledge) for each in cases)
        return Column((across.label,), tuple(squares))

    down, across = (named(fact, knowledge) for fact in facts)
    labels = tuple(row.label for row in rows)
    return HeatMap(about, down, across, labels, tuple(map(column, columns)))


def _told(case: Case, facts: tuple[str, str], answers: tuple[str | bool, str | bool]) -> Case:
    return case._replace(**dict(zip(facts, answers, strict=True)))  # type: ignore[arg-type]


def _square(case: Case, about: str, as_of: date, knowledge: Knowledge) -> Square:
    reading = Reading(knowledge, asked_only(case, knowledge), as_of)
    verdict = verdict_about(reading, about)
    return Square(verdict.answer, ground_of(reading, verdict.rule) if verdict.rule else None)


def map_of(facts: Sequence[str], otherwise: str) -> tuple[str, str]:
    """Return which two questions a map draws: those that are varied, as far as they are questions.

    Parameters
    ----------
    facts
        What is varied; days met or missed change no answer, so they draw no map.
    otherwise
        The question to use when only one is varied.
    """
    wanted = dict.fromkeys([*(fact for fact in facts if fact != DEADLINE), otherwise, *_USUAL])
    down, across, *_ = wanted
    return down, across


def alike_together(found: HeatMap) -> HeatMap:
    """Return a map in which the columns that read the same all the way down stand as one."""
    groups: dict[tuple[Square, ...], list[str]] = {}
    for column in found.columns:
        groups.setdefault(column.squares, []).extend(column.labels)
    columns = (Column(tuple(labels), squares) for squares, labels in groups.items())
    return found._replace(columns=tuple(columns))


def verdicts(
    case: Case, facts: tuple[str, str], as_of: date, knowledge: Knowledge | None = None
) -> "pd.DataFrame":
    """Return the map of answers as a table: `covered`, `covered_if`, `ask` or `not_covered`.

    Parameters
    ----------
    case
        The base case.
    facts
        The two questions to vary: the one that runs down, and the one that runs across.
    as_of
        The day to plan for.
    knowledge
        Another knowledge base than the workbook's own.
    """
    import pandas as pd  # noqa: PLC0415  (half a second; the app does without)

    found = heat_map(case, facts, as_of, knowledge)
    answers = {
        column.labels[0]: [square.answer for square in column.squares] for column in found.columns
    }
    index = pd.Index(found.rows, name=facts[0], dtype=object)
    return pd.DataFrame(answers, index=index, dtype=object).rename_axis(columns=facts[1])
