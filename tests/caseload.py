"""Many cases at once, for tests of screening: any answers, and the tables that hold them."""

import random
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from secondopinion import ActionPlan, Case, build_plan, load_knowledge
from secondopinion.planner.lines import dues, next_deadline

KNOWLEDGE = load_knowledge()
QUESTIONS = {question["id"]: question["kind"] for question in KNOWLEDGE.section("questions")}
_FIRST, _LAST = date(2024, 1, 1).toordinal(), date(2029, 12, 31).toordinal()


Amount = Callable[[random.Random, str], Decimal]
"""Draws an amount of money, or a percentage."""


def any_amount(draw: random.Random, kind: str) -> Decimal:
    """Return any amount: in dollars, in cents, in millionths, or the largest there may be."""
    if kind == "percent":
        return draw.choice([Decimal(20), Decimal(draw.randint(0, 1000)) / 10])
    cents = Decimal(draw.randint(0, 300_000)) / 100
    millionths = Decimal(draw.randint(0, 10**10)) / 10**6
    return draw.choice([cents, millionths, Decimal(draw.randint(0, 2000)), Decimal(10**7)])


def _answer(draw: random.Random, name: str, kind: str, amount: Amount) -> Any:
    if kind == "day":
        return date.fromordinal(draw.randint(_FIRST, _LAST))
    if kind in ("percent", "money"):
        return amount(draw, kind)
    offered = KNOWLEDGE.answers(name)
    if kind == "choices":
        return tuple(one for one in offered if draw.random() < 0.3)
    return draw.choice(offered)


def any_case(draw: random.Random, amount: Amount = any_amount) -> Case:
    """Return a case with some of all answers, sensible together or not."""
    talkative = draw.choice([0.2, 0.5, 0.9])
    groups: dict[str, dict[str, Any]] = {"": {}, "events": {}, "costs": {}}
    for name, kind in QUESTIONS.items():
        if draw.random() < talkative:
            group, _, key = name.rpartition(".")
            groups[group][key] = _answer(draw, key if group == "" else name, kind, amount)
    alone: dict[str, Any] = groups.pop("")
    return Case(**{**alone, **groups})


def any_cases(count: int, seed: int, amount: Amount = any_amount) -> list[Case]:
    """Return many such cases, the same ones every time."""
    draw = random.Random(seed)  # noqa: S311  (tests want the same numbers again)
    return [any_case(draw, amount) for _ in range(count)]


def as_row(case: Case) -> dict[str, Any]:
    """Return a case as a row of a table; what is not known is not there."""
    row: dict[str, Any] = {name: fact for name, fact in case.known().items() if name != "reasons"}
    if case.reasons:
        row["reasons"] = ";".join(case.reasons)
    row |= {f"events.{name}": day for name, day in case.events.items()}
    return row | {f"costs.{name}": amount for name, amount in case.costs.items()}


def as_table(cases: list[Case]) -> pd.DataFrame:
    """Return cases as a table with a column for every question."""
    return pd.DataFrame([as_row(case) for case in cases], columns=list(QUESTIONS))


def told(plan: ActionPlan) -> dict[str, Any]:
    """Return what a plan says, as a row of the result says it."""
    own = list(dues(plan.appeals, plan.steps))
    first = next_deadline(day for _, day in own)
    rules = [plan.verdict.rule, plan.third_opinion.rule, *plan.requirements.rules.values()]
    rules += [plan.cost_rule.rule] if plan.cost_rule else []
    rules += [level.file_by.rule for level in plan.appeals if level.file_by]
    rules += [step.deadline.rule for step in plan.steps if step.deadline]
    return {
        "verdict": plan.verdict.answer,
        "verdict_rule": plan.verdict.rule or None,
        "third_opinion": plan.third_opinion.answer,
        "referral": plan.requirements.referral,
        "prior_authorization": plan.requirements.prior_authorization,
        "network": plan.requirements.network,
        "cost_low": plan.cost.low if plan.cost else None,
        "cost_high": plan.cost.high if plan.cost else None,
        "next_deadline": first.date if first else None,
        "safe_date": first.safe_date if first else None,
        "next_action": next((line.id for line, day in own if day == first), None),
        "actions": ";".join(step.id for step in plan.steps) or None,
        "rules": ";".join(dict.fromkeys(filter(None, rules))) or None,
        "warnings": ";".join(warning.id for warning in plan.warnings) or None,
        "gaps": len(plan.gaps),
        "problems": None,
    }


def each_row(result: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as plain values; nothing is None."""
    for row in result.to_dict("records"):
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def differing(cases: list[Case], result: pd.DataFrame, as_of: date) -> list[tuple[Any, ...]]:
    """Return where screening says something else than the plan of a case."""
    return [
        (name, row[name], said, case)
        for case, row in zip(cases, each_row(result), strict=True)
        for name, said in told(build_plan(case, as_of)).items()
        if row[name] != said
    ]
