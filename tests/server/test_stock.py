"""The way without anything of ours: stock Voilà with its own template shows the form too."""

import sys
from pathlib import Path

import pytest

from tests.serving import free_port, started, stop
from tests.visitor import Visitor

ROOT = Path(__file__).parent.parent.parent
VOILA = Path(sys.executable).with_name("voila")


def test_stock_voila_with_its_own_template_shows_the_form(
    tmp_path_factory: pytest.TempPathFactory,
):
    port = free_port()
    log = tmp_path_factory.mktemp("stock") / "server.txt"
    command = [str(VOILA), "notebooks/workbook.ipynb", "--template=lab", "--no-browser"]
    server = started([*command, f"--port={port}"], port, log, ROOT, {})
    try:
        page = Visitor(f"http://127.0.0.1:{port}").ask().text
    finally:
        stop(server)
    assert "application/vnd.jupyter.widget-view+json" in page
    assert "Second Opinion Workbook" in page
    assert "Traceback" not in page
