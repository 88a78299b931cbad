"""A table of cases in, the same table with what every plan says out: the same, to cent and day."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion import Case, UnknownAnswer, build_plan, read_case, screen
from secondopinion.planner.costs import OneFigure, Own, Terms, bounds
from secondopinion.planner.deadlines import count, ending
from secondopinion.planner.reading import Reading
from secondopinion.screening import look_over, problems_of
from secondopinion.screening.cells import in_frame
from secondopinion.screening.codes import Codebook
from secondopinion.screening.columns import FOR_A_FRAME
from secondopinion.screening.days import DAYS, EveryDay, day_number, day_numbered
from secondopinion.screening.likeness import Likeness
from secondopinion.screening.money import MILLIONTHS, Column, WholeColumns, whole
from secondopinion.screening.parts import parts_of_a_plan
from secondopinion.screening.pieces import each_piece
from secondopinion.screening.plans import Plans
from secondopinion.screening.prices import Cents, Prices
from secondopinion.screening.reading import Reader
from secondopinion.screening.spread import Rows, Spread
from secondopinion.screening.table import RESULTS

from .answers import any_answers
from .caseload import (
    KNOWLEDGE,
    QUESTIONS,
    Amount,
    any_cases,
    as_row,
    as_table,
    differing,
    each_row,
    told,
)

NOVEMBER = date(2026, 11, 24)
DENIED = {
    "coverage": "medicare_advantage_hmo",
    "recommended": "surgery",
    "stage": "denied",
    "denied": "prior_authorization",
    "events.denial": date(2026, 10, 2),
    "costs.visit_price": 400,
}


def table(*rows: dict[str, Any], **more: Any) -> pd.DataFrame:
    """Return rows as a table of whatever kinds of cells they hold."""
    return pd.DataFrame([{**row, **more} for row in rows], dtype=object)


def first(frame: pd.DataFrame) -> dict[str, Any]:
    return next(each_row(frame))


def answers(frame: pd.DataFrame) -> dict[str, Any]:
    """Return what the first row of a table gets, without what was asked."""
    row = first(screen(frame, NOVEMBER))
    return {name: row[name] for name in RESULTS}


def problems(frame: pd.DataFrame) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = problems_of(frame).to_dict("records")
    return found


# The same as one plan after the other

DAYS_TO_PLAN_FOR = (
    date(2024, 12, 31),  # before some laws
    date(2025, 1, 1),  # the day on which some begin
    date(2026, 3, 2),
    NOVEMBER,
    date(2026, 12, 31),
    date(2027, 5, 31),  # most facts want another look
    date(2028, 2, 29),  # most facts are stale
    date(2029, 7, 4),
)


@pytest.mark.parametrize("as_of", DAYS_TO_PLAN_FOR, ids=str)
def test_ten_thousand_cases_get_exactly_their_own_plans(as_of: date):
    cases = any_cases(10_000 // len(DAYS_TO_PLAN_FOR), seed=as_of.toordinal())
    assert differing(cases, screen(as_table(cases), as_of), as_of)[:1] == []


@given(
    st.lists(any_answers(), min_size=1, max_size=8), st.dates(date(2024, 1, 1), date(2028, 1, 1))
)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_a_few_cases_together_get_their_own_plans(said: list[dict[str, Any]], as_of: date):
    cases = [read_case(each) for each in said]
    assert differing(cases, screen(as_table(cases), as_of), as_of) == []


def _in_parts(most: int, parts: int, of_a_percent: int) -> Amount:
    """Return how to draw amounts up to so many dollars, and percentages, in parts of each."""

    def amount(draw: Random, kind: str) -> Decimal:
        limit, fine = (100, of_a_percent) if kind == "percent" else (most, parts)
        return Decimal(draw.choice([0, limit * fine, draw.randint(0, limit * fine)])) / fine

    return amount


COSTS = [name for name in QUESTIONS if name.startswith("costs.")]
AMOUNTS = {
    "a few thousand dollars": _in_parts(3_000, 1, 1),
    "the most cents that short numbers hold": _in_parts(214_748, 100, 1),
    "one dollar more": _in_parts(214_749, 100, 1),
    "cents, and parts of a percent": _in_parts(3_000, 100, 10),
    "cents, and the finest percentages": _in_parts(10**7, 100, 10**6),
    "the largest amounts": _in_parts(10**7, 1, 100),
    "parts of a cent": _in_parts(10**7, 10**6, 10**6),
}


@pytest.mark.parametrize("amount", AMOUNTS)
def test_amounts_of_every_size_come_out_to_the_cent(amount: str):
    cases = any_cases(700, 5, AMOUNTS[amount])
    assert differing(cases, screen(as_table(cases), NOVEMBER), NOVEMBER)[:1] == []


@pytest.mark.parametrize("amount", AMOUNTS)
def test_machine_code_says_what_is_said_without_it(amount: str):
    frame = as_table(any_cases(3_000, 15, AMOUNTS[amount]))
    assert screen(frame, NOVEMBER, compiled=True).equals(screen(frame, NOVEMBER))


@pytest.mark.parametrize("column", COSTS)
def test_machine_code_does_without_any_column(column: str):
    cases = any_cases(700, 16, AMOUNTS["a few thousand dollars"])
    frame = as_table(cases).drop(columns=column)
    assert screen(frame, NOVEMBER, compiled=True).equals(screen(frame, NOVEMBER))


def test_machine_code_works_a_table_of_several_pieces_out_to_the_last_row():
    frame = pd.concat([as_table(any_cases(500, 17, AMOUNTS["a few thousand dollars"]))] * 300)
    assert screen(frame, NOVEMBER, compiled=True).equals(screen(frame, NOVEMBER))


def test_who_asks_for_machine_code_without_numba_is_told_what_to_install(tmp_path: Path):
    (tmp_path / "numba.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'numba'\", name='numba')", encoding="utf-8"
    )
    asked = (
        "import datetime, pandas, secondopinion; secondopinion.screen("
        "pandas.DataFrame({'coverage': ['medicare_original']}), datetime.date(2026, 11, 24), "
        "compiled=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
        timeout=120,
        text=True,
    )
    assert done.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: numba is missing, and compiled=True needs it; "
        "run: pip install 'secondopinion[compiled]'"
    )


@pytest.mark.parametrize("kind", ["int16", "uint32", "int64", "float64"])
def test_amounts_come_out_to_the_cent_in_every_kind_of_column(kind: str):
    cases = any_cases(400, 6, AMOUNTS["a few thousand dollars"])
    known = {"visit_price": Decimal(1), "out_of_pocket_left": Decimal(900), "copay": Decimal(30)}
    cases = [case._replace(costs={**known, **case.costs}) for case in cases]
    kinds = {f"costs.{name}": kind for name in known}
    result = screen(as_table(cases).astype(kinds), NOVEMBER)
    assert differing(cases, result, NOVEMBER)[:1] == []


def test_who_else_is_in_the_table_does_not_show():
    cases = any_cases(60, seed=3)
    together = list(each_row(screen(as_table(cases), NOVEMBER)))
    alone = [first(screen(as_table([case]), NOVEMBER)) for case in cases]
    assert [row["actions"] for row in together] == [row["actions"] for row in alone]
    assert [row["gaps"] for row in together] == [row["gaps"] for row in alone]


@pytest.mark.parametrize("given_on", [date(2024, 12, 31), date(2025, 1, 1)], ids=str)
def test_a_clock_runs_under_the_law_of_the_day_it_started(given_on: date):
    denied = {**DENIED, "events.denial": given_on}
    row = first(screen(table(denied), date(2025, 1, 10)))
    due = told(build_plan(read_case(_nested(denied)), date(2025, 1, 10)))
    assert (row["next_deadline"], row["safe_date"]) == (due["next_deadline"], due["safe_date"])
    assert row["next_deadline"] is not None


def test_a_day_that_has_passed_is_not_due():
    row = first(screen(table({**DENIED, "events.denial": date(2026, 3, 2)}), NOVEMBER))
    assert row["next_deadline"] is None
    assert "past.medicare_advantage.1" in row["warnings"]


def test_the_next_thing_due_has_its_day_and_its_safe_day():
    row = first(screen(table(DENIED), NOVEMBER))
    assert row["next_action"] == "medicare_advantage.1"
    assert row["safe_date"] <= row["next_deadline"]


def test_nothing_is_due_for_somebody_who_was_not_denied():
    row = first(screen(table({"coverage": "medicare_original"}), NOVEMBER))
    assert (row["next_deadline"], row["safe_date"], row["next_action"]) == (None, None, None)


def test_money_is_exact_to_the_cent_with_half_a_cent_up():
    asked = {"coverage": "medicare_original", "recommended": "surgery", "costs.deductible_left": 0}
    row = first(screen(table({**asked, "costs.visit_price": 0.125}), NOVEMBER))
    plan = build_plan(read_case(_nested({**asked, "costs.visit_price": 0.125})), NOVEMBER)
    assert plan.cost
    assert (row["cost_low"], row["cost_high"]) == (plan.cost.low, plan.cost.high)


def _nested(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as a case file has it."""
    nested: dict[str, Any] = {}
    for name, value in row.items():
        group, _, key = name.rpartition(".")
        (nested.setdefault(group, {}) if group else nested)[key] = value
    return nested


