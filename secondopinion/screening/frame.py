"""A data frame of cases in, the same frame with what every plan says out."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from secondopinion.knowledge import Knowledge, load_knowledge

from .answers import Answers
from .cells import in_frame
from .codes import Codes
from .columns import FOR_A_FRAME
from .plans import lent_plans
from .reading import Reader
from .results import dollars, texts
from .room import full
from .spread import Rows, Spread
from .table import (
    PROBLEMS,
    RESULTS,
    Understood,
    checked_columns,
    fields_of,
    misspelt,
    wanted_columns,
)

_PROBLEM = ("row", "column", "value", "what_to_write")


def _read(frame: pd.DataFrame, knowledge: Knowledge, wanted: Iterable[str] = RESULTS) -> Answers:
    listed = checked_columns(frame.columns, wanted)
    fields = [name for name in fields_of(knowledge) if name in listed]
    return Reader(knowledge).answers({name: in_frame(frame[name]) for name in fields}, len(frame))


def screen(
    frame: pd.DataFrame,
    as_of: date,
    knowledge: Knowledge | None = None,
    columns: Iterable[str] | None = None,
    *,
    compiled: bool = False,
) -> pd.DataFrame:
    """Return a table of cases with what the plan of each says.

    Parameters
    ----------
    frame
        One case in each row. Columns named like the fields of a case file are its answers
        (`coverage`, `events.denial`, `costs.visit_price`); an empty cell is not known, and
        `reasons` may be a list or texts with `;` between them. Other columns stay as they are.
    as_of
        The day to plan for.
    knowledge
        Another knowledge base than the workbook's own.
    columns
        The columns of `RESULTS` that are wanted; all of them for None. Fewer take less time and
        room. `problems` is always there.
    compiled
        Whether machine code is to work out what visits cost: the same to the cent. Making it
        takes two seconds, once in a process, so it is for table after table of millions of rows.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order, with the columns of `RESULTS` added. A row with a cell
        that is not understood gets `problems`, and no answer.

    Raises
    ------
    UnknownAnswer
        When two columns have the same name, one has the name of a column of the result, or a
        wanted column is none of the result.
    ModuleNotFoundError
        When `compiled` is asked for without the extra of that name.
    """
    knowledge = knowledge or load_knowledge()
    wanted = wanted_columns(columns)
    answers = _read(frame, knowledge, wanted)
    with lent_plans(knowledge, as_of, answers.names) as plans:
        rows = Spread(plans, answers, FOR_A_FRAME, wanted, compiled=compiled).rows()
    made = _columns(rows, answers)
    added = {name: made[name] for name in wanted}
    return pd.concat([frame, pd.DataFrame(added, index=frame.index, copy=False)], axis=1)


def _columns(rows: Rows, answers: Answers) -> dict[str, Any]:
    """Return the columns of the result."""
    said = texts(rows, answers)
    own = said.pop(PROBLEMS)
    made: dict[str, Any] = {
        name: _categories(each.codes, _kind(tuple(each.said))) for name, each in said.items()
    }
    own_kind = _kind_of(own.said) if own.said else _kind(())  # not kept: it quotes the table
    made[PROBLEMS] = _categories(own.codes, own_kind)
    made |= {name: days.view("datetime64[s]") for name, days in rows.days.items()}
    if rows.cents:
        costs = dollars(rows.cents).items()
        made |= {name: pd.arrays.ArrowExtensionArray(column) for name, column in costs}
    if rows.gaps is not None:
        bad = answers.bad()
        unknown = full(answers.rows, 0, np.bool_) if bad is None else bad
        made["gaps"] = pd.arrays.IntegerArray(rows.gaps, unknown)
    return made


def _categories(codes: Codes, kind: pd.CategoricalDtype) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, dtype=kind, validate=False)


@lru_cache(maxsize=64)
def _kind(said: tuple[str, ...]) -> pd.CategoricalDtype:
    """Return the kind of a column of texts; tables screened one after the other have the same."""
    return _kind_of(said)


def _kind_of(said: Sequence[str]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index(said, dtype="str"))


def problems_of(frame: pd.DataFrame, knowledge: Knowledge | None = None) -> pd.DataFrame:
    """Return one row for each cell that was not understood: where it is and what to write.

    Parameters
    ----------
    frame
        One case in each row, as for `screen`.
    knowledge
        Another knowledge base than the workbook's own.
    """
    answers = _read(frame, knowledge or load_knowledge())
    found = problem_table(answers)
    found.insert(1, "index", frame.index[found["row"].to_numpy(dtype=np.intp) - 1])
    return found


def problem_table(answers: Answers, rows_before: int = 0) -> pd.DataFrame:
    """Return what was not understood, with the number of the row, counted from 1."""
    if not answers.misread:
        return pd.DataFrame(columns=_PROBLEM)
    found = [
        (int(row) + 1 + rows_before, *each.complaints[which])
        for each in answers.misread
        for row, which in zip(each.rows, each.which.tolist(), strict=True)
    ]
    table = pd.DataFrame(found, columns=_PROBLEM)
    return table.sort_values("row", kind="stable", ignore_index=True)


def look_over(frame: pd.DataFrame, knowledge: Knowledge | None = None) -> Understood:
    """Return how a table is read: which columns are answers, which are not, what is misspelt.

    Parameters
    ----------
    frame
        One case in each row, as for `screen`.
    knowledge
        Another knowledge base than the workbook's own.
    """
    knowledge = knowledge or load_knowledge()
    answers = _read(frame, knowledge)
    bad = answers.bad()
    return Understood(
        rows=len(frame),
        fields=answers.names,
        missing=tuple(name for name in fields_of(knowledge) if name not in answers.names),
        extra=tuple(name for name in map(str, frame.columns) if name not in answers.names),
        misspelt=misspelt(frame.columns, knowledge),
        problems={each.complaints[0].column: len(each.rows) for each in answers.misread},
        problem_rows=0 if bad is None else int(bad.sum()),
    )
