"""What the knowledge base promises the people who read it: plain words, live figures, a way on."""

import re
import statistics
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest

from secondopinion import build_plan, load_knowledge, read_case
from secondopinion.authoring.book import spoken
from secondopinion.authoring.compile import Workshop, read_workshop
from secondopinion.authoring.schema import RULES
from secondopinion.cli import own_data
from secondopinion.readability import reading_grade
from secondopinion.render import to_text
from secondopinion.review import passages

DAY = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
COVERAGES = [coverage["id"] for coverage in KNOWLEDGE.section("coverages")]
BAR, MEDIAN = 8, 7
FRAGMENT = 6  # a text of fewer words is a label, and the formula is made for sentences

NOT_READ = {
    "facts": "the program's own words",
    "provisions": "a plan cites them and never quotes them; a test below watches over that",
    "sources": "the titles of other people's documents",
    "letters": "an office reads them: `secondopinion check` and test_letters.py measure them",
    "wordings": "parts of letters",
}
NAMES_OF_TESTS = ("conditions", "records")
"""A list of reports, scans, genes and drugs by their names, as they stand on the papers."""

PLACE_AND_HOUSE = re.compile(r"^.*?(?<!\bSt)\. ")
"""The first words of a center: its city and the hospital or university it belongs to."""

STEADY = {
    "champva": "set by law, the same since 2002",
    "chip.family_cap": "set by law",
    "medicaid_state": "set by law",
    "medicare.limiting_charge": "set by law",
    "medicare.nonparticipating_cut": "set by law",
    "medicare.part_b_coinsurance": "set by law",
    "medigap.plan_n_copay": "part of the standard plan N",
    "private.self_funded_share": "a count of a survey, not a price",
    "tricare.extra_charge": "set by law",
    "tricare.factual_minimum": "set by rule, not by the year",
    "tricare.hearing_minimum": "set by rule, not by the year",
    "tricare.pos_": "set by rule, not by the year",
    "tricare_prime.deductible": "nothing to pay, by law",
    "uninsured": "set by rule, not by the year",
    "va.copay_free_from": "a rating, not a price",
}
"""Figures that do not change with the year, and why. All others end with theirs."""

