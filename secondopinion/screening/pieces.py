"""Work on long columns piece by piece, on two processors where there are two."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from .room import room

PIECE = 1 << 16
"""Rows at a time: what fits into a processor's cache."""
LONG_PIECE = 2 * PIECE
"""The same for work on small numbers. Its steps are short, and threads wait between two steps."""
_SHORT = 1 << 15  # for one thread: what it needs on the way stays in memory it already has
_MANY = 2  # pieces from which a second thread is worth starting
_THREADS = 1 if sys.platform == "emscripten" else min(os.cpu_count() or 1, 2)


def pieces(rows: int, piece: int = PIECE) -> Iterator[slice]:
    """Yield the pieces of so many rows, in order.

    Parameters
    ----------
    rows
        How many there are.
    piece
        How many of them at a time.
    """
    return (slice(start, min(start + piece, rows)) for start in range(0, rows, piece))


def each_piece(rows: int, work: Callable[[slice], object], piece: int = PIECE) -> None:
    """Do some work on every piece of so many rows, in any order.

    Parameters
    ----------
    rows
        How many there are.
    work
        What to do with a piece.
    piece
        How many rows one has, where there are many.
    """
    if _THREADS == 1 or rows < _MANY * PIECE:
        for some in pieces(rows, _SHORT):
            work(some)
        return
    left = deque(pieces(rows, piece))

    def do() -> None:
        while left:
            try:
                some = left.popleft()
            except IndexError:  # the other thread was faster
                return
            work(some)

    with ThreadPoolExecutor(1) as other:
        done = other.submit(do)
        do()
        done.result()  # what went wrong in the other thread is raised here


def spread(table: npt.NDArray[Any], codes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return for each row the place of a table that its code names; -1 is the last."""
    found = room(len(codes), table.dtype)

    def take(rows: slice) -> None:
        index = codes[rows].astype(np.intp)  # other integers are far slower as an index
        table.take(index, out=found[rows], mode="wrap")

    each_piece(len(codes), take)
    return found
