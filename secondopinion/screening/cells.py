"""The cells of one column, from a data frame or from Arrow, in the form that is read fastest."""

from collections.abc import Hashable
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from .codes import Codes

_OF_ONE_KIND = frozenset({"string", "boolean", "date", "datetime", "decimal", "floating"})
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_BETWEEN = ";"
_NO_DAY = np.iinfo(np.int32).min


class Distinct(NamedTuple):
    """Cells as numbers: which of the distinct cells stands in each row; -1 where it is empty."""

    codes: Codes
    cells: list[Any]


Numbers = npt.NDArray[Any]
Cells = Distinct | Numbers
"""Distinct cells, or a whole column of numbers or days."""


def in_frame(series: "pd.Series[Any]") -> Cells:
    """Return the cells of a column of a data frame."""
    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        cells: Any = series.array
        return Distinct(cells.codes, cells.categories.tolist())
    if isinstance(kind, np.dtype) and kind.kind in "iufM":
        numbers: Numbers = series.to_numpy()
        return numbers
    if kind is np.dtype(bool):
        return Distinct(series.to_numpy().view(np.int8), [False, True])
    if isinstance(kind, pd.ArrowDtype):
        return in_arrow(pa.array(series.array))
    if kind is np.dtype(object) and pd.api.types.infer_dtype(series) not in _OF_ONE_KIND:
        return _of_many_kinds(series.tolist())
    codes, found = pd.factorize(series)
    return Distinct(codes, found.tolist())


def _of_many_kinds(cells: list[Any]) -> Distinct:
    """Return cells of which some are equal and yet not the same, such as 1 and true, or lists."""
    typed = [(type(cell), _hashable(cell)) for cell in cells]
    places = {pair: place for place, pair in enumerate(dict.fromkeys(typed))}
    codes = np.fromiter((places[pair] for pair in typed), np.intp, len(typed))
    return Distinct(codes, [cell for _, cell in places])


def _hashable(cell: Any) -> Hashable:
    if isinstance(cell, list | np.ndarray):
        return tuple(map(_hashable, cell))
    return cell if isinstance(cell, Hashable) else repr(cell)


def in_arrow(column: Any) -> Cells:
    """Return the cells of an Arrow array."""
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks or [pa.array([], column.type)])
    kind = column.type
    if pa.types.is_date32(kind):
        days = column.cast(pa.int32()).fill_null(_NO_DAY).to_numpy().astype(np.int64)
        days[days == _NO_DAY] = np.datetime64("NaT").astype(np.int64)
        return np.asarray(days.view("datetime64[D]"))
    is_time = pa.types.is_timestamp(kind) and kind.tz is None
    is_whole = pa.types.is_integer(kind) and not column.null_count
    if is_time or is_whole or pa.types.is_floating(kind):
        return np.asarray(column.to_numpy(zero_copy_only=False))
    if pa.types.is_nested(kind):
        return _of_many_kinds(column.to_pylist())
    if not pa.types.is_dictionary(kind):
        column = column.dictionary_encode()
    indices = column.indices
    if indices.null_count:
        indices = indices.cast(pa.int32()).fill_null(-1)
    return Distinct(indices.to_numpy(), column.dictionary.to_pylist())


def distinct(cells: Cells) -> Distinct:
    """Return any cells as distinct ones."""
    if isinstance(cells, Distinct):
        return cells
    codes, found = pd.factorize(cells)
    return Distinct(codes, pd.Series(found).tolist())


def plain(cell: Any, kind: str) -> Any:
    """Return a cell as a case file would hold it; None where it is empty.

    Parameters
    ----------
    cell
        What stands in the table.
    kind
        The kind of question that it answers.
    """
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, str):
        return _said(cell.strip(), kind)
    if isinstance(cell, datetime) and kind == "day":
        return None if cell is pd.NaT else cell.date()
    if isinstance(cell, tuple | list):
        return [plain(part, "choice") for part in cell] or None
    return None if cell is None or cell is pd.NA or cell != cell else cell  # noqa: PLR0124  (NaN)


def _said(text: str, kind: str) -> Any:
    """Return a text as an answer to a kind of question."""
    if kind == "yes_no":
        return _TRUTH.get(text.casefold(), text or None)
    if kind == "choices":
        return [part.strip() for part in text.split(_BETWEEN) if part.strip()] or None
    return text or None
