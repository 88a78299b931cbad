"""The workbook as somebody meets it: served, in a browser, with a mouse, a keyboard or on paper.

The served workbook plans for today. What stands here holds on any day, as long as somebody has
looked at our sources within a year; then a plan shows no days any more, and these tests say so.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from .visiting import (
    ADVISED,
    COVERED,
    ILLNESS,
    INSURANCE,
    OPEN_ALL,
    PRICE,
    REFUSED,
    STAGE,
    STATE,
    TOO_WIDE,
    answer_for_breast_cancer_surgery,
    choose,
    deny_medicare_advantage,
    form_of,
    open_workbook,
    part,
    plan_of,
    write,
)

CHOOSE_WITHOUT_FOCUS = r"""(list, answer) => {
    const words = option => option.textContent.replaceAll("\u00a0", " ");
    list.value = [...list.options].find(option => words(option) === answer).value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
}"""
PICTURES = os.environ.get("SECONDOPINION_PICTURES")  # a folder to keep a picture of each test in


@pytest.fixture
def workbook(page: Page, served: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return the workbook as it opens."""
    open_workbook(page, served)
    yield page
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{request.node.name}.png", full_page=True)


def height(line: Locator) -> float:
    """Return how far down the page something stands."""
    box = line.bounding_box()
    assert box
    return box["y"]


# Opening it


def test_the_page_says_its_language_and_its_name(workbook: Page):
    expect(workbook).to_have_title("Second Opinion Workbook")
    expect(workbook.locator("html")).to_have_attribute("lang", "en")
    expect(workbook.get_by_role("heading", level=1)).to_have_text("Second Opinion Workbook")


def test_a_page_made_beforehand_is_shown_without_asking_its_process(page: Page, served: str):
    asked: list[str | bytes] = []

    def note(frame: str | bytes) -> None:
        asked.append(frame)

    page.on("websocket", lambda line: line.on("framesent", note))
    open_workbook(page, served)
    assert asked == []


def test_a_screen_reader_is_told_that_the_workbook_is_open(workbook: Page):
    expect(workbook.get_by_role("status").first).to_contain_text("Your workbook is open.")


def test_the_page_has_places_to_jump_to(workbook: Page):
    for role in ("banner", "main", "contentinfo"):
        expect(workbook.get_by_role(role)).to_have_count(1)
    expect(form_of(workbook)).to_be_visible()
    expect(plan_of(workbook)).to_be_visible()


def test_the_page_says_first_whom_to_call_in_an_emergency(workbook: Page):
    expect(workbook.get_by_role("main").get_by_role("link", name="911")).to_be_visible()


def test_the_page_says_that_it_is_no_advice(workbook: Page):
    expect(workbook.get_by_role("contentinfo")).to_contain_text("general information")


def test_before_the_first_answer_the_plan_says_where_to_start(workbook: Page):
    expect(plan_of(workbook)).to_contain_text("Start with your insurance and your illness")


# Reading an answer


def test_original_medicare_and_surgery_read_that_it_is_covered(workbook: Page):
    answer_for_breast_cancer_surgery(workbook)
    answer = part(workbook, COVERED)
    expect(answer).to_be_visible()
    expect(answer).to_contain_text("Medicare Part B pays for a second opinion")


def test_original_medicare_reads_of_the_deductible_and_of_20_percent(workbook: Page):
    answer_for_breast_cancer_surgery(workbook)
    cost = part(workbook, "What it may cost")
    expect(cost).to_contain_text("Part B deductible")
    expect(cost).to_contain_text("20% of the price Medicare allows")


def test_the_cost_is_worked_out_from_what_was_written(workbook: Page):
    answer_for_breast_cancer_surgery(workbook)
    write(workbook, PRICE, "400")
    write(workbook, "Deductible you still have to pay this year ($)", "283")
    expect(part(workbook, "What it may cost")).to_contain_text("$306.40")