PHONE = re.compile(r"(?:1-)?[2-9]\d{2}-[2-9]\d{2}-\d{4}|[2-9]11|988")
A_PHONE_IN_A_TEXT = re.compile(r"(?<![\d-])(?:1-)?\d{3}[-. ]\d{3}[-. ]\d{4}(?![\d-])")
ADDRESS = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?(?:[/?#]\S*[^\s.,;:!?'\"])?/?",
    re.IGNORECASE,
)


class Text(NamedTuple):
    """What one entry says to a person, and the grade it is written for."""

    where: str
    words: str
    grade: float


@cache
def shop() -> Workshop:
    return read_workshop(own_data())


def entries(kind: str) -> Iterator[tuple[str, Any]]:
    """Yield each entry of a kind with its place, and each version of a rule on its own."""
    for entry in shop().entries[kind]:
        where = shop().places[kind, entry["id"]]
        if kind in RULES:
            yield from ((f"{where} {entry['id']}", version) for version in entry["history"])
        else:
            yield f"{where} {entry['id']}", entry


def read_by_people(kind: str, entry: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield the texts of an entry; an illness has several, the others have one."""
    texts = defaultdict(list)
    for passage in passages(kind, entry):
        field = passage.field if kind == "conditions" else ""
        figure = re.sub(r"\{[^{}]*\}", "283", passage.text)
        is_center = entry.get("kind") == "cancer_center"
        texts[field].append(PLACE_AND_HOUSE.sub("", figure) if is_center else figure)
    yield from texts.items()


@cache
def texts() -> tuple[Text, ...]:
    """Return every text that a person reads, but for labels and lists of names."""
    found = []
    for kind in shop().entries.keys() - NOT_READ.keys():
        for where, entry in entries(kind):
            for field, parts in read_by_people(kind, entry):
                words, grade = " ".join(parts), reading_grade(*parts)
                if (kind, field) != NAMES_OF_TESTS and len(words.split()) >= FRAGMENT:
                    found.append(Text(f"{where} {field}".strip(), words, grade or 0))
    return tuple(found)


# Plain words


def test_every_text_can_be_read_after_eight_years_of_school():
    hard = sorted((text for text in texts() if text.grade > BAR), key=lambda text: -text.grade)
    assert [f"{text.grade:.1f} {text.where}: {text.words}" for text in hard] == []


def test_half_of_the_texts_need_no_more_than_seven_years_of_school():
    assert len(texts()) > 1000
    assert statistics.median(text.grade for text in texts()) <= MEDIAN


def test_no_text_has_a_long_dash():
    dashed = [
        f"{shop().places[kind, entry['id']]}: {field}"
        for kind in shop().entries
        for entry in shop().entries[kind]
        for field, text in spoken(entry)
        if "\N{EM DASH}" in text
    ]
    assert dashed == []


@pytest.mark.parametrize("coverage", COVERAGES)
def test_no_plan_quotes_what_only_reviewers_read(coverage):
    answers = {
        "coverage": coverage,
        "stage": "denied",
        "recommended": "surgery",
        "opinion": "third",
    }
    plan = " ".join(to_text(build_plan(read_case(answers), DAY)).split())
    versions = (version for _, version in entries("provisions"))
    assert [version["text"] for version in versions if version["text"] in plan] == []


# Ways to reach somebody


def test_every_phone_number_can_be_dialed():
    numbers = {
        (shop().places[kind, entry["id"]], number)
        for kind in shop().entries
        for entry in shop().entries[kind]
        for field, text in spoken(entry)
        for number in ([text] if field == "phone" else A_PHONE_IN_A_TEXT.findall(text))
    }
    assert len(numbers) > 100
    assert [(where, number) for where, number in numbers if not PHONE.fullmatch(number)] == []


def test_every_web_address_is_well_formed():
    addresses = {
        (shop().places[kind, entry["id"]], entry["url"])
        for kind in shop().entries
        for entry in shop().entries[kind]
        if "url" in entry
    }
    assert len(addresses) > 500
    assert [each for each in addresses if not ADDRESS.fullmatch(each[1])] == []


# Figures of their year


def test_a_figure_without_an_end_is_one_that_does_not_change_with_the_year():
    endless = {
        rule.id for rule in KNOWLEDGE.rules("amounts") if not all(v.until for v in rule.history)
    }
    assert [name for name in sorted(endless) if not name.startswith(tuple(STEADY))] == []


def test_every_reason_for_a_figure_without_an_end_is_needed():
    names = [rule.id for rule in KNOWLEDGE.rules("amounts") if not rule.history[-1].until]
    assert [reason for reason in STEADY if not any(n.startswith(reason) for n in names)] == []


def test_a_figure_of_a_year_starts_with_a_year_and_ends_with_a_year():
    odd = [
        f"{rule.id} {version.since}"
        for rule in KNOWLEDGE.rules("amounts")
        for version in rule.history
        if version.until
        and ((version.since.month, version.since.day), (version.until.month, version.until.day))
        != ((1, 1), (12, 31))
    ]
    steady = tuple(STEADY)
    assert [name for name in odd if not name.startswith(steady)] == []


def test_no_figure_is_used_before_or_after_its_years():
    for rule in KNOWLEDGE.rules("amounts"):
        for version in rule.history:
            assert rule.at(version.since) == version
            assert rule.at(version.since - timedelta(days=1)) != version
            if version.until:
                assert rule.at(version.until) == version
                assert rule.at(version.until + timedelta(days=1)) != version


@pytest.mark.parametrize("year", [2023, 2031])
def test_a_plan_for_a_year_without_figures_shows_none_of_another_year(year):
    answers = {
        "coverage": "medicare_original", "recommended": "surgery", "stage": "arranging",
        "events": {"appointment": date(year, 6, 1)}, "costs": {"visit_price": "400"},
    }  # fmt: skip
    plan = build_plan(read_case(answers), DAY)
    said = to_text(plan)
    rule = KNOWLEDGE.rule("medicare.part_b_deductible")
    figures = [f"${version.says['usd']}" for version in rule.history]
    assert [figure for figure in figures if re.search(rf"\{figure}\b", said)] == []
    assert any(rule.what in gap for gap in plan.gaps)


# A way on, whatever the card says


@pytest.mark.parametrize("coverage", COVERAGES)
def test_every_insurance_has_an_answer_about_a_second_and_a_third_opinion(coverage):
    rules = KNOWLEDGE.fitting_rules("verdicts", coverage)
    own = [rule for rule in rules if rule.when and rule.at(DAY)]
    assert {rule.about for rule in own} == {"second", "third"}


@pytest.mark.parametrize("coverage", COVERAGES)
def test_every_insurance_says_what_must_come_first(coverage):
    rules = KNOWLEDGE.fitting_rules("requirements", coverage)
    own = {rule.about for rule in rules if rule.when and rule.at(DAY)}
    assert own == {"referral", "prior_authorization", "network"}


@pytest.mark.parametrize("coverage", COVERAGES)
def test_every_insurance_says_how_the_price_is_shared(coverage):
    rules = KNOWLEDGE.fitting_rules("costs", coverage)
    assert [rule for rule in rules if rule.when and rule.at(DAY)]


@pytest.mark.parametrize("coverage", COVERAGES)
def test_after_a_no_every_insurance_has_a_rung_to_climb_or_something_to_do(coverage):
    plan = build_plan(read_case({"coverage": coverage, "stage": "denied"}), DAY)
    assert plan.appeals or [step for step in plan.steps if step.section == "denied"]


@pytest.mark.parametrize("coverage", COVERAGES)
def test_every_insurance_has_somebody_to_call_or_write_to(coverage):
    plan = build_plan(read_case({"coverage": coverage}), DAY)
    assert [contact for contact in plan.contacts if contact.phone or contact.url]
