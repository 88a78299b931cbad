"""What happens when something dies: the page learns of it, and everybody else goes on."""

import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import psutil
import pytest
from websocket import ABNF

from secondopinion.server.visits import READY
from tests.serving import Served, until
from tests.visitor import Visitor

SOON = 5  # seconds in which a page must know
MANY = 10
FILES_EACH = 15  # that the server has open for a visitor
PARENT = "secondopinion.server.parent"


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a workbook that may be broken."""
    with Served(tmp_path_factory.mktemp("fresh")) as served:
        yield served


@pytest.fixture
def people(workbook: Served) -> Iterator[Callable[[], Visitor]]:
    """Return a way to let somebody come; everybody leaves in the end."""
    came: list[Visitor] = []

    def come() -> Visitor:
        came.append(Visitor(workbook.address).open().connect().load())
        return came[-1]

    yield come
    for visitor in came:
        visitor.hang_up()
        visitor.leave()


def parent_of(workbook: Served) -> psutil.Process:
    """Return the process that forks."""
    children = psutil.Process(workbook.process.pid).children()
    alive = [each for each in children if not is_over(each)]
    (parent,) = [each for each in alive if PARENT in each.cmdline()]
    return parent


def is_over(process: psutil.Process) -> bool:
    """Tell whether a process has ended, though nobody may have asked how yet."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def waiting(workbook: Served) -> int:
    """Return how many pages are ready for the next visitors."""
    lines = Visitor(workbook.address).ask("/metrics").text.splitlines()
    (line,) = [line for line in lines if line.startswith("secondopinion_pages_waiting ")]
    return int(float(line.split()[1]))


def in_hand(workbook: Served) -> int:
    """Return how many pages are with somebody, or were sent whole to somebody who hung up."""
    lines = Visitor(workbook.address).ask("/metrics").text.splitlines()
    (line,) = [line for line in lines if line.startswith("secondopinion_pages_open ")]
    return int(float(line.split()[1]))


def is_well(visitor: Visitor) -> bool:
    """Tell whether the process still makes plans."""
    visitor.choose("TRICARE Prime")
    return "Original Medicare" in visitor.choose("Original Medicare").plan


def last_words(visitor: Visitor) -> str:
    """Return the state that the server reports before the line is closed."""
    assert visitor.line
    visitor.line.settimeout(SOON)
    state = ""
    while True:
        opcode, data = visitor.line.recv_data(control_frame=True)
        if opcode == ABNF.OPCODE_CLOSE:
            return state
        if opcode == ABNF.OPCODE_BINARY and b'"dead"' in data:
            state = "dead"


# A visitor's process


def test_a_page_whose_process_is_killed_learns_of_it(
    workbook: Served, people: Callable[[], Visitor]
):
    visitor = people()
    workbook.process_of(visitor.kernel).kill()
    assert last_words(visitor) == "dead"
    assert visitor.ask(f"/api/kernels/{visitor.kernel}").status == 404


def test_a_killed_process_takes_nobody_along(workbook: Served, people: Callable[[], Visitor]):
    one, other = people(), people()
    workbook.process_of(one.kernel).kill()
    assert last_words(one) == "dead"
    assert is_well(other)


def test_whoever_lost_a_process_gets_another(workbook: Served, people: Callable[[], Visitor]):
    visitor = people()
    process = workbook.process_of(visitor.kernel)
    process.kill()
    process.wait(10)
    assert is_well(visitor.open().connect().load())


def test_a_page_made_ready_whose_process_was_killed_is_given_to_nobody(
    workbook: Served, people: Callable[[], Visitor]
):
    until(lambda: waiting(workbook))
    parent = parent_of(workbook)
    taken = {workbook.process_of(visitor.kernel).pid for visitor in (people(), people())}
    until(lambda: waiting(workbook) == READY)  # none of them is still being made
    ready = [each for each in parent.children() if each.pid not in taken]
    for each in ready:
        each.kill()
    psutil.wait_procs(ready, 10)
    assert is_well(people())


# The parent


def test_when_the_parent_is_killed_pages_go_on_and_the_next_ones_are_forked_by_a_new_one(
    workbook: Served, people: Callable[[], Visitor]
):
    before, parent = people(), parent_of(workbook)
    parent.kill()
    until(lambda: is_over(parent))
    after = [people() for _ in range(4)]  # more than can have been ready
    assert is_well(before)
    assert all(map(is_well, after))
    assert parent_of(workbook) in workbook.process_of(after[-1].kernel).parents()


def test_when_the_parent_hangs_the_next_page_comes_all_the_same(
    workbook: Served, people: Callable[[], Visitor]
):
    parent = parent_of(workbook)
    parent.send_signal(signal.SIGSTOP)
    assert all(is_well(people()) for _ in range(4))
    assert not parent.is_running()


# The server


def test_when_the_server_is_killed_nobody_is_left_behind(fresh: Served):
    with Visitor(fresh.address) as visitor:
        visitor.open().connect().load()
        family = fresh.family
        fresh.process.kill()
        gone, alive = psutil.wait_procs(family, SOON)
    assert alive == []
    assert len(gone) >= 2


def test_a_server_that_is_told_to_stop_while_it_starts_pages_leaves_nobody_behind(fresh: Served):
    wires = [socket.create_connection(("127.0.0.1", fresh.port)) for _ in range(4)]
    for wire in wires:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert all(wire.recv(10) for wire in wires)  # their pages have begun
    family = fresh.family
    fresh.process.terminate()
    assert fresh.process.wait(10) == 0
    assert psutil.wait_procs(family, SOON)[1] == []
    assert fresh.said == ""
    for wire in wires:
        wire.close()


# Visitors


def test_people_who_do_not_wait_for_the_page_leave_nothing_behind(fresh: Served):
    server, parent = psutil.Process(fresh.process.pid), parent_of(fresh)

    def files_after(number: int) -> int:
        for _ in range(number):
            with socket.create_connection(("127.0.0.1", fresh.port)) as wire:
                wire.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                assert wire.recv(10)
        until(lambda: waiting(fresh) == 2)
        until(lambda: len(parent.children()) == 2 + in_hand(fresh))
        return server.num_fds() - FILES_EACH * in_hand(fresh)

    before = files_after(8)
    assert files_after(12) <= before + FILES_EACH
    assert fresh.said == ""


def test_many_who_come_at_once_all_get_a_page_of_their_own(fresh: Served):
    visitors = [Visitor(fresh.address) for _ in range(MANY)]
    with ThreadPoolExecutor(MANY) as pool:
        kernels = list(pool.map(lambda visitor: visitor.open().kernel, visitors))
        assert len(set(kernels)) == MANY
        assert all(pool.map(lambda visitor: is_well(visitor.connect().load()), visitors))
        for visitor in visitors:
            visitor.hang_up()
        assert {reply.status for reply in pool.map(Visitor.leave, visitors)} == {204}
    parent = parent_of(fresh)
    until(lambda: len(parent.children()) == waiting(fresh))
    assert fresh.said == ""


def test_pages_come_and_go_without_a_trace(fresh: Served):
    visitor = Visitor(fresh.address)
    server = psutil.Process(fresh.process.pid)

    def visits(number: int) -> int:
        for _ in range(number):
            visitor.open().connect().load().choose("TRICARE Prime")
            visitor.hang_up()
            visitor.leave()
        until(lambda: "secondopinion_pages_open 0.0" in visitor.ask("/metrics").text)
        until(lambda: waiting(fresh) == 2)
        return server.num_fds()

    before = max(islice(iter(lambda: visits(3), None), 2))
    assert visits(6) <= before + 2
