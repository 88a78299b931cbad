"""What every plan promises, whoever asks and on whatever day."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion import ActionPlan, Case, Knowledge, build_plan, load_knowledge, read_case
from secondopinion.knowledge import BASE
from secondopinion.model import Deadline, Verdict
from secondopinion.planner.costs import Share, share
from secondopinion.planner.lines import next_deadline
from secondopinion.planner.reading import dollars
from secondopinion.render import to_text

from .answers import any_answers

ROOT = Path(__file__).parent.parent
KNOWLEDGE = load_knowledge()
TODAY = date(2026, 11, 24)
COVERAGES = [str(answer) for answer in KNOWLEDGE.answers("coverage")]
STATES = [str(answer) for answer in KNOWLEDGE.answers("state")]
CONDITIONS = [str(answer) for answer in KNOWLEDGE.answers("condition")]
LOUDNESS = ("emergency", "fast", "caution", "note")

thorough = settings(max_examples=200, deadline=None, derandomize=True, database=None)


# Cases that anybody might bring


def days() -> st.SearchStrategy[date]:
    return st.dates(date(2024, 1, 1), date(2028, 12, 31))


def cases(**fixed: str) -> st.SearchStrategy[Case]:
    """Return cases with any answers, sensible together or not, apart from what is fixed."""
    return any_answers().map(lambda said: read_case(said | fixed))


def planned(on: date = TODAY, **said: Any) -> ActionPlan:
    return build_plan(read_case(said), on)


def deadlines(plan: ActionPlan) -> list[Deadline]:
    found = [step.deadline for step in plan.steps] + [level.file_by for level in plan.appeals]
    return [deadline for deadline in found if deadline]


def asked_about(plan: ActionPlan) -> Verdict:
    """Return the verdict on the opinion that the person wants."""
    return plan.third_opinion if plan.case.opinion == "third" else plan.verdict


# A small world with an invented law; the questions and the phrases are the workbook's own


def version(since: date = date(2020, 1, 1), **says: Any) -> dict[str, Any]:
    standing = {"cite": {"source": "example_code"}, "seen": "primary", "checked": TODAY}
    return {"since": since, **standing, **says}


def verdict(**says: Any) -> dict[str, Any]:
    words = {
        "answer": "covered",
        "text": "The example plan pays for a second opinion.",
        "say_on_phone": "Does my plan pay for a second opinion?",
    }
    history = [version(**(words | says))]
    return {
        "id": "example.second",
        "what": "a second opinion",
        "about": "second",
        "history": history,
    }


def appeal_within(*history: dict[str, Any]) -> dict[str, Any]:
    """Return a limit on appealing, and the advice that keeps to it."""
    limit = {
        "id": "example.file",
        "what": "time to appeal",
        "clock": "denial",
        "history": [*history],
    }
    step = {
        "id": "ask_again",
        "section": "denied",
        "title": "Ask your plan to look again",
        "body": "Write to the plan.",
        "due": "example.file",
    }
    return {"limits": [limit], "advice": [step]}


def shared(**says: Any) -> dict[str, Any]:
    """Return a rule on how the example plan shares the price."""
    words = {"share": "formula", "text": "You pay your share of the price."}
    rule = version(**(words | says))
    return {"costs": [{"id": "example.share", "what": "who pays what", "history": [rule]}]}


World = Callable[..., Knowledge]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a way to make a world with one kind of insurance and the law it is given."""

    def make(**law: Any) -> Knowledge:
        for name in ("phrases", "questions", "facts"):
            shutil.copy(ROOT / "data" / f"{name}.yaml", tmp_path)
        plan = {
            "id": "example_plan",
            "name": "Example plan",
            "group": "Examples",
            "card": "A card with the word Example on it.",
            "explain": "It stands for all others.",
            "implies": {"program": "own", "network_asked": False, "network_matters": False},
        }
        code = {"id": "example_code", "title": "Example Code", "publisher": "Us", "kind": "primary"}
        notes = {**code, "id": "project_notes", "kind": "secondary"}
        entries = {"coverages": [plan], "sources": [code, notes], **law}
        (tmp_path / "world.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")
        return load_knowledge(tmp_path)

    return make


def in_the_world(knowledge: Knowledge, on: date = TODAY, **said: Any) -> ActionPlan:
    case = read_case({"coverage": "example_plan", **said}, knowledge)
    return build_plan(case, on, knowledge)


