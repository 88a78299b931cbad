"""Each engine in a process of its own: none works in memory that another has left behind."""

import gc
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from .model import Decided, cases
from .peers import Peer

Makes = Callable[[Decided], list[Peer]]
"""A function of `peers` that returns engines, always in the same order."""

_TURN = 0.5  # seconds
_HERE: dict[str, Any] = {}
"""In the engine's own process: the engine, and the cases in the form it likes best."""


def _begin(makes: Makes, model: Decided, place: int) -> None:
    _HERE["peer"] = makes(model)[place]


def _prepare(rows: int) -> None:
    _HERE["given"] = _HERE["peer"].prepare(cases(rows))


def _forget() -> None:
    _HERE["given"] = None
    gc.collect()


def best(work: Callable[[], object]) -> float:
    """Return the best time of some work, done again and again for half a second, at least once.

    A processor that has waited for its turn is slow at first, and so is memory.

    Parameters
    ----------
    work
        What to do. Giving up what it returns is not part of it.
    """
    found, end = float("inf"), time.perf_counter() + _TURN
    while time.perf_counter() < end:
        begun = time.perf_counter()
        made = work()
        found = min(found, time.perf_counter() - begun)
        del made
    return found


def _seconds() -> float:
    given, run = _HERE["given"], _HERE["peer"].run
    return best(lambda: run(given))


def _bytes() -> int:
    made = _HERE["peer"].run(_HERE["given"])
    return int(made.memory_usage(index=False).sum())


class Worker:
    """A process in which one engine works.

    Parameters
    ----------
    makes
        Returns the engines.
    model
        What they decide by.
    place
        Which of them works here.
    """

    def __init__(self, makes: Makes, model: Decided, place: int) -> None:
        self._process = ProcessPoolExecutor(
            1, get_context("spawn"), initializer=_begin, initargs=(makes, model, place)
        )

    def close(self) -> None:
        """End the process."""
        self._process.shutdown()

    def prepare(self, rows: int) -> None:
        """Bring so many cases into the form that the engine likes best."""
        self._process.submit(_prepare, rows).result()

    def forget(self) -> None:
        """Give the cases up."""
        self._process.submit(_forget).result()

    def seconds(self) -> float:
        """Return how long the engine takes for its cases."""
        return self._process.submit(_seconds).result()

    def width(self) -> int:
        """Return how many bytes the cases and our answers take."""
        return self._process.submit(_bytes).result()
