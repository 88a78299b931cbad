"""Tables of cases in files: CSV, Parquet and Excel, opened so that long ones pass in batches."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from secondopinion.errors import UnreadableFile

READS = (".csv", ".parquet", ".xlsx")
_COUNTED = re.compile(r"Expected [0-9]+ columns, got [0-9]+")
_BATCH = 1 << 18  # rows at a time: a few tens of megabytes
_BLOCK = 1 << 24  # bytes of a CSV file at a time


class Source(ABC):
    """A file of cases.

    Parameters
    ----------
    path
        Where it is.
    fields
        The names of the columns that are read as answers.
    """

    schema: Any
    """The columns."""
    rows: int = 0
    """How many there are, where the file says so before it is read."""

    @abstractmethod
    def __init__(self, path: Path, fields: tuple[str, ...]) -> None: ...

    @abstractmethod
    def batches(self) -> Iterator[Any]:
        """Yield the rows of the file, some at a time."""

    def share(self, rows: int) -> float:
        """Return how much of the file so many rows are, from 0 to 1."""
        return rows / self.rows if self.rows else 1.0


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
    kinds: dict[str, type[Source]] = {".csv": _Csv, ".parquet": _Parquet, ".xlsx": _Sheet}
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
    if "UTF8" in said:
        return "a text in it is not in UTF-8; save it as CSV UTF-8"
    return counted[0] if counted else said.partition("\n")[0]


class _Csv(Source):
    """A CSV file, every cell as the text it is."""

    def __init__(self, path: Path, fields: tuple[str, ...]) -> None:
        del fields
        self._path = path
        self._bytes = path.stat().st_size
        self._share = 0.0
        with pa_csv.open_csv(path) as reader:
            names = reader.schema.names
        self.schema = pa.schema([(name, pa.string()) for name in names])

    def batches(self) -> Iterator[Any]:
        """Yield the rows of the file, some at a time."""
        types = dict.fromkeys(self.schema.names, pa.string())
        with (
            pa.OSFile(str(self._path)) as file,
            pa_csv.open_csv(
                file,
                pa_csv.ReadOptions(block_size=_BLOCK),
                pa_csv.ParseOptions(newlines_in_values=True),
                pa_csv.ConvertOptions(column_types=types),
            ) as reader,
        ):
            for batch in reader:
                self._share = file.tell() / self._bytes
                yield batch

    def share(self, rows: int) -> float:
        """Return how much of the file has been read."""
        del rows
        return min(self._share, 1.0)


class _Parquet(Source):
    """A Parquet file. Answers stay as numbers with a list of texts."""

    def __init__(self, path: Path, fields: tuple[str, ...]) -> None:
        texts = [field.name for field in pa_parquet.read_schema(path) if _is_text(field.type)]
        listed = [name for name in texts if name in fields]
        # Read ahead by Arrow, a file would stay in memory to its end; `files` reads ahead itself.
        self._file = pa_parquet.ParquetFile(path, read_dictionary=listed, pre_buffer=False)
        self.schema = self._file.schema_arrow
        self.rows = self._file.metadata.num_rows

    def batches(self) -> Iterator[Any]:
        """Yield the rows of the file, some at a time."""
        with self._file:
            yield from self._file.iter_batches(_BATCH)


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


class _Sheet(Source):
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
        self.rows = len(cells)

    def batches(self) -> Iterator[Any]:
        """Yield the rows of the file, some at a time."""
        yield from self._table.to_batches(_BATCH)


def _column(cells: list[Any], *, as_text: bool) -> Any:
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
