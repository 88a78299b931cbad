"""A workbook that is served while tests ask it things."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import psutil
import pytest

PATIENCE = 60  # seconds for the workbook to answer
BETWEEN_TRIES = 0.1  # seconds
PROGRAM = Path(sys.executable).with_name("secondopinion")


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def answers(port: int) -> bool:
    """Tell whether somebody answers, whatever it is; a page is not begun by asking like this."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("HEAD", "/")
        return bool(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def still_running(server: subprocess.Popen[bytes]) -> bool:
    """Tell whether the server runs; the asking takes a moment, which is our pause between tries."""
    with suppress(subprocess.TimeoutExpired):
        server.wait(BETWEEN_TRIES)
    return server.returncode is None


def await_answer(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until a workbook answers."""
    deadline = time.monotonic() + PATIENCE
    while not answers(port):
        if not still_running(server) or time.monotonic() > deadline:
            pytest.fail(f"the workbook does not answer:\n{log.read_text(errors='replace')}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask a workbook to close, and see to it that it does."""
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)  # whatever it may have left running
    server.wait()


def started(
    command: Sequence[str], port: int, log: Path, folder: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a server in a folder, and return it once it answers; what it prints goes to a log."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with ExitStack() as undo:
        undo.callback(stop, server)
        await_answer(server, port, log)
        undo.pop_all()
    return server


ANOTHER = """
import sys
from pathlib import Path
from secondopinion.server import serve
serve(int(sys.argv[1]), open_browser=False, notebook=Path(sys.argv[2]))
"""


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Ask again and again until something is so; the asking takes a moment."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} seconds")


class Served:
    """A workbook, or another notebook, served from an empty folder; `log` has what it prints.

    A script may do the serving; it is given the port and the notebook.
    """

    def __init__(
        self,
        folder: Path,
        *options: str,
        notebook: Path | None = None,
        script: str = ANOTHER,
        **environment: str,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.txt"
        self._command = [str(PROGRAM), "app", "--no-browser", *options, "--port", str(self.port)]
        if notebook or script != ANOTHER:
            self._command = [sys.executable, "-P", "-c", script, str(self.port), str(notebook)]
        self._environment = environment

    def __enter__(self) -> Self:
        empty = self.folder / "empty"
        empty.mkdir(exist_ok=True)
        self.process = started(self._command, self.port, self.log, empty, self._environment)
        return self

    def __exit__(self, *_: object) -> None:
        stop(self.process)

    @property
    def family(self) -> list[psutil.Process]:
        """Every process that the server has started, and they in their turn."""
        return psutil.Process(self.process.pid).children(recursive=True)

    @property
    def said(self) -> str:
        """What it has printed so far, without the first line that says where it is."""
        return self.log.read_text(errors="replace").partition("\n")[2]

    def process_of(self, kernel: str) -> psutil.Process:
        """Return the process behind a page: the one that listens at its door."""
        doors = psutil.net_connections("unix")
        (found,) = {door.pid for door in doors if kernel in str(door.laddr)}
        return psutil.Process(found)
