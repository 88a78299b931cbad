"""The form, filled in as a person fills it in: by changing the value of a field."""

import logging
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import secondopinion
from secondopinion import Case, Knowledge, build_plan, load_knowledge
from secondopinion.render import to_html
from secondopinion.widgets import Form, RuleBook, plan_form

KNOWLEDGE = load_knowledge()
TODAY = date(2026, 11, 24)
DENIAL = date(2026, 11, 2)
QUESTIONS = {question["id"]: question for question in KNOWLEDGE.section("questions")}
NOTHING = ""  # what a list or a text field holds before somebody answers


@pytest.fixture
def form() -> Form:
    """Return the workbook as it opens."""
    return plan_form(TODAY)


def answer(form: Form, **answers: object) -> None:
    """Answer questions one after another; a dot in a name is written as two underscores."""
    for name, value in answers.items():
        form.fields[name.replace("__", ".")].widget.value = value


def tick(form: Form, reason: str, *, on: bool = True) -> None:
    reasons = form.fields["reasons"].widget
    others = [one for one in reasons.value if one != reason]
    reasons.value = [*others, reason] if on else others


def is_asked(form: Form, name: str) -> bool:
    return bool(form.fields[name].layout.display != "none")


def said_under(form: Form, name: str) -> str:
    """Return the words under a question: what is wrong with its answer, or its help."""
    field = form.fields[name]
    return re.sub(r"<[^>]+>", " ", field.note.value)


# Opening it


def test_the_form_opens_with_a_plan_for_somebody_who_has_said_nothing(form: Form):
    assert form.plan.value == to_html(build_plan(Case(), TODAY))


def test_every_question_says_what_it_asks(form: Form):
    said = {
        name: field.widget.legend if name == "reasons" else field.widget.description
        for name, field in form.fields.items()
    }
    assert [name for name, words in said.items() if QUESTIONS[name]["text"] not in words] == []


def test_nothing_is_answered_when_the_form_opens(form: Form):
    assert form.case == Case()


# Each answer


def test_the_plan_follows_an_answer(form: Form):
    answer(form, coverage="medicare_original", recommended="surgery")
    assert "Yes, a second opinion is covered" in form.plan.value


def test_an_answer_taken_back_is_not_in_the_plan_any_more(form: Form):
    before = form.plan.value
    answer(form, coverage="medicare_original")
    answer(form, coverage=NOTHING)
    assert form.plan.value == before


def test_the_plan_on_the_screen_is_the_plan_for_the_case(form: Form):
    answer(form, coverage="medicare_advantage_hmo", stage="denied", events__denial=DENIAL)
    case = Case(coverage="medicare_advantage_hmo", stage="denied", events={"denial": DENIAL})
    assert form.plan.value == to_html(build_plan(case, TODAY))


def test_a_letter_that_said_no_has_a_day_to_appeal_by(form: Form):
    answer(form, coverage="medicare_advantage_hmo", stage="denied", events__denial=DENIAL)
    assert "Thursday, December 31, 2026" in form.plan.value
    assert "Wednesday, January 6, 2027" in form.plan.value


def test_any_number_of_reasons_can_be_ticked(form: Form):
    tick(form, "why.confirm")
    tick(form, "why.peace_of_mind")
    assert form.case.reasons == ("why.confirm", "why.peace_of_mind")


def test_a_reason_can_be_unticked(form: Form):
    tick(form, "why.confirm")
    tick(form, "why.confirm", on=False)
    assert form.case.reasons == ()


def test_a_kind_of_insurance_stands_under_its_heading(form: Form):
    kind = KNOWLEDGE.named("coverages", "tricare_prime")
    labels = {value: label for label, value in form.fields["coverage"].widget.options}
    assert labels["tricare_prime"].startswith(kind["group"])
    assert labels["tricare_prime"].endswith(kind["name"])


def test_kinds_of_insurance_under_one_heading_stand_together(form: Form):
    kinds = [value for _, value in form.fields["coverage"].widget.options if value != NOTHING]
    headings = [KNOWLEDGE.named("coverages", str(kind))["group"] for kind in kinds]
    changes = [now for before, now in pairwise([None, *headings]) if now != before]
    assert len(changes) == len(set(headings))


