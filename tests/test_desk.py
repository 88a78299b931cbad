"""What stands under the plan, used as a person uses it: by changing the value of a field."""

import json
from datetime import date
from typing import Any

import pytest

from secondopinion import load_knowledge
from secondopinion.export import File
from secondopinion.notes import Call
from secondopinion.widgets import Workbook, plan_form

KNOWLEDGE = load_knowledge()
TODAY = date(2026, 11, 24)
DENIAL = date(2026, 11, 2)
LETTERS, CALLS, AFTER, HAND_OVER = range(4)
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def workbook() -> Workbook:
    """Return the workbook as it opens."""
    return plan_form(TODAY)


def answer(workbook: Workbook, **answers: object) -> None:
    for name, value in answers.items():
        workbook.fields[name.replace("__", ".")].widget.value = value


def refused(workbook: Workbook) -> None:
    answer(workbook, coverage="medicare_advantage_hmo", condition="Breast cancer", stage="denied")
    answer(workbook, denied="prior_authorization", events__denial=DENIAL)


def go_to(workbook: Workbook, section: int) -> None:
    workbook.desk.folds.selected_index = section


def pick(workbook: Workbook, title: str) -> None:
    """Pick a letter by a part of its title."""
    which = workbook.desk.letters.which
    (found,) = [value for label, value in which.options if title in label]
    which.value = found


def fill(workbook: Workbook, **words: str) -> None:
    sheet = workbook.desk.letters.sheet
    sheet.value = {**sheet.value, **words}


def asked(groups: list[dict[str, Any]]) -> list[str]:
    return [field["id"] for group in groups for field in group["fields"]]


def a_whole_visit(workbook: Workbook) -> None:
    refused(workbook)
    workbook.fields["reasons"].widget.value = ["why.confirm"]
    answer(workbook, costs__visit_price="about 400")
    workbook.keeper.ticks = ["step:before.tell"]
    fill(workbook, my_name="Ana Ruiz")
    workbook.desk.after.sheet.value = {"first_diagnosis": "Stage 2"}
    workbook.desk.calls.sheet.value = {
        "calls": [{"to": "insurer", "day": "2026-11-03", "reference": "R-1"}]
    }
    workbook.desk.hand_over.left_out.value = ["costs"]


# Letters


def test_the_letters_offered_are_those_of_the_plan(workbook: Workbook):
    go_to(workbook, LETTERS)
    before = [label for label, _ in workbook.desk.letters.which.options]
    refused(workbook)
    after = [label for label, _ in workbook.desk.letters.which.options]
    assert len(after) > len(before)


def test_a_letter_that_was_picked_is_shown_with_what_is_missing(workbook: Workbook):
    go_to(workbook, LETTERS)
    pick(workbook, "copies of the records")
    assert "Still to fill in" in workbook.desk.letters.preview.value
    assert "<mark" in workbook.desk.letters.preview.value


def test_what_is_filled_in_stands_in_the_letter(workbook: Workbook):
    go_to(workbook, LETTERS)
    pick(workbook, "copies of the records")
    fill(workbook, my_name="Ana Ruiz")
    assert "Ana Ruiz" in workbook.desk.letters.preview.value


def test_a_blank_stays_on_the_sheet_while_it_is_filled(workbook: Workbook):
    go_to(workbook, LETTERS)
    pick(workbook, "copies of the records")
    before = asked(workbook.desk.letters.sheet.groups)
    fill(workbook, my_name="Ana Ruiz")
    assert "my_name" in before
    assert asked(workbook.desk.letters.sheet.groups) == before


def test_a_letter_that_no_longer_fits_is_put_away_and_its_words_are_kept(workbook: Workbook):
    refused(workbook)
    go_to(workbook, LETTERS)
    workbook.desk.letters.which.value = workbook.desk.letters.which.options[-1][1]
    fill(workbook, my_name="Ana Ruiz")
    answer(workbook, coverage="", stage="")
    go_to(workbook, LETTERS)
    assert workbook.desk.notes.words["my_name"] == "Ana Ruiz"


def test_what_a_person_types_is_text_on_the_page_whatever_it_says(workbook: Workbook):
    go_to(workbook, LETTERS)
    pick(workbook, "copies of the records")
    fill(workbook, my_name=HOSTILE)
    assert "&lt;img" in workbook.desk.letters.preview.value
    assert "<img" not in workbook.desk.letters.preview.value


# Calls and opinions


def test_the_pages_for_calls_say_what_to_say(workbook: Workbook):
    go_to(workbook, CALLS)
    assert workbook.action_plan.verdict.say_on_phone[:20] in workbook.desk.calls.preview.value


def test_a_call_written_down_is_on_its_page(workbook: Workbook):
    go_to(workbook, CALLS)
    row = {"to": "insurer", "day": "2026-11-03", "person": "Ms. Roe", "reference": "R-77"}
    workbook.desk.calls.sheet.value = {"calls": [row, {}]}
    assert workbook.desk.calls.calls == (Call("insurer", date(2026, 11, 3), "", "Ms. Roe", "R-77"),)
    assert "R-77" in workbook.desk.calls.preview.value


