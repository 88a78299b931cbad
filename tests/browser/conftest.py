"""A browser, a workbook being served, and a page that remembers what it asked for."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.serving import Served

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


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a workbook served from an empty folder."""
    with Served(tmp_path_factory.mktemp("served")) as workbook:
        yield workbook.address