def test_the_chosen_insurance_says_what_its_card_looks_like(form: Form):
    answer(form, coverage="medicare_original")
    assert "Your card is red, white and blue" in said_under(form, "coverage")


# Which questions are asked


def test_a_question_appears_when_it_matters(form: Form):
    assert not is_asked(form, "denied")
    answer(form, stage="denied")
    assert is_asked(form, "denied")


def test_a_question_goes_when_it_does_not_matter_any_more(form: Form):
    answer(form, stage="denied")
    answer(form, stage="arranging")
    assert not is_asked(form, "denied")


def test_a_hidden_answer_does_not_count(form: Form):
    answer(form, stage="denied", denied="claim")
    answer(form, stage="arranging")
    assert form.case.denied is None


def test_a_hidden_answer_comes_back_with_its_question(form: Form):
    answer(form, stage="denied", denied="claim", events__denial=DENIAL)
    answer(form, stage="arranging")
    answer(form, stage="denied")
    assert form.case.denied == "claim"
    assert form.case.events == {"denial": DENIAL}


def test_a_question_behind_a_hidden_one_is_hidden_too(form: Form):
    answer(form, stage="denied", first_denial_upheld=True)
    assert is_asked(form, "events.final_denial")
    answer(form, stage="waiting")
    assert not is_asked(form, "events.final_denial")


def test_a_heading_shows_only_with_one_of_its_questions(form: Form):
    shown = {section for section, each in form.headings.items() if each.layout.display != "none"}
    asked = {QUESTIONS[name]["section"] for name in form.fields if is_asked(form, name)}
    assert shown == asked


@pytest.mark.parametrize("coverage", KNOWLEDGE.answers("coverage"))
def test_every_kind_of_insurance_can_be_chosen(form: Form, coverage: str):
    answer(form, coverage=coverage)
    assert form.case.coverage == coverage


# Numbers


def test_a_number_may_be_written_as_people_write_it(form: Form):
    answer(form, costs__visit_price=" $1,250.50 ")
    assert str(form.case.costs["visit_price"]) == "1250.50"


def test_a_number_we_cannot_read_says_so(form: Form):
    answer(form, costs__visit_price="about 400")
    assert "Please write a number" in said_under(form, "costs.visit_price")


def test_a_number_we_cannot_read_keeps_everything_else(form: Form):
    answer(form, coverage="medicare_original", recommended="surgery", costs__deductible_left="100")
    answer(form, costs__visit_price="about 400")
    assert form.case.coverage == "medicare_original"
    assert form.fields["costs.deductible_left"].answer == "100"
    assert "Yes, a second opinion is covered" in form.plan.value


def test_a_number_we_cannot_read_stays_where_it_was_typed(form: Form):
    answer(form, costs__visit_price="about 400")
    assert form.fields["costs.visit_price"].widget.value == "about 400"


def test_a_number_put_right_takes_the_complaint_away(form: Form):
    answer(form, costs__visit_price="about 400")
    answer(form, costs__visit_price="400")
    assert "alert" not in form.fields["costs.visit_price"].note.value


def test_a_share_of_more_than_everything_is_no_number(form: Form):
    answer(form, coverage="employer_fully_insured", costs__coinsurance="120")
    assert "Please write a number" in said_under(form, "costs.coinsurance")


# Illnesses


@pytest.mark.parametrize(
    ("typed", "condition"),
    [
        ("DCIS", "breast_cancer"),
        ("dcis ", "breast_cancer"),
        ("Breast cancer (including DCIS)", "breast_cancer"),
        ("mastectomy", "breast_cancer"),
        ("back", "spine_surgery"),
    ],
)
def test_an_illness_is_found_by_any_of_its_names(form: Form, typed: str, condition: str):
    answer(form, condition=typed)
    assert form.case.condition == condition


def test_an_illness_that_was_found_is_named_in_full(form: Form):
    answer(form, condition="DCIS")
    assert "Breast cancer (including DCIS)" in said_under(form, "condition")


