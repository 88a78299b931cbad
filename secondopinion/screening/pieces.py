"""Work on long columns piece by piece, on two processors where there are two."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

PIECE = 1 << 16
"""Rows at a time: what fits into a processor's cache."""
_MANY = 8  # pieces from which a second thread is worth starting
_THREADS = 1 if sys.platform == "emscripten" else min(os.cpu_count() or 1, 2)


def pieces(rows: int) -> Iterator[slice]:
    """Yield the pieces of so many rows, in order."""
    return (slice(start, min(start + PIECE, rows)) for start in range(0, rows, PIECE))


def each_piece(rows: int, work: Callable[[slice], object]) -> None:
    """Do some work on every piece of so many rows, in any order."""
    if _THREADS == 1 or rows < _MANY * PIECE:
        for piece in pieces(rows):
            work(piece)
        return
    with ThreadPoolExecutor(_THREADS) as threads:
        for _ in threads.map(work, pieces(rows)):
            pass  # what went wrong in a piece is raised here


def spread(table: npt.NDArray[Any], codes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return for each row the place of a table that its code names; -1 is the last."""
    found = np.empty(len(codes), dtype=table.dtype)

    def take(rows: slice) -> None:
        index = codes[rows].astype(np.intp)  # other integers are far slower as an index
        table.take(index, out=found[rows], mode="wrap")

    each_piece(len(codes), take)
    return found
