"""Who is here: the pages that are open, those made ready for the next, and who must wait."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any, Protocol
from uuid import uuid4

from jupyter_client.manager import KernelManager
from tornado.web import HTTPError

from .counts import Counts

_Work = Coroutine[Any, Any, None]
_log = logging.getLogger(__name__)

READY = 2  # pages kept ready
AGAIN_READY = 1.0  # seconds until the next is made ready: the page just opened comes first
STARTS = max(1, (os.cpu_count() or 1) // 2)  # at the same time: who is here must not wait
LONGEST = 30.0  # seconds that one may take; then it gives way to the next
QUEUE = 60  # pages that may wait for their turn
ALONE = 300  # seconds that a process lives without its page, which may be trying to come back
FINISH, HURRY = 60, 5  # seconds for a page that nobody wants any more; when the server stops
SOON, LATER = 10, 60  # seconds after which a visitor may try again


class FullError(HTTPError):
    """Too many people are here; it says when to try again."""

    def __init__(self, wait: int) -> None:
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE)
        self.wait = wait


class Kernels(Protocol):
    """Whoever starts and ends the processes."""

    async def start_kernel(self, *, kernel_id: str) -> str:
        """Start one."""

    def get_kernel(self, kernel_id: str) -> KernelManager:
        """Return one that has started."""

    async def is_running(self, kernel_id: str) -> bool:
        """Tell whether one is still there."""

    async def end(self, kernel_id: str) -> None:
        """End one, if it is still there."""

    def soon(self, work: _Work) -> None:
        """Do something without waiting for it."""


class Line(Protocol):
    """The connection from a page to its process."""

    def close(self) -> None:
        """Close it."""


def today() -> date:
    """Return the server's own day, as the notebook takes it."""
    return date.today()  # noqa: DTZ011


class Visit:
    """One page and the process behind it."""

    def __init__(
        self, kernels: Kernels, write: Callable[["Visit"], Coroutine[Any, Any, None]]
    ) -> None:
        self.kernel_id = str(uuid4())
        self.day = today()
        self._kernels = kernels
        self._starting: asyncio.Task[Any] | None = None
        self._session = ""
        self._line: Line | None = None
        self._alone_since = time.monotonic()
        self._text: list[str] = []
        self._more = asyncio.Event()
        self.writing = asyncio.create_task(write(self))
        self.writing.add_done_callback(lambda _: self._more.set())

    def add(self, text: str) -> None:
        """Write on."""
        self._text.append(text)
        self._more.set()

    async def read(self) -> AsyncIterator[str]:
        """Yield the page while it is written."""
        while True:
            self._more.clear()
            if self._text:
                yield "".join(self._text)
                self._text.clear()
            elif self.writing.done():
                return
            else:
                await self._more.wait()

    async def start(self) -> KernelManager:
        """Start the process."""
        self._starting = asyncio.create_task(self._kernels.start_kernel(kernel_id=self.kernel_id))
        await self._starting
        return self._kernels.get_kernel(self.kernel_id)

    @property
    async def is_alive(self) -> bool:
        """Whether the process is there, or still to come."""
        begun = self._starting and self._starting.done()
        return not begun or await self._kernels.is_running(self.kernel_id)

    def end(self) -> None:
        """End the page and its process, soon."""
        self._kernels.soon(self.ended(FINISH))

    async def ended(self, patience: float) -> None:
        """End the page and its process. What has begun is finished first, or it would leak."""
        if self._starting is None:  # it waits for its turn
            self.writing.cancel()
        await asyncio.wait([self.writing], timeout=patience)
        await self._kernels.end(self.kernel_id)

    def admits(self, session: str) -> bool:
        """Tell whether a page may talk to this process: the first one that asks, and no other."""
        self._session = self._session or session
        return bool(session) and session == self._session

    def connect(self, line: Line) -> None:
        """Note the line to the page; an older one is closed by Jupyter."""
        self._line = line

    def disconnect(self, line: Line) -> None:
        """Note that a line has closed."""
        if line is self._line:
            self._line = None
            self._alone_since = time.monotonic()

    def hang_up(self) -> None:
        """Close the line, so that the page learns that its process has ended."""
        if self._line:
            self._line.close()

    def left_alone(self, now: float) -> bool:
        """Tell whether the page has been gone for long."""
        return self._line is None and self.writing.done() and now - self._alone_since > ALONE


