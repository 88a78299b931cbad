"""What a person signs and sends: the right letters, the right law, nothing made up, one page."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion import ActionPlan, build_plan, load_knowledge, read_case
from secondopinion.authoring.letter_promises import HARDEST_FOR_OFFICES, MOST_WORDS
from secondopinion.authoring.strict_yaml import read
from secondopinion.letters import blanks_for, call_sheets, letters_for, second_look
from secondopinion.letters.typed import lines, one_line
from secondopinion.notes import Call, Notes
from secondopinion.papers import Heading, Items, Paper, Paragraph, Span, Table, ToWrite, texts
from secondopinion.planner.reading import in_words
from secondopinion.readability import reading_grade

from .answers import any_answers

DAY = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
STORIES = Path(__file__).parent / "letters"
FOR_RECORDS = {"records_request", "slides_release", "imaging_request"}
COVERAGES = [coverage["id"] for coverage in KNOWLEDGE.section("coverages")]
BLANKS = {blank["id"]: blank for blank in KNOWLEDGE.section("blanks")}
TYPED = [name for name, blank in BLANKS.items() if blank["kind"] not in ("given", "log")]
FILLED = Notes(
    {name: "1950-04-02" if BLANKS[name]["kind"] == "day" else f"Filled {name}" for name in TYPED},
    (Call("network_doctor", DAY, "Lake Clinic", "Kim", "A-1", "no free visit"),),
)
A_DAY = re.compile(r"\b[A-Z][a-z]+day, [A-Z][a-z]+ \d{1,2}, \d{4}\b")
A_LAW = re.compile(r"\b\d+ (?:CFR|U\.S\.C\.) \d+(?:\.\d+)*(?:-\d+)*")
NO = {"stage": "denied", "events": {"denial": "2026-11-01"}}
AGAIN = {"denial": "2026-09-01", "final_denial": "2026-11-01"}
SITUATIONS: Mapping[str, Mapping[str, Any]] = {
    "before": {"stage": "arranging", "events": {"appointment": "2026-12-10"}},
    "nobody": {"in_network_specialist": "no_one"},
    "urgent": {"urgent": True},
    "refused": {**NO, "denied": "prior_authorization", "urgent": True},
    "referral": {**NO, "denied": "referral"},
    "gap": {**NO, "denied": "gap_exception", "in_network_specialist": "no_one"},
    "bill": {**NO, "denied": "claim"},
    "again": {**NO, "denied": "claim", "first_denial_upheld": True, "events": AGAIN},
    "late": {**NO, "events": {"denial": "2024-11-01"}},
    "after": {"stage": "after", "opinions_differ": True, "opinion": "third"},
    "for_another": {**NO, "role": "caregiver"},
    "mind": {"condition": "mental_health"},
}


def plan_for(coverage: str, **answers: Any) -> ActionPlan:
    asked = KNOWLEDGE.implied_by("coverages", coverage).get("network_asked")
    network = {"network_type": "hmo"} if asked else {}
    case = {"coverage": coverage, "state": "NY", **network, **answers}
    return build_plan(read_case(case), DAY)


@cache
def plans() -> tuple[ActionPlan, ...]:
    """Return a plan for each kind of insurance in each situation."""
    return tuple(plan_for(name, **SITUATIONS[each]) for name in COVERAGES for each in SITUATIONS)


@cache
def every_letter() -> tuple[tuple[ActionPlan, Paper], ...]:
    return tuple((plan, letter) for plan in plans() for letter in letters_for(plan))


def spans(paper: Paper) -> Iterator[Span]:
    for block in paper.blocks:
        if isinstance(block, Heading | Paragraph):
            yield from block.words
        elif isinstance(block, Items):
            yield from (span for item in block.items for span in item)


def said(paper: Paper) -> str:
    """Return all a paper says, with its title and what it is for."""
    return "\n".join((*texts(paper), paper.why))


def table_of(paper: Paper) -> Table:
    (found,) = (block for block in paper.blocks if isinstance(block, Table))
    return found


def stories() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(STORIES.glob("*.yaml")):
        for story in read(path, path.name).content:
            yield path.stem, story


def notes_of(story: Mapping[str, Any]) -> Notes:
    words = {name: str(word) for name, word in story.get("words", {}).items()}
    return Notes(words, tuple(Call(**call) for call in story.get("calls", ())))


# The stories in `letters/`

Letters = Mapping[str, Paper]


def _exactly(letters: Letters, wanted: Sequence[str]) -> Iterator[str]:
    found = [name for name in letters if name not in FOR_RECORDS]
    if found != list(wanted):
        yield f"{found}, not {wanted}"


def _about(holds: Callable[[Paper, str], bool]) -> Callable[[Letters, Any], Iterator[str]]:
    def differences(letters: Letters, wanted: Mapping[str, Sequence[str]]) -> Iterator[str]:
        for name, each in wanted.items():
            if name not in letters:
                yield f"{name} is not offered"
            else:
                yield from (f"{name}: {one}" for one in each if not holds(letters[name], one))

    return differences


def _is_missing(paper: Paper, name: str) -> bool:
    return name in {missing.id for missing in paper.missing}


CHECKS: Mapping[str, Callable[[Letters, Any], Iterator[str]]] = {
    "letters": _exactly,
    "says": _about(lambda paper, words: words in said(paper)),
    "never_says": _about(lambda paper, words: words not in said(paper)),
    "missing": _about(_is_missing),
    "filled": _about(lambda paper, name: not _is_missing(paper, name)),
    "cites": _about(lambda paper, name: name in {source.id for source in paper.sources}),
}


@pytest.mark.parametrize(
    "story", [pytest.param(story, id=f"{name}: {story['story']}") for name, story in stories()]
)
def test_the_letters_say_what_the_story_tells(story):
    plan, notes = build_plan(read_case(story["case"]), story["as_of"]), notes_of(story)
    expect = dict(story["expect"])
    calls = iter([sheet.id for sheet in call_sheets(plan, notes)])
    assert [name for name in expect.pop("calls", ()) if name not in calls] == []
    letters = {letter.id: letter for letter in letters_for(plan, notes)}
    differences = {key: list(CHECKS[key](letters, wanted)) for key, wanted in expect.items()}
    assert {key: found for key, found in differences.items() if found} == {}


def test_every_letter_is_sent_by_somebody():
    sent = {letter.id for _, letter in every_letter()}
    for _, story in stories():
        plan = build_plan(read_case(story["case"]), story["as_of"])
        sent |= {letter.id for letter in letters_for(plan)}
    assert {letter["id"] for letter in KNOWLEDGE.section("letters")} - sent == set()


def test_every_letter_has_a_story_about_its_law():
    told = {name for _, story in stories() for name in story["expect"].get("says", ())}
    assert {letter["id"] for letter in KNOWLEDGE.section("letters")} - told == set()


def test_every_blank_is_left_open_by_some_paper():
    papers = [letter for _, letter in every_letter()]
    papers += [paper for plan in plans() for paper in (*call_sheets(plan), second_look(plan))]
    empty = plan_for("individual_aca", state=None, stage="denied", first_denial_upheld=True)
    papers += letters_for(empty)
    papers += letters_for(plan_for("medicaid_managed_care", state=None, stage="denied"))
    found = {missing.id for paper in papers for missing in paper.missing}
    given_by_plan = {name for name, blank in BLANKS.items() if blank["kind"] == "given"}
    assert BLANKS.keys() - found == given_by_plan


# Nothing is made up


def test_every_day_in_a_letter_is_one_of_the_plan():
    for plan, letter in every_letter():
        ladder = [level.file_by for level in plan.appeals if level.file_by]
        counted = [day for each in ladder for day in (each.date, each.safe_date)]
        known = {in_words(day) for day in (plan.as_of, *plan.case.events.values(), *counted)}
        assert set(A_DAY.findall(said(letter))) <= known


def test_filling_the_blanks_changes_nothing_else():
    for plan in plans():
        for empty, filled in zip(letters_for(plan), letters_for(plan, FILLED), strict=True):
            fixed = [span.text for span in spans(empty) if not span.blank]
            words = "".join(span.text for span in spans(filled))
            assert [text for text in fixed if text not in words] == []


def test_once_everything_is_filled_nothing_is_missing():
    known = [plan for plan in plans() if plan.case.stage != "denied" or plan.case.events]
    assert [letter.missing for plan in known for letter in letters_for(plan, FILLED)] == [
        () for plan in known for _ in letters_for(plan)
    ]


def test_what_is_not_filled_stands_out_and_is_listed_once():
    for _, letter in every_letter():
        open_ones = {span.text for span in spans(letter) if span.blank}
        listed = [missing.label for missing in letter.missing]
        logs = {blank["label"] for blank in BLANKS.values() if blank["kind"] == "log"}
        assert len(listed) == len(set(listed))
        assert set(listed) - logs == open_ones


def test_no_mark_of_the_data_is_left_in_a_letter():
    for plan in plans():
        for letter in letters_for(plan, FILLED):
            assert not re.search(r"[\[\]{}]", said(letter))


def test_no_letter_names_an_illness_that_the_person_did_not_write():
    plan = plan_for("medicare_advantage_hmo", condition="breast_cancer", stage="denied")
    papers = (*letters_for(plan), *call_sheets(plan), second_look(plan))
    assert [paper.id for paper in papers if "breast" in said(paper).lower()] == [
        sheet.id for sheet in call_sheets(plan) if "breast" in said(sheet).lower()
    ]


# The law


def test_every_law_in_a_letter_is_among_its_sources():
    for plan, letter in every_letter():
        if plan.case.events.get("denial", DAY).year < DAY.year:
            continue  # an old clock keeps its old row, which may cite an old page
        titles = [source.title for source in letter.sources]
        named = A_LAW.findall("\n".join(texts(letter)))
        assert [law for law in named if not any(t.startswith(law) for t in titles)] == []


def test_every_letter_says_where_it_comes_from():
    assert [letter.id for _, letter in every_letter() if not letter.sources] == []


def test_a_law_we_did_not_read_ourselves_is_said_more_softly():
    letters = {letter.id: letter for letter in letters_for(plan_for("uninsured_self_pay"))}
    letter = letters["estimate_request"]
    assert "As I understand it: 45 CFR 149.610" in said(letter)


def test_a_law_that_nobody_looked_at_for_long_is_left_out():
    plan = build_plan(read_case({"coverage": "medicare_advantage_hmo"}), date(2028, 6, 1))
    letters = letters_for(plan)
    assert "records_request" in {letter.id for letter in letters}
    assert [law for letter in letters for law in A_LAW.findall(said(letter))] == []


def test_a_letter_is_not_offered_before_its_law_is_in_force():
    plan = build_plan(read_case({"coverage": "uninsured_self_pay"}), date(2015, 6, 1))
    assert "estimate_request" not in {letter.id for letter in letters_for(plan)}


def test_no_letter_says_that_something_is_covered():
    for plan, letter in every_letter():
        words = "\n".join(texts(letter)).lower()
        assert "covered" not in words, (plan.case.coverage, letter.id)


# One page, plain words


def test_every_letter_fits_on_a_page():
    for _, letter in every_letter():
        words = " ".join(span.text for span in spans(letter) if not span.blank).split()
        assert len(words) <= MOST_WORDS, letter.id


def test_every_letter_is_easy_for_an_office_to_read():
    for plan in plans():
        for letter in letters_for(plan, FILLED):
            body = [
                "".join(span.text for span in block.words)
                for block in letter.blocks
                if isinstance(block, Paragraph) and block.role == "body"
            ]
            assert (reading_grade(*body) or 0) <= HARDEST_FOR_OFFICES + 1, letter.id


def test_a_letter_has_its_parts_in_their_order():
    letter = letters_for(plan_for("medicare_original"))[0]
    roles = [block.role for block in letter.blocks if isinstance(block, Paragraph)]
    order = list(dict.fromkeys(roles))
    assert order == ["address", "day", "subject", "body", "closing"]


def test_a_letter_carries_the_day_of_the_plan():
    letter = letters_for(plan_for("medicare_original"))[0]
    days = [b.words for b in letter.blocks if isinstance(b, Paragraph) and b.role == "day"]
    assert days == [(Span("Tuesday, November 24, 2026"),)]


def test_the_name_of_a_letter_names_no_illness():
    names = {each["id"] for each in KNOWLEDGE.section("conditions")}
    groups = {each["group"] for each in KNOWLEDGE.section("conditions")} - {"Mental health"}
    ids = {letter.id for _, letter in every_letter()}
    assert [name for name in ids if any(word in name for word in names - {"mental_health"})] == []
    assert [name for name in ids if any(word in name for word in groups)] == []


def test_the_two_wordings_offer_the_same_letters():
    for coverage in COVERAGES:
        own = {each.id for each in letters_for(plan_for(coverage, role="patient"))}
        other = {each.id for each in letters_for(plan_for(coverage, role="advocate"))}
        assert {name for name in other if "representative" not in name} == own


# The person's own words


@given(st.text(max_size=200))
def test_what_stands_on_one_line_stays_on_one_line(typed):
    line = one_line(typed)
    assert len((line + "x").splitlines()) == 1
    assert line == one_line(line)


@given(st.text(max_size=200))
def test_lines_are_those_a_person_typed_without_the_empty_ones(typed):
    assert all(line and line == one_line(line) for line in lines(typed))
    assert "".join(one_line(typed).split()) == "".join("".join(lines(typed)).split())


@given(st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=80))
def test_a_word_is_taken_as_it_was_typed(typed):
    assert one_line(typed) == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Rosa\nLopez", "Rosa Lopez"),
        ("  Rosa \t Lopez\r\n", "Rosa Lopez"),
        ("Rosa\x00\x1b[31m", "Rosa[31m"),
        ("\u202eRosa", "Rosa"),
        ("Jose\u0301", "Jose\u0301"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\ud800Rosa\uffff", "Rosa"),
        ("<b>=1+1&", "<b>=1+1&"),
        ("{my} [member_id]", "{my} [member_id]"),
        ("", ""),
    ],
)
def test_only_what_breaks_a_line_or_a_file_is_taken_out(typed, kept):
    assert one_line(typed) == kept


HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "{my}",
        "[member_id]",
        "\r\nBEGIN:VEVENT",
        "%s{0}",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(TYPED), HOSTILE))
def test_whatever_is_typed_stays_text_in_its_place(words):
    plan = plan_for("individual_aca", **SITUATIONS["gap"])
    for empty, letter in zip(letters_for(plan), letters_for(plan, Notes(words)), strict=True):
        rest = [b for b in letter.blocks if isinstance(b, Items | Heading | Table | ToWrite)]
        assert len(rest) == len([b for b in empty.blocks if not isinstance(b, Paragraph)])
        for span in spans(letter):
            assert len((span.text + "x").splitlines()) == 1
        for name, typed in words.items():
            if one_line(typed) and any(missing.id == name for missing in empty.missing):
                assert not any(missing.id == name for missing in letter.missing)


def test_a_blank_in_what_was_typed_is_not_filled():
    letter = letters_for(plan_for("medicare_original"), Notes({"my_name": "[my_phone] {my}"}))[0]
    assert Span("[my_phone] {my}") in list(spans(letter))


def test_a_long_answer_becomes_one_paragraph_for_each_line():
    notes = Notes({"question": "Is it right?\n\nIs surgery first?"})
    plan = plan_for("medicare_advantage_hmo")
    (letter,) = (each for each in letters_for(plan, notes) if each.id == "referral_request")
    own = [block.words for block in letter.blocks if isinstance(block, Paragraph)]
    assert (Span("Is it right?"),) in own
    assert (Span("Is surgery first?"),) in own


def test_a_day_is_written_in_words_and_other_words_stay_as_they_are():
    notes = Notes({"my_birth_day": "1950-04-02"})
    letter = letters_for(plan_for("medicare_original"), notes)[0]
    assert "born Sunday, April 2, 1950" in said(letter)
    free = Notes({"my_birth_day": "spring of 1950"})
    assert "born spring of 1950" in said(letters_for(plan_for("medicare_original"), free)[0])


def test_the_date_of_the_plan_wins_over_a_date_typed_before():
    plan = plan_for("individual_aca", **SITUATIONS["refused"])
    (letter,) = (
        each for each in letters_for(plan, Notes({"denial_day": "2025-01-01"}))
        if each.id == "appeal.private"
    )  # fmt: skip
    assert "Sunday, November 1, 2026" in said(letter)
    assert "2025" not in said(letter)


@settings(max_examples=60, deadline=None)
@given(any_answers())
def test_any_answers_give_papers(answers):
    plan = build_plan(read_case(answers), DAY)
    papers = (*letters_for(plan), *call_sheets(plan), second_look(plan))
    assert len({paper.id for paper in papers}) == len(papers)
    assert all(paper.blocks for paper in papers)


def test_without_any_answer_the_records_can_be_asked_for():
    assert {letter.id for letter in letters_for(build_plan(read_case({}), DAY))} == FOR_RECORDS


# The form for the blanks


def test_a_form_asks_for_each_blank_once():
    plan = plan_for("individual_aca", **SITUATIONS["gap"])
    names = [blank.id for blank in blanks_for(letters_for(plan))]
    assert len(names) == len(set(names))
    missing = {each.id for letter in letters_for(plan) for each in letter.missing}
    assert missing - set(names) == {"network_calls"}


def test_a_form_asks_for_what_belongs_together_in_one_place():
    plan = plan_for("individual_aca", role="caregiver", **SITUATIONS["gap"])
    papers = (*letters_for(plan), second_look(plan))
    groups = [blank.group for blank in blanks_for(papers)]
    runs = [group for n, group in enumerate(groups) if n == 0 or groups[n - 1] != group]
    assert len(runs) == len(set(runs))
    assert runs[0] == "you"


def test_a_helper_is_asked_for_both_names_and_a_patient_for_one():
    def asked(role: str) -> set[str]:
        return {each.id for each in blanks_for(letters_for(plan_for("champva", role=role)))}

    assert {"my_name", "patient_name", "relation"} <= asked("caregiver")
    assert asked("patient") & {"patient_name", "relation", "patient_birth_day"} == set()


def test_the_browser_may_fill_in_only_what_is_the_writers_own():
    filled = {name for name, blank in BLANKS.items() if "autocomplete" in blank}
    assert {name for name in filled if not name.startswith("my_")} == {"state"}


# Calls


@pytest.mark.parametrize("coverage", COVERAGES)
def test_a_page_for_a_call_has_few_questions(coverage):
    for sheet in call_sheets(plan_for(coverage, **SITUATIONS["after"])):
        asked = [block for block in sheet.blocks if isinstance(block, Items)]
        assert all(len(block.items) <= 8 for block in asked)


@pytest.mark.parametrize("coverage", COVERAGES)
def test_the_call_to_the_plan_says_what_the_answer_says(coverage):
    plan = plan_for(coverage)
    (sheet,) = (each for each in call_sheets(plan) if each.id.startswith("call_insurer"))
    assert plan.verdict.say_on_phone in said(sheet)


def test_every_call_leaves_room_for_the_answer():
    for sheet in call_sheets(plan_for("individual_aca", in_network_specialist="no_one")):
        room = [block for block in sheet.blocks if isinstance(block, ToWrite | Table)]
        assert room, sheet.id


def test_a_call_that_was_made_stands_on_its_page_and_on_no_other():
    notes = Notes(calls=(Call("insurer", DAY, "Plan", "Lee", "Z-9", "will call back\nsoon"),))
    sheets = {sheet.id: said(sheet) for sheet in call_sheets(plan_for("champva"), notes)}
    assert "will call back soon" in sheets.pop("call_insurer")
    assert [name for name, words in sheets.items() if "Z-9" in words] == []


def test_a_log_has_its_columns_in_order():
    notes = Notes(calls=(Call("network_doctor", DAY, "Lake Clinic", "Kim", "A-1", "no"),))
    plan = plan_for("individual_aca", in_network_specialist="no_one")
    (letter,) = (each for each in letters_for(plan, notes) if each.id == "gap_exception")
    log = table_of(letter)
    assert log.header == ("Day", "Office", "Who answered", "Reference number", "Answer")
    assert log.rows == (("Tuesday, November 24, 2026", "Lake Clinic", "Kim", "A-1", "no"),)


# After the visit


def test_the_two_opinions_stand_side_by_side():
    notes = Notes({"first_diagnosis": "Stage II\nleft side", "second_diagnosis": "Stage I"})
    paper = second_look(plan_for("medicare_original", stage="after"), notes)
    assert table_of(paper).rows[0] == ("Diagnosis", "Stage II left side", "Stage I")


def test_what_was_not_written_down_is_left_open():
    paper = second_look(plan_for("medicare_original", stage="after"))
    assert {cell for row in table_of(paper).rows for cell in row[1:]} == {""}
    assert len(paper.missing) == 2 * len(table_of(paper).rows)


@pytest.mark.parametrize("coverage", COVERAGES)
def test_the_third_opinion_is_answered_as_in_the_plan(coverage):
    plan = plan_for(coverage, stage="after")
    words = said(second_look(plan))
    third = plan.third_opinion
    assert [
        part for part in (third.heading, third.text, *third.conditions) if part not in words
    ] == []


@pytest.mark.parametrize(
    ("differ", "wanted", "unwanted"),
    [
        (True, "If the two differ", "If the two agree"),
        (False, "If the two agree", "If the two differ"),
    ],
)
def test_only_what_happened_is_explained(differ, wanted, unwanted):
    plan = plan_for("medicare_original", opinion="third", opinions_differ=differ)
    words = said(second_look(plan))
    assert wanted in words
    assert unwanted not in words


def test_while_nobody_has_said_it_both_are_explained():
    words = said(second_look(plan_for("medicare_original", stage="after")))
    assert "If the two agree" in words
    assert "If the two differ" in words
