"""The scenarios as an advocate meets them: in a browser, with a keyboard, small, on paper."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.serving import Served

from .axe import faults, in_every_look, keep, seen, sized
from .visiting import INSURANCE, choose, write

NOTEBOOK = Path(__file__).parent.parent.parent / "notebooks" / "scenarios.ipynb"
LETTER = "Date on the first letter that said no"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def instrument(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the scenarios, served like the workbook."""
    with Served(tmp_path_factory.mktemp("scenarios"), notebook=NOTEBOOK) as scenarios:
        yield scenarios.address


def open_denied(page: Page, address: str) -> None:
    """Open the scenarios and fill in a base case: an HMO that said no."""
    page.goto(address)
    expect(table(page)).to_be_visible(timeout=60_000)
    choose(page, INSURANCE, "Medicare Advantage HMO")
    choose(page, "What did the first doctor advise?", "Surgery")
    choose(page, "Where are you now?", "My plan said no")
    write(page, LETTER, "2026-11-02")
    write(page, "Price of the visit ($)", "400")
    expect(line(page, "Original Medicare")).to_contain_text("$306.40")


@pytest.fixture
def scenarios(page: Page, instrument: str) -> Page:
    """Return the scenarios with a base case."""
    open_denied(page, instrument)
    return page


def table(page: Page) -> Locator:
    return page.get_by_role("table", name="The lines, one by one")


def line(page: Page, label: str) -> Locator:
    """Return the line of the table that starts with a label, and is not the base case."""
    head = page.get_by_role("rowheader", name=label, exact=True)
    return table(page).get_by_role("row").filter(has=head)


def why(page: Page, label: str) -> Locator:
    """Return the fold under a line that says what it stands on."""
    summary = page.locator("summary", has_text=re.compile(rf"^\s*Why\s+{label}\s*$"))
    return table(page).locator("details").filter(has=summary)


# Comparing


def test_the_base_case_is_the_first_line_and_the_others_say_where_they_differ(scenarios: Page):
    first = table(scenarios).get_by_role("row").nth(1)
    expect(first).to_contain_text("Base case")
    expect(first).to_contain_text("Medicare Advantage HMO")
    expect(line(scenarios, "Original Medicare").get_by_text("differs").first).to_be_visible()
    expect(line(scenarios, "Medicare Advantage HMO")).not_to_contain_text("differs")


def test_another_thing_to_vary_gives_another_table(scenarios: Page):
    choose(scenarios, "First thing to vary", "Are the days to act by met or missed?")
    expect(line(scenarios, "On time")).to_be_visible()
    expect(table(scenarios)).to_contain_text("has passed")


def test_two_things_can_be_varied_at_once(scenarios: Page):
    choose(scenarios, "Second thing to vary", "Which opinion is this?")
    expect(scenarios.get_by_text("Lines compared: 94.")).to_be_visible()


def test_a_few_answers_can_be_picked_to_compare(scenarios: Page):
    scenarios.get_by_role("button", name="Compare only some answers").click()
    for kind in ("TRICARE Prime", "CHAMPVA"):
        scenarios.get_by_role("checkbox", name=kind, exact=True).check()
    expect(scenarios.get_by_text("Lines compared: 2.")).to_be_visible()
    expect(line(scenarios, "CHAMPVA")).to_be_visible()


def test_the_map_and_the_pictures_say_what_they_show_in_words(scenarios: Page):
    squares = scenarios.get_by_role("table", name="Map: is a second opinion covered?")
    expect(squares.get_by_role("cell", name="Covered if").first).to_be_visible()
    days = scenarios.get_by_role("region", name="When to act")
    expect(days).to_contain_text("Safe day Dec 31, 2026, last day Jan 6, 2027.")
    costs = scenarios.get_by_role("region", name="What the visit may cost", exact=True)
    expect(costs).to_contain_text("$0 to $400")


# Reading on


