"""A browser, a workbook being served, and a page that remembers what it asked for."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .chromium import installed

SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # root has no sandbox, and the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60  # seconds for the workbook to answer
BETWEEN_TRIES = 0.1  # seconds


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a running browser."""
    path = installed()
    if path is None:
        pytest.fail("no Chromium here: run `make test`, which installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def requested() -> list[str]:
    """Return the list to which `page` adds the address of every request and every socket."""
    return []


@pytest.fixture
def page(chromium: Browser, requested: list[str]) -> Iterator[Page]:
    """Return a fresh page, with no history and no cookies."""
    with chromium.new_context() as context:
        context.on("request", lambda request: requested.append(request.url))
        page = context.new_page()
        page.on("websocket", lambda opened: requested.append(opened.url))
        yield page


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _still_running(server: subprocess.Popen[bytes]) -> bool:
    """Tell whether the server runs; the asking takes a moment, which is our pause between tries."""
    with suppress(subprocess.TimeoutExpired):
        server.wait(BETWEEN_TRIES)
    return server.returncode is None


def _await_answer(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(port):
        if not _still_running(server) or time.monotonic() > deadline:
            pytest.fail(f"the workbook does not answer:\n{log.read_text(errors='replace')}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)  # whatever it may have left running
    server.wait()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a workbook served from an empty folder."""
    program = Path(sys.executable).with_name("secondopinion")
    port = _free_port()
    log = tmp_path_factory.mktemp("log") / "server.txt"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [program, "app", "--port", str(port), "--no-browser"],
            cwd=tmp_path_factory.mktemp("empty"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _await_answer(server, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        _stop(server)