def test_plans_that_have_become_too_many_are_made_anew_and_say_the_same():
    frame = as_table(any_cases(50, seed=8))
    answers = Reader(KNOWLEDGE).answers({name: in_frame(frame[name]) for name in frame}, 50)
    plans = Plans(KNOWLEDGE, NOVEMBER, answers.names)
    before = Spread(plans, answers, FOR_A_FRAME).rows()
    anew = plans.renewed(most=10)
    after = Spread(anew, answers, FOR_A_FRAME).rows()
    assert plans.renewed() is plans
    assert (anew is plans, anew.renewed(most_texts=1) is anew) == (False, False)
    assert _said(after, "actions") == _said(before, "actions")


def test_tables_screened_at_the_same_time_say_what_each_says_alone():
    frames = [as_table(any_cases(40, seed=seed)) for seed in range(8)]
    alone = [screen(frame, NOVEMBER) for frame in frames]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda frame: screen(frame, NOVEMBER), frames))
    for one, other in zip(alone, together, strict=True):
        assert list(each_row(one)) == list(each_row(other))


def test_what_an_earlier_table_said_is_not_offered_in_a_later_one():
    screen(as_table(any_cases(40, seed=12)), NOVEMBER)
    result = screen(as_table(any_cases(1, seed=13)), NOVEMBER)
    for name in ("verdict", "actions", "rules", "warnings", "problems"):
        assert result[name].cat.categories.tolist() == result[name].dropna().tolist()


