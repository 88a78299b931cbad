"""The screens of the workbook, and how a person gets to each."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Page, Route, WebSocketRoute, expect

import secondopinion
from tests.serving import Served

from .visiting import (
    ILLNESS,
    OPEN_ALL,
    PRICE,
    STATE,
    answer_for_breast_cancer_surgery,
    choose,
    deny_medicare_advantage,
    form_of,
    open_workbook,
    part,
    plan_of,
    write,
)

TEMPLATES = Path(secondopinion.__file__).parent / "voila/templates/secondopinion"
STATIC = "/voila/templates/secondopinion"
STATES = re.compile(r"<script[^>]*widget-state[+]json[^>]*>[^<]*</script>")
A_WHILE = 10_000  # milliseconds
QUIET = "25:30"  # minutes and seconds, a little more than until the page asks
OLD_FILE = b'{"coverage": "plan_of_the_moon", "state": "TX"}'

Way = Callable[[Page, str], None]


def opened(page: Page, address: str) -> None:
    """Open the workbook."""
    open_workbook(page, address)


def opening(page: Page, address: str) -> None:
    """Open the workbook, and see it before anything is there to be shown."""

    def say_nothing_of_widgets(route: Route) -> None:
        """Send the page as one that has to ask its process what to show."""
        page_sent = route.fetch()
        route.fulfill(response=page_sent, body=STATES.sub("", page_sent.text()))

    def leave_unanswered(_line: WebSocketRoute) -> None:
        """Take the line and say nothing."""

    page.route(re.compile("/$"), say_nothing_of_widgets)
    page.route_web_socket(re.compile("/channels"), leave_unanswered)
    page.goto(address)
    expect(page.get_by_text("Opening your workbook")).to_be_visible()


def slow(page: Page, address: str) -> None:
    """Wait for a process that does not answer, until the page says that this takes long."""
    page.clock.install()
    opening(page, address)
    page.clock.fast_forward(A_WHILE)
    expect(page.get_by_text("taking longer than it should")).to_be_visible()


def covered(page: Page, address: str) -> None:
    """Read that it is covered."""
    opened(page, address)
    answer_for_breast_cancer_surgery(page)


def refused(page: Page, address: str) -> None:
    """Read by when to appeal."""
    opened(page, address)
    deny_medicare_advantage(page)
    expect(part(page, "What to do, in order")).to_contain_text("May 6, 2026")


def puzzled(page: Page, address: str) -> None:
    """Write a number that is none, and an illness that is the name of several."""
    opened(page, address)
    write(page, PRICE, "about 400")
    write(page, ILLNESS, "leukemia")
    expect(form_of(page)).to_contain_text("This could be one of these.")


def unfolded(page: Page, address: str) -> None:
    """Open every fold of a plan."""
    covered(page, address)
    choose(page, STATE, "Ohio")
    expect(plan_of(page)).to_contain_text("Ohio")
    page.locator("details").evaluate_all(OPEN_ALL)


def fold(page: Page, title: str) -> None:
    """Open a part of the desk."""
    head = page.get_by_role("button", name=title, exact=True)
    head.click()
    expect(head).to_have_attribute("aria-expanded", "true")


def writing(page: Page, address: str) -> None:
    """Pick a letter and fill in a blank of it."""
    refused(page, address)
    fold(page, "Letters to send")
    which = page.get_by_role("combobox", name="Which letter?")
    expect(which.locator("option")).not_to_have_count(1)
    which.select_option(index=1)
    write(page, "Your name", "A. Person")
    expect(page.locator(".so-paper")).to_contain_text("A. Person")


def calling(page: Page, address: str) -> None:
    """Write down two calls."""
    opened(page, address)
    fold(page, "Calls to make")
    for place in range(2):
        page.get_by_role("button", name="Write down a call").click()
        row = page.locator(".so-row").nth(place)
        row.get_by_label("Whom did you call?").select_option("insurer")
        row.get_by_label("Reference number").fill(f"R-{place}")
    expect(page.get_by_role("button", name="Remove this call 2")).to_be_visible()


def comparing(page: Page, address: str) -> None:
    """Put the two opinions side by side."""
    opened(page, address)
    fold(page, "After the visit")
    expect(page.locator(".so-desk table")).to_be_visible()


def handing_over(page: Page, address: str) -> None:
    """Make a copy for somebody who helps."""
    opened(page, address)
    fold(page, "A copy for someone who helps you")
    expect(page.get_by_role("group", name="Leave out of the copy")).to_be_visible()


def opening_a_file(page: Page, address: str) -> None:
    """Open a file with an answer that no longer exists."""
    opened(page, address)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Open my file").click()
    file = {"name": "my-answers.json", "mimeType": "application/json", "buffer": OLD_FILE}
    choosing.value.set_files(file)  # type: ignore[arg-type]
    expect(page.get_by_text("Please look at these again:")).to_be_visible()


def lost(page: Page, address: str) -> None:
    """Lose the connection."""
    covered(page, address)
    page.context.set_offline(True)
    expect(page.get_by_text("The connection was lost")).to_be_visible(timeout=10_000)


def ended(page: Page, address: str) -> None:
    """Lose the process, and be offered to go on."""
    covered(page, address)
    kernel = page.locator("[data-kernel]").get_attribute("data-kernel")
    page.request.post(f"{address}/voila/api/shutdown/{kernel}")
    expect(page.get_by_role("button", name="Continue with my answers")).to_be_visible()


def asked(page: Page, address: str) -> None:
    """Do nothing for so long that the page asks whether anybody is there."""
    page.clock.install()
    covered(page, address)
    page.clock.fast_forward(QUIET)
    expect(page.get_by_role("dialog", name="Are you still here?")).to_be_visible()


def back(page: Page, address: str) -> None:
    """Go on after the process was lost."""
    ended(page, address)
    page.get_by_role("button", name="Continue with my answers").click()
    expect(page.locator("#back")).to_contain_text("Your answers are here again.", timeout=20_000)


def cleared(page: Page, address: str) -> None:
    """Clear everything and leave."""
    covered(page, address)
    page.get_by_role("button", name="Clear and leave").click()
    expect(page.get_by_role("heading", name="Everything is cleared")).to_be_visible()


def astray(page: Page, address: str) -> None:
    """Go to an address that is none."""
    page.goto(f"{address}/nothing")
    expect(page.get_by_role("heading", name="This page is not here")).to_be_visible()


def failing(status: int) -> Way:
    """Return a way to the page that a server in trouble shows."""

    def way(page: Page, address: str) -> None:
        words = {"status_code": status, "base_url": "/", "include_url": f"{STATIC}/{{}}".format}
        shown = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
        text = shown.get_template("error.html").render(words)

        def answer(route: Route) -> None:
            route.fulfill(status=status, body=text, content_type="text/html")

        page.route(f"{address}/", answer)
        page.goto(address)
        expect(page.locator(".so-broken h2")).to_be_visible()

    return way


def unready(page: Page, _address: str) -> None:
    """Open a workbook whose notebook fails."""
    cell = nbformat.v4.new_code_cell("raise RuntimeError")
    with TemporaryDirectory() as folder:
        notebook = Path(folder, "broken.ipynb")
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), notebook)
        with Served(Path(folder), notebook=notebook) as broken:
            page.goto(broken.address)
            expect(page.get_by_role("heading", name="The workbook could not open")).to_be_visible()


WAYS: Mapping[str, Way] = {
    **{
        way.__name__: way
        for way in (
            *(opening, slow, opened, covered, refused, puzzled, unfolded),
            *(writing, calling, comparing, handing_over, opening_a_file),
            *(lost, ended, asked, back, cleared, astray, unready),
        )
    },
    "full": failing(503),
    "broken": failing(500),
}
"""How to get to each screen, by a word for it."""
