"""A JupyterLab of its own, with a copy of a notebook that already has its Python."""

import json
import secrets
import shutil
import sys
from pathlib import Path
from typing import Self
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from tests.serving import free_port, started, stop

IS_READY = """() => {
    const notebook = window.jupyterapp?.shell.currentWidget;
    const session = notebook?.sessionContext;
    return notebook?.content?.model && session?.isReady && session.session?.kernel
        && session.session.kernel.connectionStatus === "connected"
        && session.session.kernel.status === "idle"
        && window.jupyterapp.commands.isEnabled("notebook:run-all-cells");
}"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"


class Lab:
    """JupyterLab, with a notebook to open."""

    def __init__(self, folder: Path, notebook: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.token = secrets.token_hex()
        self.name = notebook.name
        (folder / "root").mkdir()
        shutil.copy(notebook, folder / "root")

    def __enter__(self) -> Self:
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *(f"--ServerApp.port={self.port}", f"--IdentityProvider.token={self.token}"),
            *(f"--ServerApp.root_dir={self.folder / 'root'}", "--expose-app-in-browser"),
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.news_url=",
        ]
        log = self.folder / "lab.txt"
        self.process = started(command, self.port, log, self.folder, self._own_folders())
        return self

    def __exit__(self, *_: object) -> None:
        stop(self.process)

    def _own_folders(self) -> dict[str, str]:
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        return {name: str(self.folder / name.lower()) for name in names}

    def _start_python(self) -> None:
        """Start the notebook's Python, so that nobody is asked which one it should be."""
        wanted = {"path": self.name, "name": self.name, "type": "notebook"}
        request = Request(
            f"http://127.0.0.1:{self.port}/api/sessions",
            json.dumps({**wanted, "kernel": {"name": "python3"}}).encode(),
            {"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=60) as answer:  # noqa: S310  (our own address)
            answer.read()

    def run(self, page: Page) -> None:
        """Open the notebook and run all its cells, as somebody does from the menu."""
        self._start_python()
        page.goto(f"http://127.0.0.1:{self.port}/lab/tree/{self.name}?token={self.token}")
        page.wait_for_function(IS_READY, timeout=60_000)
        page.evaluate(RUN_ALL)
