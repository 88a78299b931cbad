"""Answers become a case; what we do not understand is refused with what to write instead."""

import random
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion import Case, UnknownAnswer, build_plan, load_knowledge, read_case
from secondopinion.intake import asked_only, conditions_named, questions_for

from .answers import any_answers

ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)
DEEP: list[Any] = []
for _ in range(10_000):
    DEEP = [DEEP]


def refusal(answers: Any) -> str:
    """Return what a person reads when their case is not understood."""
    with pytest.raises(UnknownAnswer) as refused:
        read_case(answers)
    return str(refused.value)


def asked(**answers: Any) -> list[str]:
    return [question["id"] for question in questions_for(read_case(answers))]


def test_no_answers_make_an_open_case():
    assert read_case({}) == Case()


def test_an_answer_left_empty_is_an_open_fact():
    assert read_case({"coverage": None, "events": {"denial": None}}) == Case()


def test_an_unknown_key_is_named_with_the_key_that_was_meant():
    said = refusal({"coverge": "fehb"})
    assert said == "coverge is not something we ask; did you mean coverage?"


def test_an_unknown_key_like_no_other_comes_with_all_that_we_ask():
    said = refusal({"zzz": "fehb"})
    assert all(name in said for name in Case._fields)


def test_an_unknown_event_is_named_with_the_event_that_was_meant():
    said = refusal({"events": {"denail": "2026-03-02"}})
    assert said == "events.denail is not something we ask; did you mean events.denial?"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("medicaid", "medicaid_managed_care or medicaid_ffs"),
        (
            "medicare_advantge",
            ", ".join(f"medicare_advantage_{kind}" for kind in ("hmo", "ppo", "pffs"))
            + " or medicare_advantage_snp",
        ),
        ("employer_selffunded", "employer_self_funded_erisa"),
    ],
)
def test_every_insurance_that_may_have_been_meant_is_named(given: str, meant: str):
    assert f"(did you mean {meant}?); use one of: " in refusal({"coverage": given})


def test_no_insurance_is_suggested_where_many_begin_so():
    assert "did you mean" not in refusal({"coverage": "medicare"})


def test_an_unknown_answer_is_named_with_the_answer_that_was_meant():
    said = refusal({"network_type": "hmoo"})
    assert said.startswith("network_type cannot be 'hmoo' (did you mean hmo?); ")


@pytest.mark.parametrize(
    "fact",
    [
        question["id"]
        for question in load_knowledge().section("questions")
        if question["kind"] in ("choice", "choices")
    ],
)
def test_an_unknown_answer_comes_with_every_answer_allowed(fact):
    allowed = ", ".join(map(str, load_knowledge().answers(fact)))
    assert refusal({fact: "no such answer"}).endswith(f"use one of: {allowed}")


def test_all_that_we_do_not_understand_is_told_at_once():
    said = refusal(
        {
            "coverge": "fehb",
            "stage": "appealing",
            "urgent": "yes",
            "events": {"denial": "March 2", "visit": "2026-03-02"},
            "costs": {"copay": -5},
        }
    )
    assert [line.split()[0] for line in said.splitlines()] == [
        "coverge", "stage", "urgent", "events.denial", "events.visit", "costs.copay",
    ]  # fmt: skip


def test_what_is_right_is_not_complained_about():
    assert "coverage" not in refusal({"coverage": "fehb", "stage": "appealing"})


@pytest.mark.parametrize("answers", [None, "coverage: fehb", ["coverage"], 7, Case()])
def test_what_is_no_list_of_names_and_values_is_refused(answers):
    assert refusal(answers) == (
        "a case is a list of names and values, such as coverage: medicare_original"
    )


@pytest.mark.parametrize("answer", [True, False])
def test_true_and_false_are_the_answers_to_a_yes_or_no_question(answer):
    assert read_case({"urgent": answer}).urgent is answer


@pytest.mark.parametrize(
    "answer", ["true", "True", "yes", "no", 1, 0, 1.0, Decimal("sNaN"), [True]]
)
def test_nothing_else_is_taken_for_true_or_false(answer):
    assert refusal({"urgent": answer}).endswith("use one of: true, false")


def test_false_is_not_the_same_as_open():
    assert read_case({"urgent": False}) != Case()


@pytest.mark.parametrize("answer", [1, True, ["hmo"], {"hmo": 1}])
def test_an_answer_of_another_kind_is_refused(answer):
    assert "use one of: hmo" in refusal({"network_type": answer})


def test_one_reason_may_stand_without_a_list():
    assert read_case({"reasons": "why.confirm"}).reasons == ("why.confirm",)


def test_several_reasons_are_kept_in_the_order_given():
    answers = {"reasons": ["why.complex", "why.confirm"]}
    assert read_case(answers).reasons == ("why.complex", "why.confirm")


