"""A server that is measured: started, watched with everything that it starts, and ended."""

import http.client
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENCE = 90  # seconds for a server to answer, and to come to rest
GLANCE = 0.5  # seconds over which a server must do nothing to count as at rest
AT_REST = 0.02  # seconds of processor time within a glance that count as nothing
LONG_REST = 6  # glances; Voilà begins to refill its pool after two
MARK = "SECONDOPINION_BENCH"  # in the environment of whatever a measured server starts
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class App:
    """One way to serve the form.

    Parameters
    ----------
    name
        What the tables call it.
    command
        What follows `python -m`, with `{port}` for the port.
    path
        Where on the server the form is.
    lists
        How its lists are opened: see `probe.js`.
    """

    name: str
    command: tuple[str, ...]
    path: str = "/"
    lists: str = "native"

    @property
    def installed(self) -> bool:
        """Tell whether this Python can serve it."""
        return importlib.util.find_spec(self.command[0].partition(".")[0]) is not None


_WORKBOOK = ("--port", "{port}", "--no-browser")
OURS = App("ours", ("secondopinion", "app", *_WORKBOOK))
UNREADY = App("ours, unready", ("benchmarks.app.variant", "{port}", "unready"))
UNFORKED = App("ours, unforked", ("benchmarks.app.variant", "{port}", "unforked"))
COLD = App("ours, neither", ("benchmarks.app.variant", "{port}", "unready", "unforked"))
PANEL = App(
    "Panel",
    ("panel", "serve", str(HERE / "panel_app.py"), "--port", "{port}", "--warm"),
    path="/panel_app",
)
STREAMLIT = App(
    "Streamlit",
    (
        *("streamlit", "run", str(HERE / "streamlit_app.py"), "--server.port", "{port}"),
        *("--server.headless", "true", "--server.fileWatcherType", "none"),
        *("--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"),
    ),
    lists="typed",
)
SOLARA = App(
    "Solara",
    (
        *("solara", "run", str(HERE / "solara_app.py"), "--port", "{port}"),
        *("--no-open", "--production", "--host", "127.0.0.1"),
    ),
    lists="clicked",
)
VOILA = App(
    "Voilà, stock",
    (
        *("voila", str(ROOT / "notebooks/workbook.ipynb"), "--template=lab"),
        *("--no-browser", "--port", "{port}"),
    ),
)
APPS = (OURS, UNREADY, UNFORKED, COLD, PANEL, STREAMLIT, SOLARA, VOILA)


class Served:
    """An app being served from an empty folder, and every process that belongs to it."""

    def __init__(self, app: App) -> None:
        self.app = app
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._mark = uuid.uuid4().hex
        self._folder = TemporaryDirectory(prefix="bench_app_", ignore_cleanup_errors=True)
        self._at_rest = 0  # how many processes there are while nobody visits

    @property
    def url(self) -> str:
        """The address of the form."""
        return f"http://127.0.0.1:{self.port}{self.app.path}"

    def __enter__(self) -> Self:
        command = [part.format(port=self.port) for part in self.app.command]
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=self._folder.name,
                env={**os.environ, MARK: self._mark, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._await_answer()
            self.settle()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def _log(self) -> Path:
        return Path(self._folder.name, "log.txt")

    def stop(self) -> None:
        """End the server and whatever it started."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        for process in self.processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()
        self._folder.cleanup()

    def processes(self) -> list[int]:
        """Return the processes that carry this server's mark, whoever their parents are."""
        mark = f"{MARK}={self._mark}".encode()
        return [
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")
            if mark in _read(folder / "environ")
        ]

    def memory(self) -> float:
        """Return what it holds in memory, in MiB: the PSS, in which shared pages count once."""
        return sum(_pss(process) for process in self.processes()) / 1024

    def busy(self) -> float:
        """Return the processor time that its living processes have used, in seconds."""
        return sum(_processor_time(process) for process in self.processes())

    def settle(self, *, visited: bool = False) -> None:
        """Wait until it is at rest: nothing runs, and the processes in waiting are all there.

        While somebody visits, how many processes there should be is not known, and stock Voilà
        never ends those of pages that were left. Then a long rest has to do.
        """
        deadline, rest = time.monotonic() + PATIENCE, 0
        while time.monotonic() < deadline:
            processes, before = self.processes(), self.busy()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(GLANCE)
                break  # it has ended
            calm = processes == self.processes() and self.busy() - before <= AT_REST
            rest = rest + 1 if calm else 0
            complete = len(processes) == self._at_rest and not visited
            if rest and (complete or rest == LONG_REST):
                self._at_rest = self._at_rest if visited else len(processes)
                return
        message = f"{self.app.name} does not come to rest:\n{self.said()}"
        raise SystemExit(message)

    def said(self) -> str:
        """Return the end of what the server wrote."""
        return self._log.read_text(errors="replace")[-2000:]

    def _await_answer(self) -> None:
        """Wait for any answer at an address that starts nobody's visit."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            with suppress(OSError, http.client.HTTPException):
                line.request("HEAD", "/static/none")
                line.getresponse()
                return
            line.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)  # the pause between tries, shorter if it ends
        message = f"{self.app.name} does not answer:\n{self.said()}"
        raise SystemExit(message)


def _read(path: Path) -> bytes:
    """Return what stands in a file under /proc, or nothing when its process is gone."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _pss(process: int) -> int:
    lines = _read(Path(f"/proc/{process}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(b"Pss:"))


def _processor_time(process: int) -> float:
    words = _read(Path(f"/proc/{process}/stat")).rpartition(b")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICKS if words else 0.0
