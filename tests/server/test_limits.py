"""How many may come, what everybody else is told, and what is counted of it all."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from secondopinion import load_knowledge
from secondopinion.server.pages import comes_from_here
from tests.serving import Served, until
from tests.visitor import Visitor

ROOT = Path(__file__).parent.parent.parent
ANOTHER_COMPUTER = "198.51.100.1"  # nobody's: it stands in examples
PAGES_STYLE = "/voila/templates/secondopinion/static/shell.css"
NEVER_COUNTED = re.compile(r"medicare|cancer|\d+\.\d+\.\d+\.\d+|[0-9a-f]{8}-", re.IGNORECASE)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a workbook in which there is room for two."""
    with Served(tmp_path_factory.mktemp("small"), "--visitors", "2") as served:
        yield served


@pytest.fixture
def full(workbook: Served) -> Iterator[list[Visitor]]:
    """Return the two who are in."""
    visitors = [Visitor(workbook.address).open() for _ in range(2)]
    yield visitors
    for visitor in visitors:
        visitor.leave()
    until(lambda: count(visitors[0], "pages_open") == 0)


def count(visitor: Visitor, name: str) -> float:
    """Return one of the figures."""
    found = re.search(f"^secondopinion_{name} (.*)$", visitor.ask("/metrics").text, re.MULTILINE)
    assert found
    return float(found[1])


def test_somebody_for_whom_there_is_no_room_is_told_kindly_and_when_to_come_back(
    full: list[Visitor], stranger: Visitor
):
    reply = stranger.ask()
    assert (reply.status, reply.headers["Retry-After"]) == (503, "60")
    assert "Many people are using the workbook right now" in reply.text
    assert len(full) == 2


def test_nothing_is_started_for_somebody_for_whom_there_is_no_room(
    full: list[Visitor], stranger: Visitor, workbook: Served
):
    until(lambda: count(stranger, "pages_waiting") == 2)
    family = {each.pid for each in workbook.family}
    assert {stranger.ask().status for _ in range(5)} == {503}
    assert {each.pid for each in workbook.family} == family
    assert len(full) == 2


def test_there_is_room_again_as_soon_as_somebody_leaves(full: list[Visitor], stranger: Visitor):
    full.pop().leave()
    until(lambda: count(stranger, "pages_open") == 1)
    full.append(stranger.open())
    assert Visitor(stranger.address).ask().status == 503


def test_the_two_who_are_in_are_well_while_others_knock(full: list[Visitor], stranger: Visitor):
    assert stranger.ask().status == 503
    for visitor in full:
        assert "Original Medicare" in visitor.connect().load().choose("Original Medicare").plan
        visitor.hang_up()


# For whoever keeps the server running


def test_the_keeper_reads_that_all_is_well_what_runs_and_how_full_it_is(
    full: list[Visitor], stranger: Visitor
):
    reply = stranger.ask("/healthz")
    said = json.loads(reply.text)
    assert reply.status == 200
    assert said["ok"] is True
    assert said["data_version"] == load_knowledge().data_version
    assert (said["open"], said["most"]) == (len(full), 2)


def test_the_keeper_reads_how_many_came_and_how_many_were_refused(
    full: list[Visitor], stranger: Visitor
):
    before = {name: count(stranger, name) for name in ("pages_opened_total", "pages_refused_total")}
    assert stranger.ask().status == 503
    assert count(stranger, "pages_refused_total") == before["pages_refused_total"] + 1
    assert count(stranger, "pages_opened_total") == before["pages_opened_total"]
    assert count(stranger, "pages_open") == len(full)
    assert count(stranger, "starts_failed_total") == 0
    assert count(stranger, "start_seconds_count") >= len(full)
    assert count(stranger, "start_seconds_sum") > 0


def test_nothing_about_people_is_counted(full: list[Visitor], stranger: Visitor):
    full[0].connect().load().choose("Original Medicare")
    full[0].hang_up()
    text = stranger.ask("/metrics").text
    assert not NEVER_COUNTED.search(text)
    assert "{" not in text  # no figure is split by anything


@pytest.mark.parametrize(
    ("address", "is_here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.0.2.1", False),
        ("10.0.0.1", False),
        ("2001:db8::1", False),
        ("::ffff:192.0.2.1", False),
        ("", False),
    ],
)
def test_only_somebody_on_this_computer_can_ask_how_it_goes(address: str, is_here: bool):
    assert comes_from_here(address) is is_here


def test_from_another_computer_there_is_nothing_to_ask(tmp_path: Path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((ANOTHER_COMPUTER, 9))  # sends nothing; tells by which address we would
        own = probe.getsockname()[0]
    with Served(tmp_path, "--host", "0.0.0.0") as served:  # noqa: S104
        at = own, served.port
        with Visitor(f"http://{own}:{served.port}", place=own, at=at) as visitor:
            assert visitor.ask(PAGES_STYLE).status == 200
            for path in ("/healthz", "/metrics"):
                assert visitor.ask(path).status == 404


# Pages that nobody uses


def test_a_page_rests_by_itself_before_the_server_ends_it(stranger: Visitor):
    settings = json.loads((ROOT / "voila.json").read_text(encoding="utf-8"))
    limit = settings["MappingKernelManager"]["cull_idle_timeout"]
    found = re.search(r'data-rest="(\d+)"', stranger.ask().text)
    assert found
    assert int(found[1]) * 60 < limit <= 3600
    assert settings["MappingKernelManager"]["cull_connected"] is True


def test_the_server_has_said_nothing_about_all_this(workbook: Served):
    assert workbook.said == ""
