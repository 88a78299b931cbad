"""What can be seen of a workbook from outside: its processes, its files, what is sent."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import psutil
from playwright.sync_api import Request, Response

from tests.serving import Served

MOST_READ = 50_000_000  # bytes of a file


class Process(NamedTuple):
    """What can be seen of one of the server's processes from outside."""

    command: list[str]
    environment: Mapping[str, str]
    files: list[str]
    partners: set[str]


def processes_of(workbook: Served) -> list[Process]:
    """Return what can be seen of the server and of everything that it has started."""
    server = psutil.Process(workbook.process.pid)
    return [_seen_of(each) for each in (server, *server.children(recursive=True))]


def _seen_of(process: psutil.Process) -> Process:
    try:
        with process.oneshot():
            lines = process.net_connections("inet")
            return Process(
                process.cmdline(),
                process.environ(),
                [each.path for each in process.open_files()],
                {line.raddr.ip for line in lines if len(line.raddr)},
            )
    except psutil.NoSuchProcess:  # it has just ended
        return Process([], {}, [], set())


def profiles() -> list[Path]:
    """Return the folders in which the browser that we drive keeps its own things."""
    flag = "--user-data-dir="
    words = (word for each in psutil.Process().children(recursive=True) for word in each.cmdline())
    return [Path(word.removeprefix(flag)) for word in words if word.startswith(flag)]


def changed_since(
    moment: float, roots: Iterable[Path], without: Iterable[Path]
) -> dict[Path, bytes]:
    """Return every file that is new or different, with its content."""
    found = {}
    left_out = set(without)
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = [each for each in folders if Path(folder, each) not in left_out]
            for path in (Path(folder, name) for name in files):
                if (content := _if_changed(path, moment)) is not None:
                    found[path] = content
    return found


def _if_changed(path: Path, moment: float) -> bytes | None:
    try:
        status = path.lstat()
        if status.st_ctime < moment or not path.is_file() or path.is_symlink():
            return None
        return path.read_bytes()[:MOST_READ]
    except OSError:  # it has just gone, or is another person's
        return None


def whole(message: Request | Response) -> str:
    """Return an address, the headers and what was sent along, as one text."""
    body = message.post_data if isinstance(message, Request) else ""
    return json.dumps([message.url, message.all_headers(), body])


def own_folders() -> list[Path]:
    """Return where Jupyter and IPython keep the things of whoever runs the tests."""
    home = Path.home()
    names = (".ipython", ".jupyter", ".local/share/jupyter", ".config/jupyter", ".cache/ipython")
    return [home / name for name in names if (home / name).exists()]
