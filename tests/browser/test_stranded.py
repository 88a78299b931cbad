"""Nobody is left stranded: each fault is a real one, and the answers come back without retyping."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.visitor import unpacked

from .house import Cable, House, kernel_of, kill
from .visiting import (
    ADVISED,
    COVERED,
    ILLNESS,
    INSURANCE,
    PRICE,
    REFUSED,
    STAGE,
    STATE,
    answer_for_breast_cancer_surgery,
    choose,
    chosen,
    form_of,
    list_of,
    open_workbook,
    part,
    plan_of,
)

SOON = 5_000  # milliseconds
AT_ONCE = 2  # seconds
FOUND = "Breast cancer (including DCIS)"
STOPPED = "The workbook has stopped"
LOST = "The connection was lost"
RESTING = "Your workbook is resting"
BACK = "You are back. Your answers are here again."
CHECK = "Please check your last answer."
ON = "Continue with my answers"
LEAVE = "Clear and leave"
CLEARED = "Everything is cleared"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return a workbook that can be broken."""
    with House(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def answered(page: Page, house: House) -> Page:
    """Return a page on which somebody has answered, ticked a box and opened a part."""
    house.open()  # a test that failed may have left it closed
    open_workbook(page, house.address)
    answer(page)
    return page


def answer(page: Page) -> None:
    answer_for_breast_cancer_surgery(page)
    expect(part(page, COVERED)).to_be_visible()
    tell(page).check()
    plan_of(page).get_by_role("heading", name="Papers to gather").click()
    expect(paper(page)).to_be_visible()


def tell(page: Page) -> Locator:
    return plan_of(page).get_by_role("checkbox", name="Tell your doctor")


def paper(page: Page) -> Locator:
    return plan_of(page).get_by_role("checkbox", name="biopsy").first


def said(page: Page, words: str) -> Locator:
    """Return where the page says with these words that something is wrong."""
    return page.get_by_role("alert").get_by_text(words)


def go_on(page: Page) -> None:
    page.get_by_role("button", name=ON).click()
    expect(page.get_by_text(BACK).first).to_be_visible(timeout=30_000)


def expect_everything_back(page: Page) -> None:
    expect(part(page, COVERED)).to_be_visible(timeout=30_000)
    assert chosen(page, INSURANCE) == "Original Medicare"
    assert chosen(page, ADVISED) == "Surgery"
    expect(form_of(page)).to_contain_text(FOUND)
    expect(tell(page)).to_be_checked()
    expect(paper(page)).to_be_visible()


def expect_a_working_form(page: Page) -> None:
    choose(page, INSURANCE, "TRICARE Prime")
    expect(plan_of(page)).to_contain_text("TRICARE Prime")


# The process ends


def test_a_page_whose_process_was_killed_says_so_within_five_seconds(answered: Page, house: House):
    kill(house.process_behind(answered))
    expect(said(answered, STOPPED)).to_be_visible(timeout=SOON)
    expect(said(answered, "Your answers are still on this page")).to_be_visible()


def test_a_page_whose_process_was_culled_says_so_within_five_seconds(answered: Page, house: House):
    house.cull(answered)
    expect(said(answered, STOPPED)).to_be_visible(timeout=SOON)


def test_every_answer_tick_and_opened_part_comes_back_in_a_new_process(
    answered: Page, house: House
):
    before = kernel_of(answered)
    kill(house.process_behind(answered))
    go_on(answered)
    expect_everything_back(answered)
    assert kernel_of(answered) != before


def test_the_form_works_again_after_coming_back(answered: Page, house: House):
    kill(house.process_behind(answered))
    go_on(answered)
    choose(answered, INSURANCE, "TRICARE Prime")
    expect(plan_of(answered)).to_contain_text("TRICARE Prime")


def test_coming_back_works_again_and_again(answered: Page, house: House):
    for _ in range(3):
        kill(house.process_behind(answered))
        go_on(answered)
        answered.get_by_role("button", name="OK").click()
        expect(answered.get_by_text(BACK).last).to_be_hidden()
    expect_everything_back(answered)


def test_while_the_process_is_gone_the_plan_can_be_read_and_printed(answered: Page, house: House):
    kill(house.process_behind(answered))
    expect(said(answered, STOPPED)).to_be_visible(timeout=SOON)
    expect(part(answered, COVERED)).to_be_visible()
    expect(
        answered.get_by_role("alert").get_by_role("button", name="Print my plan")
    ).to_be_visible()
    paper(answered).check()
    expect(paper(answered)).to_be_checked()


def test_while_the_process_is_gone_the_form_takes_no_answer(answered: Page, house: House):
    kill(house.process_behind(answered))
    expect(said(answered, STOPPED)).to_be_visible(timeout=SOON)
    assert answered.locator(".so-form").evaluate("form => form.inert")


def test_a_tick_made_while_the_process_was_gone_is_kept(answered: Page, house: House):
    kill(house.process_behind(answered))
    expect(said(answered, STOPPED)).to_be_visible(timeout=SOON)
    paper(answered).check()
    go_on(answered)
    expect(paper(answered)).to_be_checked()
    choose(answered, STAGE, "My plan said no")
    expect(list_of(answered, REFUSED)).to_be_visible()
    expect(paper(answered)).to_be_checked()


def test_what_was_written_below_the_plan_comes_back_open_and_with_the_focus(
    answered: Page, house: House
):
    answered.get_by_role("button", name="Calls to make").click()
    answered.get_by_role("button", name="Write down a call").click()
    person = answered.get_by_label("Who answered", exact=True)
    person.fill("Ms. Rivera")
    answered.keyboard.press("Tab")
    number = answered.get_by_label("Reference number", exact=True)
    expect(number).to_be_focused()
    kill(house.process_behind(answered))
    go_on(answered)
    expect(person).to_have_value("Ms. Rivera")
    expect(number).to_be_focused()


def test_the_return_is_announced_and_the_focus_is_where_it_was(answered: Page, house: House):
    list_of(answered, STAGE).focus()
    kill(house.process_behind(answered))
    go_on(answered)
    expect(answered.get_by_role("status").filter(has_text=BACK)).to_be_attached()
    expect(list_of(answered, STAGE)).to_be_focused()


def test_nobody_is_asked_to_check_an_answer_that_arrived(page: Page, house: House):
    house.open()
    with page.expect_websocket() as opened:
        open_workbook(page, house.address)
    answer(page)
    with opened.value.expect_event("framereceived", end_of_work_on("Ohio")):
        choose(page, STATE, "Ohio")
    kill(house.process_behind(page))
    go_on(page)
    expect(page.get_by_text(CHECK).first).to_be_hidden()


def end_of_work_on(word: str) -> Callable[[bytes], bool]:
    """Return what knows the frame in which a process says that it is done with what had a word."""
    work: set[str] = set()

    def is_end(frame: bytes) -> bool:
        message = unpacked(frame)
        asked: str = message.parent.get("msg_id", "")
        if word in str(message.content):
            work.add(asked)
        return asked in work and message.content.get("execution_state") == "idle"

    return is_end


def test_an_answer_that_was_on_its_way_is_to_be_checked(answered: Page, house: House):
    process = house.process_behind(answered)
    process.suspend()
    choose(answered, STAGE, "My plan said no")
    kill(process)
    go_on(answered)
    expect(answered.get_by_text(CHECK).first).to_be_visible()
    expect_everything_back(answered)


def test_an_answer_that_was_half_typed_is_to_be_checked(answered: Page, house: House):
    price = answered.get_by_label(PRICE, exact=True)
    price.press_sequentially("40")
    kill(house.process_behind(answered))
    go_on(answered)
    expect(answered.get_by_text(CHECK).first).to_be_visible()
    expect(price).to_be_focused()


def test_a_process_that_is_slow_to_answer_is_spoken_of_and_forgiven(answered: Page, house: House):
    process = house.process_behind(answered)
    process.suspend()
    choose(answered, STAGE, "My plan said no")
    expect(said(answered, "slow to answer")).to_be_visible(timeout=SOON)
    process.resume()
    expect(said(answered, "slow to answer")).to_be_hidden()
    expect(list_of(answered, REFUSED)).to_be_visible()


def test_a_process_that_hangs_can_be_left_behind_with_all_answers(answered: Page, house: House):
    process = house.process_behind(answered)
    process.suspend()
    choose(answered, STAGE, "My plan said no")
    go_on(answered)
    expect_everything_back(answered)
    assert not process.is_running()


# The server stops


def test_a_page_whose_server_stopped_says_so_within_five_seconds(answered: Page, house: House):
    house.stop()
    expect(said(answered, LOST)).to_be_visible(timeout=SOON)
    expect(said(answered, "We keep trying to connect again")).to_be_visible()
    house.close()
    house.open()


def test_the_answers_come_back_by_themselves_once_the_server_is_back(answered: Page, house: House):
    house.stop()
    expect(said(answered, LOST)).to_be_visible(timeout=SOON)
    house.close()
    house.open()
    expect(answered.get_by_text(BACK).first).to_be_visible(timeout=30_000)
    expect_everything_back(answered)


def test_going_on_while_the_server_is_down_succeeds_once_it_is_up(answered: Page, house: House):
    house.cull(answered)
    expect(said(answered, STOPPED)).to_be_visible(timeout=SOON)
    house.close()
    answered.get_by_role("button", name=ON).click()
    expect(said(answered, "We cannot reach the workbook yet")).to_be_visible(timeout=SOON)
    house.open()
    expect(answered.get_by_text(BACK).first).to_be_visible(timeout=30_000)
    expect_everything_back(answered)


# The network goes


def test_a_page_without_a_network_says_so_within_five_seconds_and_when_it_is_back(answered: Page):
    list_of(answered, STAGE).focus()
    answered.context.set_offline(True)
    expect(said(answered, LOST)).to_be_visible(timeout=SOON)
    answered.context.set_offline(False)
    expect(answered.get_by_text("You are connected again.").first).to_be_visible()
    expect(list_of(answered, STAGE)).to_be_focused()
    expect_a_working_form(answered)


@pytest.fixture
def cable(page: Page, house: House) -> Iterator[Cable]:
    """Return the network between an answered page and the house."""
    with Cable(house.port) as cable:
        open_workbook(page, cable.address)
        answer(page)
        yield cable


def test_a_network_that_goes_dead_without_a_word_is_noticed_by_who_is_there(
    page: Page, cable: Cable
):
    cable.cut()
    page.mouse.move(200, 200)
    expect(said(page, LOST)).to_be_visible(timeout=SOON)


def test_an_answer_half_typed_when_the_network_went_arrives_too(page: Page, cable: Cable):
    price = page.get_by_label(PRICE, exact=True)
    price.press_sequentially("400")
    cable.cut()
    expect(said(page, LOST)).to_be_visible(timeout=2 * SOON)
    cable.mend()
    expect(page.get_by_text("You are connected again.").first).to_be_visible(timeout=30_000)
    expect(part(page, "What it may cost")).to_contain_text("$400")
    expect(price).to_have_value("400")


def test_an_answer_given_into_a_dead_network_arrives_when_it_lives_again(page: Page, cable: Cable):
    cable.cut()
    choose(page, STAGE, "My plan said no")
    expect(said(page, LOST)).to_be_visible(timeout=2 * SOON)
    cable.mend()
    expect(page.get_by_text("You are connected again.").first).to_be_visible(timeout=30_000)
    expect(list_of(page, REFUSED)).to_be_visible()
    expect_everything_back(page)


# The browser keeps the page


def test_a_page_that_the_browser_kept_comes_back_with_all_answers(answered: Page, house: House):
    # Chromium keeps no page that asks not to be stored, as others do; so these are its own
    # events, sent by hand. The process really ends.
    process = house.process_behind(answered)
    answered.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    process.wait(AT_ONCE)
    answered.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(answered.get_by_text(BACK).first).to_be_visible(timeout=30_000)
    expect_everything_back(answered)


# The house is full

MANY = "Many people are using the workbook right now"
TURN = "01:30"  # minutes and seconds: the next try comes before


@pytest.fixture
def small(tmp_path: Path) -> Iterator[House]:
    """Return a workbook with room for one."""
    with House(tmp_path, "--visitors", "1") as house:
        yield house


@pytest.fixture
def other(chromium: Browser) -> Iterator[Page]:
    """Return the page of somebody else."""
    with chromium.new_context() as context:
        yield context.new_page()


def test_whoever_finds_no_room_reads_so_and_comes_in_by_themselves(
    page: Page, other: Page, small: House
):
    open_workbook(other, small.address)
    page.clock.install()
    page.goto(small.address)
    expect(page.get_by_role("heading", name=MANY)).to_be_visible()
    expect(page.get_by_text("We keep trying for you.")).to_be_visible()
    leave(other)
    small.await_room()
    page.clock.fast_forward(TURN)
    expect(form_of(page)).to_be_visible(timeout=30_000)
    expect_a_working_form(page)


def test_whoever_waits_can_try_at_once(page: Page, other: Page, small: House):
    open_workbook(other, small.address)
    page.goto(small.address)
    leave(other)
    small.await_room()
    page.get_by_role("link", name="Try now").click()
    expect(form_of(page)).to_be_visible(timeout=30_000)


def test_the_page_that_waits_does_not_jump_under_a_readers_eyes(
    page: Page, other: Page, small: House
):
    open_workbook(other, small.address)
    page.goto(small.address)
    expect(page.get_by_role("heading", name=MANY)).to_be_visible()
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)


