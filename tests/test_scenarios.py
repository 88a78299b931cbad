"""One case beside many: what is varied, what differs, what it stands on, and the files of it."""

import csv
import io
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import secondopinion
from secondopinion import Case, Knowledge, build_plan, load_knowledge, read_case
from secondopinion.intake import asked_only
from secondopinion.scenarios import (
    DEADLINE,
    Comparison,
    View,
    choices,
    compare,
    comparison,
    comparison_html,
    export_csv,
    export_xlsx,
    facts_to_vary,
    heat_map,
    how_many,
    map_of,
    situations,
    verdicts,
)
from secondopinion.scenarios.charts import cost_chart, round_figures
from secondopinion.scenarios.heat import alike_together
from secondopinion.scenarios.lines import PARTS
from secondopinion.scenarios.timeline import timeline
from secondopinion.widgets import Scenarios

KNOWLEDGE = load_knowledge()
DAY = date(2026, 11, 24)
LETTER = date(2026, 11, 2)
COVERAGES = KNOWLEDGE.answers("coverage")
FACTS = [fact.id for fact in facts_to_vary()]
QUESTIONS = [fact for fact in FACTS if fact != DEADLINE]
ARRANGING = Case(coverage="medicare_advantage_hmo", recommended="surgery", state="TX")
DENIED = read_case(
    {
        "coverage": "medicare_advantage_hmo",
        "condition": "breast_cancer",
        "state": "TX",
        "recommended": "surgery",
        "stage": "denied",
        "denied": "prior_authorization",
        "events": {"denial": LETTER},
        "costs": {"visit_price": "400", "deductible_left": "283"},
    }
)
NOT_ASKED = "Not asked for this case"

answers = st.sampled_from(QUESTIONS).flatmap(
    lambda fact: st.tuples(st.just(fact), st.sampled_from(KNOWLEDGE.answers(fact)))
)
"""Any answer to any question that can be varied."""
cases = st.dictionaries(st.sampled_from(QUESTIONS), st.integers(0, 60), max_size=8).map(
    lambda picked: Case(**{fact: any_answer(fact, number) for fact, number in picked.items()})
)
"""Any case, without days and costs."""


def any_answer(fact: str, number: int) -> Any:
    offered = KNOWLEDGE.answers(fact)
    return offered[number % len(offered)]


def compared(*facts: str, case: Case = DENIED, **options: Any) -> Comparison:
    return compare(case, facts or ("coverage",), DAY, **options)


def line_of(found: Comparison, *labels: str) -> Any:
    [line] = [line for line in found.lines if line.labels == labels]
    return line


def page_of(*facts: str, case: Case = DENIED, **options: Any) -> str:
    return comparison_html(compared(*facts, case=case), **options)


