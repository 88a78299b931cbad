"""Tables of cases in files: CSV, Parquet and Excel, opened so that long ones pass in batches."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from secondopinion.errors import UnreadableFile

READS = (".csv", ".parquet", ".xlsx")
_COUNTED = re.compile(r"Expected [0-9]+ columns, got [0-9]+")
_BATCH = 1 << 18  # rows at a time: a few tens of megabytes
_BLOCK = 1 << 24  # bytes of a CSV file at a time


class Source(Protocol):
    """A file of cases."""

    schema: pa.Schema
    rows: int | None
    """How many there are, where the file says so before it is read."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the file, some at a time."""

    def share_read(self) -> float:
        """Return how much of the file has been read, from 0 to 1."""


def open_source(path: Path, fields: tuple[str, ...]) -> Source:
    """Open a file of cases by the end of its name.

    Parameters
    ----------
    path
        A .csv, .parquet or .xlsx file.
    fields
        The names of the columns that are read as answers.

    Raises
    ------
    UnreadableFile
        When the file is of another kind, or not what its name says.
    """
    kinds = {".csv": _Csv, ".parquet": _Parquet, ".xlsx": _Sheet}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        message = f"{path} cannot be read: a table of cases ends in {', '.join(READS)}"
        raise UnreadableFile(message)
    try:
        return kind(path, fields)
    except (pa.ArrowException, BadZipFile, KeyError) as error:
        message = f"{path} cannot be read as {path.suffix[1:]}: {without_cells(error)}"
        raise UnreadableFile(message) from None


def without_cells(error: Exception) -> str:
    """Return what is wrong with a file, without any cell of it: a message may end in a log."""
    said = str(error)
    counted = _COUNTED.search(said)
    return counted[0] if counted else said.partition("\n")[0]


class _Csv:
    """A CSV file, every cell as the text it is."""

    rows = None

    def __init__(self, path: Path, fields: tuple[str, ...]) -> None:
        del fields
        self._size = path.stat().st_size or 1
        with pa_csv.open_csv(path, self._reading()) as reader:
            names = reader.schema.names
        self.schema = pa.schema([(name, pa.string()) for name in names])
        types = dict.fromkeys(names, pa.string())
        self._file = pa.OSFile(str(path))
        self._reader = pa_csv.open_csv(
            self._file,
            self._reading(),
            pa_csv.ParseOptions(newlines_in_values=True),
            pa_csv.ConvertOptions(column_types=types),
        )

    @staticmethod
    def _reading() -> pa_csv.ReadOptions:
        return pa_csv.ReadOptions(block_size=_BLOCK)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the file, some at a time."""
        yield from self._reader

    def share_read(self) -> float:
        """Return how much of the file has been read, from 0 to 1."""
        return min(float(self._file.tell()) / self._size, 1.0)


class _Parquet:
    """A Parquet file. Answers stay as numbers with a list of texts, as far as it has them so."""

    def __init__(self, path: Path, fields: tuple[str, ...]) -> None:
        texts = [field.name for field in pa_parquet.read_schema(path) if _is_text(field.type)]
        wanted = [name for name in texts if name in fields]
        self._file = pa_parquet.ParquetFile(path, read_dictionary=wanted)
        self.schema = self._file.schema_arrow
        self.rows: int | None = self._file.metadata.num_rows
        self._read = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the file, some at a time."""
        for batch in self._file.iter_batches(_BATCH):
            self._read += batch.num_rows
            yield batch

    def share_read(self) -> float:
        """Return how much of the file has been read, from 0 to 1."""
        return self._read / self.rows if self.rows else 1.0


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


class _Sheet:
    """The first sheet of an Excel file; the first row names the columns."""

    def __init__(self, path: Path, fields: tuple[str, ...]) -> None:
        from openpyxl import load_workbook  # noqa: PLC0415  (0.2 s; only Excel needs it)

        book = load_workbook(path, read_only=True, data_only=True)
        lines = iter(book.worksheets[0].iter_rows(values_only=True))
        names = ["" if cell is None else str(cell).strip() for cell in next(lines, ())]
        while names and not names[-1]:
            names.pop()
        cells = [line[: len(names)] for line in lines]
        while cells and all(cell is None for cell in cells[-1]):
            cells.pop()  # what was once formatted and holds nothing
        book.close()
        columns = [
            _column([line[place] for line in cells], as_text=name in fields)
            for place, name in enumerate(names)
        ]
        self._table = pa.table(columns, names=names)
        self.schema = self._table.schema
        self.rows: int | None = len(cells)
        self._read = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the file, some at a time."""
        for batch in self._table.to_batches(_BATCH):
            self._read += batch.num_rows
            yield batch

    def share_read(self) -> float:
        """Return how much of the file has been read, from 0 to 1."""
        return self._read / self.rows if self.rows else 1.0


def _column(cells: list[Any], *, as_text: bool) -> pa.Array:
    """Return a column of a sheet, as texts where it is not all of one kind."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if as_text or len(kinds) > 1 or not kinds <= {str, bool, int, float, datetime}:
        return pa.array([_text(cell) for cell in cells], pa.string())
    return pa.array(cells)


def _text(cell: Any) -> str | None:
    """Return a cell of a sheet as a case file would write it."""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell).lower()
    return None if cell is None else str(cell)