@pytest.mark.parametrize("rows", [10, 1 << 19], ids=["one thread", "two threads"])
def test_what_goes_wrong_in_a_piece_of_a_table_is_not_passed_over(rows: int):
    def fail(piece: slice) -> None:
        [][piece.stop]

    with pytest.raises(IndexError):
        each_piece(rows, fail)


@pytest.mark.parametrize("rows", [0, 10, (1 << 17) + 3])
def test_every_piece_of_a_table_gets_all_of_the_work_once(rows: int):
    done = np.zeros(rows, dtype=int)

    def work(piece: slice) -> None:
        done[piece] += 1

    each_piece(rows, work)
    assert (done == 1).all()


def _said(rows: Rows, column: str) -> list[str]:
    return [rows.said[column][code] for code in rows.codes[column].tolist()]


# The two ways to count: from one day, and from every day


@pytest.mark.parametrize("limit", [rule.id for rule in KNOWLEDGE.rules("limits")])
def test_every_limit_ends_on_the_same_days_in_both_ways_of_counting(limit: str):
    every_day = EveryDay(KNOWLEDGE.holidays, KNOWLEDGE.closed_days)
    days = np.arange(0, DAYS, 97, dtype=np.int32)
    for version in KNOWLEDGE.rule(limit).history:
        end = ending(days, version.says, every_day)
        for place, number in enumerate(days.tolist()):
            one = count(
                day_numbered(number), version.says, KNOWLEDGE.holidays, KNOWLEDGE.closed_days
            )
            both = (end.counted[place], end.last[place], end.safe[place])
            assert both == (day_number(one.counted), day_number(one.last), day_number(one.safe))


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["days", "months", "working_days", "hours"]),
    st.integers(0, 400),
    st.integers(0, 10),
    st.sampled_from(["none", "next_working_day"]),
    st.sampled_from(["last_of_month", "first_of_next_month"]),
)
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_any_limit_there_could_be_ends_on_the_same_days(  # noqa: PLR0913, PLR0917  (one each)
    notice: date, unit: str, length: int, mail_days: int, roll: str, no_such_day: str
):
    says = {unit: length, "mail_days": mail_days, "roll": roll, "no_such_day": no_such_day}
    one = count(notice, says, KNOWLEDGE.holidays, KNOWLEDGE.closed_days)
    every_day = EveryDay(KNOWLEDGE.holidays, KNOWLEDGE.closed_days)
    number = np.array([day_number(notice)], dtype=np.int32)
    end = ending(number, says, every_day)
    assert [day_numbered(int(day[0])) for day in end] == list(one)


