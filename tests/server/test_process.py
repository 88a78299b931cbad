"""What a visitor's process is: forked, alone, without a past, and unable to keep anything."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.serving import Served
from tests.visitor import Visitor

PROBE = """
import gc, json, os, random, resource, sys
from html import escape
from IPython.display import HTML

def attempt(work):
    try:
        return str(work())
    except BaseException as error:
        return type(error).__name__

def write(path):
    with open(path, "w") as file:
        file.write("an answer")

FILES = "/proc/self/fd"

HTML("<pre>" + escape(json.dumps({
    "pid": os.getpid(),
    "parent": os.getppid(),
    "session": os.getsid(0),
    "chance": random.random(),
    "folder": os.getcwd(),
    "environment": dict(os.environ),
    "arguments": sys.argv,
    "files": sorted(os.readlink(f"{FILES}/{number}") for number in (0, 1, 2)),
    "open": [attempt(lambda: os.readlink(f"{FILES}/{each}")) for each in os.listdir(FILES)],
    "write here": attempt(lambda: write("answer.txt")),
    "write there": attempt(lambda: write("../answer.txt")),
    "too much memory": attempt(lambda: len(bytearray(2**31))),
    "core": resource.getrlimit(resource.RLIMIT_CORE),
    "cpu": resource.getrlimit(resource.RLIMIT_CPU),
    "debugger": sys.modules.get("debugpy") is not None,
    "collects": gc.isenabled(),
    "history": get_ipython().history_manager.enabled,
    "path": sys.path,
})) + "</pre>")
"""
CODE: dict[str, Any] = {
    "cell_type": "code",
    "execution_count": None,
    "id": "a",
    "metadata": {},
    "outputs": [],
}
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server whose page says what its process can do."""
    notebook = tmp_path_factory.mktemp("notebook") / "probe.ipynb"
    cells = [CODE | {"source": PROBE}]
    content = {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4}
    notebook.write_text(json.dumps(content | {"nbformat_minor": 5}), encoding="utf-8")
    folder = tmp_path_factory.mktemp("served")
    start = folder / "start.py"
    start.write_text("raise SystemExit", encoding="utf-8")
    with Served(folder, notebook=notebook, PYTHONSTARTUP=str(start)) as served:
        yield served


@pytest.fixture(scope="module")
def two(probe: Served) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what two processes say about themselves."""
    return told(probe, "/?marker=zebra"), told(probe, "/")


@pytest.fixture(scope="module")
def one(two: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """Return what a process says about itself."""
    return two[0]


def told(probe: Served, path: str) -> dict[str, Any]:
    found = re.search("<pre>(.*)</pre>", Visitor(probe.address).ask(path).text)
    assert found
    said: dict[str, Any] = json.loads(unescape(found[1]))
    return said


def test_every_page_has_a_process_of_its_own(two: tuple[dict[str, Any], dict[str, Any]]):
    assert two[0]["pid"] != two[1]["pid"]


def test_the_processes_are_forked_from_one_parent(
    two: tuple[dict[str, Any], dict[str, Any]], probe: Served
):
    assert two[0]["parent"] == two[1]["parent"] != probe.process.pid


def test_a_process_leads_a_session_of_its_own(one: dict[str, Any]):
    assert one["session"] == one["pid"]


def test_no_two_processes_have_the_same_luck(two: tuple[dict[str, Any], dict[str, Any]]):
    assert two[0]["chance"] != two[1]["chance"]


def test_a_process_shares_no_open_file_with_another_but_the_one_that_says_it_is_over(
    two: tuple[dict[str, Any], dict[str, Any]],
):
    shared = set(two[0]["open"]) & set(two[1]["open"]) - {"FileNotFoundError"}
    pipes = {file for file in shared if file.startswith("pipe:")}
    kinds = {"/dev/null", "anon_inode:[eventfd]", "anon_inode:[eventpoll]"}
    assert shared - pipes <= kinds
    assert len(pipes) == 1


def test_what_a_process_prints_goes_nowhere(one: dict[str, Any]):
    # Python's own two streams are read by Jupyter, which passes neither on to the page.
    assert one["files"][0] == "/dev/null"
    assert all(file == "/dev/null" or file.startswith("pipe:") for file in one["files"])


def test_a_process_knows_nothing_of_the_request(two: tuple[dict[str, Any], dict[str, Any]]):
    assert "zebra" not in json.dumps(two)


def test_a_process_can_write_nothing_into_a_file(one: dict[str, Any]):
    assert (one["write here"], one["write there"]) == ("OSError", "OSError")
    assert Path(one["folder"], "answer.txt").read_bytes() == b""


def test_a_process_cannot_take_all_the_memory(one: dict[str, Any]):
    assert one["too much memory"] == "MemoryError"


def test_a_process_cannot_work_forever(one: dict[str, Any]):
    assert max(one["cpu"]) == 600


def test_when_a_process_crashes_no_copy_of_its_memory_is_kept(one: dict[str, Any]):
    assert one["core"] == [0, 0]


def test_a_process_has_no_debugger_and_no_history(one: dict[str, Any]):
    assert (one["debugger"], one["history"]) == (False, False)


def test_a_process_still_collects_its_garbage(one: dict[str, Any]):
    assert one["collects"] is True


def test_a_process_works_in_the_notebooks_folder(one: dict[str, Any]):
    assert Path(one["folder"]).name.startswith("notebook")


# How the server talks to it


def test_nobody_else_on_this_computer_can_open_the_line_to_a_process(one: dict[str, Any]):
    process = psutil.Process(one["pid"])
    assert process.net_connections("inet") == []
    names = {str(door.laddr) for door in process.net_connections("unix")}
    doors = [Path(name) for name in names if name]
    assert doors
    assert {door.parent.stat().st_mode & 0o077 for door in doors} == {0}


def test_where_the_way_to_a_file_is_too_long_for_a_line_the_line_is_encrypted(
    tmp_path_factory: pytest.TempPathFactory,
):
    far = tmp_path_factory.mktemp("far_away" * 10)
    with Served(tmp_path_factory.mktemp("served"), TMPDIR=str(far)) as served:
        with Visitor(served.address) as visitor:
            visitor.open().connect().load()
            assert "TRICARE Prime" in visitor.choose("TRICARE Prime").plan
            (told,) = far.rglob(f"kernel-{visitor.kernel}.json")
        line = json.loads(told.read_text(encoding="utf-8"))
    assert line["transport"] == "tcp"
    assert line["curve_publickey"]


def test_the_server_has_said_nothing_about_all_this(probe: Served):
    assert probe.said == ""