def test_a_name_that_fits_two_illnesses_offers_both(form: Form):
    answer(form, condition="leukemia")
    offered = said_under(form, "condition")
    assert form.case.condition is None
    assert KNOWLEDGE.label("condition", "acute_leukemia") in offered
    assert KNOWLEDGE.label("condition", "chronic_leukemia_mds") in offered


def test_a_name_we_do_not_know_says_so(form: Form):
    answer(form, condition="the dropsy")
    assert "We do not know this name" in said_under(form, "condition")
    assert form.case.condition is None


def test_every_illness_can_be_picked_by_its_name(form: Form):
    for condition in KNOWLEDGE.answers("condition"):
        answer(form, condition=KNOWLEDGE.label("condition", condition))
        assert form.case.condition == condition


# When something goes wrong on our side

DIAGNOSIS = "metastatic"


def view_that_fails_on_surgery(case: Case) -> str:
    """Stand for a mistake of ours that strikes on one answer, and whose message holds it."""
    if case.recommended == "surgery":
        message = f"{DIAGNOSIS} {case.recommended}"
        raise RuntimeError(message)
    return "all is well"


@pytest.fixture
def failing() -> Form:
    """Return a form that breaks on one answer."""
    return Form(view_that_fails_on_surgery)


def test_a_mistake_of_ours_is_an_apology_and_no_traceback(failing: Form):
    answer(failing, recommended="surgery")
    assert "Something went wrong on our side. Your answers are still here." in failing.plan.value
    assert "Traceback" not in failing.plan.value
    assert DIAGNOSIS not in failing.plan.value


def test_after_a_mistake_of_ours_the_answers_are_still_there(failing: Form):
    answer(failing, coverage="medicare_original", recommended="surgery")
    assert failing.fields["recommended"].widget.value == "surgery"
    assert failing.case.coverage == "medicare_original"


def test_after_a_mistake_of_ours_another_answer_shows_the_plan_again(failing: Form):
    answer(failing, recommended="surgery")
    answer(failing, recommended="test")
    assert failing.plan.value == "all is well"


def test_the_log_says_where_it_went_wrong(failing: Form, caplog: pytest.LogCaptureFixture):
    answer(failing, recommended="surgery")
    assert "RuntimeError at " in caplog.text
    assert "test_widgets.py" in caplog.text


def test_the_log_holds_no_answer(failing: Form, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    answer(failing, condition="DCIS", costs__visit_price="98765", recommended="surgery")
    answer(failing, costs__copay="about 12345")
    told = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    marks = (DIAGNOSIS, "surgery", "DCIS", "breast_cancer", "98765", "12345")
    assert caplog.records
    assert [mark for mark in marks if mark in told] == []


def test_one_observer_reads_the_whole_form():
    package = Path(secondopinion.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    assert len(re.findall(r"\.(?:observe|on_click|link|jslink|dlink)\(", code)) == 1


# Other doorways


def test_the_rule_book_shows_the_rules_of_its_day():
    book = RuleBook(date(2026, 6, 1))
    assert "$283" in book.plan.value
    book.day.value = date(2025, 6, 1)
    assert "$257" in book.plan.value
    assert "$283" not in book.plan.value


def test_the_rule_book_can_show_one_kind_of_insurance():
    book = RuleBook(TODAY)
    book.coverage.value = "tricare_prime"
    assert "tricare_prime.second_opinion" in book.plan.value
    assert "medicare_original.second_opinion" not in book.plan.value


def test_the_rule_book_without_a_day_shows_nothing():
    book = RuleBook(TODAY)
    book.day.value = None
    assert book.plan.value == ""


def test_the_form_can_stand_on_another_knowledge_base():
    text = (Path(secondopinion.__file__).parent / "base.jsonl").read_text(encoding="utf-8")
    other = Knowledge(text.replace("Original Medicare", "First Medicare"))
    form = plan_form(TODAY, other)
    answer(form, coverage="medicare_original")
    assert "First Medicare" in form.plan.value