def test_the_two_opinions_stand_side_by_side(workbook: Workbook):
    go_to(workbook, AFTER)
    assert "first_diagnosis" in asked(workbook.desk.after.sheet.groups)
    workbook.desk.after.sheet.value = {"first_diagnosis": "Stage 2", "second_diagnosis": "Stage 1"}
    table = workbook.desk.after.preview.value
    assert table.index("Stage 2") < table.index("Stage 1")


# Files


def made(workbook: Workbook, kind: str, place: str = "plan") -> File:
    return workbook.file(kind, place)


def test_every_file_that_is_offered_can_be_made(workbook: Workbook):
    a_whole_visit(workbook)
    go_to(workbook, LETTERS)
    pick(workbook, "copies of the records")
    offered = [offer["id"] for offer in workbook.desk.files.offers]
    assert len(offered) == 7
    assert [kind for kind in offered if not made(workbook, kind).content] == []
    assert made(workbook, "letter_pdf", "letter").content.startswith(b"%PDF")


def test_the_name_of_a_file_says_nothing_about_the_person(workbook: Workbook):
    a_whole_visit(workbook)
    names = [made(workbook, offer["id"]).name for offer in workbook.desk.files.offers]
    assert names == [
        *("plan-2026-11-24.pdf", "plan-2026-11-24.docx", "calendar-2026-11-24.ics"),
        *("contacts-2026-11-24.vcf", "plan-2026-11-24.txt", "plan-2026-11-24.zip"),
        "my-answers-2026-11-24.json",
    ]


def test_a_hand_over_copy_leaves_out_what_was_ticked(workbook: Workbook):
    a_whole_visit(workbook)
    workbook.desk.hand_over.left_out.value = ["illness"]
    whole = made(workbook, "plan_docx")
    copy = made(workbook, "plan_docx", "hand_over")
    assert len(copy.content) < len(whole.content)


def test_a_file_nobody_offers_is_not_made(workbook: Workbook):
    sent: list[object] = []
    workbook.desk.files.send = lambda content, buffers=None: sent.append((content, buffers))
    workbook.desk.files._handle_custom_msg({"make": "/etc/passwd"}, [])  # noqa: SLF001
    workbook.desk.files._handle_custom_msg("nonsense", [])  # noqa: SLF001
    assert sent == []


def test_a_file_that_was_asked_for_is_sent_with_its_bytes(workbook: Workbook):
    sent: list[Any] = []
    workbook.desk.files.send = lambda content, buffers=None: sent.append((content, buffers))
    workbook.desk.files._handle_custom_msg({"make": "answers"}, [])  # noqa: SLF001
    ((content, (file,)),) = sent
    assert content["name"] == "my-answers-2026-11-24.json"
    assert json.loads(file)["schema"] == "secondopinion.saved/1"


# Saving and opening


def test_a_file_opened_in_a_new_visit_gives_the_identical_plan(workbook: Workbook):
    a_whole_visit(workbook)
    other = plan_form(TODAY)
    other.desk.files.opened = made(workbook, "answers").content.decode()
    assert other.plan.value == workbook.plan.value
    assert other.saved == workbook.saved


def test_the_page_keeps_what_the_file_would_hold(workbook: Workbook):
    a_whole_visit(workbook)
    assert workbook.keeper.kept == made(workbook, "answers").content.decode()


def test_a_new_process_takes_up_what_the_page_kept(workbook: Workbook):
    a_whole_visit(workbook)
    other = plan_form(TODAY)
    other.keeper.restore = workbook.keeper.kept
    assert other.saved == workbook.saved
    assert other.plan.value == workbook.plan.value


def test_ticks_are_saved_and_put_back(workbook: Workbook):
    workbook.keeper.ticks = ["step:before.tell"]
    other = plan_form(TODAY)
    other.desk.files.opened = workbook.keeper.kept
    assert other.keeper.ticks == ["step:before.tell"]


def test_opening_a_file_says_that_the_answers_are_back(workbook: Workbook):
    workbook.desk.files.opened = workbook.keeper.kept
    assert "Your answers are back." in workbook.desk.files.said


def test_opening_a_file_lists_what_to_look_at_again(workbook: Workbook):
    workbook.desk.files.opened = json.dumps({"coverage": "moon_plan", "state": "TX"})
    assert "moon_plan" in workbook.desk.files.said
    assert workbook.case.state == "TX"


def test_a_file_that_cannot_be_read_leaves_every_answer_where_it_is(workbook: Workbook):
    a_whole_visit(workbook)
    before = workbook.saved
    for file in ("{", "[]", '{"schema": "secondopinion.saved/9"}', HOSTILE, "x" * 300_000):
        workbook.desk.files.opened = file
        assert "Nothing on this page has changed." in workbook.desk.files.said
    assert workbook.saved == before


def test_what_a_hostile_file_says_is_text_on_the_page(workbook: Workbook):
    workbook.desk.files.opened = json.dumps({"state": HOSTILE, "coverage": "medicare_original"})
    assert "<img" not in workbook.desk.files.said


def test_changing_an_early_answer_keeps_the_later_ones(workbook: Workbook):
    refused(workbook)
    answer(workbook, stage="deciding")
    assert workbook.case.events == {}
    assert workbook.saved.answers["events.denial"] == "2026-11-02"
    answer(workbook, stage="denied")
    assert workbook.case.events == {"denial": DENIAL}
