"""Columns side by side, so that one look-up brings what stands in all of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Records = npt.NDArray[np.void]


def packed(columns: Mapping[str, npt.NDArray[Any]]) -> Records:
    """Return columns of the same length as records.

    A record is as long as a power of two: numpy copies such records fastest.

    Parameters
    ----------
    columns
        The columns, by name.
    """
    names = sorted(columns, key=lambda name: -columns[name].itemsize)  # so that all are aligned
    kinds = [columns[name].dtype for name in names]
    length = 1 << (sum(kind.itemsize for kind in kinds) - 1).bit_length()
    form = np.dtype({"names": names, "formats": kinds, "itemsize": length})
    records = np.zeros(len(next(iter(columns.values()))), dtype=form)
    for name, column in columns.items():
        records[name] = column
    return records