def plain(html: str) -> str:
    text = re.sub(r"<style>.*?</style>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# What is varied


def test_varying_the_insurance_gives_a_line_for_every_kind_in_the_order_of_the_form():
    labels = [line.labels for line in compared("coverage").lines]
    assert labels == [(KNOWLEDGE.label("coverage", kind),) for kind in COVERAGES]


def test_every_question_with_a_choice_can_be_varied_and_so_can_the_days():
    asked = {
        question["id"]
        for question in KNOWLEDGE.section("questions")
        if question["kind"] in {"choice", "yes_no"} and question["id"] != "language"
    }
    assert set(FACTS) == asked | {DEADLINE}


def test_what_can_be_varied_stands_under_each_heading_once():
    headings = [fact.heading for fact in facts_to_vary()]
    assert len(set(headings)) == sum(
        now != before for before, now in zip([None, *headings], headings, strict=False)
    )


def test_a_question_that_is_not_asked_gives_one_line_that_says_so():
    original = Case(coverage="medicare_original")
    [line] = compared("network_type", case=original).lines
    assert line.labels == (NOT_ASKED,)


def test_two_things_varied_give_each_situation_once():
    found = compared("coverage", "network_type").lines
    seen = [(line.plan.case.coverage, line.plan.case.network_type) for line in found]
    assert len(seen) == len(set(seen))
    assert ("individual_aca", "ppo") in seen
    assert ("medicare_original", None) in seen


def test_a_question_that_another_one_brings_up_can_be_varied_before_it():
    labels = [each.labels for each in situations(ARRANGING, ("denied", "stage"), DAY)]
    assert ("A referral to another doctor", "My plan said no") in labels
    assert (NOT_ASKED, "I am setting it up") in labels


def test_only_the_answers_that_were_picked_are_compared():
    picked = {"coverage": ["tricare_prime", "medicare_original"]}
    kinds = [line.plan.case.coverage for line in compared("coverage", only=picked).lines]
    assert kinds == ["medicare_original", "tricare_prime"]


def test_how_many_lines_two_things_may_make_is_known_beforehand():
    assert how_many(("coverage", "urgent")) == 2 * len(COVERAGES)
    assert how_many(("coverage",), only={"coverage": ["tricare_prime"]}) == 1


@given(case=cases, fact=st.sampled_from(QUESTIONS))
@settings(max_examples=25, deadline=None)
def test_a_line_is_the_plan_of_the_same_person_with_another_answer(case: Case, fact: str):
    others: list[Case] = []
    for answer in KNOWLEDGE.answers(fact):
        other = asked_only(case._replace(**{fact: answer}), KNOWLEDGE)  # type: ignore[arg-type]
        others += [other] if other not in others else []
    plans = [line.plan for line in compared(fact, case=case).lines]
    assert plans == [build_plan(other, DAY) for other in others]


# Days met and missed


def test_days_to_act_by_are_met_nearly_missed_and_missed():
    found = {line.labels[0]: line.plan.as_of for line in compared(DEADLINE).lines}
    assert found == {
        "On time": DAY,
        "The safe day has passed": date(2027, 1, 1),
        "The last day has passed": date(2027, 1, 7),
    }


def test_without_a_letter_there_is_no_day_to_miss():
    [line] = compared(DEADLINE, case=ARRANGING).lines
    assert line.labels == ("No day to act by yet",)


@given(
    coverage=st.sampled_from(COVERAGES),
    letter=st.dates(date(2025, 1, 1), date(2027, 6, 30)),
    today=st.dates(date(2026, 1, 1), date(2027, 6, 30)),
)
@settings(max_examples=80, deadline=None)
def test_each_day_stands_where_its_name_says(coverage: str, letter: date, today: date):
    case = DENIED._replace(coverage=coverage, events={"denial": letter})
    early = build_plan(asked_only(case, KNOWLEDGE), letter)
    days = [level.file_by for level in early.appeals if level.file_by and not level.behind]
    days += [step.deadline for step in early.steps if step.deadline]
    for line in compare(case, [DEADLINE], today).lines:
        as_of = line.plan.as_of
        if line.labels == ("On time",):
            assert any(as_of <= day.safe_date for day in days)
        if line.labels == ("The safe day has passed",):
            assert any(day.safe_date < as_of <= day.date for day in days)
        if line.labels == ("The last day has passed",):
            assert any(day.date < as_of for day in days)


def test_a_missed_day_says_so_and_what_is_still_possible():
    page = plain(page_of(DEADLINE))
    assert "The last day, Jan 6, 2027, has passed." in page
    assert "good cause" in page


def test_a_line_seen_on_another_day_says_on_which():
    assert "seen on Jan 7, 2027" in plain(page_of(DEADLINE))


# What differs


def test_the_line_with_the_answer_of_the_base_case_differs_in_nothing():
    line = line_of(compared(), "Medicare Advantage HMO")
    assert line.differs == frozenset()
    assert (line.more, line.fewer) == ((), ())


def test_original_medicare_differs_in_its_verdict_and_in_what_it_asks():
    line = line_of(compared(), "Original Medicare")
    assert {"verdict", "referral", "network", "deadline"} <= line.differs
    assert "third_opinion" not in line.differs


def test_the_steps_that_differ_are_named_from_both_sides():
    line = line_of(compared(), "Original Medicare")
    base, other = compared().base.plan, line.plan
    assert {step.id for step in line.more} == ids(other.steps) - ids(base.steps)
    assert {step.id for step in line.fewer} == ids(base.steps) - ids(other.steps)
    assert line.more
    assert line.fewer


def ids(steps: Any) -> set[str]:
    return {step.id for step in steps}


@given(case=cases, fact=st.sampled_from(QUESTIONS))
@settings(max_examples=40, deadline=None)
def test_a_line_whose_plan_is_that_of_the_base_case_never_differs(case: Case, fact: str):
    found = compared(fact, case=case)
    same = [line for line in found.lines if line.plan.case == found.base.plan.case]
    assert all(not line.differs for line in same)


def test_what_differs_is_marked_with_a_word_and_not_by_color_alone():
    cells = re.findall(r'<td class="[^"]*so-other">(.*?)</td>', page_of())
    assert cells
    assert all("differs" in cell for cell in cells)


def test_the_base_case_comes_first_and_says_that_it_is_the_base_case():
    table = plain(page_of().partition("<tbody>")[2])
    assert table.startswith("Base case Medicare Advantage HMO")


def test_lines_that_say_the_same_as_the_base_case_can_be_left_out():
    shown = page_of(view=View(differing_only=True))
    labels = re.findall(r'<tr class="so-line">\s*<th scope="row">(.*?)</th>', shown)
    assert "Original Medicare" in labels
    assert "Medicare Advantage HMO" not in labels


# The table of pandas


def test_the_table_names_the_answers_in_its_index_and_the_parts_in_its_columns():
    table = comparison(DENIED, ["coverage"], DAY)
    assert table.index.name == "coverage"
    assert {"verdict", "cost_low", "cost_high", "next_deadline", "safe_date", "steps"} <= set(table)
    assert len(table) == len(COVERAGES)


def test_the_table_of_two_facts_has_two_levels():
    table = comparison(DENIED, ["coverage", "urgent"], DAY)
    assert table.index.names == ["coverage", "urgent"]
    assert table.loc[("Original Medicare", "Yes"), "verdict"] == "covered"


def test_the_table_says_what_each_plan_says_to_the_cent_and_to_the_day():
    rows = comparison(DENIED, ["coverage"], DAY).to_dict("records")
    for line, row in zip(compared().lines, rows, strict=True):
        plan = line.plan
        assert row["verdict"] == plan.verdict.answer
        assert row["verdict_rule"] == (plan.verdict.rule or None)
        assert row["third_opinion"] == plan.third_opinion.answer
        assert row["referral"] == plan.requirements.referral
        assert (row["cost_low"], row["cost_high"]) == (plan.cost or (None, None))[:2]
        assert row["next_deadline"] == (line.due and line.due[1].date)
        assert row["safe_date"] == (line.due and line.due[1].safe_date)
        assert row["steps"] == len(plan.steps)


def test_money_in_the_table_is_exact_and_what_is_not_known_is_none():
    table = comparison(DENIED, ["coverage"], DAY)
    assert table.loc["Original Medicare", "cost_high"] == Decimal("306.40")
    assert table.loc["Indian Health Service or tribal clinic", "cost_high"] is None


# The map of answers


@given(
    case=cases, pair=st.permutations(QUESTIONS), numbers=st.tuples(st.integers(0), st.integers(0))
)
@settings(max_examples=40, deadline=None)
def test_a_square_of_the_map_is_the_verdict_of_the_plan(case: Case, pair: Any, numbers: Any):
    down, across = pair[:2]
    told = [any_answer(fact, number) for fact, number in zip(pair, numbers, strict=False)]
    only = {down: [told[0]], across: [told[1]]}
    [column] = heat_map(case, (down, across), DAY, only=only).columns
    other = asked_only(case._replace(**{down: told[0], across: told[1]}), KNOWLEDGE)
    plan = build_plan(other, DAY)
    verdict = plan.third_opinion if case.opinion == "third" else plan.verdict
    [square] = column.squares
    assert square.answer == verdict.answer
    assert (square.ground.rule if square.ground else "") == verdict.rule
    assert (square.ground.sources if square.ground else ()) == verdict.sources


def test_columns_that_read_the_same_all_the_way_down_share_one():
    whole = heat_map(DENIED, ("coverage", "condition"), DAY)
    [column] = alike_together(whole).columns
    assert sorted(column.labels) == sorted(label for each in whole.columns for label in each.labels)


def test_the_map_can_show_every_column_all_the_same():
    found = heat_map(DENIED, ("coverage", "state"), DAY)
    heads = [
        map_in(page_of_map(found, view=View(every_column=every))).count('<th scope="col">')
        for every in (False, True)
    ]
    assert heads[1] == len(KNOWLEDGE.answers("state")) + 2  # the insurance, and the rules
    assert heads[0] < heads[1] / 4


def map_in(page: str) -> str:
    return page.partition('<table class="so-table so-map">')[2].partition("</table>")[0]


def page_of_map(found: Any, **options: Any) -> str:
    few = {"coverage": ["tricare_prime"]}
    return comparison_html(compared(only=few), found, **options)


def test_a_case_about_a_third_opinion_draws_the_map_of_the_third():
    third = DENIED._replace(opinion="third")
    page = plain(page_of_map(heat_map(third, ("coverage", "recommended"), DAY)))
    assert "Map: is a third opinion covered?" in page


def test_every_square_says_its_verdict_in_words():
    page = page_of_map(
        heat_map(DENIED, ("coverage", "recommended"), DAY), view=View(every_column=True)
    )
    table = map_in(page)
    squares = re.findall(r'<td class="so-(covered|covered_if|ask|not_covered)">(.*?)</td>', table)
    said = {name: KNOWLEDGE.say(f"scenarios.answer.{name}") for name, _ in squares}
    assert len(squares) == len(COVERAGES) * len(KNOWLEDGE.answers("recommended"))
    assert all(words == said[name] for name, words in squares)


def test_every_row_of_the_map_names_the_rules_that_decide_along_it():
    found = heat_map(DENIED, ("coverage", "recommended"), DAY)
    page = page_of_map(found)
    rules = {ground.rule for row in range(len(found.rows)) for ground in found.grounds(row)}
    assert rules
    assert all(f"<code>{rule}</code>" in page for rule in rules)


def test_the_map_is_drawn_over_what_is_varied():
    assert map_of(("coverage", "state"), "recommended") == ("coverage", "state")
    assert map_of(("state",), "recommended") == ("state", "recommended")


def test_days_draw_no_map_so_the_insurance_takes_their_place():
    assert map_of((DEADLINE,), "recommended") == ("recommended", "coverage")


def test_the_map_as_a_table_has_an_answer_in_every_square():
    table = verdicts(DENIED, ("coverage", "recommended"), DAY)
    assert table.shape == (len(COVERAGES), len(KNOWLEDGE.answers("recommended")))
    assert table.loc["Original Medicare", "Surgery"] == "covered"


# What it stands on


def test_every_part_that_a_rule_decides_names_the_rule_its_source_and_the_day_we_looked():
    page = plain(page_of())
    assert "medicare_original.second_opinion.surgery" in page
    assert "Medicare Benefit Policy Manual" in page
    assert re.search(r"checked 2026-\d\d-\d\d", page)


@pytest.mark.parametrize("coverage", COVERAGES)
def test_a_rule_behind_a_line_is_the_rule_of_its_plan(coverage: str):
    [line] = compared(only={"coverage": [coverage]}).lines
    plan, grounds = line.plan, line.grounds
    said = {part: ground.rule for part, ground in grounds.items()}
    expected = {
        "verdict": plan.verdict.rule,
        "third_opinion": plan.third_opinion.rule,
        **plan.requirements.rules,
        "cost": plan.cost_rule.rule if plan.cost_rule else "",
        "deadline": line.due[1].rule if line.due else "",
    }
    assert said == {part: rule for part, rule in expected.items() if rule}
    assert grounds["verdict"].sources == plan.verdict.sources


def test_every_rule_that_a_line_names_is_listed_with_its_links():
    found = compared()
    listed = comparison_html(found).partition('<dl class="so-rules">')[2]
    rules = {ground.rule for line in found.lines for ground in line.grounds.values()}
    links = {
        source.url
        for line in found.lines
        for ground in line.grounds.values()
        for source in ground.sources
        if source.url
    }
    assert all(f"<code>{rule}</code>" in listed for rule in rules)
    assert {link for link in links if f'href="{link}"' not in listed.replace("&amp;", "&")} == set()


# Pictures


def test_a_bar_runs_from_the_least_to_the_most():
    chart = cost_chart(compared(), KNOWLEDGE)
    [bar] = [bar for bar in chart.bars if bar.whose == ("Original Medicare",)]
    assert bar.words in {"$80 to $306.40", "$306.40"}
    assert 0 <= float(bar.left) <= float(bar.left) + float(bar.width) <= 100


def test_lines_that_cost_the_same_share_a_bar_and_every_line_is_in_the_chart_once():
    found = compared()
    chart = cost_chart(found, KNOWLEDGE)
    named = [name for bar in chart.bars for name in bar.whose] + list(chart.without)
    assert sorted(named) == sorted(line.labels[0] for line in found.lines)
    assert len(chart.bars) < len(found.lines)


def test_without_a_price_the_chart_says_whose_cost_it_cannot_show():
    chart = cost_chart(compared(case=DENIED._replace(costs={})), KNOWLEDGE)
    assert "Original Medicare" in chart.without


@given(most=st.decimals(0, 10_000_000, places=2))
def test_the_figures_along_the_bottom_are_few_and_reach_over_the_highest(most: Decimal):
    figures = round_figures(most)
    assert figures[0] == 0
    assert figures[-1] >= most
    assert 2 <= len(figures) <= 6


@given(
    coverage=st.sampled_from(COVERAGES),
    letter=st.dates(date(1990, 1, 1), date(2060, 1, 1)),
)
@settings(max_examples=60, deadline=None)
def test_a_line_of_time_runs_from_the_letter_over_the_safe_day_to_the_last(coverage, letter):
    case = DENIED._replace(coverage=coverage, events={"denial": letter})
    picture = timeline(compared("urgent", "denied", case=case), KNOWLEDGE)
    for stretch, _ in picture.all:
        places = [float(place) for place in (stretch.begun, stretch.safe, stretch.last)]
        assert places == sorted(places)
        assert all(0 <= place <= 100 for place in [*places, float(stretch.today)])


def test_every_line_is_in_the_picture_of_days_or_named_below_it():
    found = compared()
    picture = timeline(found, KNOWLEDGE)
    named = [name for stretch in picture.stretches for name in stretch.whose] + list(
        picture.without
    )
    assert sorted(named) == sorted(line.labels[0] for line in found.lines)


def test_a_picture_says_its_days_in_words():
    page = plain(page_of())
    assert "Safe day Dec 31, 2026, last day Jan 6, 2027. Plan looks again" in page


# The page


def test_the_page_says_how_many_lines_have_which_answer():
    page = plain(page_of())
    assert "Lines compared: 47." in page
    counts = {line.plan.verdict.answer for line in compared().lines}
    assert all(KNOWLEDGE.say(f"scenarios.answer.{answer}") in page for answer in counts)


def test_the_page_runs_no_script_and_asks_nobody_for_anything():
    page = page_of(page=True)
    assert not re.search(r"<script|<img|<link|<iframe|@import|url\(|\son\w+=", page)


def test_a_base_case_of_nobody_can_be_compared_too():
    page = plain(page_of(case=Case()))
    assert "nothing chosen yet" in page
    assert "Left open" in page


# The files


def book_of(found: Comparison, **options: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(export_xlsx(found, **options)))


def test_the_excel_file_has_the_base_case_first_and_then_every_line():
    sheet = book_of(compared()).worksheets[0]
    names = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert names == ["Medicare Advantage HMO", *(line.labels[0] for line in compared().lines)]


def test_the_excel_file_holds_days_as_days_and_money_as_money():
    sheet = book_of(compared()).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "Original Medicare")
    assert row[heads.index("Cost, most")].value == 306.4
    assert row[heads.index("Safe day")].value.date() == date(2027, 3, 2)
    assert row[heads.index("Second opinion")].value == "Covered"