# Whoever asks


@given(case=cases(), on=days())
@thorough
def test_a_plan_is_never_empty(case: Case, on: date):
    plan = build_plan(case, on)
    assert plan.verdict.heading
    assert plan.verdict.say_on_phone
    assert all((plan.steps, plan.records, plan.talking_points, plan.contacts, plan.notices))


def test_somebody_who_has_said_nothing_gets_a_plan_too():
    plan = build_plan(Case(), TODAY)
    assert plan.verdict.answer == "ask"
    assert "Find out which insurance you have" in to_text(plan)


@pytest.mark.parametrize("coverage", COVERAGES)
@pytest.mark.parametrize("stage", [None, *KNOWLEDGE.answers("stage")])
def test_every_kind_of_insurance_has_a_verdict_of_its_own(coverage: str, stage: str | None):
    plan = planned(coverage=coverage, stage=stage)
    assert plan.verdict.rule


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_illness_has_its_own_papers_and_questions(condition: str):
    plan = planned(condition=condition)
    own = f"condition.{condition}."
    assert any(record.id.startswith(own) for record in plan.records)
    assert any(point.id.startswith(own) for point in plan.talking_points)


@given(case=cases(), on=days())
@thorough
def test_covered_is_only_said_on_the_official_text_and_a_recent_look(case: Case, on: date):
    plan = build_plan(case, on)
    sure = [each for each in (plan.verdict, plan.third_opinion) if each.answer == "covered"]
    assert all(each.seen == "primary" and each.freshness != "stale" for each in sure)
    assert all(each.sources for each in sure)


@given(case=cases(stage="denied"), on=days())
@thorough
def test_a_last_day_comes_after_the_letter_and_a_safe_day_not_after_the_last(case: Case, on: date):
    for deadline in deadlines(build_plan(case, on)):
        letter = case.events[deadline.trigger]
        assert letter < deadline.date
        assert letter <= deadline.safe_date <= deadline.date


@given(said=any_answers(), on=days(), chance=st.randoms(use_true_random=False))
@thorough
def test_it_does_not_matter_in_which_order_the_questions_were_answered(
    said: dict[str, Any], on: date, chance: Any
):
    keys = list(said)
    chance.shuffle(keys)
    other = {
        key: dict(reversed(said[key].items())) if key in ("events", "costs") else said[key]
        for key in keys
    }
    assert build_plan(read_case(other), on) == build_plan(read_case(said), on)


@given(case=cases(), on=days())
@thorough
def test_the_same_case_on_the_same_day_has_the_same_plan(case: Case, on: date):
    assert build_plan(case, on) == build_plan(case, on)


@given(case=cases(), others=st.lists(st.tuples(cases(), days()), max_size=3), on=days())
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
def test_what_others_asked_before_does_not_show(
    case: Case, others: list[tuple[Case, date]], on: date
):
    text = (ROOT / "secondopinion" / BASE).read_text(encoding="utf-8")
    used = Knowledge(text)
    for other, day in others:
        build_plan(other, day, used)
    assert build_plan(case, on, used) == build_plan(case, on, Knowledge(text))


@given(case=cases(), on=days())
@thorough
def test_every_line_says_where_it_comes_from(case: Case, on: date):
    plan = build_plan(case, on)
    lines: list[Any] = [*plan.steps, *plan.records, *plan.talking_points, *plan.contacts]
    assert [line.id for line in [*lines, *plan.appeals] if not line.sources] == []


@given(case=cases(), on=days())
@thorough
def test_a_place_or_a_study_says_where_to_read_more(case: Case, on: date):
    plan = build_plan(case, on)
    found: list[Any] = [*plan.places, *plan.evidence]
    assert [each.id for each in found if not each.url] == []


@given(case=cases(), on=days())
@thorough
def test_a_warning_stands_on_a_source_or_on_the_answers_themselves(case: Case, on: date):
    warnings = build_plan(case, on).warnings
    bare = [warning.id for warning in warnings if not warning.sources]
    assert [name for name in bare if not name.startswith("case.")] == []


@given(case=cases(), on=days())
@thorough
def test_the_loudest_warning_comes_first(case: Case, on: date):
    levels = [LOUDNESS.index(warning.level) for warning in build_plan(case, on).warnings]
    assert levels == sorted(levels)