EXACT = st.decimals(0, 10_000_000, places=6)


@given(EXACT, st.decimals(0, 100, places=6))
@settings(max_examples=500, deadline=None, derandomize=True, database=None)
def test_a_percentage_of_a_price_is_the_same_in_whole_numbers(price: Decimal, percent: Decimal):
    amount = np.array([whole(price, MILLIONTHS)])
    share = np.array([whole(percent, MILLIONTHS)])
    found = WholeColumns(MILLIONTHS).portion(amount, share)
    assert Decimal(int(found[0])) / MILLIONTHS == OneFigure.portion(price, percent)


@pytest.mark.parametrize("percent", ["20", "20.5", "20.55", "33.333333"])
@pytest.mark.parametrize("price", [1999, 214_748])
def test_a_rule_may_have_any_part_of_a_percent(percent: str, price: int):
    terms = Terms("formula", Decimal("257.01"), Decimal(percent))
    prices = Prices(
        {"visit_price": Column(np.array([price]), 1, price)}, [terms], np.zeros(1, dtype=np.intp)
    )
    prices.fill(slice(0, 1), np.zeros(1, dtype=np.intp), found := Cents.of(1))
    own = bounds(Decimal(price), Own.of({}), terms)
    low, high = (Decimal(int(cents[0, 0])) / 100 for cents in (found.low, found.high))
    assert (low, high) == (own.low, own.high)


# What a part of a plan may look at


