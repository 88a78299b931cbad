"""Many visitors at once: how long they wait for the page and for a new plan; who is stranded."""

import asyncio
import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from .page import Page, StrandedError
from .same_form import COVERAGES
from .served import Served

PACE = 4.0  # seconds between one visitor's answers, give or take half
ALONE = 1.0  # the same for a visitor with nobody else there


@dataclass(slots=True)
class Hold:
    """A time during which a number of visitors stay and go on answering."""

    visitors: int
    changes: list[float] = field(default_factory=list)
    processor: float = 0.0  # seconds of it in each second, for the server
    own: float = 0.0  # the same for these visitors, who share the machine with it


@dataclass(slots=True)
class Crowd:
    """What a crowd met; times in milliseconds."""

    pages: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    arriving: list[float] = field(default_factory=list)  # changes while others still came
    holds: list[Hold] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    each: float = 0.0  # MiB per visitor, all inside


class Gathering:
    """Visitors who arrive at a steady rate and answer one question after another.

    Parameters
    ----------
    served
        The server.
    kind
        Who visits it.
    rate
        How many arrive in a second.
    pace
        Seconds between one visitor's answers, on average.
    """

    def __init__(self, served: Served, kind: type[Page], rate: float, pace: float = PACE) -> None:
        self.served = served
        self.kind = kind
        self.rate = rate
        self.pace = pace
        self.met = Crowd()
        self._into: list[float] = self.met.arriving  # where a change is written down
        self._enough = asyncio.Event()
        self._leave = asyncio.Event()
        self._visits: list[asyncio.Task[None]] = []
        self._settled = asyncio.Semaphore(0)  # one for each visitor who came in or was stranded

    async def gather(self, counts: Sequence[int], seconds: float, alone: int) -> Crowd:
        """Let visitors in up to each count, hold it for some seconds, and go on.

        Parameters
        ----------
        counts
            How many visitors to hold, in rising order.
        seconds
            How long to hold each number.
        alone
            How many answers the first visitor gives before anybody else comes.
        """
        before = await asyncio.to_thread(self.served.memory)
        await self._first_alone(alone)
        for count in counts:
            await self._admit(count)
            await self._hold(count, seconds)
        self._enough.set()
        await asyncio.to_thread(self.served.settle, visited=True)
        held = await asyncio.to_thread(self.served.memory)
        self.met.each = (held - before) / max(1, len(self.met.pages))
        self._leave.set()
        await asyncio.gather(*self._visits)
        return self.met

    async def _first_alone(self, answers: int) -> None:
        """Measure what one visitor meets with nobody else there."""
        hold = Hold(1)
        try:
            async with self.kind(self.served.url) as page:
                for coverage in itertools.islice(itertools.cycle(COVERAGES), answers):
                    hold.changes.append((await page.change("coverage", coverage)).milliseconds)
                    await asyncio.sleep(ALONE)
        except StrandedError as error:
            self.met.errors.append(f"alone: {error}")
        self.met.holds.append(hold)
        await asyncio.to_thread(self.served.settle)

    async def _admit(self, count: int) -> None:
        """Let visitors in, one every so often, however long the page takes each of them."""
        self._into = self.met.arriving
        new = count - len(self._visits)
        for _ in range(new):
            self._visits.append(asyncio.create_task(self._visit(len(self._visits))))
            await asyncio.sleep(1 / self.rate)
        for _ in range(new):
            await self._settled.acquire()

    async def _hold(self, count: int, seconds: float) -> None:
        hold = Hold(count)
        self.met.holds.append(hold)
        self._into = hold.changes
        begun, used, own = time.perf_counter(), self.served.busy(), time.process_time()
        await asyncio.sleep(seconds)
        lasted = time.perf_counter() - begun
        hold.processor = (self.served.busy() - used) / lasted
        hold.own = (time.process_time() - own) / lasted

    async def _visit(self, number: int) -> None:
        """Come in, answer until it is enough, and leave when all do."""
        page = self.kind(self.served.url)
        try:
            async with page:
                self.met.pages.append(page.page_ms)
                self.met.ready.append(page.ready_ms)
                self._settled.release()
                await self._answer(page, random.Random(number))  # noqa: S311  (always the same)
                await self._leave.wait()
        except StrandedError as error:
            self.met.errors.append(f"visitor {number + 1}: {error}")
            if not page.ready_ms:
                self._settled.release()

    async def _answer(self, page: Page, chance: random.Random) -> None:
        """Change the answer every few seconds, until it is enough."""
        for coverage in itertools.cycle(COVERAGES):
            await self._pause(chance.uniform(0.5, 1.5) * self.pace)
            if self._enough.is_set():
                return
            into = self._into
            into.append((await page.change("coverage", coverage)).milliseconds)

    async def _pause(self, seconds: float) -> None:
        """Think for a while, or until it is enough."""
        try:
            await asyncio.wait_for(self._enough.wait(), seconds)
        except TimeoutError:
            return
