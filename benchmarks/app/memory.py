"""How much memory each further visitor costs."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from .page import Page
from .same_form import COVERAGES
from .served import Served


async def by_visitors(served: Served, kind: type[Page], counts: Sequence[int]) -> dict[int, float]:
    """Return the MiB that the server holds with nobody there and with each number of visitors.

    Visitors come one after another, fill in a little, stay, and stop; each figure is taken once
    the server is at rest.
    """
    held = {0: served.memory()}
    async with AsyncExitStack() as inside:
        for visitor in range(1, max(counts) + 1):
            page = await inside.enter_async_context(kind(served.url))
            for coverage in COVERAGES:
                await page.change("coverage", coverage)
            await page.change("state", "CA")
            if visitor in counts:
                await asyncio.to_thread(served.settle, visited=True)
                held[visitor] = served.memory()
    return held


def each(held: dict[int, float]) -> float:
    """Return the MiB of each visitor after the first: what a larger machine is bought for."""
    last = max(held)
    first = min(count for count in held if count)
    return (held[last] - held[first]) / (last - first) if last > first else held[last] - held[0]