def test_a_number_nobody_can_read_is_pointed_out_where_it_stands(workbook: Page):
    write(workbook, PRICE, "about 400")
    expect(form_of(workbook)).to_contain_text("Please write a number, such as 283 or 174.70.")
    expect(workbook.get_by_label(PRICE)).to_have_value("about 400")


def test_a_refusal_of_march_2_reads_its_last_and_its_safe_day(workbook: Page):
    deny_medicare_advantage(workbook)
    steps = part(workbook, "What to do, in order")
    expect(steps).to_contain_text("Wednesday, May 6, 2026")
    expect(steps).to_contain_text("Friday, May 1, 2026")


def test_how_a_day_was_counted_opens_on_a_click(workbook: Page):
    deny_medicare_advantage(workbook)
    steps = part(workbook, "What to do, in order")
    working = steps.get_by_text("Add 60 days: Wednesday, May 6, 2026.").first
    expect(working).to_be_hidden()
    steps.get_by_text("How this was counted").first.click()
    expect(working).to_be_visible()
    expect(working).to_contain_text("Monday, March 2, 2026")
    expect(working).to_contain_text("If your letter gives an earlier date, the letter wins.")


def test_a_self_funded_plan_in_california_reads_why_state_law_does_not_count(workbook: Page):
    choose(workbook, INSURANCE, "Job plan, self-funded")
    choose(workbook, STATE, "California")
    cautions = part(workbook, "Watch out for")
    expect(cautions).to_contain_text("it does not count for your plan")
    expect(cautions).to_contain_text("ERISA keeps state insurance law away from such plans")


def test_tricare_prime_reads_to_go_to_the_primary_care_manager_first(workbook: Page):
    choose(workbook, INSURANCE, "TRICARE Prime")
    referral = part(workbook, "Before the visit").get_by_text("Referral", exact=True).locator("..")
    expect(referral).to_contain_text("Needed")
    expect(referral).to_contain_text("primary care manager")
    steps = part(workbook, "What to do, in order").get_by_role("listitem")
    manager = steps.filter(has_text="Start with your primary care manager (PCM)")
    others = steps.filter(has_text="Ask who may see you")
    assert height(manager) < height(others)


# Going on


def test_a_tick_survives_the_next_answer(workbook: Page):
    box = plan_of(workbook).get_by_role("checkbox", name="Tell your doctor")
    box.check()
    answer_for_breast_cancer_surgery(workbook)
    expect(part(workbook, COVERED)).to_be_visible()
    expect(box).to_be_checked()


def test_a_part_once_opened_stays_open_after_the_next_answer(workbook: Page):
    choose(workbook, INSURANCE, "Original Medicare")
    plan_of(workbook).get_by_role("heading", name="Papers to gather").click()
    paper = plan_of(workbook).get_by_role("checkbox", name="biopsy").first
    expect(paper).to_be_visible()
    choose(workbook, ADVISED, "Surgery")
    expect(part(workbook, COVERED)).to_be_visible()
    expect(paper).to_be_visible()


def test_a_change_of_the_plan_is_read_out_in_a_few_words(workbook: Page):
    answer_for_breast_cancer_surgery(workbook)
    spoken = workbook.get_by_role("status").filter(has_text="Your plan has changed.")
    expect(spoken).to_have_text(f"Your plan has changed. {COVERED}.")


@pytest.mark.parametrize("place", ["Papers to gather", "Questions to ask"])
def test_the_focus_stays_where_it_was_when_the_plan_is_drawn_anew(workbook: Page, place: str):
    fold = plan_of(workbook).locator("summary").filter(has_text=place).first
    fold.focus()
    insurance = workbook.get_by_role("combobox", name=INSURANCE)
    insurance.evaluate(CHOOSE_WITHOUT_FOCUS, "TRICARE Prime")
    expect(plan_of(workbook)).to_contain_text("TRICARE Prime")
    expect(fold).to_be_focused()