@pytest.mark.parametrize("coverage", [None, *COVERAGES])
def test_an_emergency_is_the_first_thing_the_plan_says(coverage: str | None):
    plan = planned(coverage=coverage, recommended="emergency")
    assert plan.warnings[0].level == "emergency"


@pytest.mark.parametrize(
    "condition", [name for name in CONDITIONS if "emergency" in KNOWLEDGE.condition(name)]
)
def test_an_illness_that_can_become_an_emergency_says_so_first(condition: str):
    emergency = KNOWLEDGE.condition(condition)["emergency"]
    loudest = [
        line.text for line in planned(condition=condition).warnings if line.level == LOUDNESS[0]
    ]
    assert emergency in loudest


def unconfirmed_phones() -> set[str]:
    """Return the numbers that nobody has confirmed anywhere."""
    contacts = [contact for contact in KNOWLEDGE.section("contacts") if "phone" in contact]
    sure = {each["phone"] for each in contacts if each["phone_seen"] != "unverified"}
    return {each["phone"] for each in contacts} - sure


@given(case=cases(), on=days())
@thorough
def test_a_phone_number_nobody_has_confirmed_is_never_printed(case: Case, on: date):
    text = to_text(build_plan(case, on))
    assert [number for number in unconfirmed_phones() if number in text] == []


# Which year's money


def figures(year: int) -> Iterator[str]:
    """Yield the amounts in force in a year that a visit may cost, and not those of an appeal."""
    appealed = {level.get("amount") for level in KNOWLEDGE.section("appeals")}
    for rule in KNOWLEDGE.rules("amounts"):
        now = rule.at(date(year, 6, 1))
        if now and "usd" in now.says and rule.id not in appealed:
            yield dollars(Decimal(now.says["usd"]))


@pytest.mark.parametrize("coverage", COVERAGES)
def test_a_visit_in_2027_is_never_told_an_amount_of_2026(coverage: str):
    words = to_text(planned(coverage=coverage, events={"appointment": "2027-03-02"})).split()
    said = {word.strip(".,;:()") for word in words}
    assert said.isdisjoint(set(figures(2026)) - set(figures(2027)))


def test_an_amount_we_do_not_know_for_the_year_of_the_visit_is_a_gap_that_names_the_year():
    plan = planned(coverage="medicare_original", events={"appointment": "2027-03-02"})
    assert any("2027" in gap and "deductible" in gap for gap in plan.gaps)


def test_an_amount_of_a_year_not_known_costs_a_wider_range(world: World):
    amount = {"id": "example.deductible", "what": "deductible of the year"}
    history = [version(date(2026, 1, 1), until=date(2026, 12, 31), usd=100)]
    law = shared(deductible="example.deductible") | {"amounts": [{**amount, "history": history}]}
    knowledge = world(**law)
    own = {"visit_price": 400, "coinsurance": 0, "copay": 0}
    this_year = in_the_world(knowledge, costs=own)
    next_year = in_the_world(knowledge, costs=own, events={"appointment": "2027-03-02"})
    assert this_year.cost
    assert next_year.cost
    assert (str(this_year.cost.high), str(next_year.cost.high)) == ("100.00", "400.00")


# How old our knowledge is


@pytest.mark.parametrize(
    ("days_ago", "freshness", "answer"),
    [
        (0, "fresh", "covered"),
        (180, "fresh", "covered"),
        (181, "due", "covered"),
        (360, "due", "covered"),
        (361, "stale", "ask"),
    ],
)
def test_an_answer_looked_up_long_ago_counts_for_less(
    world: World, days_ago: int, freshness: str, answer: str
):
    knowledge = world(verdicts=[verdict(checked=TODAY - timedelta(days=days_ago))])
    found = in_the_world(knowledge).verdict
    assert (found.freshness, found.answer) == (freshness, answer)


def test_an_answer_that_is_due_for_a_look_says_so(world: World):
    knowledge = world(verdicts=[verdict(checked=TODAY - timedelta(days=181))])
    assert "It is time to check this again" in in_the_world(knowledge).verdict.certainty


