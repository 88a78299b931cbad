"""Every screen, for everybody: axe, and what axe cannot see.

A screen is opened once and asked many things; what is asked changes nothing on it.
"""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page

from .axe import (
    CONTROLS,
    LARGE,
    NARROW,
    SPACED,
    WIDE,
    Told,
    faults,
    in_every_look,
    keep,
    seen,
    sized,
    styled,
    told,
)
from .screens import WAYS

NAMED = CONTROLS | {"group", "radiogroup", "dialog", "region", "form", "table", "image"}
IN_LOOKS = ("hardToHit", "edgeless", "stubborn", "unbounded")
TAPPED = 44  # pixels that can be hit with a thumb


@pytest.fixture(scope="module", params=WAYS)
def screen(chromium: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a screen as a person sees it who wants nothing to move."""
    with chromium.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        WAYS[request.param](page, served)
        keep(page, f"screen_{request.param}")
        yield page


@pytest.fixture(scope="module")
def in_looks(screen: Page) -> dict[str, list[str]]:
    """Return what is wrong with a screen in any look and width, by what was asked."""
    found: dict[str, list[str]] = {question: [] for question in ("axe", *IN_LOOKS)}
    for look in in_every_look(screen):
        answers = {"axe": faults(screen), **{each: seen(screen, each) for each in IN_LOOKS}}
        for question, wrong in answers.items():
            found[question] += [f"{look}: {each}" for each in wrong]
    return found


# Names


def test_axe_finds_nothing_wrong(in_looks: dict[str, list[str]]):
    assert in_looks["axe"] == []


def test_whatever_can_be_used_has_a_name(screen: Page):
    assert [each for each in named(screen) if not each.name] == []


def named(page: Page) -> list[Told]:
    """Return what must have a name; a fold needs none, as what opens it stands in it."""
    nodes = told(page)
    follows = zip(nodes, [*nodes[1:], None], strict=True)
    return [
        node
        for node, next_one in follows
        if node.role in NAMED and not (next_one and next_one.role == "DisclosureTriangle")
    ]


def test_two_fields_in_one_group_never_have_the_same_name(screen: Page):
    fields = [
        (each.within, each.role, each.name)
        for each in told(screen)
        if each.role in CONTROLS - {"link"} and not each.name.startswith("Show date picker")
    ]
    assert [each for each in fields if fields.count(each) > 1] == []


def test_every_group_of_boxes_is_a_fieldset_with_its_question(screen: Page):
    assert seen(screen, "loose") + seen(screen, "unnamedGroups") == []


def test_every_help_and_complaint_belongs_to_what_it_is_about(screen: Page):
    assert seen(screen, "orphans") == []


def test_every_id_names_one_thing_that_is_there(screen: Page):
    assert seen(screen, "mixedUp") == []


def test_headings_go_down_one_level_at_a_time_from_a_single_first(screen: Page):
    levels = [level for level, _ in seen(screen, "headings")]
    assert [levels[0], levels.count(1)] == [1, 1]
    assert [steps for steps in pairwise(levels) if steps[1] > steps[0] + 1] == []


def test_help_stands_in_the_same_places_on_every_screen(screen: Page):
    numbers = screen.locator("main > .so-strip a").all_inner_texts()
    assert numbers == ["911", "988"]
    assert "general information" in screen.locator("body > footer").inner_text()


# Sizes and colours


def test_everything_is_large_enough_to_hit(in_looks: dict[str, list[str]]):
    assert in_looks["hardToHit"] == []


def test_on_a_phone_everything_is_large_enough_for_a_thumb(screen: Page):
    with sized(screen, NARROW):
        assert seen(screen, "small", TAPPED) == []


def test_every_field_has_an_edge_that_stands_out(in_looks: dict[str, list[str]]):
    assert in_looks["edgeless"] == []


def test_with_a_persons_own_colours_nothing_keeps_its_own(in_looks: dict[str, list[str]]):
    assert in_looks["stubborn"] + in_looks["unbounded"] == []


@pytest.mark.parametrize("width", [WIDE, 640, NARROW], ids=["100 %", "200 %", "400 %"])
def test_when_zoomed_nothing_is_cut_off_and_nothing_scrolls_sideways(screen: Page, width: int):
    with sized(screen, width):
        assert out_of_sight(screen) == []


@pytest.mark.parametrize("width", [WIDE, 640])
def test_with_text_twice_as_large_nothing_is_cut_off(screen: Page, width: int):
    with sized(screen, width), styled(screen, f"html {{ font-size: {LARGE}% !important }}"):
        assert out_of_sight(screen) == []


def test_with_lines_and_letters_further_apart_nothing_is_cut_off(screen: Page):
    with sized(screen, NARROW), styled(screen, SPACED):
        assert out_of_sight(screen) == []


def out_of_sight(page: Page) -> list[str]:
    """Return what is cut off, or has to be scrolled to sideways."""
    wider = [f"{pixels} px too wide" for pixels in [seen(page, "tooWide")] if pixels > 0]
    return [*wider, *seen(page, "cut"), *seen(page, "outside")]


def test_nothing_moves_for_somebody_who_wants_stillness(screen: Page):
    moving = "document.getAnimations().filter(each => each.playState === 'running').length"
    assert screen.evaluate(moving) == 0
