"""Who is given which page, who waits, and whose page is ended."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from secondopinion.server.visits import ALONE, QUEUE, READY, STARTS, FullError, Visit, Visits


class Processes:
    """Processes that are only names, and start when they are told to."""

    def __init__(self) -> None:
        self.running: set[str] = set()
        self.may_start = asyncio.Event()
        self.may_start.set()
        self.fails = False
        self.visits: Visits
        self.tasks: set[asyncio.Task[None]] = set()

    async def start_kernel(self, *, kernel_id: str) -> str:
        await self.may_start.wait()
        if self.fails:
            raise RuntimeError(kernel_id)
        self.running.add(kernel_id)
        return kernel_id

    def get_kernel(self, kernel_id: str) -> Any:
        return kernel_id

    async def is_running(self, kernel_id: str) -> bool:
        return kernel_id in self.running

    async def end(self, kernel_id: str) -> None:
        self.running.discard(kernel_id)
        self.visits.forget(kernel_id)

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


class Words:
    """A page of two words, the second of which needs a process."""

    async def generate_content_generator(
        self, kernel_id: str, kernel: Awaitable[Any]
    ) -> AsyncIterator[tuple[str, None]]:
        yield "Hello", None
        assert await kernel == kernel_id
        yield ", you", None


class Scene:
    """Everything there is, with room for a given number."""

    def __init__(self, most: int, longest: float = 30.0) -> None:
        async def words() -> Words:
            return Words()

        self.processes = Processes()
        self.visits = self.processes.visits = Visits(self.processes, words, most, longest)

    async def settle(self) -> None:
        """Let everything that has begun come to its end."""
        await asyncio.to_thread(int)  # and before that, let the loop do what is due at once
        while busy := [
            *self.processes.tasks,
            *(visit.writing for visit in self.visits.waiting if not visit.writing.done()),
        ]:
            await asyncio.wait(busy)

    async def read(self, visit: Visit) -> str:
        return "".join([text async for text in visit.read()])


def play(
    story: Callable[[Scene], Coroutine[Any, Any, None]], most: int = 10, longest: float = 30.0
) -> None:
    """Let a story happen."""

    async def played() -> None:
        scene = Scene(most, longest)
        await story(scene)
        await scene.visits.close()
        assert scene.processes.running == set()

    asyncio.run(played())


def test_the_next_pages_are_made_ready():
    async def story(scene: Scene) -> None:
        scene.visits.refill()
        await scene.settle()
        assert len(scene.processes.running) == READY

    play(story)


def test_whoever_comes_is_given_a_page_that_is_ready():
    async def story(scene: Scene) -> None:
        scene.visits.refill()
        await scene.settle()
        ready = set(scene.processes.running)
        visit = await scene.visits.welcome()
        assert visit.kernel_id in ready
        assert await scene.read(visit) == "Hello, you"

    play(story)


def test_whoever_comes_when_none_is_ready_reads_the_first_words_before_there_is_a_process():
    async def story(scene: Scene) -> None:
        scene.processes.may_start.clear()
        visit = await scene.visits.welcome()
        pieces = visit.read()
        assert await anext(pieces) == "Hello"
        assert scene.processes.running == set()
        scene.processes.may_start.set()
        assert await anext(pieces) == ", you"

    play(story)


def test_no_two_are_given_the_same_page():
    async def story(scene: Scene) -> None:
        scene.visits.refill()
        visits = [await scene.visits.welcome() for _ in range(10)]
        assert len({visit.kernel_id for visit in visits}) == 10

    play(story)


def test_a_page_made_ready_yesterday_is_given_to_nobody():
    async def story(scene: Scene) -> None:
        scene.visits.refill()
        await scene.settle()
        old = scene.visits.waiting[0]
        old.day -= timedelta(days=1)
        visit = await scene.visits.welcome()
        await scene.settle()
        assert visit is not old
        assert old.kernel_id not in scene.processes.running

    play(story)


def test_after_midnight_fresh_pages_are_made_ready_without_anybody_coming():
    async def story(scene: Scene) -> None:
        scene.visits.refill()
        await scene.settle()
        old = scene.visits.waiting
        for visit in old:
            visit.day -= timedelta(days=1)
        scene.visits.look_round(time.monotonic())
        await scene.settle()
        assert len(scene.processes.running) == READY
        assert not scene.processes.running & {visit.kernel_id for visit in old}

    play(story)


def test_when_the_house_is_full_the_next_one_is_told_to_come_later():
    async def story(scene: Scene) -> None:
        for _ in range(3):
            await scene.visits.welcome()
        with pytest.raises(FullError) as refused:
            await scene.visits.welcome()
        assert refused.value.wait == 60

    play(story, most=3)


def test_when_too_many_come_at_once_the_next_one_is_told_to_come_soon():
    async def story(scene: Scene) -> None:
        scene.processes.may_start.clear()
        for _ in range(QUEUE):
            await scene.visits.welcome()
        with pytest.raises(FullError) as refused:
            await scene.visits.welcome()
        assert refused.value.wait == 10
        scene.processes.may_start.set()

    play(story, most=1000)


def test_a_page_that_is_gone_for_long_is_ended_and_one_gone_for_a_moment_is_not():
    async def story(scene: Scene) -> None:
        visit = await scene.visits.welcome()
        await scene.read(visit)
        scene.visits.look_round(time.monotonic() + ALONE - 60)
        await scene.settle()
        assert visit.kernel_id in scene.processes.running
        scene.visits.look_round(time.monotonic() + ALONE + 60)
        await scene.settle()
        assert visit.kernel_id not in scene.processes.running

    play(story)


def test_a_page_whose_line_is_open_is_never_taken_for_gone():
    class Line:
        def close(self) -> None:
            """Nobody has to."""

    async def story(scene: Scene) -> None:
        visit = await scene.visits.welcome()
        await scene.read(visit)
        visit.connect(Line())
        scene.visits.look_round(time.monotonic() + ALONE + 60)
        await scene.settle()
        assert visit.kernel_id in scene.processes.running

    play(story)


def test_a_page_that_is_ended_while_its_process_starts_leaves_no_process_behind():
    async def story(scene: Scene) -> None:
        scene.processes.may_start.clear()
        visit = await scene.visits.welcome()
        assert await anext(visit.read()) == "Hello"
        visit.end()
        scene.processes.may_start.set()
        await scene.settle()
        assert visit.kernel_id not in scene.processes.running
        assert visit.kernel_id not in scene.visits.open

    play(story)


def test_a_page_whose_process_does_not_start_is_forgotten_and_the_keeper_learns_of_it(
    caplog: pytest.LogCaptureFixture,
):
    async def story(scene: Scene) -> None:
        scene.processes.fails = True
        visit = await scene.visits.welcome()
        assert await scene.read(visit) == "Hello"
        await scene.settle()
        assert scene.visits.open == {}
        assert scene.visits.last_failed
        assert caplog.messages == ["a page could not be written: RuntimeError"]
        scene.processes.fails = False
        assert await scene.read(await scene.visits.welcome()) == "Hello, you"
        await scene.settle()
        assert not scene.visits.last_failed

    play(story)


def test_a_process_that_never_starts_keeps_nobody_waiting_for_long():
    async def story(scene: Scene) -> None:
        scene.processes.may_start.clear()
        stuck = [await scene.visits.welcome() for _ in range(STARTS)]
        patient = await scene.visits.welcome()
        assert [await scene.read(visit) for visit in stuck] == ["Hello"] * STARTS
        scene.processes.may_start.set()
        assert await scene.read(patient) == "Hello, you"

    play(story, longest=0.2)


def test_a_page_that_is_ended_before_its_turn_never_starts_a_process():
    async def story(scene: Scene) -> None:
        scene.processes.may_start.clear()
        visits = [await scene.visits.welcome() for _ in range(STARTS + 3)]
        assert await anext(visits[-1].read()) == "Hello"
        visits[-1].end()
        scene.processes.may_start.set()
        await scene.settle()
        assert visits[-1].kernel_id not in scene.processes.running
        assert visits[-1].kernel_id not in scene.visits.open

    play(story)


def test_the_first_page_that_asks_is_the_only_one_that_may_talk():
    async def story(scene: Scene) -> None:
        visit = await scene.visits.welcome()
        assert [visit.admits(who) for who in ("", "one", "two", "one", "")] == [
            *(False, True, False, True, False)
        ]

    play(story)
