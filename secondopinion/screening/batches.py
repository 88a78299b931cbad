"""Batches of a file in, the same batches with what every plan says out: Arrow all the way."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from secondopinion.knowledge import Knowledge

from .answers import Answers
from .cells import in_arrow
from .codes import Codes
from .columns import FOR_A_FILE
from .frame import problem_table
from .plans import Plans
from .reading import Reader
from .results import Texts, dollars, result_schema, texts
from .spread import Spread
from .table import checked_columns, fields_of, wanted_columns

PROBLEMS = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("what_to_write", pa.string()),
    ]
)
"""The columns of the table of what was not understood."""


class Screen:
    """Screens the batches of one file.

    Parameters
    ----------
    schema
        The columns of the file.
    as_of
        The day to plan for.
    knowledge
        The knowledge base.
    columns
        The columns of the result that are wanted; all of them for None.
    """

    def __init__(
        self,
        schema: pa.Schema,
        as_of: date,
        knowledge: Knowledge,
        columns: Iterable[str] | None = None,
    ) -> None:
        self._wanted = wanted_columns(columns)
        names = checked_columns(schema.names, self._wanted)
        self.fields = tuple(name for name in fields_of(knowledge) if name in names)
        self.schema = result_schema(schema, self._wanted)
        self.rows = 0
        self.verdicts: dict[str, int] = {}
        self.problem_rows = 0
        self._reader = Reader(knowledge)
        self._plans = Plans(knowledge, as_of, self.fields)

    def batch(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        """Return a batch with the columns of the result, and what was not understood in it."""
        cells = {name: in_arrow(batch.column(name)) for name in self.fields}
        answers = self._reader.answers(cells, batch.num_rows)
        self._plans = self._plans.renewed()
        rows = Spread(self._plans, answers, FOR_A_FILE, self._wanted).rows()
        said = texts(rows, answers)
        problems = _as_batch(problem_table(answers, self.rows))
        self._count(answers, said["verdict"])
        made = {name: _dictionary(column) for name, column in said.items()}
        made |= {name: _days(days) for name, days in rows.days.items()}
        if rows.cents:
            made |= dollars(rows.cents)
        if rows.gaps is not None:
            made["gaps"] = pa.array(rows.gaps, mask=answers.bad())
        columns = [*batch.columns, *(made[name] for name in self._wanted)]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema), problems

    def _count(self, answers: Answers, verdicts: Texts) -> None:
        """Add a batch to the sums."""
        self.rows += answers.rows
        bad = answers.bad()
        self.problem_rows += 0 if bad is None else int(bad.sum())
        counts = np.bincount(verdicts.codes + 1, minlength=len(verdicts.said) + 1)[1:]
        for verdict, count in zip(verdicts.said, counts.tolist(), strict=True):
            self.verdicts[verdict] = self.verdicts.get(verdict, 0) + count


def _as_batch(problems: pd.DataFrame) -> pa.RecordBatch:
    return pa.RecordBatch.from_pandas(problems, PROBLEMS, preserve_index=False)


def _dictionary(column: Texts) -> pa.DictionaryArray:
    codes = column.codes.astype(np.int32, copy=False)
    indices = pa.array(codes, mask=codes < 0 if codes.min(initial=0) < 0 else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(column.said, pa.string()))


def _days(days: Codes) -> pa.Array:
    return pa.array(days, mask=days < 0).view(pa.date32())