@pytest.mark.parametrize("reasons", [{"why.confirm": True}, 7])
def test_reasons_that_are_no_list_are_refused_with_how_to_write_one(reasons):
    assert refusal({"reasons": reasons}) == "reasons is a list; write [why.confirm]"


@pytest.mark.parametrize("group", [["denial"], "denial", 7])
def test_a_group_that_has_no_names_is_refused_with_the_names(group):
    assert "use one of: events.denial, events.final_denial" in refusal({"events": group})


@pytest.mark.parametrize("day", ["2026-03-02", date(2026, 3, 2)])
def test_a_day_is_read_as_text_or_as_a_day(day):
    assert read_case({"events": {"denial": day}}).events == {"denial": date(2026, 3, 2)}


@pytest.mark.parametrize(
    "day",
    ["2026-02-30", "03/02/2026", "2026-3-2", "March 2", "", 20260302, True, "9999-12-31",
     date(1, 1, 1), "2026-03-02T00:00", datetime(2026, 3, 2, tzinfo=UTC), ["2026-03-02"]],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_how_to_write_one(day):
    said = refusal({"events": {"denial": day}})
    assert said.startswith("events.denial is ")
    assert said.endswith("write it as 2026-03-02")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (283, "283"),
        (283.1, "283.1"),
        ("174.70", "174.70"),
        (" 400 ", "400"),
        (0, "0"),
        (Decimal("0.10"), "0.10"),
        (10_000_000, "10000000"),
    ],
)
def test_money_is_kept_to_the_digit(written, meant):
    price = read_case({"costs": {"visit_price": written}}).costs["visit_price"]
    assert (type(price), str(price)) == (Decimal, meant)


@pytest.mark.parametrize(
    "price",
    [-1, "-0.01", "-0", float("nan"), float("inf"), "NaN", "sNaN", "Infinity", 10_000_001, 10**30,
     pytest.param(10**5000, id="5000 digits"), "1e3", "1E-999999999", 1e300, "1_000", "1,000",
     "$400", "four hundred", "", True, [400], {"low": 1}, "٤٠٠", "0.1234567"],
)  # fmt: skip
def test_what_is_no_sum_of_money_is_refused_with_how_to_write_one(price):
    said = refusal({"costs": {"visit_price": price}})
    assert said.startswith("costs.visit_price is ")
    assert said.endswith("write a number from 0 to 10,000,000, such as 283 or 174.70")


def test_a_percentage_ends_at_100():
    assert "write a number from 0 to 100" in refusal({"costs": {"coinsurance": 101}})


def test_a_long_answer_is_cut_short_in_the_complaint():
    assert len(refusal({"network_type": "h" * 10_000})) < 200


def test_network_type_is_asked_where_the_plan_may_have_any_network():
    assert "network_type" in asked(coverage="employer_fully_insured")


@pytest.mark.parametrize(
    "coverage", ["medicare_original", "medicare_advantage_hmo", "tricare_prime", "va_health_care"]
)
def test_network_type_is_not_asked_where_the_card_settles_it(coverage):
    assert "network_type" not in asked(coverage=coverage)


def test_network_type_is_not_asked_before_the_coverage_is_known():
    assert "network_type" not in asked()


def test_whether_two_opinions_differ_is_asked_only_for_a_third():
    opinions = load_knowledge().answers("opinion")
    assert [each for each in opinions if "opinions_differ" in asked(opinion=each)] == ["third"]


def test_the_date_of_a_denial_is_asked_only_of_those_denied():
    stages = load_knowledge().answers("stage")
    assert [each for each in stages if "events.denial" in asked(stage=each)] == ["denied"]


def test_questions_come_in_their_order():
    orders = [question["order"] for question in questions_for(read_case({"stage": "denied"}))]
    assert orders == sorted(orders)


def test_coverage_is_the_first_question():
    assert asked()[0] == "coverage"


def test_an_answer_to_a_question_not_asked_any_more_is_set_aside():
    case = read_case({"opinion": "second", "opinions_differ": True})
    assert asked_only(case) == read_case({"opinion": "second"})


def test_a_day_that_is_not_asked_any_more_is_set_aside():
    case = read_case({"stage": "deciding", "events": {"denial": "2026-03-02"}})
    assert asked_only(case) == read_case({"stage": "deciding"})


def test_what_hangs_on_an_answer_set_aside_is_set_aside_too():
    case = read_case(
        {
            "stage": "deciding",
            "first_denial_upheld": True,
            "events": {"final_denial": "2026-03-02"},
        }
    )
    assert asked_only(case) == read_case({"stage": "deciding"})


def test_an_answer_counts_again_when_its_question_comes_back():
    case = read_case({"opinion": "second", "opinions_differ": True})
    assert asked_only(case._replace(opinion="third")).opinions_differ is True


@given(any_answers())
@settings(deadline=None)
def test_setting_aside_twice_changes_nothing_more(answers: dict[str, Any]):
    once = asked_only(read_case(answers))
    assert asked_only(once) == once