def test_the_focus_stays_in_a_question_when_others_appear_and_go(workbook: Page):
    stage = workbook.get_by_role("combobox", name=STAGE)
    refused = workbook.get_by_role("combobox", name=REFUSED)
    stage.focus()
    workbook.keyboard.type("My plan said no")
    expect(refused).to_be_visible()
    expect(stage).to_be_focused()
    workbook.keyboard.press("Home")
    expect(refused).to_be_hidden()
    expect(stage).to_be_focused()


def test_a_question_appears_only_when_it_matters(workbook: Page):
    refused = workbook.get_by_role("combobox", name=REFUSED)
    expect(refused).to_be_hidden()
    choose(workbook, STAGE, "My plan said no")
    expect(refused).to_be_visible()


def test_sources_open_on_a_click(workbook: Page):
    answer_for_breast_cancer_surgery(workbook)
    answer = part(workbook, COVERED)
    source = answer.get_by_role("link", name=re.compile("Medicare Benefit Policy Manual"))
    expect(source).to_be_hidden()
    answer.get_by_text(re.compile("^Sources?, ")).click()
    expect(source).to_be_visible()
    expect(source).to_have_attribute("rel", re.compile("noreferrer"))
    expect(source).to_have_attribute("target", "_blank")


def test_the_keyboard_alone_reaches_an_answer_and_the_plan(workbook: Page):
    keyboard = workbook.keyboard
    keyboard.press("Tab")
    expect(workbook.get_by_role("link", name="Skip to the workbook")).to_be_focused()
    keyboard.press("Enter")
    insurance = workbook.get_by_role("combobox", name=INSURANCE)
    for _ in range(4):  # two phone numbers, then the first question
        keyboard.press("Tab")
        if insurance.evaluate("field => field === document.activeElement"):
            break
    expect(insurance).to_be_focused()
    keyboard.type("TRICARE Prime")
    expect(plan_of(workbook)).to_contain_text("TRICARE Prime")
    workbook.get_by_role("link", name="Skip to your plan").focus()
    keyboard.press("Enter")
    expect(plan_of(workbook)).to_be_focused()
    keyboard.press("Tab")
    assert plan_of(workbook).evaluate("plan => plan.contains(document.activeElement)")


def test_everything_is_asked_of_this_computer_alone(workbook: Page, requested: list[str]):
    deny_medicare_advantage(workbook)
    write(workbook, ILLNESS, "breast cancer")
    expect(plan_of(workbook)).to_contain_text("Breast cancer (including DCIS)")
    asked = {urlsplit(url).hostname for url in requested if not url.startswith("data:")}
    assert asked == {"127.0.0.1"}
    assert any(url.startswith("ws:") for url in requested)


# Small screens and paper


@pytest.mark.parametrize("width", [390, 320])
def test_a_small_screen_never_scrolls_sideways(workbook: Page, width: int):
    workbook.set_viewport_size({"width": width, "height": 800})
    answer_for_breast_cancer_surgery(workbook)
    expect(part(workbook, COVERED)).to_be_visible()
    workbook.locator("details").evaluate_all(OPEN_ALL)
    assert workbook.evaluate(TOO_WIDE) <= 0


def test_on_paper_there_is_the_plan_and_no_form(workbook: Page):
    answer_for_breast_cancer_surgery(workbook)
    expect(part(workbook, COVERED)).to_be_visible()
    workbook.emulate_media(media="print")
    expect(form_of(workbook)).to_be_hidden()
    expect(part(workbook, COVERED)).to_be_visible()
    expect(workbook.get_by_role("button", name="Print this plan")).to_be_hidden()


def test_on_paper_the_parts_that_were_folded_are_open(workbook: Page):
    papers = plan_of(workbook).get_by_role("checkbox", name="biopsy").first
    expect(papers).to_be_hidden()
    workbook.emulate_media(media="print")
    expect(papers).to_be_visible()
