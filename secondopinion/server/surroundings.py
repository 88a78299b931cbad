"""What the server stands on: its files, its port, and a place apart from this person's own."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tornado.netutil import bind_sockets

HERE = Path(__file__).parent.parent
_MOST_FILES = 16384  # open at once: about fifteen for each visitor


def find(name: str) -> Path:
    """Find a file in the installed package or, in a checkout, beside it."""
    for root in (HERE, HERE.parent):
        if (path := root / name).exists():
            return path
    message = f"{name} is missing: it is neither in {HERE} nor beside it."
    raise SystemExit(message)


def listen(port: int, host: str) -> list[socket.socket]:
    """Take the port before anything else starts, and say plainly when it cannot be had."""
    try:
        return bind_sockets(port, host)
    except OSError as error:
        message = (
            f"The workbook cannot open on port {port} of {host}: {error.strerror}.\n"
            "It may be open in another window already. Use that one, or choose another port:\n"
            f"  secondopinion app --port {port + 1}"
        )
        raise SystemExit(message) from error


def allow_open_files() -> None:
    """Ask the system for as many open files as many visitors need."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415  (not on Windows)

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < _MOST_FILES <= hard:
            resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_FILES, hard))


@contextmanager
def own_surroundings() -> Iterator[str]:
    """Keep this person's own Jupyter and IPython settings and histories out of it."""
    before = dict(os.environ)
    with TemporaryDirectory(prefix="secondopinion_", ignore_cleanup_errors=True) as scratch:
        os.environ |= {
            "JUPYTER_PATH": str(HERE),  # where Voilà finds voila/templates/secondopinion
            "JUPYTER_CONFIG_DIR": scratch,
            "JUPYTER_DATA_DIR": scratch,
            "IPYTHONDIR": scratch,
        }
        try:
            yield scratch
        finally:
            os.environ.clear()
            os.environ.update(before)
