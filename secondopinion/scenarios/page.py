"""The comparison as a page: what it comes to, the table, the map, what it costs, and the days."""

from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, get_args

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Answer
from secondopinion.render.page import fill_template

from .charts import cost_chart
from .grounds import Ground
from .heat import HeatMap, alike_together
from .lines import PARTS, Comparison, Line
from .timeline import timeline
from .words import says, short_day, words


class View(NamedTuple):
    """What a reader wants to see of a comparison."""

    differing_only: bool = False
    """Leave out the lines that say the same as the base case."""
    every_column: bool = False
    """Show every column of the map, also those that read the same all the way down."""
    remark: str = ""
    """Something to say first."""


_EVERYTHING = View()


class Cell(NamedTuple):
    """One cell of the table: its part, its words, and how it stands to the base case."""

    part: str
    words: str
    says: str
    ground: Ground | None
    differs: bool
    answer: str


class Shown(NamedTuple):
    """One line of the table with its cells."""

    labels: tuple[str, ...]
    day: str
    line: Line
    cells: tuple[Cell, ...]


def comparison_html(
    compared: Comparison,
    found: HeatMap | None = None,
    knowledge: Knowledge | None = None,
    view: View = _EVERYTHING,
    *,
    page: bool = False,
) -> str:
    """Return a comparison as HTML, with its charts, for a notebook or as a page of its own.

    Parameters
    ----------
    compared
        The base case and its lines.
    found
        The map of answers to show with it.
    knowledge
        Another knowledge base than the workbook's own.
    view
        What to show of it.
    page
        A whole page that can be saved and printed, instead of a part of one.
    """
    knowledge = knowledge or load_knowledge()
    template = "scenarios_page.html.jinja" if page else "scenarios.html.jinja"
    return fill_template(template, knowledge, **_values(compared, found, view, knowledge))


def _values(
    compared: Comparison, found: HeatMap | None, view: View, knowledge: Knowledge
) -> dict[str, Any]:
    """Return what the template shows."""
    lines = [line for line in compared.lines if line.differs or not view.differing_only]
    return {
        "own_style": own_style(),
        "compared": compared,
        "remark": view.remark,
        "parts": PARTS,
        "base": _shown(compared.base, knowledge),
        "lines": [_shown(line, knowledge) for line in lines],
        "counts": _counts(compared),
        "differing": sum(1 for line in compared.lines if "verdict" in line.differs),
        "map": found if view.every_column or found is None else alike_together(found),
        "costs": cost_chart(compared, knowledge),
        "timeline": timeline(compared, knowledge),
        "rules": _rules(compared, found),
    }


def _shown(line: Line, knowledge: Knowledge) -> Shown:
    cells = (
        Cell(
            part=part,
            words=words(line, part, knowledge),
            says=says(line, part),
            ground=line.grounds.get(part),
            differs=part in line.differs,
            answer=_answer(line, part),
        )
        for part in PARTS
    )
    return Shown(line.labels, short_day(line.plan.as_of), line, tuple(cells))


def _answer(line: Line, part: str) -> str:
    """Return the verdict that colors a cell, where it is one."""
    answers = {"verdict": line.plan.verdict.answer, "third_opinion": line.plan.third_opinion.answer}
    return answers.get(part, "")


def _counts(compared: Comparison) -> list[tuple[str, int]]:
    """Return how many lines give each answer, the surest first."""
    counted = Counter(line.plan.verdict.answer for line in compared.lines)
    return [(answer, counted[answer]) for answer in get_args(Answer) if counted[answer]]


def _rules(compared: Comparison, found: HeatMap | None) -> list[Ground]:
    """Return every rule that the page names, each once, by its id."""
    named = [each for line in (compared.base, *compared.lines) for each in line.grounds.values()]
    if found:
        named += [each for row in range(len(found.rows)) for each in found.grounds(row)]
    return sorted({ground.rule: ground for ground in named}.values())


@cache
def own_style() -> str:
    """Return how the tables and the pictures look."""
    style = files("secondopinion").joinpath("templates", "scenarios.css")
    return style.read_text(encoding="utf-8")
