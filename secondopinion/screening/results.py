"""The columns that screening adds, before they become those of a data frame or of a file."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from .answers import Answers
from .codes import Codes, smallest
from .prices import Cents
from .room import full
from .spread import Rows
from .table import COSTS, PROBLEMS, RESULTS, wanted_columns

DOLLARS = pa.decimal128(12, 2)
_SAID = (
    "verdict",
    "verdict_rule",
    "third_opinion",
    "referral",
    "prior_authorization",
    "network",
    "next_action",
    "actions",
    "rules",
    "warnings",
)
BETWEEN_PROBLEMS = " | "

TEXT = pa.dictionary(pa.int32(), pa.string())
"""How Arrow holds texts that repeat."""
RESULT_TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(RESULTS, TEXT),
    **dict.fromkeys(COSTS, DOLLARS),
    "next_deadline": pa.date32(),
    "safe_date": pa.date32(),
    "gaps": pa.int16(),
}
"""The kind of each column of the result in a file."""


def result_schema(cases: Any, columns: Iterable[str] | None = None) -> Any:
    """Return the columns of a table of results, as Arrow has them.

    Parameters
    ----------
    cases
        The columns of the table of cases, as Arrow has them.
    columns
        The columns of `RESULTS` that are wanted; all of them for None.

    Raises
    ------
    UnknownAnswer
        When a wanted column is none of the result.
    """
    added = [pa.field(name, RESULT_TYPES[name]) for name in wanted_columns(columns)]
    return pa.schema([*cases, *added])


class Texts(NamedTuple):
    """A column of texts, each distinct one once; -1 where there is none."""

    codes: Codes
    said: list[str]


def texts(rows: Rows, answers: Answers) -> dict[str, Texts]:
    """Return the columns of the result that hold texts."""
    found = {name: _texts(rows, name) for name in _SAID if name in rows.codes}
    return {**found, PROBLEMS: _problems(answers)}


def _texts(rows: Rows, name: str) -> Texts:
    codes, said = rows.codes[name], rows.said[name]
    if all(said):
        return Texts(codes, said)
    kept = [text for text in said if text]
    again = np.full(len(said) + 1, -1, dtype=codes.dtype)
    again[[place for place, text in enumerate(said) if text]] = np.arange(len(kept))
    return Texts(again.take(codes), kept)


def _problems(answers: Answers) -> Texts:
    """Return for each row what was not understood in it."""
    found: dict[int, list[str]] = {}
    for each in answers.misread:
        for row, which in zip(each.rows.tolist(), each.which.tolist(), strict=True):
            found.setdefault(row, []).append(each.complaints[which].what_to_write)
    said = {row: BETWEEN_PROBLEMS.join(lines) for row, lines in found.items()}
    places = {text: place for place, text in enumerate(dict.fromkeys(said.values()))}
    codes = full(answers.rows, -1, smallest(len(places)))
    codes[list(said)] = [places[text] for text in said.values()]
    return Texts(codes, list(places))


def dollars(cents: Cents) -> dict[str, Any]:
    """Return the columns of exact dollars: Arrow's decimals lie in memory just so."""
    columns = zip(COSTS, (cents.low, cents.high), strict=True)
    return {
        name: pa.Array.from_buffers(
            DOLLARS, len(column), [pa.py_buffer(cents.priced), pa.py_buffer(column)]
        )
        for name, column in columns
    }