def test_what_differs_is_bold_in_the_excel_file_and_named_in_a_column():
    sheet = book_of(compared()).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "Original Medicare")
    assert row[heads.index("Second opinion")].font.bold
    assert not row[heads.index("Third opinion")].font.bold
    assert "Second opinion" in row[heads.index("Differs from the base case")].value


def test_the_excel_file_carries_the_base_case_and_the_rules_with_their_sources():
    book = book_of(compared())
    said = {cell.value for row in book.worksheets[1].iter_rows() for cell in row}
    assert {"Breast cancer (including DCIS)", "Texas"} <= said
    rules = {row[0].value for row in book.worksheets[2].iter_rows(min_row=2)}
    assert {ground.rule for ground in compared().base.grounds.values()} <= rules


def test_the_csv_file_says_the_same_in_words():
    rows = list(csv.DictReader(io.StringIO(export_csv(compared()).decode("utf-8-sig"))))
    row = next(row for row in rows if row["What insurance do you have?"] == "Original Medicare")
    assert row["Second opinion"] == "Covered"
    assert row["Safe day"] == "2027-03-02"
    assert row["Rule: second opinion"] == "medicare_original.second_opinion.surgery"


def test_a_text_that_would_act_in_a_spreadsheet_stays_a_text():
    text = (Path(secondopinion.__file__).parent / "base.jsonl").read_text(encoding="utf-8")
    other = Knowledge(text.replace('"name":"Original Medicare"', '"name":"=1+1"'))
    found = compare(DENIED, ["coverage"], DAY, other)
    sheet = book_of(found, knowledge=other).worksheets[0]
    assert [
        cell.data_type for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ] == []
    assert "'=1+1" in export_csv(found, other).decode("utf-8-sig")