class Visits:
    """Every page there is: open ones, waiting ones, and who must come back later."""

    def __init__(
        self,
        kernels: Kernels,
        renderer: Callable[[], Awaitable[Any]],
        most: int,
        longest: float = LONGEST,
    ) -> None:
        self.open: dict[str, Visit] = {}
        self.waiting: list[Visit] = []
        self.most = most
        self.counts = Counts(lambda: len(self.open), self._ready)
        self.last_failed = False
        self._kernels = kernels
        self._renderer = renderer
        self._longest = longest
        self._door = asyncio.Semaphore(STARTS)
        self._closed = False

    async def welcome(self) -> Visit:
        """Return a page for somebody, ready or about to be, or say when to come back."""
        in_queue = sum(not visit.writing.done() for visit in self.open.values())
        if (full := len(self.open) >= self.most) or in_queue >= QUEUE:
            self.counts.refused.inc()
            raise FullError(LATER if full else SOON)
        visit = await self._one_in_waiting() or self._begin()
        self.open[visit.kernel_id] = visit
        self.counts.opened.inc()
        asyncio.get_running_loop().call_later(AGAIN_READY, self.refill)
        return visit

    def refill(self) -> None:
        """Make pages ready for the next visitors."""
        while len(self.waiting) < READY and not self._closed:
            self.waiting.append(self._begin())

    def _ready(self) -> int:
        return sum(visit.writing.done() for visit in self.waiting)

    async def _one_in_waiting(self) -> Visit | None:
        while self.waiting:
            visit = self.waiting.pop(0)
            if visit.day == today() and await visit.is_alive:
                return visit
            visit.end()
        return None

    def _begin(self) -> Visit:
        visit = Visit(self._kernels, self._write)
        visit.writing.add_done_callback(partial(self._written, visit))
        return visit

    async def _write(self, visit: Visit) -> None:
        """Write a page. Its first words need no process; for the others it waits for its turn."""
        renderer = await self._renderer()
        async with AsyncExitStack() as inside:

            async def kernel() -> KernelManager:
                await inside.enter_async_context(self._door)
                await inside.enter_async_context(asyncio.timeout(self._longest))
                inside.enter_context(self.counts.seconds.time())
                return await visit.start()

            async for text, _ in renderer.generate_content_generator(visit.kernel_id, kernel()):
                visit.add(text)

    def _written(self, visit: Visit, writing: asyncio.Future[None]) -> None:
        """See how it went."""
        if writing.cancelled():
            return
        self.last_failed = bool(error := writing.exception())
        if error:
            self.counts.failed.inc()
            _log.error("a page could not be written: %s", type(error).__name__)
            visit.end()

    def forget(self, kernel_id: str) -> None:
        """Forget a page whose process has ended, and let the page know."""
        visit = self.open.pop(kernel_id, None)
        if visit:
            visit.hang_up()
        self.waiting = [visit for visit in self.waiting if visit.kernel_id != kernel_id]

    def look_round(self, now: float) -> None:
        """End what nobody needs: pages long gone, and pages made ready for yesterday."""
        gone = [visit for visit in self.open.values() if visit.left_alone(now)]
        old = [visit for visit in self.waiting if visit.day != today()]
        self.waiting = [visit for visit in self.waiting if visit not in old]
        for visit in (*gone, *old):
            visit.end()
        self.refill()

    async def close(self) -> None:
        """End everything, and begin no more."""
        self._closed = True
        everybody = (*self.open.values(), *self.waiting)
        await asyncio.gather(*(visit.ended(HURRY) for visit in everybody))
