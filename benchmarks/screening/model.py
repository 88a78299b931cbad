"""The decision model that everybody is given: five facts, a day and three amounts.

It is cut out of our own knowledge base by our own planner, one plan at a time: a table of
decisions, a calendar of last days, and the rules in an order in which the first that fits decides.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from secondopinion import ActionPlan, Case, build_plan, load_knowledge
from secondopinion.model import Rule
from secondopinion.planner.costs import Terms, terms
from secondopinion.planner.deadlines import count
from secondopinion.planner.lines import dues, next_deadline
from secondopinion.planner.reading import Reading

DAY = date(2026, 11, 24)
FIRST, DAYS = date(2025, 1, 1), 1096
COVERAGES = (
    "medicare_original", "medicare_original_medigap", "medicare_advantage_hmo",
    "medicare_advantage_ppo", "dual_qmb", "medicaid_managed_care", "chip_managed_care",
    "employer_fully_insured", "employer_self_funded_erisa", "individual_aca", "tricare_prime",
    "va_health_care", "fehb", "uninsured_self_pay",
)  # fmt: skip
FACTS = ("coverage", "network_type", "recommended", "in_network_specialist", "plan_requires")
AMOUNTS = {"visit_price": (50, 2000), "deductible_left": (0, 1000), "out_of_pocket_left": (0, 5000)}
SUBJECTS = ("verdict", "referral", "prior_authorization", "network")
TERMS = ("share", "percent_low", "percent_high", "has_copay", "may_be_less")
SHARES = ("unknown", "none", "full", "formula")
TEXTS = (
    "verdict", "verdict_rule", "third_opinion", "referral", "prior_authorization", "network",
    "actions", "rules", "warnings",
)  # fmt: skip
DECISIONS = ("verdict", "third_opinion", *SUBJECTS[1:])
"""What a table of decisions decides; the other answers say why, what to do, when and how much."""
COSTS = ("cost_low", "cost_high")
DUE = ("next_deadline", "safe_date", "next_action")
ANSWERS = (*TEXTS, "gaps", *COSTS, *DUE)
KEYS = (*FACTS, "standing")
"""Standing says which last days have passed: the calendar gives it, the decisions ask for it."""
NEVER = -1

KNOWLEDGE = load_knowledge()


def answers_to(fact: str) -> list[Any]:
    """Return what a case of the model may say about a fact."""
    return list(COVERAGES) if fact == "coverage" else KNOWLEDGE.answers(fact)


def cases(rows: int, seed: int = 0) -> pa.Table:
    """Return cases drawn at random, each answer as likely as the others."""
    draw = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    for fact in FACTS:
        answers = answers_to(fact)
        codes = draw.integers(0, len(answers), rows, dtype=np.int8)
        if isinstance(answers[0], str):
            columns[fact] = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(answers))
        else:
            columns[fact] = pa.array(codes == 0)
    days = np.datetime64(FIRST) + draw.integers(0, DAYS, rows)
    columns["events.denial"] = pa.array(days)
    for name, (least, most) in AMOUNTS.items():
        columns[f"costs.{name}"] = pa.array(draw.integers(least, most, rows, dtype=np.int32))
    return pa.table(columns)


def each_case(table: pa.Table) -> Iterator[Case]:
    """Yield the rows of a table as cases."""
    for row in table.to_pylist():
        costs = {name: Decimal(row[f"costs.{name}"]) for name in AMOUNTS}
        facts = {fact: row[fact] for fact in FACTS}
        yield Case(**facts, events={"denial": row["events.denial"]}, costs=costs)


def told(plan: ActionPlan) -> dict[str, Any]:
    """Return what a plan says, as the answers that everybody has to give."""
    own = list(dues(plan.appeals, plan.steps))
    due = next_deadline(day for _, day in own)
    rules = [plan.verdict.rule, plan.third_opinion.rule, *plan.requirements.rules.values()]
    rules += [plan.cost_rule.rule] if plan.cost_rule else []
    rules += [level.file_by.rule for level in plan.appeals if level.file_by]
    rules += [step.deadline.rule for step in plan.steps if step.deadline]
    return {
        "verdict": plan.verdict.answer,
        "verdict_rule": plan.verdict.rule,
        "third_opinion": plan.third_opinion.answer,
        **{about: getattr(plan.requirements, about) for about in SUBJECTS[1:]},
        "actions": ";".join(step.id for step in plan.steps),
        "rules": ";".join(dict.fromkeys(rules)),
        "warnings": ";".join(warning.id for warning in plan.warnings),
        "gaps": len(plan.gaps),
        "cost_low": int(plan.cost.low * 100) if plan.cost else NEVER,
        "cost_high": int(plan.cost.high * 100) if plan.cost else NEVER,
        "next_deadline": due.date if due else None,
        "safe_date": due.safe_date if due else None,
        "next_action": next((line.id for line, day in own if day == due), None),
    }


class Decided(NamedTuple):
    """The model in the forms that the engines take."""

    decisions: pd.DataFrame
    """For each combination of facts and standing: the texts, the gaps, the terms of the cost."""
    calendar: pd.DataFrame
    """For each coverage and day of denial: the standing, and what is due next."""
    answers: Mapping[str, Mapping[str, str]]
    """For each subject and rule: the answer."""


def alone(model: Decided) -> Decided:
    """Return the model with nothing but the decisions."""
    decisions = model.decisions[[*KEYS, *DECISIONS]]
    return model._replace(decisions=decisions, calendar=model.calendar.drop(columns=list(DUE)))


def _shared(found: Terms | None) -> tuple[int, int, int, bool, bool]:
    if found is None or found.share != "formula":
        share = SHARES.index(found.share if found else "unknown")
        return share, 0, 0, False, bool(found and found.may_be_less)
    ruled = found.coinsurance
    low, high = (0, 100) if ruled is None else (int(ruled), int(ruled))
    return SHARES.index("formula"), low, high, found.has_copay, found.may_be_less


def decide() -> Decided:
    """Return the model, made by the planner one combination at a time."""
    calendar = _calendar()
    days = calendar.drop_duplicates(["coverage", "standing"])
    standings: dict[str, list[tuple[int, date]]] = {}
    for coverage, standing, day in zip(
        days["coverage"], days["standing"], days["events.denial"], strict=True
    ):
        standings.setdefault(coverage, []).append((standing, day))
    rows, answers = [], {subject: dict[str, str]() for subject in SUBJECTS}
    costs = dict.fromkeys(AMOUNTS, Decimal(100))
    for facts in product(*map(answers_to, FACTS)):
        named = dict(zip(FACTS, facts, strict=True))
        for standing, day in standings[named["coverage"]]:
            case = Case(**named, events={"denial": day}, costs=costs)
            plan = build_plan(case, DAY)
            said = told(plan)
            rules = {"verdict": plan.verdict.rule, **plan.requirements.rules}
            for subject in SUBJECTS:
                answers[subject][rules[subject]] = said[subject]
            texts = [said[name] for name in (*TEXTS, "gaps")]
            shared = _shared(terms(Reading(KNOWLEDGE, case, DAY)))
            rows.append((*facts, standing, *texts, *shared))
    decisions = pd.DataFrame(rows, columns=[*KEYS, *TEXTS, "gaps", *TERMS])
    return Decided(decisions, calendar, answers)


def _calendar() -> pd.DataFrame:
    """Return for each coverage and day: which last days have passed, and what is due next."""
    rows = []
    for coverage in COVERAGES:
        plan = build_plan(Case(coverage=coverage, events={"denial": DAY}), DAY)
        limits = [
            (line.id, KNOWLEDGE.rule(day.rule)) for line, day in dues(plan.appeals, plan.steps)
        ]
        seen: dict[tuple[bool, ...], int] = {}
        for number in range(DAYS):
            day = FIRST + timedelta(number)
            ends = [(*_end(limit, day), name) for name, limit in limits]
            standing = (day > DAY, *(last < DAY for _, last, _ in ends))
            place = seen.setdefault(standing, len(seen))
            still_open = (end for end in ends if end[1] >= DAY)
            safe, last, name = min(still_open, key=lambda end: end[:2], default=(None, None, None))
            rows.append((coverage, day, place, last, safe, name))
    return pd.DataFrame(rows, columns=["coverage", "events.denial", "standing", *DUE])


def _end(limit: Rule, day: date) -> tuple[date, date]:
    """Return the safe day and the last day of a limit whose clock starts on a day."""
    version = limit.at(day)
    if version is None:
        message = f"{limit.id} says nothing of {day}"
        raise LookupError(message)
    end = count(day, version.says, KNOWLEDGE.holidays, KNOWLEDGE.closed_days)
    return end.safe, end.last


class Line(NamedTuple):
    """One line of a list of rules: what it asks of each fact, and the answer it gives."""

    asks: Mapping[str, tuple[Any, ...]]
    answer: str


def in_order(subject: str, answers: Mapping[str, str]) -> list[Line]:
    """Return the rules of a subject in an order in which the first that fits decides."""
    about = "second" if subject == "verdict" else subject
    kind = "verdicts" if subject == "verdict" else "requirements"
    left = [rule for rule in KNOWLEDGE.rules(kind) if rule.about == about]
    everything = [rule for rule in left if "*" in rule.overrides]
    found: list[Rule] = sorted(everything, key=lambda rule: -len(rule.when))
    left = [rule for rule in left if rule not in everything]
    while left:
        free = [rule for rule in left if not any(rule.id in other.overrides for other in left)]
        found.append(max(free, key=lambda rule: len(rule.when)))
        left.remove(found[-1])
    return [
        Line(asks, answers[rule.id]) for rule in found if rule.id in answers for asks in _asks(rule)
    ]


def _asks(rule: Rule) -> Iterator[dict[str, tuple[Any, ...]]]:
    """Yield what a rule asks of the facts of the model; two lines where a coverage settles one."""
    asked = {fact: answers for fact, answers in rule.when if fact in FACTS and fact != "coverage"}
    settled, open_ = [], []
    for name in COVERAGES:
        known = {"coverage": name, **KNOWLEDGE.implied_by("coverages", name)}
        others = [(fact, answers) for fact, answers in rule.when if fact not in asked]
        if not all(known.get(fact) in answers for fact, answers in others):
            continue
        if "network_type" in known and "network_type" in asked:
            if known["network_type"] in asked["network_type"]:
                settled.append(name)
        else:
            open_.append(name)
    plain = {fact: tuple(sorted(answers, key=str)) for fact, answers in asked.items()}
    if open_:
        yield {"coverage": tuple(open_), **plain}
    if settled:
        rest = {fact: answers for fact, answers in plain.items() if fact != "network_type"}
        yield {"coverage": tuple(settled), **rest}