class Watched(dict[str, Any]):
    """Facts that remember which of them were asked for."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__(facts)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def test_no_part_of_a_plan_looks_at_a_fact_it_does_not_name():
    every = [part for some in parts_of_a_plan(KNOWLEDGE).values() for part in some]
    for case in any_cases(40, seed=9):
        for part in every:
            reading = Reading(KNOWLEDGE, case, NOVEMBER)
            reading.facts = watched = Watched(reading.facts)
            assert list(part.work(reading)) is not None
            named = {fact for when in part.whens for fact, _ in when}
            assert watched.asked <= named | part.own | {"coverage"}, part.name


def test_every_entry_that_shows_in_a_table_is_a_part():
    names = {part.name for some in parts_of_a_plan(KNOWLEDGE).values() for part in some}
    for kind in ("advice", "appeals", "warnings"):
        assert {entry.id for entry in KNOWLEDGE.entries(kind)} <= names


def test_a_case_that_stands_for_others_has_their_answers():
    every = [part for some in parts_of_a_plan(KNOWLEDGE).values() for part in some]
    likeness = Likeness(KNOWLEDGE, NOVEMBER, every)
    book = Codebook(KNOWLEDGE)
    case = next(case for case in any_cases(99, seed=5) if len(case.events) > 3)
    said = {fact: getattr(case, fact) for fact in book.answers}
    traits = {fact: np.array([book.number(fact, answer)]) for fact, answer in said.items()}
    for event, stretches in likeness.segments.items():
        day = case.events.get(event)
        traits[f"events.{event}"] = stretches.codes[[day_number(day) if day else -1]]
    flags = ("costs.visit_price", "costs.out_of_pocket_left", "order")
    traits |= {flag: np.array([0]) for flag in flags}
    like = likeness.case(traits, 0)
    assert like._replace(events={}, costs={}) == case._replace(events={}, costs={})
    assert like.events.keys() == case.events.keys()


# What a table may hold


@pytest.mark.parametrize("nothing", [None, float("nan"), "", "  ", pd.NA, pd.NaT], ids=repr)
@pytest.mark.parametrize("column", QUESTIONS)
def test_an_empty_cell_is_a_fact_not_known(nothing: Any, column: str):
    row = {**DENIED, column: nothing}
    without = {name: value for name, value in DENIED.items() if name != column}
    assert answers(table(row)) == answers(table(without))


SAME = {
    "coverage": ["medicare_advantage_hmo", " medicare_advantage_hmo "],
    "events.denial": [
        date(2026, 10, 2),
        "2026-10-02",
        datetime(2026, 10, 2),  # noqa: DTZ001  (as a spreadsheet has it)
        datetime(2026, 10, 2, 14, 30),  # noqa: DTZ001  (the same)
        pd.Timestamp(2026, 10, 2),
        np.datetime64("2026-10-02"),
    ],
    "costs.visit_price": [400, 400.0, "400", "400.00", Decimal("400.0"), np.int16(400)],
    "plan_requires": [True, "true", "TRUE", "yes", np.True_],
    "reasons": [
        "why.confirm;why.complex",
        "why.complex; why.confirm",
        ["why.confirm", "why.complex"],
        ("why.complex", "why.confirm"),
        np.array(["why.confirm", "why.complex"]),
    ],
}


@pytest.mark.parametrize(
    ("column", "cell"),
    [(column, cell) for column, cells in SAME.items() for cell in cells],
    ids=repr,
)
def test_a_cell_may_be_of_any_kind_that_says_the_same(column: str, cell: Any):
    usual = table({**DENIED, column: SAME[column][0]})
    cells = np.empty(1, dtype=object)
    cells[0] = cell
    assert answers(usual.assign(**{column: cells})) == answers(usual)


def _typed(frame: pd.DataFrame, way: str) -> pd.DataFrame:
    """Return a table with the columns of one kind or another of library."""
    days = pd.to_datetime(frame["events.denial"])
    typed = frame.assign(
        **{"events.denial": days, "costs.visit_price": frame["costs.visit_price"].astype(float)}
    )
    texts = [name for name in typed if typed[name].dtype == object]
    if way == "categories":
        return typed.astype(dict.fromkeys(texts, "category"))
    if way == "arrow":
        return typed.convert_dtypes(dtype_backend="pyarrow")
    if way == "nullable":
        return typed.convert_dtypes()
    return typed.astype({**dict.fromkeys(texts, "str"), "events.denial": f"datetime64[{way}]"})


@pytest.mark.parametrize("way", ["categories", "arrow", "nullable", "s", "ms", "us", "ns"])
def test_a_column_may_be_of_any_kind_that_says_the_same(way: str):
    rows = table(DENIED, {**DENIED, "stage": None, "costs.visit_price": 99.5}, DENIED)
    plain, typed = screen(rows, NOVEMBER), screen(_typed(rows, way), NOVEMBER)
    assert [[row[name] for name in RESULTS] for row in each_row(typed)] == [
        [row[name] for name in RESULTS] for row in each_row(plain)
    ]


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("us"), pa.string()], ids=str)
def test_days_in_arrow_may_be_of_any_kind_and_some_of_them_missing(kind: Any):
    days = pa.array(["2026-10-02", None, "2026-10-05"]).cast(kind)
    frame = table(DENIED, DENIED, DENIED).assign(
        **{"events.denial": pd.arrays.ArrowExtensionArray(days)}
    )
    usual = [date(2026, 10, 2), None, date(2026, 10, 5)]
    rows = [{**DENIED, "events.denial": day} for day in usual]
    assert (
        screen(frame, NOVEMBER)["safe_date"].tolist()
        == screen(table(*rows), NOVEMBER)["safe_date"].tolist()
    )


def test_rows_order_index_and_own_columns_stay():
    frame = pd.DataFrame(
        {
            "id": ["007", "=1+1", None],
            "coverage": ["medicare_original", "nonsense", "va_health_care"],
            "score": [0.5, None, 2],
        },
        index=["z", "a", "z"],
    )
    result = screen(frame, NOVEMBER)
    pd.testing.assert_frame_equal(result[["id", "coverage", "score"]], frame)
    assert list(result.columns) == ["id", "coverage", "score", *RESULTS]


def test_the_given_table_is_left_alone():
    frame = table(DENIED)
    before = frame.copy()
    screen(frame, NOVEMBER)
    assert frame.equals(before)


def test_a_table_without_rows_gets_its_columns():
    result = screen(table(DENIED).head(0), NOVEMBER)
    assert (len(result), list(result.columns)[-1]) == (0, "problems")


def test_a_table_of_which_nothing_is_an_answer_gets_the_plans_of_somebody_unknown():
    row = first(screen(pd.DataFrame({"id": [1]}), NOVEMBER))
    unknown = told(build_plan(Case(), NOVEMBER))
    assert {name: row[name] for name in RESULTS} == unknown


def test_a_column_named_like_one_of_the_result_is_refused_by_name():
    with pytest.raises(UnknownAnswer, match="verdict"):
        screen(table(DENIED, verdict="mine"), NOVEMBER)


def test_two_columns_of_one_name_are_refused():
    frame = table(DENIED, id=1)
    with pytest.raises(UnknownAnswer, match="id"):
        screen(pd.concat([frame, frame[["id"]]], axis=1), NOVEMBER)


# Chosen columns


@pytest.mark.parametrize("name", RESULTS)
def test_a_column_wanted_alone_says_what_it_says_among_all(name: str):
    frame = as_table(any_cases(80, seed=31))
    alone, among = screen(frame, NOVEMBER, columns=[name]), screen(frame, NOVEMBER)
    assert [row[name] for row in each_row(alone)] == [row[name] for row in each_row(among)]
    assert [added for added in alone if added not in frame] in ([name, "problems"], ["problems"])


def test_one_column_may_be_wanted_by_its_bare_name():
    result = screen(table(DENIED), NOVEMBER, columns="safe_date")
    assert list(result.columns)[-2:] == ["safe_date", "problems"]


def test_what_was_not_understood_is_told_whatever_is_wanted():
    row = first(screen(table({"coverage": "hmo"}), NOVEMBER, columns=["verdict"]))
    assert (row["verdict"], "'hmo'" in row["problems"]) == (None, True)


def test_a_column_that_the_result_does_not_have_is_refused_with_those_it_has():
    with pytest.raises(UnknownAnswer, match=r"no column named cost; .*cost_low, cost_high"):
        screen(table(DENIED), NOVEMBER, columns=["verdict", "cost"])


def test_a_table_may_have_a_column_like_one_that_is_not_wanted():
    row = first(screen(table(DENIED, verdict="mine"), NOVEMBER, columns=["safe_date"]))
    assert (row["verdict"], row["safe_date"]) == ("mine", answers(table(DENIED))["safe_date"])


# What was not understood


WRONG = {
    "coverage": "hmo",
    "plan_requires": "perhaps",
    "reasons": "why.confirm;because",
    "events.denial": "2026-13-01",
    "events.appointment": "next week",
    "costs.visit_price": -4,
    "costs.coinsurance": 120,
    "costs.copay": "$20",
    "state": "Texas",
    "stage": 3,
    "urgent": 1,
}


@pytest.mark.parametrize(("column", "cell"), WRONG.items())
def test_a_cell_that_is_not_understood_says_what_a_case_file_would_say(column: str, cell: Any):
    frame = table(DENIED, {**DENIED, column: cell})
    given = cell.split(";") if column == "reasons" else cell
    with pytest.raises(UnknownAnswer) as refused:
        read_case(_nested({column: given}))
    assert problems(frame) == [
        {
            "row": 2,
            "index": 1,
            "column": column,
            "value": str(cell),
            "what_to_write": str(refused.value),
        }
    ]


@pytest.mark.parametrize(("column", "cell"), WRONG.items())
def test_a_row_that_is_not_understood_gets_its_problem_and_no_answer(column: str, cell: Any):
    rows = list(each_row(screen(table(DENIED, {**DENIED, column: cell}), NOVEMBER)))
    assert [name for name in RESULTS if rows[1][name] is not None] == ["problems"]
    assert column in rows[1]["problems"]
    assert {name: rows[0][name] for name in RESULTS} == answers(table(DENIED))


@pytest.mark.parametrize(
    "number",
    [-0.01, float("inf"), 1e-5, 10_000_000.01, 0.1234567, np.float32(0.1), -0.0, 1e17],
    ids=repr,
)
def test_a_column_of_numbers_is_read_as_strictly_as_a_case_file(number: float):
    frame = table({"coverage": "medicare_original"}, {"coverage": "medicare_original"})
    frame["costs.visit_price"] = np.array([1, number], dtype=type(number))
    with pytest.raises(UnknownAnswer) as refused:
        read_case({"costs": {"visit_price": float(number)}})
    assert [found["what_to_write"] for found in problems(frame)] == [str(refused.value)]


@given(st.lists(st.floats(0, 10_000_000) | EXACT.map(float), min_size=1, max_size=20))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_a_column_of_numbers_is_understood_where_a_case_file_is(prices: list[float]):
    frame = pd.DataFrame({"costs.visit_price": prices})
    refused = []
    for price in prices:
        try:
            read_case({"costs": {"visit_price": price}})
        except UnknownAnswer:
            refused.append(price)
    assert problems_of(frame)["value"].tolist() == [str(price) for price in refused]


@pytest.mark.parametrize("day", ["1899-12-31", "2100-01-01", "0001-01-01"])
def test_a_day_we_cannot_count_from_is_a_problem_in_a_column_of_days_too(day: str):
    frame = table(DENIED, DENIED)
    frame["events.denial"] = np.array(["2026-10-02", day], dtype="datetime64[s]")
    assert [found["row"] for found in problems(frame)] == [2]


def test_all_problems_of_a_row_are_told():
    row = first(screen(table({**DENIED, "coverage": "hmo", "stage": "lost"}), NOVEMBER))
    assert "coverage cannot be 'hmo'" in row["problems"]
    assert "stage cannot be 'lost'" in row["problems"]


def test_a_problem_names_the_row_by_number_and_by_label():
    frame = table(DENIED, {**DENIED, "coverage": "hmo"})
    frame.index = pd.Index(["Ann", "Ben"])
    assert [(found["row"], found["index"]) for found in problems(frame)] == [(2, "Ben")]


def test_three_rows_of_a_hundred_with_mistakes_are_told_and_the_others_done():
    cases = any_cases(3_000, seed=11)
    frame = as_table(cases).astype(object)
    wrong = {row: list(WRONG.items())[row % len(WRONG)] for row in range(7, 3_000, 33)}
    for row, (column, cell) in wrong.items():
        frame.loc[row, column] = cell
    result = screen(frame, NOVEMBER)
    told_of = problems_of(frame).set_index("row")
    assert set(told_of.index) == {row + 1 for row in wrong}
    for row, (column, cell) in wrong.items():
        assert (told_of.loc[row + 1, "column"], told_of.loc[row + 1, "value"]) == (
            column,
            str(cell),
        )
    good = [row for row in range(3_000) if row not in wrong]
    assert result["verdict"].isna().sum() == len(wrong)
    assert differing([cases[row] for row in good[::10]], result.iloc[good[::10]], NOVEMBER) == []


# How a table is understood


def test_looking_over_a_table_tells_answers_from_other_columns():
    seen = look_over(table(DENIED, id=7))
    assert set(seen.fields) == set(DENIED)
    assert seen.extra == ("id",)
    assert "state" in seen.missing


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("Coverage", "coverage"),
        ("covrage", "coverage"),
        ("denial", "events.denial"),
        ("visit price", "costs.visit_price"),
        ("Network-Type", "network_type"),
        ("events.final_deniel", "events.final_denial"),
    ],
)
def test_a_column_that_looks_misspelt_is_named_with_what_it_may_mean(column: str, meant: str):
    frame = pd.DataFrame({column: [None], "patient": [1]})
    assert look_over(frame).misspelt == {column: meant}


def test_a_column_is_not_taken_for_one_that_is_there():
    frame = pd.DataFrame({"stage": ["denied"], "stages": [1], "state": ["TX"], "date": [1]})
    assert look_over(frame).misspelt == {}


def test_looking_over_a_table_counts_what_was_not_understood():
    seen = look_over(table(DENIED, {**DENIED, "stage": 3, "coverage": "hmo"}, DENIED))
    assert (seen.rows, seen.problem_rows) == (3, 1)
    assert seen.problems == {"coverage": 1, "stage": 1}


def test_a_case_is_the_same_in_a_row_and_in_a_file():
    case = any_cases(1, seed=2)[0]
    assert read_case(_nested({**as_row(case), "reasons": list(case.reasons)})) == case
