"""The list as a page: how it was read, what was not understood, and what came of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.render.page import fill_template
from secondopinion.scenarios.page import own_style

from .mending import Look
from .tallies import tally

_MOST_PROBLEMS = 50
_MOST_ROWS = 20
_SAID: Mapping[str, str] = {
    "verdict": "scenarios.answer",
    "referral": "requirement.answer",
    "network": "requirement.answer",
}
_RESULTS = (*_SAID, "cost_low", "cost_high", "safe_date", "problems")


def screening_html(
    look: Look | None,
    result: pd.DataFrame | None,
    knowledge: Knowledge | None = None,
    trouble: str = "",
) -> str:
    """Return a list as HTML.

    Parameters
    ----------
    look
        How the list is read; None before there is one.
    result
        What came of it; None before it was run.
    knowledge
        Another knowledge base than the workbook's own.
    trouble
        What is wrong with the file that was dropped last.
    """
    knowledge = knowledge or load_knowledge()
    return fill_template(
        "screening.html.jinja",
        knowledge,
        own_style=own_style(),
        trouble=trouble,
        guide=_guide(knowledge),
        questions={each["id"]: each["text"] for each in knowledge.section("questions")},
        look=look,
        problems=_shown(look.problems.head(_MOST_PROBLEMS)) if look else [],
        tally=None if result is None else tally(result, knowledge),
        rows=[] if result is None else _shown(_first_rows(result, knowledge)),
        heads=[] if result is None else _heads(result, knowledge),
    )


def _guide(knowledge: Knowledge) -> list[tuple[str, str, list[str]]]:
    """Return every column that is read, with its question and the answers it may hold."""
    found = []
    for question in knowledge.section("questions"):
        chosen = question["kind"] in {"choice", "choices", "yes_no"}
        answers = knowledge.answers(question["id"]) if chosen else []
        plain = [str(each).lower() if isinstance(each, bool) else each for each in answers]
        found.append((question["id"], question["text"], plain))
    return found


def _names(result: pd.DataFrame) -> list[str]:
    """Return a person's own first columns, and what we say that is looked at most often."""
    own = [name for name in result.columns[:2] if name not in _RESULTS]
    return [*own, *_RESULTS]


def _heads(result: pd.DataFrame, knowledge: Knowledge) -> list[str]:
    return [
        knowledge.say(f"scenarios.column.{name}") if name in _RESULTS else str(name)
        for name in _names(result)
    ]


def _first_rows(result: pd.DataFrame, knowledge: Knowledge) -> pd.DataFrame:
    """Return the first rows, in words."""
    first = result[_names(result)].head(_MOST_ROWS).astype(object)
    for name, phrase in _SAID.items():
        first[name] = [
            None if _is_empty(cell) else knowledge.say(f"{phrase}.{cell}") for cell in first[name]
        ]
    return first


def _shown(frame: pd.DataFrame) -> list[list[str]]:
    return [
        ["" if _is_empty(cell) else _in_words(cell) for cell in row]
        for row in frame.astype(object).itertuples(index=False)
    ]


def _is_empty(cell: Any) -> bool:
    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))


def _in_words(cell: Any) -> str:
    return cell.date().isoformat() if isinstance(cell, pd.Timestamp) else str(cell)
