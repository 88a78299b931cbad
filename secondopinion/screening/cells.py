"""The cells of one column, from a data frame or from Arrow, in the form that is read fastest."""

from collections.abc import Callable, Hashable
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from .codes import Codes

_OF_ONE_KIND = frozenset({"string", "boolean", "date", "datetime", "decimal", "floating"})


class Distinct(NamedTuple):
    """Cells as numbers: which of the distinct cells stands in each row; -1 where it is empty."""

    codes: Codes
    cells: list[Any]


Cells = Distinct | npt.NDArray[Any]
"""Distinct cells, or a whole column of numbers or days."""


def in_frame(series: "pd.Series[Any]") -> Cells:
    """Return the cells of a column of a data frame."""
    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return Distinct(series.cat.codes.to_numpy(), series.cat.categories.tolist())
    if isinstance(kind, np.dtype) and kind.kind in "iufM":
        return series.to_numpy()
    if isinstance(kind, pd.ArrowDtype):
        return in_arrow(pa.array(series.array))
    if kind == object and pd.api.types.infer_dtype(series) not in _OF_ONE_KIND:
        return _of_many_kinds(series)
    codes, distinct = pd.factorize(series)
    return Distinct(codes, distinct.tolist())


def _of_many_kinds(series: "pd.Series[Any]") -> Distinct:
    """Return cells of which some are equal and yet not the same, such as 1 and true, or lists."""
    typed = [(type(cell), _hashable(cell)) for cell in series]
    places = {pair: place for place, pair in enumerate(dict.fromkeys(typed))}
    codes = np.fromiter((places[pair] for pair in typed), np.intp, len(typed))
    return Distinct(codes, [cell for _, cell in places])


def _hashable(cell: Any) -> Hashable:
    if isinstance(cell, list | np.ndarray):
        return tuple(map(_hashable, cell))
    try:
        hash(cell)
    except TypeError:
        return repr(cell)
    return cell  # type: ignore[no-any-return]


def in_arrow(column: "pa.Array | pa.ChunkedArray") -> Cells:
    """Return the cells of an Arrow column."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0) if column.num_chunks else pa.array([], column.type)
    kind = column.type
    if pa.types.is_date32(kind):
        column = column.cast(pa.int32()).fill_null(np.iinfo(np.int32).min)
        days = column.to_numpy(zero_copy_only=False).astype(np.int64)
        days[days == np.iinfo(np.int32).min] = np.iinfo(np.int64).min
        return days.view("datetime64[D]")
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return column.to_numpy(zero_copy_only=False)
    if pa.types.is_floating(kind) or (pa.types.is_integer(kind) and not column.null_count):
        return column.to_numpy(zero_copy_only=False)
    if pa.types.is_nested(kind):
        return _of_many_kinds(pd.Series(column.to_pylist(), dtype=object))
    if not pa.types.is_dictionary(kind):
        column = column.dictionary_encode()
    indices = column.indices
    if indices.null_count:
        indices = indices.cast(pa.int32()).fill_null(-1)
    return Distinct(indices.to_numpy(zero_copy_only=False), column.dictionary.to_pylist())


def distinct(cells: Cells) -> Distinct:
    """Return any cells as distinct ones."""
    if isinstance(cells, Distinct):
        return cells
    codes, found = pd.factorize(cells)
    return Distinct(codes, pd.Series(found).tolist())


def plain(cell: Any, kind: str) -> Any:
    """Return a cell as a case file would hold it; None where it is empty."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, str):
        return _TEXTS.get(kind, _text)(cell.strip())
    if isinstance(cell, datetime) and kind == "day":
        return None if cell is pd.NaT else cell.date()
    if isinstance(cell, tuple | list):
        return [plain(part, "choice") for part in cell] or None
    return None if cell is None or cell is pd.NA or cell != cell else cell  # noqa: PLR0124  (NaN)


def _text(text: str) -> str | None:
    return text or None


def _yes_or_no(text: str) -> str | bool | None:
    truth = {"true": True, "yes": True, "false": False, "no": False}
    return truth.get(text.casefold(), text or None)


def _list(text: str) -> list[str] | None:
    return [part.strip() for part in text.split(";") if part.strip()] or None


_TEXTS: dict[str, Callable[[str], Any]] = {"yes_no": _yes_or_no, "choices": _list}

__all__ = ["Cells", "Distinct", "date", "distinct", "in_arrow", "in_frame", "plain"]
