"""The static site, built once and put on the web below an address, and what Python makes here."""

import base64
import json
import shutil
import subprocess
import sys
import threading
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest

ROOT = Path(__file__).parent.parent.parent
BUILD = ROOT / "frontend/static/build.py"
BELOW = "org/workbook"
"""As at a host that gives every project a folder of its own."""

MAKE = """
import base64, json, sys
from datetime import date

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"docx", "lxml", "typst"}:
            raise ModuleNotFoundError(name + " is blocked", name=name)

sys.meta_path.insert(0, Block())
from secondopinion.widgets import plan_form

day, answers, letter, asked = json.loads(sys.argv[1])
workbook = plan_form(date.fromisoformat(day))
workbook.put(answers)
workbook.desk.folds.selected_index = 0
workbook.desk.letters.which.value = letter
made = [workbook.file(kind, place) for kind, place in asked]
print(json.dumps([[file.name, base64.b64encode(file.content).decode()] for file in made]))
"""


def build(folder: Path) -> Path:
    """Return a folder with the static site, built as `make static` does."""
    missing = [name for name in ("node", "npm") if not shutil.which(name)]
    if missing:
        pytest.skip(f"building the static site needs {' and '.join(missing)}")
    site = folder / BELOW
    command = [sys.executable, str(BUILD), str(site)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert run.returncode == 0, run.stdout + run.stderr
    return site


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_words: Any) -> None:
        """Write nothing down."""


class Hosted:
    """A folder on the web, as the plainest of hosts serves it."""

    def __init__(self, folder: Path) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.address = f"{self.origin}/{BELOW}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def made_here(
    day: date, answers: dict[str, Any], letter: str, asked: list[tuple[str, str]]
) -> list[tuple[str, bytes]]:
    """Return the files that Python makes here, where neither Word nor PDF can be made."""
    told = json.dumps([day.isoformat(), answers, letter, asked])
    run = subprocess.run(
        [sys.executable, "-c", MAKE, told], capture_output=True, text=True, check=False, timeout=120
    )
    assert run.stderr == ""
    return [(name, base64.b64decode(content)) for name, content in json.loads(run.stdout)]
