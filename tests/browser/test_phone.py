"""The workbook on a phone, in a hand: one column, one tap to the plan, nothing in the way."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .visiting import (
    COVERED,
    LETTER,
    OPEN_ALL,
    PRICE,
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

PHONES = {"390": (390, 844), "320": (320, 568)}
THUMB = 44  # pixels
TO_PLAN, TO_ANSWERS = "See your plan", "Back to your answers"

TAPPED = """parts => parts
    .filter(part => part.checkVisibility())
    .map(part => [part.textContent.trim() || part.outerHTML, part.getBoundingClientRect().height])
"""
LETTERS = "parts => parts.map(part => parseFloat(getComputedStyle(part).fontSize))"
COVERS = """() => {
    const field = document.activeElement.getBoundingClientRect();
    const bar = document.getElementById("bar");
    const floor = bar.checkVisibility() ? bar.getBoundingClientRect().top : innerHeight;
    const ceiling = document.querySelector("header").getBoundingClientRect().bottom;
    return field.top < ceiling - 1 || field.bottom > floor + 1;
}"""


@pytest.fixture(params=PHONES)
def phone(chromium: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return the workbook as it opens on a phone."""
    width, height = PHONES[request.param]
    with chromium.new_context(
        viewport={"width": width, "height": height},
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",  # so that a place that is gone to has been reached
    ) as context:
        page = context.new_page()
        open_workbook(page, served)
        yield page


def bar(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Plan and answers")


def top(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"]


# The way between the answers and the plan


def test_the_plan_stands_under_the_questions(phone: Page):
    assert top(plan_of(phone)) > top(form_of(phone))


def test_before_the_first_answer_nothing_lies_over_the_questions(phone: Page):
    expect(bar(phone)).to_be_hidden()


def test_after_the_first_answer_the_bar_says_what_the_plan_comes_to(phone: Page):
    answer_for_breast_cancer_surgery(phone)
    expect(bar(phone)).to_contain_text(COVERED)
    expect(bar(phone)).to_be_in_viewport(ratio=1)


def test_the_bar_names_the_next_day_to_act_by(phone: Page):
    deny_medicare_advantage(phone)
    write(phone, LETTER, (datetime.now(UTC) - timedelta(days=10)).date().isoformat())
    expect(bar(phone)).to_contain_text(re.compile(r"Your next date: \w+day, \w+ \d+, 20\d\d"))


def test_one_tap_leads_to_the_plan_and_one_back(phone: Page):
    answer_for_breast_cancer_surgery(phone)
    bar(phone).get_by_role("link", name=TO_PLAN).tap()
    expect(plan_of(phone).get_by_role("heading", level=2).first).to_be_in_viewport()
    expect(plan_of(phone)).to_be_focused()
    expect(part(phone, COVERED)).to_be_visible()
    part(phone, COVERED).get_by_text("What to say on the phone").scroll_into_view_if_needed()
    bar(phone).get_by_role("link", name=TO_ANSWERS).tap()
    expect(form_of(phone).get_by_role("heading", level=2)).to_be_in_viewport()
    expect(form_of(phone)).to_be_focused()


def test_the_bar_goes_when_what_it_leads_to_is_in_sight(phone: Page):
    answer_for_breast_cancer_surgery(phone)
    to_plan = bar(phone).get_by_role("link", name=TO_PLAN)
    expect(bar(phone)).to_contain_text(COVERED)
    expect(to_plan).to_be_visible()
    part(phone, "What it may cost").scroll_into_view_if_needed()
    expect(to_plan).to_be_hidden()


def test_a_tap_leaves_no_step_for_the_way_back(phone: Page):
    answer_for_breast_cancer_surgery(phone)
    before = phone.evaluate("history.length")
    bar(phone).get_by_role("link", name=TO_PLAN).tap()
    expect(plan_of(phone)).to_be_focused()
    assert phone.evaluate("history.length") == before


# Nothing in the way


def test_what_has_the_focus_is_never_covered(phone: Page):
    deny_medicare_advantage(phone)
    fields = form_of(phone).locator(":is(select, input, textarea):visible")
    covered = []
    fields.first.focus()
    for _ in range(fields.count()):
        if phone.evaluate(COVERS):
            covered.append(phone.evaluate("document.activeElement.outerHTML"))
        phone.keyboard.press("Tab")
    assert covered == []


def test_the_end_of_the_page_can_be_read_above_the_bar(phone: Page):
    answer_for_breast_cancer_surgery(phone)
    expect(bar(phone)).to_contain_text(COVERED)
    phone.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = phone.get_by_role("contentinfo").get_by_text("Data version")
    expect(last).to_be_in_viewport(ratio=1)
    expect(bar(phone)).to_be_visible()
    line = last.bounding_box()
    assert line
    assert line["y"] + line["height"] <= top(bar(phone))


def test_nothing_moves_sideways(phone: Page):
    deny_medicare_advantage(phone)
    expect(part(phone, "What to do, in order")).to_be_visible()
    phone.locator("details").evaluate_all(OPEN_ALL)
    assert phone.evaluate(TOO_WIDE) <= 0


# For a thumb


@pytest.mark.parametrize(
    "what",
    ["button", "summary", "select", "input:not([type=checkbox])", "label:has(input)", "#bar a"],
)
def test_what_is_tapped_is_as_large_as_a_thumb(phone: Page, what: str):
    deny_medicare_advantage(phone)
    expect(bar(phone)).to_be_visible()
    phone.locator("details").evaluate_all(OPEN_ALL)
    sizes = phone.locator(what).evaluate_all(TAPPED)
    assert sizes
    assert [(words, height) for words, height in sizes if height < THUMB] == []


def test_every_phone_number_is_a_link_that_calls_and_fits_a_thumb(phone: Page):
    answer_for_breast_cancer_surgery(phone)
    phone.locator("details").evaluate_all(OPEN_ALL)
    calls = plan_of(phone).locator("a[href^='tel:']")
    numbers = calls.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert numbers
    assert [each for each in numbers if not re.fullmatch(r"tel:\+?\d{3,11}", each)] == []
    assert [each for each in calls.evaluate_all(TAPPED) if each[1] < THUMB] == []


def test_a_tap_hands_over_a_file(phone: Page):
    answer_for_breast_cancer_surgery(phone)
    with phone.expect_download() as handed:
        phone.get_by_role("button", name="Save my answers").tap()
    assert handed.value.suggested_filename.endswith(".json")


def test_no_field_has_letters_so_small_that_the_page_jumps_closer(phone: Page):
    deny_medicare_advantage(phone)
    fields = ":is(input, select, textarea):not([type=checkbox], [type=file])"
    sizes = phone.locator(fields).evaluate_all(LETTERS)
    assert sizes
    assert min(sizes) >= 16


def test_where_money_is_asked_for_the_digits_come_up(phone: Page):
    expect(phone.get_by_label(PRICE, exact=True)).to_have_attribute("inputmode", "decimal")


def test_a_tick_is_set_with_a_tap_on_its_words(phone: Page):
    choose(phone, "What insurance do you have?", "Original Medicare")
    plan_of(phone).get_by_text("Tell your doctor you want another opinion", exact=True).tap()
    expect(plan_of(phone).get_by_role("checkbox", name="Tell your doctor")).to_be_checked()
