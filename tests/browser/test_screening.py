"""A list of cases as an organization screens it, on a page that is served."""

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.serving import Served

from .axe import faults, in_every_look, keep, sized
from .visiting import TOO_WIDE, choose

NOTEBOOK = Path(__file__).parent.parent.parent / "notebooks" / "screening.ipynb"
CASES = """\
patient,coverage,State,recommended,stage,events.denial,costs.visit_price
A-1,medicare_original,TX,surgery,denied,2026-11-02,400
A-2,Medicare Adv,CA,surgery,denied,2026-11-02,350
A-3,uninsured_self_pay,OH,test,,,275
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the notebook, served like the workbook."""
    with Served(tmp_path_factory.mktemp("screening"), notebook=NOTEBOOK) as screening:
        yield screening.address


@pytest.fixture
def served_list(page: Page, address: str) -> Page:
    """Return the notebook as it opens on a served page."""
    page.goto(address)
    expect(place(page)).to_be_visible(timeout=60_000)
    return page


def place(page: Page) -> Locator:
    """Return the place to drop a file."""
    return page.get_by_label("Drop a file here, or choose one")


def drop(page: Page, content: str | bytes, name: str = "list.csv") -> None:
    """Choose a file, as dropping one does too."""
    buffer = content.encode() if isinstance(content, str) else content
    place(page).set_input_files({"name": name, "mimeType": "text/csv", "buffer": buffer})


def run(page: Page) -> None:
    page.get_by_role("button", name="Run the list").click()


def put_right(page: Page) -> None:
    choose(page, "State", "Which state do you live in? (state)")
    expect(page.get_by_text("do you mean state?")).to_have_count(0)
    choose(page, 'coverage: "Medicare Adv" (rows: 1)', "Medicare Advantage HMO")
    expect(page.get_by_text("We understood every cell.")).to_be_visible()


def from_a_file_to_its_results(page: Page) -> pd.DataFrame:
    """Drop a list, put it right, run it, and return what is taken away."""
    drop(page, CASES)
    expect(page.get_by_text("Rows with a cell that we did not understand: 1.")).to_be_visible()
    put_right(page)
    run(page)
    expect(page.get_by_text("Rows with an answer: 3 of 3.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Results as Parquet", exact=True).click()
    return pd.read_parquet(io.BytesIO(download.value.path().read_bytes()))


def test_a_list_is_screened_from_the_file_to_the_results(served_list: Page):
    result = from_a_file_to_its_results(served_list)
    assert result["patient"].tolist() == ["A-1", "A-2", "A-3"]
    assert result["verdict"].tolist() == ["covered", "covered_if", "not_covered"]


def test_a_file_can_be_dropped_with_the_mouse(served_list: Page):
    served_list.locator(".so-drop").evaluate(
        """(zone, text) => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], "list.csv", { type: "text/csv" }));
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true }));
        }""",
        CASES,
    )
    expect(served_list.get_by_text("Rows: 3.")).to_be_visible()


def test_a_file_larger_than_one_message_arrives_whole(served_list: Page):
    rows = 120_000
    drop(
        served_list, "patient,state\n" + "a-name-that-is-quite-long-so-that-it-fills-up,TX\n" * rows
    )
    expect(served_list.get_by_text(f"Rows: {rows}.")).to_be_visible(timeout=30_000)


def test_a_file_that_is_no_list_is_refused_and_the_list_stays(served_list: Page):
    drop(served_list, CASES)
    expect(served_list.get_by_text("Rows: 3.")).to_be_visible()
    drop(served_list, b"\x89PNG\r\n\x1a\n\0\0", "picture.csv")
    alert = served_list.get_by_role("alert").filter(has_text="We cannot read this kind of file")
    expect(alert).to_be_visible()
    expect(served_list.get_by_text("Rows: 3.")).to_be_visible()


@pytest.fixture(scope="module")
def still(chromium: Browser, address: str) -> Iterator[Page]:
    """Return a screened list for somebody who wants nothing to move, to look at only."""
    with chromium.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(address)
        expect(place(page)).to_be_visible(timeout=60_000)
        drop(page, CASES)
        run(page)
        expect(page.get_by_text("Rows with an answer: 2 of 3.")).to_be_visible()
        yield page


def test_axe_finds_nothing_wrong_in_any_look(still: Page):
    wrong = []
    for look in in_every_look(still):
        keep(still, f"screening_{look.replace(' ', '_').replace(',', '')}")
        wrong += [f"{look}: {fault}" for fault in faults(still)]
    assert wrong == []


def test_a_small_screen_never_scrolls_sideways(still: Page):
    with sized(still, 390):
        keep(still, "screening_390")
        assert still.evaluate(TOO_WIDE) <= 0
