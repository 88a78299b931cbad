"""A table for reviewers: every rule on a day."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from secondopinion.knowledge import KINDS_OF_RULE, Knowledge, load_knowledge
from secondopinion.model import Case, Rule, Version
from secondopinion.planner.reading import Reading

from .page import fill_template


class Row(NamedTuple):
    """One rule as it stood on a day."""

    rule: Rule
    version: Version | None
    says: str
    freshness: str
    titles: tuple[str, ...]


def rules_on(
    day: date, coverage: str | None = None, knowledge: Knowledge | None = None
) -> list[Row]:
    """Return every rule as it stood on a day, for one coverage or for all."""
    knowledge = knowledge or load_knowledge()
    reading = Reading(knowledge, Case(coverage=coverage), day)
    rules = [
        rule
        for kind in KINDS_OF_RULE
        for rule in (knowledge.fitting_rules(kind, coverage) if coverage else knowledge.rules(kind))
    ]
    return [_row(reading, rule, rule.at(day)) for rule in rules]


def _row(reading: Reading, rule: Rule, version: Version | None) -> Row:
    if version is None:
        return Row(rule, None, reading.knowledge.say("rules.none"), "", ())
    titles = tuple(
        f"{reading.knowledge.named('sources', cite.source)['title']} {cite.at}".strip()
        for cite in version.cites
    )
    freshness = reading.freshness(version.checked)
    return Row(rule, version, _says(reading, version.says), freshness, titles)


def _says(reading: Reading, says: Mapping[str, Any]) -> str:
    """Say a version in one line: its length, its amount, or its answer and words."""
    if "usd" in says or "percent" in says:
        return reading.amount(says)
    if {"days", "months", "hours", "working_days"} & says.keys():
        return reading.length(says)
    return ": ".join(filter(None, (says.get("answer"), says["text"])))


def standing(rows: Iterable[Row], seen: str | None, age: str | None) -> list[Row]:
    """Return the rules that we know so well, and that somebody looked at so long ago.

    A rule that is not in force on the day is neither; it is there when nothing is asked for.
    """
    return [
        row
        for row in rows
        if seen in (None, row.version.seen if row.version else "") and age in (None, row.freshness)
    ]


def rules_html(rows: Iterable[Row], knowledge: Knowledge | None = None) -> str:
    """Return rules as an HTML table."""
    return fill_template("rules.html.jinja", knowledge, rows=list(rows))