@pytest.mark.parametrize(
    ("seen", "answer"), [("primary", "covered"), ("secondary", "covered_if"), ("unverified", "ask")]
)
def test_an_answer_is_only_as_sure_as_what_was_read(world: World, seen: str, answer: str):
    knowledge = world(verdicts=[verdict(seen=seen)])
    assert in_the_world(knowledge).verdict.answer == answer


def test_a_limit_not_looked_at_for_a_year_gives_no_date(world: World):
    old = version(days=60, checked=TODAY - timedelta(days=361))
    plan = in_the_world(
        world(**appeal_within(old)), stage="denied", events={"denial": "2026-11-02"}
    )
    assert deadlines(plan) == []
    assert any("we show no date" in gap for gap in plan.gaps)


def test_the_day_to_check_again_is_half_a_year_after_the_oldest_look(world: World):
    knowledge = world(verdicts=[verdict(checked=date(2026, 6, 1))])
    assert in_the_world(knowledge).check_again == date(2026, 6, 1) + timedelta(days=180)


# Which day's law

AN_AMENDMENT = (version(days=60), version(date(2025, 1, 1), days=65))


def due(plan: ActionPlan) -> date:
    return deadlines(plan)[0].date


def test_an_amendment_does_not_move_a_clock_already_running(world: World):
    knowledge = world(**appeal_within(*AN_AMENDMENT))
    denied = {"stage": "denied", "events": {"denial": "2024-12-20"}}
    before = in_the_world(knowledge, date(2024, 12, 31), **denied)
    after = in_the_world(knowledge, date(2025, 1, 2), **denied)
    assert due(before) == due(after) == date(2025, 2, 18)


def test_a_clock_started_after_an_amendment_runs_under_it(world: World):
    knowledge = world(**appeal_within(*AN_AMENDMENT))
    plan = in_the_world(
        knowledge, date(2025, 1, 20), stage="denied", events={"denial": "2025-01-02"}
    )
    assert due(plan) == date(2025, 3, 8)


def test_a_step_whose_rule_is_not_in_force_becomes_a_gap(world: World):
    knowledge = world(**appeal_within(version(date(2025, 1, 1), days=65)))
    plan = in_the_world(knowledge, date(2024, 6, 1))
    assert "ask_again" not in {step.id for step in plan.steps}
    assert any("Ask your plan to look again" in gap for gap in plan.gaps)


def test_a_verdict_whose_rule_has_ended_is_a_question_and_a_gap(world: World):
    knowledge = world(verdicts=[verdict(until=date(2025, 12, 31))])
    plan = in_the_world(knowledge)
    assert plan.verdict.answer == "ask"
    assert any("a second opinion" in gap for gap in plan.gaps)


# Whose law


@pytest.mark.parametrize("state", STATES)
def test_state_law_never_reaches_a_self_funded_plan(state: str):
    said: dict[str, Any] = {"coverage": "employer_self_funded_erisa", "stage": "denied"}
    here, elsewhere = planned(state=state, **said), planned(state="WY", **said)
    assert here.verdict == elsewhere.verdict
    assert here.requirements == elsewhere.requirements
    assert here.appeals == elsewhere.appeals
    assert here.steps == elsewhere.steps


def test_a_self_funded_plan_in_a_state_with_a_law_hears_why_that_law_does_not_count():
    text = to_text(planned(coverage="employer_self_funded_erisa", state="CA"))
    assert "California has a law about second opinions, but it does not count" in text
    assert "ERISA keeps state insurance law away from such plans" in text


def test_an_insured_plan_in_the_same_state_hears_of_that_law():
    insured = planned(coverage="employer_fully_insured", state="CA")
    elsewhere = planned(coverage="employer_fully_insured", state="WY")
    assert insured.verdict.rule != elsewhere.verdict.rule


# What another answer would change


@given(case=cases(), on=days())
@thorough
def test_what_would_change_the_answer_does_change_it(case: Case, on: date):
    plan = build_plan(case, on)
    for change in plan.would_change:
        then = build_plan(case._replace(**{change.fact: change.answer}), on)  # type: ignore[arg-type]
        assert asked_about(then).answer != asked_about(plan).answer
        assert asked_about(then).heading in change.effect


@given(case=cases(), on=days())
@thorough
def test_what_was_answered_already_is_not_among_what_would_change(case: Case, on: date):
    facts = {change.fact for change in build_plan(case, on).would_change}
    assert facts.isdisjoint(case.known())