def test_the_keyboard_opens_why_and_it_names_the_rule_the_source_and_the_day(scenarios: Page):
    fold = why(scenarios, "Original Medicare")
    rule = fold.get_by_text("medicare_original.second_opinion.surgery")
    expect(rule).to_be_hidden()
    fold.locator("summary").focus()
    scenarios.keyboard.press("Enter")
    expect(rule).to_be_visible()
    expect(fold).to_contain_text("Medicare Benefit Policy Manual")
    expect(fold).to_contain_text(re.compile(r"checked 20\d\d-\d\d-\d\d"))


def test_what_was_opened_stays_open_after_the_next_answer(scenarios: Page):
    fold = why(scenarios, "Original Medicare")
    fold.locator("summary").click()
    choose(scenarios, "Which state do you live in?", "Texas")
    expect(scenarios.locator(".so-plan").get_by_text("Texas", exact=True)).to_be_visible()
    expect(fold.get_by_text("medicare_original.second_opinion.surgery")).to_be_visible()


def test_the_keyboard_moves_a_table_that_is_wider_than_its_place(scenarios: Page):
    with sized(scenarios, 390):
        place = scenarios.get_by_role("region", name="The lines, one by one")
        place.focus()
        for _ in range(3):
            scenarios.keyboard.press("ArrowRight")
        scenarios.wait_for_function("place => place.scrollLeft > 0", arg=place.element_handle())
        assert place.evaluate("place => place.scrollLeft") > 0


# Taking it away


def test_the_table_for_excel_holds_the_lines_on_the_screen(scenarios: Page):
    with scenarios.expect_download() as download:
        scenarios.get_by_role("button", name="Table for Excel", exact=True).click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    shown = table(scenarios).locator("tr.so-line th").all_inner_texts()
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == shown


def test_the_page_taken_away_opens_without_this_server(
    scenarios: Page, chromium: Browser, tmp_path: Path
):
    with scenarios.expect_download() as download:
        scenarios.get_by_role("button", name="This page", exact=True).click()
    kept = tmp_path / download.value.suggested_filename
    kept.write_bytes(download.value.path().read_bytes())
    asked: list[str] = []
    with chromium.new_context(offline=True) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(kept.as_uri())
        expect(table(page)).to_be_visible()
        assert page.evaluate(TOO_WIDE) <= 0
        assert faults(page) == []
    assert asked == [kept.as_uri()]


def test_everything_is_asked_of_this_computer_alone(scenarios: Page, requested: list[str]):
    expect(table(scenarios)).to_be_visible()
    asked = {urlsplit(url).hostname for url in requested if not url.startswith(("data:", "blob:"))}
    assert asked == {"127.0.0.1"}


# For everybody


@pytest.fixture(scope="module")
def still(chromium: Browser, instrument: str) -> Iterator[Page]:
    """Return the scenarios for somebody who wants nothing to move, to look at only."""
    with chromium.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        open_denied(page, instrument)
        why(page, "Original Medicare").locator("summary").click()
        yield page


def test_axe_finds_nothing_wrong_in_any_look(still: Page):
    wrong = []
    for look in in_every_look(still):
        keep(still, f"scenarios_{look.replace(' ', '_').replace(',', '')}")
        wrong += [f"{look}: {fault}" for fault in faults(still)]
    assert wrong == []


def test_nothing_is_too_small_to_hit(still: Page):
    assert seen(still, "hardToHit") == []


@pytest.mark.parametrize("width", [390, 320])
def test_a_small_screen_never_scrolls_sideways(still: Page, width: int):
    with sized(still, width):
        keep(still, f"scenarios_{width}")
        assert still.evaluate(TOO_WIDE) <= 0


def test_on_paper_there_is_the_whole_table_and_no_form(still: Page):
    still.emulate_media(media="print")
    expect(still.get_by_role("combobox", name=INSURANCE)).to_be_hidden()
    expect(line(still, "No insurance, or I pay myself")).to_be_visible()
    place = still.locator(".so-tall").first
    assert place.evaluate("place => place.scrollHeight - place.clientHeight") <= 1
    still.emulate_media(media="screen")
