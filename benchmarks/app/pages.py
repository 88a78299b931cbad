"""How long a page takes in a browser until it can be used, and until it shows a new plan."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, sync_playwright

from tests.browser.chromium import installed

from .same_form import COVERAGES, KNOWLEDGE, QUESTIONS, first_fields, plan_for
from .served import Served

PATIENCE = 60_000  # milliseconds for anything in a page
SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # root has no sandbox, and the pages are our own
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # other hosts fail at once
)
_PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Visit:
    """One page load: milliseconds since the navigation began, what was fetched, and the changes."""

    usable: float
    answered: float
    requests: int
    kilobytes: float
    changes: tuple[float, ...]


class Traffic:
    """Counts what comes over the network, not what a cache has."""

    def __init__(self, session: CDPSession) -> None:
        self.requests = 0
        self.bytes = 0.0
        session.on("Network.responseReceived", self._response)
        session.on("Network.loadingFinished", self._loaded)
        session.on("Network.webSocketCreated", self._socket)
        session.on("Network.webSocketFrameReceived", self._frame)
        session.send("Network.enable")

    def _response(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        over_the_wire = answer["url"].startswith("http") and not answer.get("fromDiskCache")
        self.requests += over_the_wire

    def _loaded(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]

    def _socket(self, _event: dict[str, Any]) -> None:
        self.requests += 1

    def _frame(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        packed = frame["opcode"] == 2  # then it is written in base64
        self.bytes += len(frame["payloadData"]) * (0.75 if packed else 1)


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=installed(), args=SWITCHES)
        yield running
        running.close()


def visit(context: BrowserContext, served: Served, labels: Sequence[str] = ()) -> Visit:
    """Open the form in a new page, wait until it is usable, and choose some insurances.

    Usable is the first frame with the first plan and all fields of the form, provided that an
    insurance chosen in that very frame gives a new plan; answered is when that plan is drawn.
    """
    page = context.new_page()
    page.add_init_script(_probe(served.app.lists))
    page.set_default_timeout(PATIENCE)
    traffic = Traffic(context.new_cdp_session(page))
    page.goto(served.url, wait_until="commit")
    try:
        seen = page.evaluate("bench.opened")
    except Error as error:
        shown = page.evaluate("document.body?.innerText.slice(0, 1000)")
        message = f"{served.app.name}: {error.message}\n{shown}\n{served.said()}"
        raise SystemExit(message) from error
    requests, kilobytes = traffic.requests, traffic.bytes / 1000
    _same_form(seen["words"], served.app.name)
    changes = page.evaluate("labels => bench.changes(labels)", list(labels)) if labels else []
    page.goto("about:blank")  # the server is told that the page is gone, as when a person leaves
    served.settle()
    page.close()
    return Visit(seen["usable"], seen["answered"], requests, kilobytes, tuple(changes))


def _probe(lists: str) -> str:
    settings = {
        "fields": first_fields(),
        "first": label(COVERAGES[0]),
        "lists": lists,
        "patience": PATIENCE,
    }
    return f"{_PROBE.strip()}({json.dumps(settings)});"


def label(coverage: str) -> str:
    """Return what a list calls a kind of insurance."""
    return KNOWLEDGE.label("coverage", coverage)


def _same_form(words: str, name: str) -> None:
    """Refuse to compare with a page that does not ask what the workbook asks."""
    asked, _ = plan_for({"coverage": COVERAGES[0]})
    said = " ".join(words.split())
    missing = [one.text for one in QUESTIONS if one.id in asked and one.text not in said]
    if missing:
        message = f"{name} does not ask: {missing}"
        raise SystemExit(message)