# What it costs


def costs(plan: ActionPlan) -> tuple[str, str]:
    assert plan.cost
    return str(plan.cost.low), str(plan.cost.high)


PRICE_400 = {
    "visit_price": 400,
    "deductible_left": 283,
    "copay": 0,
    "coinsurance": 20,
    "out_of_pocket_left": 5000,
}


def test_the_deductible_comes_first_and_the_share_is_of_the_rest():
    plan = planned(coverage="medicare_original", recommended="surgery", costs=PRICE_400)
    assert costs(plan) == ("306.40", "306.40")


def test_the_working_shows_each_part_of_the_sum():
    plan = planned(coverage="medicare_original", recommended="surgery", costs=PRICE_400)
    assert plan.cost
    working = " ".join(plan.cost.working)
    assert [
        part for part in ("$283", "20%", "$117", "$23.40", "$306.40") if part not in working
    ] == []


def test_what_is_left_until_the_yearly_maximum_is_the_most_to_pay(world: World):
    knowledge = world(**shared())
    plan = in_the_world(knowledge, costs=PRICE_400 | {"out_of_pocket_left": 250})
    assert costs(plan) == ("250.00", "250.00")


def test_a_rule_that_takes_no_share_costs_nothing(world: World):
    knowledge = world(**shared(share="none"))
    assert costs(in_the_world(knowledge)) == ("0.00", "0.00")


def test_a_rule_that_leaves_the_whole_price_costs_the_whole_price(world: World):
    knowledge = world(**shared(share="full"))
    assert costs(in_the_world(knowledge, costs={"visit_price": 612.5})) == ("612.50", "612.50")


def test_without_the_price_there_is_no_figure_but_a_question(world: World):
    plan = in_the_world(world(**shared()))
    assert plan.cost is None
    assert any("price of the visit" in gap for gap in plan.gaps)


def test_without_any_rule_on_cost_the_plan_says_that_it_does_not_know(world: World):
    plan = in_the_world(world(), costs=PRICE_400)
    assert plan.cost is None
    assert any("shares the cost" in gap for gap in plan.gaps)


def test_a_price_that_is_all_we_know_may_cost_anything_up_to_it(world: World):
    plan = in_the_world(world(**shared()), costs={"visit_price": 400})
    assert costs(plan) == ("0.00", "400.00")


@pytest.mark.parametrize("left_out", ["deductible_left", "copay", "coinsurance"])
def test_a_number_left_open_widens_the_range_and_is_asked_for(world: World, left_out: str):
    knowledge = world(**shared())
    known = {"visit_price": 400, "deductible_left": 100, "copay": 30, "coinsurance": 20}
    whole = in_the_world(knowledge, costs=known).cost
    part = in_the_world(knowledge, costs={**known, left_out: None}).cost
    assert whole
    assert part
    assert part.low <= whole.low <= whole.high <= part.high
    assert part.unknown == (knowledge.named("questions", f"costs.{left_out}")["text"],)


@given(case=cases(), on=days())
@thorough
def test_a_cost_lies_between_nothing_and_the_price_in_whole_cents(case: Case, on: date):
    cost = build_plan(case, on).cost
    if cost is not None:
        assert 0 <= cost.low <= cost.high <= case.costs.get("visit_price", 0)
        assert {cost.low.as_tuple().exponent, cost.high.as_tuple().exponent} == {-2}


sums = st.decimals(0, 100_000, places=2)


@given(price=sums, deductible=sums, percent=st.decimals(0, 100, places=1), copay=sums)
@thorough
def test_the_parts_of_a_share_add_up_to_it_or_to_the_price(
    price: Decimal, deductible: Decimal, percent: Decimal, copay: Decimal
):
    parts = share(price, deductible, percent, copay)
    assert parts.total == min(price, parts.deductible + parts.coinsurance + parts.copay)


def test_half_a_cent_is_rounded_up():
    assert share(Decimal("0.10"), Decimal(0), Decimal(5), Decimal(0)) == Share(
        Decimal(0), Decimal("0.01"), Decimal(0), Decimal("0.01")
    )


def test_money_is_shown_as_it_is_counted_half_a_cent_up(world: World):
    plan = in_the_world(world(**shared(share="full")), costs={"visit_price": "400.005"})
    assert costs(plan) == ("400.01", "400.01")
    assert plan.cost
    assert "$400.01" in plan.cost.working[0]


