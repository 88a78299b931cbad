"""Every case there can be, by kinds: what no rule tells apart is tried once.

For each coverage the facts that some rule names are tried with every answer that a rule names,
with one that none names, and unknown. That is all of them: the rest falls into these classes.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest

from secondopinion import Case, build_plan, load_knowledge
from secondopinion.intake import asked_only
from secondopinion.knowledge import applies
from secondopinion.model import Fact, Rule
from secondopinion.planner.verdicts import deciding

KNOWLEDGE = load_knowledge()
TODAY = date(2026, 11, 24)
COVERAGES = [str(name) for name in KNOWLEDGE.answers("coverage")]
SUBJECTS = [
    ("verdicts", "second"),
    ("verdicts", "third"),
    ("requirements", "referral"),
    ("requirements", "prior_authorization"),
    ("requirements", "network"),
    ("costs", None),
]
FROM_LISTS = {"state": "states", "condition": "conditions"}
IMPLIED = {
    fact: asked
    for asked, kind in FROM_LISTS.items()
    for entry in KNOWLEDGE.section(kind)
    for fact in entry["implies"]
}


def rules_about(coverage: str, kind: str, about: str | None) -> list[Rule]:
    return [rule for rule in KNOWLEDGE.fitting_rules(kind, coverage) if rule.about == about]


def named_facts(rules: list[Rule], coverage: str) -> dict[str, set[str | bool]]:
    """Return the facts a person may bring in that some rule tells apart, with the answers named."""
    settled = {"coverage", *KNOWLEDGE.implied_by("coverages", coverage)}
    named: dict[str, set[str | bool]] = {}
    for rule in rules:
        for fact, answers in rule.when:
            if fact not in settled:
                named.setdefault(fact, set()).update(answers)
    return named


def choices(fact: str, named: set[str | bool]) -> list[Mapping[str, Fact]]:
    """Return what a person may say about a fact: each answer named, another one, nothing."""
    if fact in IMPLIED:
        return [{}, *({fact: answer} for answer in named)]
    others = [answer for answer in KNOWLEDGE.answers(fact) if answer not in named][:1]
    said = [{fact: answer} for answer in (*named, *others)]
    if fact == "state":
        said = [{**one, **KNOWLEDGE.implied_by("states", str(one["state"]))} for one in said]
    return [{}, *said]


def every_kind_of_case(coverage: str, rules: list[Rule]) -> Iterator[dict[str, Fact]]:
    named = named_facts(rules, coverage)
    given = {"coverage": coverage, **KNOWLEDGE.implied_by("coverages", coverage)}
    for said in product(*(choices(fact, answers) for fact, answers in sorted(named.items()))):
        facts: dict[str, Fact] = {}
        for part in said:
            facts.update(part)
        yield {**facts, **given}


@pytest.mark.parametrize("coverage", COVERAGES)
@pytest.mark.parametrize(("kind", "about"), SUBJECTS)
def test_every_question_has_an_answer_in_every_kind_of_case(coverage, kind, about):
    rules = rules_about(coverage, kind, about)
    silent = [
        facts
        for facts in every_kind_of_case(coverage, rules)
        if deciding(rules, about, facts) is None
    ]
    assert silent[:3] == []


@pytest.mark.parametrize("coverage", COVERAGES)
@pytest.mark.parametrize(("kind", "about"), SUBJECTS)
def test_no_two_rules_decide_the_same_case(coverage, kind, about):
    rules = rules_about(coverage, kind, about)
    torn = []
    for facts in every_kind_of_case(coverage, rules):
        found = [rule for rule in rules if applies(rule.when, facts)]
        first = deciding(rules, about, facts)
        overridden = {name for rule in found for name in rule.overrides}
        rivals = [
            rule.id
            for rule in found
            if first and rule.id not in overridden and len(rule.when) == len(first.when)
        ]
        if len(rivals) > 1 and "*" not in overridden:
            torn.append((rivals, facts))
    assert torn[:3] == []


@pytest.mark.parametrize("coverage", COVERAGES)
def test_an_excluded_service_is_never_called_covered(coverage):
    rules = rules_about(coverage, "verdicts", "second")
    found = {
        rule.history[-1].says["answer"]
        for facts in every_kind_of_case(coverage, rules)
        if facts.get("recommended") == "excluded_service"
        if (rule := deciding(rules, "second", facts))
    }
    assert "covered" not in found


@pytest.mark.parametrize("coverage", COVERAGES)
def test_a_doctor_outside_by_preference_is_never_plainly_covered(coverage):
    if not KNOWLEDGE.implied_by("coverages", coverage)["network_matters"]:
        return
    plans = [
        build_plan(
            Case(
                coverage=coverage,
                network_type=network,
                recommended="surgery",
                in_network_specialist="prefer_outside",
            ),
            TODAY,
        )
        for network in ("hmo", "epo", "pos", "ppo", None)
    ]
    assert {plan.verdict.answer for plan in plans} & {"covered"} == set()


def entries() -> Iterator[tuple[str, Mapping[str, Any]]]:
    kinds = ("verdicts", "requirements", "costs", "advice", "appeals", "warnings", "records")
    for kind in (*kinds, "talking_points", "contacts", "places"):
        for entry in KNOWLEDGE.section(kind):
            yield kind, entry


def said_for(when: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Yield answers that bring in the facts an entry wants, one for each way to do so."""
    direct = {fact: answers[0] for fact, answers in when.items() if fact in Case._fields}
    if "reasons" in direct:
        direct["reasons"] = (direct["reasons"],)
    for event in when.get("dated", ())[:1]:
        direct["events"] = {event: date(2026, 11, 20)}
    fitting = {
        asked: [
            entry["id"]
            for entry in KNOWLEDGE.section(kind)
            if entry["id"] in when.get(asked, [entry["id"]])
            and all(said in when.get(fact, [said]) for fact, said in entry["implies"].items())
        ]
        for asked, kind in {"coverage": "coverages", **FROM_LISTS}.items()
    }
    wanted = {asked for asked in fitting if asked in when}
    wanted |= {IMPLIED[fact] for fact in when if fact in IMPLIED}
    implied = {fact for kind in KNOWLEDGE.section("coverages") for fact in kind["implies"]}
    if "coverage" in when or (implied & set(when)) - {"network_type"}:
        wanted.add("coverage")
    lists = [[{asked: name} for name in fitting[asked]] for asked in sorted(wanted)]
    for combination in product(*lists):
        yield {**direct, **{key: value for part in combination for key, value in part.items()}}