# The instrument


@pytest.fixture(scope="module")
def instrument() -> Scenarios:
    """Return the scenarios with a base case filled in."""
    scenarios = Scenarios(DAY)
    fill_in(scenarios, coverage="medicare_advantage_hmo", recommended="surgery", stage="denied")
    scenarios.fields["events.denial"].widget.value = LETTER
    return scenarios


def fill_in(scenarios: Scenarios, **given: object) -> None:
    for name, value in given.items():
        scenarios.fields[name].widget.value = value


@pytest.mark.parametrize("fact", FACTS)
def test_everything_that_can_be_varied_gives_a_table(instrument: Scenarios, fact: str):
    instrument.controls.vary.value = fact
    assert instrument.knowledge.say("form.sorry") not in instrument.plan.value
    assert "The lines, one by one" in instrument.plan.value
    instrument.controls.vary.value = "coverage"


def test_a_second_thing_can_be_varied(instrument: Scenarios):
    instrument.controls.also.value = "urgent"
    assert "Lines compared: 94." in plain(instrument.plan.value)
    instrument.controls.also.value = ""
    assert "Lines compared: 47." in plain(instrument.plan.value)


def test_too_many_lines_are_not_shown_and_the_page_says_what_to_do(instrument: Scenarios):
    instrument.controls.also.value = "state"
    page = plain(instrument.plan.value)
    assert "too many to read" in page
    assert "Lines compared: 47." in page
    instrument.controls.only["coverage"].value = ["medicare_original"]
    assert "Lines compared: 56." in plain(instrument.plan.value)
    instrument.controls.only["coverage"].value = []
    instrument.controls.also.value = ""