def test_whoever_comes_back_to_a_full_house_keeps_their_answers_and_gets_in(
    page: Page, other: Page, small: House
):
    page.clock.install()
    open_workbook(page, small.address)
    answer(page)
    small.cull(page)
    expect(said(page, STOPPED)).to_be_visible(timeout=SOON)
    open_workbook(other, small.address)
    page.get_by_role("button", name=ON).click()
    expect(said(page, MANY)).to_be_visible()
    leave(other)
    small.await_room()
    page.clock.fast_forward(TURN)
    expect(page.get_by_text(BACK).first).to_be_visible(timeout=30_000)
    expect_everything_back(page)


# Nobody is there


@pytest.fixture
def timed(page: Page, house: House) -> Page:
    """Return an answered page whose clock we set."""
    page.clock.install()
    open_workbook(page, house.address)
    answer(page)
    return page


def question(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Are you still here?")


def test_after_25_quiet_minutes_the_page_asks_whether_anybody_is_there(timed: Page):
    timed.clock.fast_forward("24:00")
    expect(question(timed)).to_be_hidden()
    timed.clock.fast_forward("01:05")
    expect(question(timed)).to_be_visible()
    expect(question(timed)).to_contain_text("In 5 minutes your workbook will rest")
    expect(question(timed)).to_contain_text("Your answers will stay on this page")


def test_the_question_holds_the_focus(timed: Page):
    timed.clock.fast_forward("25:05")
    expect(question(timed).get_by_role("button", name="I am still here")).to_be_focused()
    timed.keyboard.press("Tab")
    expect(question(timed).get_by_role("button", name=LEAVE)).to_be_focused()
    timed.keyboard.press("Tab")
    assert not timed.locator("main > :not(dialog) :focus").count()


@pytest.mark.parametrize("way", ["Enter", "Escape"])
def test_whoever_is_still_there_goes_on_where_they_were(timed: Page, house: House, way: str):
    process = house.process_behind(timed)
    list_of(timed, STAGE).focus()
    timed.clock.fast_forward("25:05")
    expect(question(timed)).to_be_visible()
    timed.keyboard.press(way)
    expect(question(timed)).to_be_hidden()
    expect(list_of(timed, STAGE)).to_be_focused()
    timed.clock.fast_forward("10:00")
    expect(question(timed)).to_be_hidden()
    assert process.is_running()


def test_any_act_puts_the_question_off(timed: Page):
    timed.clock.fast_forward("24:00")
    timed.keyboard.press("Shift")
    timed.clock.fast_forward("24:00")
    timed.mouse.move(300, 300)
    timed.clock.fast_forward("24:00")
    expect(question(timed)).to_be_hidden()


def test_after_30_quiet_minutes_the_process_ends_and_the_answers_stay(timed: Page, house: House):
    process = house.process_behind(timed)
    timed.clock.fast_forward("25:05")
    timed.clock.fast_forward("05:00")
    expect(said(timed, RESTING)).to_be_visible()
    expect(said(timed, "Your answers are still on this page")).to_be_visible()
    expect(question(timed)).to_be_hidden()
    process.wait(AT_ONCE)
    go_on(timed)
    expect_everything_back(timed)


def test_a_computer_that_slept_for_hours_wakes_to_a_resting_workbook(timed: Page):
    timed.clock.fast_forward("08:00:00")
    expect(said(timed, RESTING)).to_be_visible()


# Clear and leave

MARKERS = ("Original Medicare", "breast", "Breast", "Surgery", COVERED, "Part B")


def leave(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name=LEAVE).click()


def expect_nothing_left(page: Page) -> None:
    expect(page.get_by_role("heading", name=CLEARED)).to_be_visible()
    left = page.content()
    assert [marker for marker in MARKERS if marker in left] == []


def test_leaving_ends_the_process_within_two_seconds(answered: Page, house: House):
    process = house.process_behind(answered)
    leave(answered)
    process.wait(AT_ONCE)
    assert not process.is_running()


def test_leaving_takes_every_answer_off_the_page(answered: Page):
    leave(answered)
    expect_nothing_left(answered)
    expect(answered).to_have_title("Second Opinion Workbook")
    expect(answered.get_by_role("heading", name=CLEARED)).to_be_focused()


def test_the_way_out_is_in_sight_wherever_somebody_reads(answered: Page):
    answered.keyboard.press("End")
    way_out = answered.get_by_role("banner").get_by_role("button", name=LEAVE)
    expect(way_out).to_be_in_viewport(ratio=1)


def test_the_browsers_way_back_shows_no_answer(page: Page, house: House):
    page.goto("about:blank")
    open_workbook(page, house.address)
    page.get_by_role("link", name="Skip to your plan").focus()
    page.keyboard.press("Enter")
    answer(page)
    leave(page)
    expect_nothing_left(page)
    page.get_by_role("button", name="Start again").click()
    expect(form_of(page)).to_be_visible(timeout=30_000)
    assert chosen(page, INSURANCE) != "Original Medicare"
    page.go_back()
    expect(page).to_have_url("about:blank")
    page.go_forward()
    expect(form_of(page)).to_be_visible(timeout=30_000)
    assert chosen(page, INSURANCE) != "Original Medicare"
    expect(page.get_by_label(ILLNESS, exact=True)).to_have_value("")


def test_somebody_asked_whether_they_are_there_can_leave(timed: Page, house: House):
    process = house.process_behind(timed)
    timed.clock.fast_forward("25:05")
    question(timed).get_by_role("button", name=LEAVE).click()
    expect_nothing_left(timed)
    process.wait(AT_ONCE)
    assert not process.is_running()


def test_somebody_who_leaves_while_the_server_is_down_stays_away(answered: Page, house: House):
    house.cull(answered)
    expect(said(answered, STOPPED)).to_be_visible(timeout=SOON)
    house.close()
    answered.get_by_role("button", name=ON).click()
    expect(said(answered, "We cannot reach the workbook yet")).to_be_visible(timeout=SOON)
    leave(answered)
    expect_nothing_left(answered)
    house.open()
    expect_nothing_left(answered)


def test_no_field_is_remembered_by_the_browser(answered: Page):
    remembered = answered.locator(".so-form :is(input, select, textarea):not([autocomplete=off])")
    expect(remembered).to_have_count(0)
