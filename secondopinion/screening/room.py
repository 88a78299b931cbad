"""Memory for long columns."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def room(count: int, kind: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return an array for so many values, with anything in it.

    Arrow keeps the memory of one table for the next. What numpy gives up goes back to the system,
    which hands it out again page by page and cleared, and that takes longer than filling it.

    Parameters
    ----------
    count
        How many values.
    kind
        Their kind.
    """
    dtype = np.dtype(kind)
    return np.frombuffer(pa.allocate_buffer(count * dtype.itemsize), dtype)


def full(count: int, value: Any, kind: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return an array with the same value so many times.

    Parameters
    ----------
    count
        How many times.
    value
        The value.
    kind
        Its kind.
    """
    array = room(count, kind)
    array.fill(value)
    return array