def test_the_answers_to_keep_to_are_those_of_what_is_varied(instrument: Scenarios):
    instrument.controls.vary.value = "stage"
    assert instrument.controls.picked.children == (instrument.controls.only["stage"],)
    instrument.controls.vary.value = "coverage"
    assert instrument.controls.picked.children == (instrument.controls.only["coverage"],)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "html"])
def test_a_file_is_named_after_nothing_that_was_answered(instrument: Scenarios, kind: str):
    file = instrument.file(kind)
    assert file.name == f"side-by-side-{DAY}.{kind}"
    assert file.content


def test_the_table_on_the_screen_is_the_table_in_the_file(instrument: Scenarios):
    rows = list(csv.reader(io.StringIO(instrument.file("csv").content.decode("utf-8-sig"))))
    labels = re.findall(r'<tr class="so-line">\s*<th scope="row">(.*?)</th>', instrument.plan.value)
    assert [row[0] for row in rows[2:]] == [label.strip().replace("&#39;", "'") for label in labels]


def test_opening_the_scenarios_loads_no_pandas():
    script = (
        "import sys; from datetime import date; from secondopinion.widgets import Scenarios; "
        "Scenarios(date(2026, 11, 24)); print('pandas' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert run.stdout.strip() == "False"


def test_every_part_has_its_column():
    assert len(re.findall(r'<th scope="col">', page_of().partition("<tbody>")[0])) == 1 + len(PARTS)


def test_a_choice_is_offered_by_its_label():
    assert choices("stage")[0].label == "I am thinking about it"
