"""Without a mouse, and without seeing: where the focus is, what is said aloud, a whole visit.

`keep` writes what a screen reader is told on each stage of the visit, and what axe says of it, into
the folder that SECONDOPINION_PICTURES names.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .axe import NARROW, faults, keep, reading, seen, sized
from .screens import WAYS, fold
from .visiting import (
    ADVISED,
    COVERED,
    ILLNESS,
    INSURANCE,
    PRICE,
    REFUSED,
    STAGE,
    STATE,
    choose,
    form_of,
    list_of,
    open_workbook,
    part,
    plan_of,
    write,
)

WALKED = ("opening", "refused", "writing", "calling", "handing_over", "ended", "cleared", "astray")
MOST_STOPS = 300
A_BREATH = 1200  # milliseconds, longer than the page waits until it speaks
CHANGED = "Your plan has changed."
HOLD = 300  # milliseconds that a shaky hand keeps the button of a mouse down

Stop = dict[str, Any]


@pytest.fixture(scope="module", params=WALKED)
def walk(chromium: Browser, served: str, request: pytest.FixtureRequest) -> list[Stop]:
    """Return each place at which the Tab key stops on a screen, from the first to the last."""
    with chromium.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        WAYS[request.param](page, served)
        with sized(page, NARROW):
            return list(stops(page))


def stops(page: Page) -> Iterator[Stop]:
    """Yield what has the focus after each press of the Tab key, until the page is left."""
    seen(page, "begin")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = seen(page, "stop")
        if stop is None:
            return
        yield stop
    pytest.fail(f"the keyboard does not get out: {stop}")


@pytest.fixture
def workbook(page: Page, served: str) -> Page:
    """Return the workbook as it opens, for somebody who wants nothing to move."""
    page.emulate_media(reduced_motion="reduce")
    open_workbook(page, served)
    seen(page, "begin")  # and begin to listen
    return page


def said(page: Page) -> list[str]:
    """Return what was said aloud so far, after a moment of quiet."""
    page.wait_for_function("wait => eyes.changed() > wait", arg=A_BREATH)
    words: list[str] = page.evaluate("eyes.said.splice(0)")
    return words


# Where the keyboard is


def test_the_keyboard_goes_in_the_order_in_which_the_page_reads(walk: list[Stop]):
    assert [stop["name"] for stop in walk if not stop["isAfterLast"]] == []


def test_on_a_narrow_screen_the_keyboard_only_goes_down(walk: list[Stop]):
    still = [stop for stop in walk if not stop["moves"]]
    jumps = [(one["name"], two["name"]) for one, two in pairwise(still) if two["top"] < one["top"]]
    assert jumps == []


def test_whatever_has_the_focus_shows_it(walk: list[Stop]):
    assert [stop for stop in walk if not stop["isRinged"] or stop["ring"] < 3] == []


def test_nothing_lies_over_what_has_the_focus(walk: list[Stop]):
    assert [stop["name"] for stop in walk if stop["isCovered"]] == []


def test_the_first_stop_leads_past_the_frame(walk: list[Stop]):
    assert walk[0]["name"] == 'a.so-skip "Skip to the workbook"'


def test_opening_the_page_leaves_the_focus_at_its_beginning(page: Page, served: str):
    open_workbook(page, served)
    assert page.evaluate("document.activeElement === document.body")


# The focus stays where it was


def press_on(field: Locator, keys: str) -> None:
    """Choose by typing the first letters, as a keyboard does."""
    field.focus()
    field.page.keyboard.type(keys)


def test_a_question_keeps_the_focus_while_its_answer_draws_the_plan_anew(workbook: Page):
    insurance = list_of(workbook, INSURANCE)
    press_on(insurance, "Original")
    expect(plan_of(workbook)).to_contain_text("Original Medicare")
    expect(insurance).to_be_focused()


def test_a_question_keeps_the_focus_while_others_come_and_go(workbook: Page):
    stage = list_of(workbook, STAGE)
    press_on(stage, "My plan")
    expect(list_of(workbook, REFUSED)).to_be_visible()
    expect(stage).to_be_focused()
    workbook.keyboard.press("ArrowUp")
    expect(list_of(workbook, REFUSED)).to_be_hidden()
    expect(stage).to_be_focused()


def test_questions_that_appear_come_after_the_one_that_brought_them(workbook: Page):
    press_on(list_of(workbook, STAGE), "My plan")
    expect(list_of(workbook, REFUSED)).to_be_visible()
    workbook.keyboard.press("Tab")
    expect(list_of(workbook, REFUSED)).to_be_focused()


def test_the_next_field_has_the_focus_when_an_answer_could_not_be_read(workbook: Page):
    write(workbook, ILLNESS, "no such illness")
    expect(form_of(workbook)).to_contain_text("We do not know this name.")
    expect(list_of(workbook, ADVISED)).to_be_focused()


def test_a_tick_in_the_plan_keeps_the_focus_while_a_late_answer_draws_it_anew(workbook: Page):
    workbook.get_by_label(PRICE).fill("400")
    box = plan_of(workbook).get_by_role("checkbox", name="Tell your doctor")
    box.focus()
    expect(plan_of(workbook)).to_contain_text("$400")
    expect(box).to_be_focused()
    workbook.keyboard.press("Space")
    expect(box).to_be_checked()


def test_a_slow_click_counts_even_when_the_plan_is_drawn_anew_meanwhile(workbook: Page):
    workbook.get_by_label(PRICE).fill("400")
    box = plan_of(workbook).get_by_role("checkbox", name="Tell your doctor")
    box.click(delay=HOLD)
    expect(plan_of(workbook)).to_contain_text("$400")
    expect(box).to_be_checked()


def test_a_plan_that_changed_many_times_reads_like_one_made_at_once(page: Page, served: str):
    plans = []
    for detours in (DETOURS, []):
        open_workbook(page, served)
        for question, choice in [*detours, *STRAIGHT]:
            choose(page, question, choice)
        expect(plan_of(page).locator(".so-for")).to_contain_text("Ohio")
        plans.append(plan_of(page).locator("article").evaluate(CONTENT))
    assert plans[0] == plans[1]


STRAIGHT = [(INSURANCE, "TRICARE Prime"), (STAGE, "I am setting it up"), (STATE, "Ohio")]
DETOURS = [
    *((INSURANCE, "Original Medicare"), (ADVISED, "Surgery"), (STAGE, "My plan said no")),
    *((REFUSED, "The bill after the visit (a claim)"), (STATE, "California")),
    *((INSURANCE, "Medicare Advantage HMO"), (ADVISED, "Emergency care now")),
    *((REFUSED, "Choose or skip"), (ADVISED, "Choose or skip")),
]
CONTENT = """plan => [
    plan.textContent.replace(/\\s+/g, " "),
    ...[...plan.querySelectorAll("[data-key], [id]")].map(each => each.dataset.key ?? each.id),
]"""


def test_a_part_of_the_desk_keeps_the_focus_when_it_opens(workbook: Page):
    fold(workbook, "Calls to make")
    expect(workbook.get_by_role("button", name="Calls to make")).to_be_focused()


def test_a_new_call_has_the_focus_and_a_removed_one_gives_it_back(workbook: Page):
    fold(workbook, "Calls to make")
    add = workbook.get_by_role("button", name="Write down a call")
    add.press("Enter")
    call = workbook.get_by_role("group", name="Call 1")
    expect(call.get_by_label("Whom did you call?")).to_be_focused()
    call.get_by_role("button", name="Remove this call").press("Enter")
    expect(add).to_be_focused()


def test_a_blank_keeps_the_focus_while_its_letter_is_written_anew(workbook: Page):
    fold(workbook, "Letters to send")
    letter = list_of(workbook, "Which letter?")
    expect(letter.locator("option")).not_to_have_count(1)
    letter.select_option(index=1)
    write(workbook, "Your name", "A. Person")
    expect(workbook.locator(".so-paper")).to_contain_text("A. Person")
    expect(workbook.get_by_label("Your street and house number")).to_be_focused()


# What is said aloud


def test_a_change_of_the_plan_is_said_once_and_in_words(workbook: Page):
    choose(workbook, INSURANCE, "Original Medicare")
    expect(plan_of(workbook)).to_contain_text("Original Medicare")
    assert said(workbook) == [f"{CHANGED} {answer_of(workbook)}."]


def answer_of(page: Page) -> str:
    return plan_of(page).get_by_role("heading", level=3).first.inner_text()


def test_a_run_of_quick_answers_is_said_once(page: Page, served: str):
    page.clock.install()
    open_workbook(page, served)
    seen(page, "begin")
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 0.2"))  # however slow we are
    choose(page, INSURANCE, "Original Medicare")
    write(page, ILLNESS, "breast cancer")
    choose(page, ADVISED, "Surgery")
    expect(part(page, COVERED)).to_be_visible()
    page.clock.run_for(A_BREATH)
    assert page.evaluate("eyes.said") == [f"{CHANGED} {COVERED}."]


def test_a_change_below_the_same_answer_is_said_too(workbook: Page):
    choose(workbook, INSURANCE, "Original Medicare")
    expect(plan_of(workbook)).to_contain_text("Original Medicare")
    said(workbook)
    write(workbook, PRICE, "400")
    expect(plan_of(workbook)).to_contain_text("$400")
    assert said(workbook) == [f"{CHANGED} {answer_of(workbook)}."]


def test_nothing_is_said_while_somebody_types(workbook: Page):
    field = workbook.get_by_label(ILLNESS)
    field.press_sequentially("breast cancer")
    assert said(workbook) == []


def test_what_is_wrong_with_an_answer_is_said_and_belongs_to_its_field(workbook: Page):
    write(workbook, PRICE, "about 400")
    trouble = "Please write a number, such as 283 or 174.70."
    expect(form_of(workbook)).to_contain_text(trouble)
    assert said(workbook) == [trouble]
    field = workbook.get_by_label(PRICE)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(re.escape(trouble)))


def test_it_is_said_when_a_file_is_ready(workbook: Page):
    with workbook.expect_download():
        workbook.get_by_role("button", name="Save my answers").press("Enter")
    assert said(workbook)[-1] == "Your file is ready. Look for it among your downloads."


def test_it_is_said_when_a_file_cannot_be_opened(workbook: Page):
    with workbook.expect_file_chooser() as choosing:
        workbook.get_by_role("button", name="Open my file").press("Enter")
    other = {"name": "photo.json", "mimeType": "application/json", "buffer": b"no"}
    choosing.value.set_files(other)  # type: ignore[arg-type]
    expect(workbook.get_by_text("This is not a file that this workbook saved.")).to_be_visible()
    assert "This is not a file" in said(workbook)[-1]


# A whole visit


class Visit:
    """A visit by somebody who has no mouse, and what axe says at each stage of it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: dict[str, list[str]] = {}

    def go_to(self, place: Locator) -> None:
        """Press the Tab key until something has the focus."""
        expect(place).to_be_visible()
        for _ in range(MOST_STOPS):
            if place.evaluate("place => place === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"the keyboard does not get to {place}")

    def press(self, place: Locator) -> None:
        """Go to a button or a link and press it."""
        self.go_to(place)
        self.page.keyboard.press("Enter")

    def type(self, place: Locator, words: str) -> None:
        """Go to a field and type, or to a list and choose by its first letters."""
        self.go_to(place)
        self.page.keyboard.type(words)

    def look(self, stage: str) -> None:
        """Ask axe about a stage of the visit, and write down what is told there."""
        self.wrong[stage] = faults(self.page)
        verdict = "\n".join(self.wrong[stage]) or "axe finds nothing wrong."
        keep(self.page, f"visit_{stage}", f"{verdict}\n\n{reading(self.page)}\n")


@pytest.fixture(scope="module")
def visit(chromium: Browser, served: str) -> Iterator[Visit]:
    """Return a visit without a mouse, for the tests below to go through in their order."""
    with chromium.new_context(reduced_motion="reduce") as context:
        visit = Visit(context.new_page())
        open_workbook(visit.page, served)
        visit.look("1_opened")
        yield visit


def test_without_a_mouse_somebody_reads_that_it_is_covered(visit: Visit):
    page = visit.page
    visit.press(page.get_by_role("link", name="Skip to the workbook"))
    visit.type(list_of(page, INSURANCE), "Original")
    visit.type(page.get_by_label(ILLNESS), "breast cancer")
    visit.type(list_of(page, ADVISED), "Surgery")
    expect(part(page, COVERED)).to_be_visible()
    visit.look("2_covered")


def test_without_a_mouse_somebody_picks_a_letter_and_fills_it_in(visit: Visit):
    page = visit.page
    page.keyboard.press("Home")
    visit.press(page.get_by_role("button", name="Letters to send"))
    letter = list_of(page, "Which letter?")
    expect(letter.locator("option")).not_to_have_count(1)
    visit.go_to(letter)
    page.keyboard.press("ArrowDown")
    visit.type(page.get_by_role("textbox", name="Your name"), "A. Person")
    page.keyboard.press("Tab")
    expect(page.locator(".so-paper")).to_contain_text("A. Person")
    visit.look("3_letter")


def test_without_a_mouse_somebody_takes_the_letter_away(visit: Visit, tmp_path: Path):
    with visit.page.expect_download() as taking:
        visit.press(visit.page.get_by_role("button", name="This letter to change (Word)"))
    taking.value.save_as(tmp_path / "letter.docx")
    with ZipFile(tmp_path / "letter.docx") as letter:
        assert b"A. Person" in letter.read("word/document.xml")
    visit.look("4_file")


def test_without_a_mouse_somebody_clears_everything_and_leaves(visit: Visit):
    page = visit.page
    visit.press(page.get_by_role("button", name="Clear and leave"))
    expect(page.get_by_role("heading", name="Everything is cleared")).to_be_focused()
    assert "A. Person" not in page.content()
    visit.look("5_left")


def test_on_a_visit_without_a_mouse_axe_finds_nothing_wrong(visit: Visit):
    assert {stage: wrong for stage, wrong in visit.wrong.items() if wrong} == {}
