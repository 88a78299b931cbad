"""Where results are written: CSV, Parquet or Excel, whole or not at all."""

import os
import re
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import pyarrow as pa
import pyarrow.compute as pa_compute
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from secondopinion.cells import harmless
from secondopinion.errors import UnreadableFile

WRITES = (".csv", ".parquet", ".xlsx")
_ACTS = r"^[\s=+\-@|%＝＋－＠]"  # noqa: RUF001  (their wide twins act too)
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_LINES_OF_A_SHEET = 1_048_575
_LONG_LIST = 1 << 26  # bytes that a list of distinct texts may take
_DIGITS = 18  # of a decimal that Parquet holds as a whole number


class Writer(Protocol):
    """Writes batches of a table."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Finish the file."""


class Target(AbstractContextManager["Target"]):
    """A file of results. It appears under its name when it is whole, and not before.

    Parameters
    ----------
    path
        A .csv, .parquet or .xlsx file.
    schema
        The columns.

    Raises
    ------
    UnreadableFile
        When the file is of another kind.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        kinds: dict[str, Any] = {".csv": _Csv, ".parquet": _Parquet, ".xlsx": _Sheet}
        if path.suffix.lower() not in kinds:
            message = f"{path} cannot be written: end its name in {', '.join(WRITES)}"
            raise UnreadableFile(message)
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._writer: Writer = kinds[path.suffix.lower()](self._part, schema)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write some rows."""
        self._writer.write(batch)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()
        if kind is None:
            os.replace(self._part, self._path)  # noqa: PTH105  (in one step, on every system)
        else:
            with suppress(OSError):
                self._part.unlink()


def parquet_options(schema: Any) -> dict[str, Any]:
    """Return how to write a table of results as Parquet faster than usual, at about the same size.

    Parameters
    ----------
    schema
        The columns. The options fit `pyarrow.parquet.ParquetWriter` and Dask's `to_parquet`.
    """
    whole = [field.name for field in schema if _is_whole(field.type)]
    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": [name for name in schema.names if name not in whole],
        "column_encoding": dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
        "write_statistics": False,
        "store_decimal_as_integer": True,
    }


def _is_whole(kind: pa.DataType) -> bool:
    """Tell whether Parquet holds values of this kind as whole numbers."""
    small = pa.types.is_decimal(kind) and kind.precision <= _DIGITS
    return bool(pa.types.is_integer(kind) or pa.types.is_temporal(kind) or small)


class _Parquet:
    """Parquet, with lists of the distinct texts where texts repeat."""

    def __init__(self, path: Path, schema: Any) -> None:
        options = parquet_options(schema)
        self._writer = pa_parquet.ParquetWriter(
            path, schema, dictionary_pagesize_limit=_LONG_LIST, **options
        )

    def write(self, batch: Any) -> None:
        """Write some rows."""
        self._writer.write_batch(batch)

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


class _Csv:
    """CSV, in which no text can act as a formula when a spreadsheet opens it."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        safe = pa.schema([field.with_name(harmless(field.name)) for field in schema])
        self._schema = safe
        self._writer = pa_csv.CSVWriter(path, safe)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write some rows."""
        columns = [harmless_column(column) for column in batch.columns]
        types = [
            pa.field(name, c.type) for name, c in zip(self._schema.names, columns, strict=True)
        ]
        safe = pa.RecordBatch.from_arrays(columns, schema=pa.schema(types))
        self._writer.write_batch(safe.cast(self._schema) if safe.schema != self._schema else safe)

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


def harmless_column(column: pa.Array) -> pa.Array:
    """Return a column in which a text that would act as a formula begins with an apostrophe.

    A plain number stays as it is, with its sign.
    """
    if pa.types.is_dictionary(column.type):
        texts = harmless_column(column.dictionary)
        return pa.DictionaryArray.from_arrays(column.indices, texts)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    acts = pa_compute.match_substring_regex(column, _ACTS)
    if not pa_compute.any(acts).as_py():
        return column
    texts = [
        text if text is None or _NUMBER.fullmatch(text) else harmless(text)
        for text in column.filter(acts.fill_null(False)).to_pylist()  # noqa: FBT003
    ]
    return pa_compute.replace_with_mask(column, acts.fill_null(False), pa.array(texts, column.type))  # noqa: FBT003


class _Sheet:
    """Excel. Every text is written as a text, so nothing in it can act."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415  (only Excel needs it)

        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        }
        self._book = Workbook(str(path), options)
        self._sheet = self._book.add_worksheet("cases")
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._line = 0
        self._put(schema.names)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write some rows."""
        if self._line + batch.num_rows > _LINES_OF_A_SHEET:
            message = "a sheet has no room for so many rows; write a .csv or a .parquet file"
            raise UnreadableFile(message)
        for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            self._put(cells)

    def _put(self, cells: Any) -> None:
        from datetime import date  # noqa: PLC0415

        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                self._sheet.write_string(self._line, place, harmless(cell))
            elif isinstance(cell, date):
                self._sheet.write_datetime(self._line, place, cell, self._day)
            elif isinstance(cell, list):
                self._sheet.write_string(self._line, place, harmless(";".join(map(str, cell))))
            elif cell is not None:
                self._sheet.write(self._line, place, cell)
        self._line += 1

    def close(self) -> None:
        """Finish the file."""
        self._book.close()