@pytest.mark.parametrize("how", ["none", "full", "formula"])
def test_a_rule_on_cost_not_looked_at_for_a_year_gives_no_figure(world: World, how: str):
    old = shared(share=how, checked=TODAY - timedelta(days=361))
    plan = in_the_world(world(**old), costs=PRICE_400)
    assert plan.cost is None
    assert any("shares the cost" in gap for gap in plan.gaps)


# Two people, one process


def own_ladder(**says: Any) -> dict[str, Any]:
    """Return a rung that cites its own source and names no limit on asking."""
    standing = {"cite": {"source": "example_code"}, "seen": "primary", "checked": TODAY}
    words = {"name": "Look again", "decider": "Your plan", "how": "Write to the plan."}
    return {"id": "example.1", "level": 1, **words, **standing, **says}


def test_a_first_no_upheld_for_one_person_is_not_behind_the_next(world: World):
    knowledge = world(appeals=[own_ladder()])
    upheld = in_the_world(knowledge, stage="denied", first_denial_upheld=True)
    fresh = in_the_world(knowledge, stage="denied")
    assert (upheld.appeals[0].behind, fresh.appeals[0].behind) == (True, False)


def a_time_to_decide(*history: dict[str, Any]) -> dict[str, Any]:
    limit = {"id": "example.decide", "what": "time to decide", "history": [*history]}
    return {
        "limits": [limit],
        "appeals": [own_ladder(decide={"standard": "example.decide"})],
    }


def test_a_time_to_decide_is_that_of_the_day_whoever_asked_before(world: World):
    knowledge = world(**a_time_to_decide(version(days=60), version(date(2025, 1, 1), days=30)))
    before = in_the_world(knowledge, on=date(2024, 6, 1)).appeals[0]
    now = in_the_world(knowledge).appeals[0]
    assert before.decide_within == {"standard": "60 days"}
    assert now.decide_within == {"standard": "30 days"}


def test_a_time_to_decide_shows_its_source_and_how_well_we_know_it(world: World):
    cite = {"source": "project_notes"}
    rung = in_the_world(
        world(**a_time_to_decide(version(days=30, cite=cite, seen="unverified")))
    ).appeals[0]
    assert [source.id for source in rung.sources] == ["example_code", "project_notes"]
    assert rung.seen == "unverified"


# What an answer brings in


def test_a_fact_that_a_state_brings_in_counts_though_another_insurance_could_bring_it_in_too(
    world: World,
):
    standing = {"cite": {"source": "example_code"}, "seen": "primary", "checked": TODAY}
    named = {"name": "Example", "group": "Examples", "card": "A card.", "explain": "It is one."}
    own = {"id": "example_plan", "implies": {}, **named}
    other = {"id": "other_plan", "implies": {"external_review": "hhs"}, **named}
    state = {"id": "TX", "name": "Texas", "implies": {"external_review": "state"}, **standing}
    warning = {"id": "review", "level": "caution", "text": "The state reviews.", **standing}
    knowledge = world(
        coverages=[own, other],
        states=[state],
        warnings=[{**warning, "when": {"external_review": ["state"]}}],
    )
    plan = in_the_world(knowledge, state="TX")
    assert "review" in {each.id for each in plan.warnings}


def test_a_requirement_too_old_to_free_anybody_does_not_say_that_it_does(world: World):
    text, checked = "You need no referral.", TODAY - timedelta(days=361)
    old = version(answer="not_required", text=text, checked=checked)
    rule = {"id": "example.referral", "what": "a referral", "about": "referral", "history": [old]}
    needs = in_the_world(world(requirements=[rule])).requirements
    assert needs.referral == "ask"
    assert needs.texts["referral"] == KNOWLEDGE.say("requirement.referral.unknown")


# Which day comes first


def test_the_next_day_is_the_one_whose_safe_day_comes_first():
    words = ("denial", "Counted.", False, False, "primary", (), "example.file")
    soon = Deadline(date(2026, 5, 10), date(2026, 5, 1), *words)  # type: ignore[arg-type]
    late = Deadline(date(2026, 5, 8), date(2026, 5, 7), *words)  # type: ignore[arg-type]
    assert next_deadline([late, None, soon]) == soon