@given(any_answers())
@settings(deadline=None)
def test_every_answer_that_is_kept_was_asked_for(answers: dict[str, Any]):
    case = asked_only(read_case(answers))
    known = {*case.known(), *(f"events.{name}" for name in case.events)}
    known |= {f"costs.{name}" for name in case.costs}
    assert known <= {question["id"] for question in questions_for(case)}


@given(any_answers())
@settings(deadline=None)
def test_setting_aside_never_changes_an_answer(answers: dict[str, Any]):
    case = read_case(answers)
    kept = asked_only(case)
    assert kept.known().items() <= case.known().items()
    assert kept.events.items() <= case.events.items()
    assert kept.costs.items() <= case.costs.items()


@given(any_answers(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_answers_does_not_matter(answers: dict[str, Any], chance: random.Random):
    def mixed(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        shuffled = list(pairs)
        chance.shuffle(shuffled)
        return {key: mixed(v.items()) if isinstance(v, dict) else v for key, v in shuffled}

    assert read_case(mixed(answers.items())) == read_case(answers)


@given(any_answers(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_reasons_changes_nothing_in_the_plan(
    answers: dict[str, Any], chance: random.Random
):
    case = read_case(answers)
    mixed = case._replace(reasons=tuple(chance.sample(case.reasons, len(case.reasons))))
    plans = [build_plan(each, date(2026, 11, 24)) for each in (case, mixed)]
    first, second = (plan._replace(case=case, labels={}) for plan in plans)
    assert first == second


names = st.sampled_from([*Case._fields, "denial", "visit_price", "coinsurance", "appointment"])
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.binary()
    | names
    | st.sampled_from(["hmo", "fehb", "2026-03-02", "174.70", "why.confirm"]),
    lambda inner: st.lists(inner) | st.dictionaries(names | st.text() | st.integers(), inner),
)


@given(st.dictionaries(names | st.text() | st.integers(), anything))
@settings(deadline=None)
def test_whatever_is_given_is_understood_or_refused_in_words(answers: dict[Any, Any]):
    with suppress(UnknownAnswer):
        assert isinstance(read_case(answers), Case)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"coverage": 10**5000}, id="an endless number"),
        pytest.param({10**5000: 1}, id="an endless number as a key"),
        pytest.param({"events": {10**5000: "2026-03-02"}}, id="an endless number as an event"),
        pytest.param({"reasons": ENDLESS}, id="a list within itself"),
        pytest.param({"coverage": DEEP}, id="a list of lists of lists"),
        pytest.param({"reasons": [DEEP]}, id="a reason of lists of lists"),
    ],
)
def test_what_cannot_even_be_printed_is_refused_in_words(answers):
    assert "use one of: " in refusal(answers) or "did you mean" in refusal(answers)


@given(any_answers())
@settings(deadline=None)
def test_every_answer_that_we_offer_is_understood(answers: dict[str, Any]):
    case = read_case(answers)
    assert {**case.events, **case.costs} == {
        **answers.get("events", {}),
        **answers.get("costs", {}),
    }


@pytest.mark.parametrize(
    ("typed", "condition"),
    [
        ("clogged arteries", "heart_disease"),
        ("slipped disc", "spine_surgery"),
        ("blood cancer", "acute_leukemia"),
        ("lump in the breast", "breast_cancer"),
        ("sugar", "diabetes"),
        ("womb removal", "gyn_surgery"),
        ("Breast cancer", "breast_cancer"),
    ],
)
def test_an_illness_is_found_by_the_name_that_people_use(typed, condition):
    assert condition in conditions_named(typed)


@pytest.mark.parametrize("typed", ["  CLOGGED   Arteries ", "clogged\tarteries"])
def test_capitals_and_spaces_do_not_matter_in_a_name(typed):
    assert conditions_named(typed) == conditions_named("clogged arteries")


def test_a_part_of_a_name_finds_every_illness_it_fits():
    found = conditions_named("cancer")
    assert {"breast_cancer", "pediatric_cancer"} <= set(found)


def test_a_whole_name_finds_its_own_illness_alone():
    assert conditions_named("Breast cancer") == ["breast_cancer"]


@pytest.mark.parametrize("typed", ["", "   ", "no such illness"])
def test_what_names_no_illness_finds_none(typed):
    assert conditions_named(typed) == []


@pytest.mark.parametrize("condition", load_knowledge().answers("condition"))
def test_every_illness_is_found_by_its_own_name(condition):
    assert condition in conditions_named(load_knowledge().label("condition", condition))


def test_a_key_that_could_steer_a_terminal_is_shown_but_not_sent_to_it():
    with pytest.raises(UnknownAnswer) as refusal:
        read_case({"\x1b[2Jstage": "denied"})
    assert str(refusal.value).isprintable()
