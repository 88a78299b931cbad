"""What we ask about a table before it is run, as a sheet of blanks, and what the answers mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from secondopinion.knowledge import Knowledge

from .mending import LEAVE_OPEN, Look, Mending, Value, writings_for

MOST_VALUES = 30
"""So many different values can be put right by hand; the rest is work for the file itself."""
MOST_COLUMNS = 20
_NOTHING = ""


def groups(
    table: pd.DataFrame, look: Look, names: Mapping[str, str], knowledge: Knowledge
) -> list[dict[str, Any]]:
    """Return the blanks to fill in: what own columns hold, and what unknown values mean.

    Parameters
    ----------
    table
        The table as it came.
    look
        How it is read under the names that were given so far.
    names
        Those names.
    knowledge
        Where the words come from.
    """
    columns = list(dict.fromkeys(each.column for each in look.unknown))
    asked = [
        ("columns", [_column(name, look, names, knowledge) for name in _own(table, look, names)]),
        ("writings", [*_writings(columns, look, knowledge)]),
        ("values", [_value(each, knowledge) for each in look.unknown[:MOST_VALUES]]),
    ]
    return [
        {
            "id": group,
            "legend": knowledge.say(f"screening.ask_{group}"),
            "help": knowledge.say(f"screening.ask_{group}_help"),
            "fields": fields,
        }
        for group, fields in asked
        if fields
    ]


def _own(table: pd.DataFrame, look: Look, names: Mapping[str, str]) -> Sequence[str]:
    """Return the columns that may hold answers under another name, the likeliest first."""
    own = [name for name in table.columns if name in look.understood.extra or name in names]
    likely = [name for name in own if name in look.understood.misspelt or name in names]
    return list(dict.fromkeys([*likely, *own]))[:MOST_COLUMNS]


def _column(
    name: str, look: Look, names: Mapping[str, str], knowledge: Knowledge
) -> dict[str, Any]:
    say = knowledge.say
    free = [*look.understood.missing, *([names[name]] if name in names else [])]
    meant = look.understood.misspelt.get(name)
    offered = [
        (field, f"{knowledge.named('questions', field)['text']} ({field})") for field in free
    ]
    return {
        "id": _column_id(name),
        "label": name,
        "kind": "choice",
        "help": say("screening.mean", name=meant) if meant else "",
        "options": [(_NOTHING, say("screening.mine")), *offered],
    }


def _writings(columns: Iterable[str], look: Look, knowledge: Knowledge) -> Iterator[dict[str, Any]]:
    """Yield a question for each column whose cells could be read if they were written so."""
    say = knowledge.say
    for column in columns:
        ways = writings_for(column, look.unknown, knowledge)
        if ways:
            yield {
                "id": _writing_id(column),
                "label": column,
                "kind": "choice",
                "help": "",
                "options": [
                    (_NOTHING, say("screening.writing.as_it_is")),
                    *((way, say(f"screening.writing.{way}")) for way in ways),
                ],
            }


def _value(value: Value, knowledge: Knowledge) -> dict[str, Any]:
    say = knowledge.say
    return {
        "id": _value_id(value),
        "label": say(
            "screening.one_value", column=value.column, value=value.value, count=value.rows
        ),
        "kind": "choice",
        "help": "" if value.answers else value.what_to_write,
        "options": [
            (_NOTHING, say("screening.report")),
            (LEAVE_OPEN, say("screening.leave_open")),
            *value.answers,
        ],
    }


def _column_id(name: str) -> str:
    return f"column {name}"


def _writing_id(column: str) -> str:
    return f"writing {column}"


def _value_id(value: Value) -> str:
    return f"value {value.column} {value.value}"


def names_given(
    filled: Mapping[str, Any], table: pd.DataFrame, knowledge: Knowledge
) -> dict[str, str]:
    """Return what a person said that columns hold, as far as it can be."""
    known = {question["id"] for question in knowledge.section("questions")} - {*table.columns}
    return dict(_first_of_each(filled, table, known))


def _first_of_each(
    filled: Mapping[str, Any], table: pd.DataFrame, known: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield names given to columns; of two columns under one name the first counts."""
    for name in table.columns:
        given = filled.get(_column_id(name))
        if given in known:
            known.discard(given)
            yield name, given


def mending_of(
    filled: Mapping[str, Any], names: Mapping[str, str], look: Look, knowledge: Knowledge
) -> Mending:
    """Return everything that a person said about a table."""
    said = ((each, filled.get(_value_id(each))) for each in look.unknown[:MOST_VALUES])
    meanings = {
        (each.column, each.value): str(meant)
        for each, meant in said
        if meant == LEAVE_OPEN or meant in dict(each.answers)
    }
    writings = {
        column: way
        for column in {each.column for each in look.unknown}
        for way in writings_for(column, look.unknown, knowledge)
        if filled.get(_writing_id(column)) == way
    }
    return Mending(names, meanings, writings)
