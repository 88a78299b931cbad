"""The workbook without a server: Python runs in the browser, and nothing leaves the tab."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import NARROW, WIDE, faults, sized
from .static_site import Hosted, build, made_here
from .test_downloads import downloaded
from .test_privacy import KEPT, NOTHING_KEPT
from .visiting import (
    INSURANCE,
    chosen,
    deny_medicare_advantage,
    form_of,
    open_workbook,
    plan_of,
)

ANSWERS = {
    "coverage": "medicare_advantage_hmo",
    "stage": "denied",
    "denied": "prior_authorization",
    "events.denial": "2026-03-02",
}
LETTER = "records_request"
LETTERS, CALLS, AFTER = "Letters to send", "Calls to make", "After the visit"
OFFERED = {
    "Plan to print (web page)": ("plan_html", "plan"),
    "Days for my calendar": ("calendar", "plan"),
    "Contacts for my phone": ("contacts", "plan"),
    "Plain text for e-mail": ("mail", "plan"),
    "Everything in one folder (zip)": ("everything", "plan"),
    "Save my answers": ("answers", "plan"),
}
IN_A_FOLD = {
    "This letter to change (text)": ("letter_text", "letter", LETTERS),
    "Call pages to print (text)": ("calls_text", "calls", CALLS),
    "The two opinions side by side (text)": ("opinions_text", "after", AFTER),
}
ASKS_ANOTHER_HOST = """other => new Promise(resolve => {
    const ask = `fetch("${other}").then(() => postMessage("got it"), () => postMessage("refused"))`;
    const worker = new Worker(URL.createObjectURL(new Blob([ask])));
    worker.onmessage = ({data}) => resolve(data);
})"""
WAYS_OUT = "['fetch', 'XMLHttpRequest', 'WebSocket', 'indexedDB', 'caches', 'importScripts']"


class Visit(NamedTuple):
    """A whole visit: what was downloaded, asked for and kept, and what there was before it."""

    day: date
    files: dict[str, tuple[str, bytes]]
    offered: list[str]
    plan: str
    asked: list[str]
    kept: dict[str, object]
    cookies: list[object]
    console: list[str]


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    """Return the static site on the web, below an address."""
    folder = tmp_path_factory.mktemp("web")
    build(folder)
    with Hosted(folder) as site:
        yield site


@pytest.fixture(scope="module")
def visit(chromium: Browser, hosted: Hosted) -> Visit:
    """Return what somebody did whose plan said no, and who took every file away."""
    asked: list[str] = []
    console: list[str] = []
    with chromium.new_context() as context:
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("console", lambda said: console.append(said.text))
        day = date.today()  # noqa: DTZ011  (the page plans for it)
        open_workbook(page, hosted.address)
        deny_medicare_advantage(page)
        expect(plan_of(page)).to_contain_text("March 2, 2026")
        files = {label: downloaded(page, label) for label in OFFERED}
        files |= _in_folds(page)
        return Visit(
            day=day,
            files=files,
            offered=page.locator("[data-file]").all_text_contents(),
            plan=plan_of(page).inner_text(),
            asked=asked,
            kept=page.evaluate(KEPT),
            cookies=list(context.cookies()),
            console=console,
        )


def unpacked(name: str, content: bytes) -> object:
    """Return a file as it is; of a folder what is in it: two machines may pack it differently."""
    if not name.endswith(".zip"):
        return name, content
    with ZipFile(BytesIO(content)) as folder:
        inside = folder.infolist()
        return name, [(each.filename, each.date_time, folder.read(each)) for each in inside]


def _in_folds(page: Page) -> dict[str, tuple[str, bytes]]:
    found = {}
    for label, (_, _, fold) in IN_A_FOLD.items():
        page.get_by_role("button", name=fold, exact=True).click()
        if fold == LETTERS:
            letters = page.get_by_role("combobox", name="Which letter?")
            letters.select_option(label="Ask for copies of the records")
        found[label] = downloaded(page, label)
    return found


@pytest.fixture(scope="module")
def made(visit: Visit) -> dict[str, tuple[str, bytes]]:
    """Return the same files, made by the Python that runs this test."""
    asked = {**OFFERED, **{label: (kind, place) for label, (kind, place, _) in IN_A_FOLD.items()}}
    files = made_here(visit.day, ANSWERS, LETTER, list(asked.values()))
    return dict(zip(asked, files, strict=True))


# The files


@pytest.mark.parametrize("label", [*OFFERED, *IN_A_FOLD])
def test_a_file_from_the_static_page_is_the_one_that_python_makes_here(
    visit: Visit, made: dict[str, tuple[str, bytes]], label: str
):
    assert unpacked(*visit.files[label]) == unpacked(*made[label])


def test_the_letter_is_the_one_that_was_picked(visit: Visit):
    _, letter = visit.files["This letter to change (text)"]
    assert b"copies" in letter


def test_the_static_page_offers_no_word_file_and_no_pdf(visit: Visit):
    assert {*OFFERED, *IN_A_FOLD} <= {*visit.offered}
    assert not [label for label in visit.offered if "Word" in label or "PDF" in label]


def test_a_file_saved_in_the_static_page_opens_in_a_new_visit_to_the_identical_plan(
    page: Page, hosted: Hosted, visit: Visit, tmp_path: Path
):
    name, content = visit.files["Save my answers"]
    (tmp_path / name).write_bytes(content)
    open_workbook(page, hosted.address)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open my file").click()
    chooser.value.set_files(tmp_path / name)
    expect(page.get_by_text("Your answers are back.")).to_be_visible()
    assert chosen(page, INSURANCE) == "Medicare Advantage HMO"
    assert plan_of(page).inner_text() == visit.plan


# What leaves the tab


def test_the_static_page_asks_nobody_but_the_place_it_came_from(visit: Visit, hosted: Hosted):
    assert visit.asked
    own = (hosted.address, f"blob:{hosted.origin}/")
    assert [url for url in visit.asked if not url.startswith(own)] == []


def test_the_static_page_asks_for_nothing_more_once_it_runs(visit: Visit):
    files = [url for url in visit.asked if url.startswith("http")]
    assert len(files) == len({*files}) == 8


def test_the_static_page_keeps_nothing(visit: Visit):
    assert {name: visit.kept[name] for name in NOTHING_KEPT} == NOTHING_KEPT
    assert visit.cookies == []
    assert visit.kept["workers"] == 0


def test_the_static_page_says_nothing_in_the_console(visit: Visit):
    assert visit.console == []


def test_a_worker_of_the_static_page_may_ask_no_other_host(page: Page, hosted: Hosted):
    open_workbook(page, hosted.address)
    other = hosted.origin.replace("127.0.0.1", "localhost")
    assert page.evaluate(ASKS_ANOTHER_HOST, other) == "refused"


def test_python_has_no_way_out_of_the_tab(page: Page, hosted: Hosted):
    open_workbook(page, hosted.address)
    [python] = page.workers
    assert python.evaluate(f"{WAYS_OUT}.filter(name => self[name] !== undefined)") == []


# When it goes wrong


def test_there_is_something_to_read_while_the_static_page_loads(page: Page, hosted: Hosted):
    page.route("**/workbook.zip", lambda _route: None)  # it does not arrive
    page.goto(hosted.address)
    expect(page.get_by_text("The whole workbook comes to your browser")).to_be_visible()
    expect(page.get_by_role("link", name="911")).to_be_visible()


@pytest.mark.parametrize("part", ["python.js", "pyodide.asm.wasm", "workbook.zip"])
def test_the_static_page_says_so_when_a_part_of_it_does_not_arrive(
    page: Page, hosted: Hosted, part: str
):
    page.route(f"**/{part}", lambda route: route.abort())
    page.goto(hosted.address)
    expect(page.get_by_role("heading", name="The workbook could not open")).to_be_visible()
    expect(page.get_by_text("The whole workbook comes to your browser")).to_be_hidden()
    page.unroute(f"**/{part}")
    page.get_by_role("button", name="Load the page again").click()
    expect(form_of(page)).to_be_visible(timeout=60_000)


def test_an_old_browser_is_told_that_it_cannot_open_the_workbook(page: Page, hosted: Hosted):
    page.add_init_script("delete self.WebAssembly")
    page.goto(hosted.address)
    expect(page.get_by_role("heading", name="This browser cannot open")).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("missing", ["python.js", "WebAssembly", "nothing yet"])
def test_everybody_can_read_what_the_static_page_says_before_it_runs(
    page: Page, hosted: Hosted, missing: str, width: int
):
    if missing == "WebAssembly":
        page.add_init_script("delete self.WebAssembly")
    page.route("**/python.js", lambda route: route.abort() if missing == "python.js" else None)
    page.goto(hosted.address)
    words = "The whole workbook comes" if missing == "nothing yet" else "open"
    expect(page.get_by_role("main")).to_contain_text(words)
    with sized(page, width):
        assert faults(page) == []


def test_when_python_ends_the_answers_go_on_in_a_fresh_workbook(page: Page, hosted: Hosted):
    open_workbook(page, hosted.address)
    deny_medicare_advantage(page)
    expect(plan_of(page)).to_contain_text("March 2, 2026")
    before = plan_of(page).inner_text()
    page.workers[0].evaluate("postMessage({what: 'ended'})")
    page.get_by_role("button", name="Continue with my answers").click()
    expect(page.locator("#back")).to_be_visible(timeout=60_000)
    expect(page.locator("#back")).to_contain_text("Your answers are here again")
    assert plan_of(page).inner_text() == before


def test_clear_and_leave_ends_python_and_empties_the_static_page(page: Page, hosted: Hosted):
    open_workbook(page, hosted.address)
    deny_medicare_advantage(page)
    page.get_by_role("button", name="Clear and leave").click()
    expect(page.get_by_text("Everything is cleared")).to_be_visible()
    assert page.workers == []
    assert "Medicare" not in page.content()
