"""The same notebook in JupyterLab: its files are the same as those of the served page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .lab import Lab
from .test_downloads import downloaded, made_here

NOTEBOOK = Path(__file__).parent.parent.parent / "notebooks/workbook.ipynb"


@pytest.fixture(scope="module")
def opened(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return the workbook as it shows below its cell in JupyterLab."""
    with Lab(tmp_path_factory.mktemp("lab"), NOTEBOOK) as lab, chromium.new_context() as context:
        page = context.new_page()
        lab.run(page)
        expect(page.get_by_role("button", name="Save my answers")).to_be_visible(timeout=60_000)
        yield page


@pytest.mark.parametrize("label", ["Save my answers", "Days for my calendar"])
def test_a_file_from_jupyterlab_is_the_one_that_python_makes(opened: Page, label: str):
    assert downloaded(opened, label) == made_here(label)