def found_in(said: Mapping[str, Any], kind: str, name: str) -> bool:
    plan = build_plan(Case(**said), TODAY)
    if kind == "verdicts":
        return name in (plan.verdict.rule, plan.third_opinion.rule)
    if kind in ("requirements", "costs"):
        facts = KNOWLEDGE.facts(plan.case)
        rule = KNOWLEDGE.rule(name)
        return deciding(KNOWLEDGE.rules(kind), rule.about, facts) == rule
    lines = plan.steps if kind == "advice" else getattr(plan, kind)
    return any(line.id == name for line in lines)


EVERY_ENTRY = pytest.mark.parametrize(
    ("kind", "entry"),
    [pytest.param(kind, entry, id=f"{kind}: {entry['id']}") for kind, entry in entries()],
)


@EVERY_ENTRY
def test_every_entry_reaches_somebody(kind, entry):
    said = said_for(entry.get("when", {}))
    assert any(found_in(answers, kind, entry["id"]) for answers in said)


def on_the_form(said: Mapping[str, Any]) -> Iterator[Case]:
    """Yield the cases of people who answer these questions, and those that lead up to them."""
    more: dict[str, Any] = {}
    if "opinions_differ" in said:
        more["opinion"] = "third"
    if "plan_requires" in said:
        more["recommended"] = "surgery"
    for stage in [said["stage"]] if "stage" in said else KNOWLEDGE.answers("stage"):
        yield asked_only(Case(**{**more, **said, "stage": stage}))


@EVERY_ENTRY
def test_the_form_can_bring_in_what_an_entry_wants(kind, entry):
    when = tuple((fact, frozenset(answers)) for fact, answers in entry.get("when", {}).items())
    cases = (case for said in said_for(entry.get("when", {})) for case in on_the_form(said))
    assert any(applies(when, KNOWLEDGE.facts(case)) for case in cases), kind
