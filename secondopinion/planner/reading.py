"""Read the knowledge base for one case on one day: what is in force, how sure we are, in words."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from secondopinion.knowledge import Knowledge, applies
from secondopinion.model import (
    DUE_DAYS,
    FRESH_DAYS,
    Case,
    Cite,
    Entry,
    Fact,
    Freshness,
    Rule,
    Seen,
    Source,
    Version,
)

_CENT = Decimal("0.01")
PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.\-]+)\}")
_WEAKNESS: Mapping[Seen, int] = {"primary": 0, "secondary": 1, "unverified": 2}
_UNITS = ("days", "months", "hours", "working_days")

Made = TypeVar("Made")


class Standing(NamedTuple):
    """What a sentence stands on: its sources, and the weakest of their grades."""

    seen: Seen
    sources: tuple[Source, ...]


def in_words(day: date) -> str:
    """Write a day as Monday, March 2, 2026."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def cents(amount: Decimal) -> Decimal:
    """Round money to the cent, half a cent up."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def dollars(amount: Decimal) -> str:
    """Write money as $283 or $306.40."""
    return f"${cents(amount):,}".removesuffix(".00")


def weakest(grades: Iterable[Seen]) -> Seen:
    """Return the least sure of some grades."""
    return max(grades, key=_WEAKNESS.__getitem__, default="unverified")


def fitting(entries: Iterable[Entry], facts: Mapping[str, Fact]) -> list[Entry]:
    """Return the entries that apply, exceptions resolved, in their order."""
    found = [entry for entry in entries if applies(entry.when, facts)]
    overridden = {name for entry in found for name in entry.overrides}
    return [entry for entry in found if entry.id not in overridden]


class Reading:
    """The knowledge base as it applies to one case on one day, with the gaps met on the way."""

    def __init__(self, knowledge: Knowledge, case: Case, as_of: date) -> None:
        self.knowledge = knowledge
        self.case = case
        self.as_of = as_of
        self.facts: dict[str, Fact] = knowledge.facts(case)
        self.visit_day = case.events.get("appointment", as_of)
        self.gaps: dict[str, None] = {}
        self.oldest_check = as_of

    def gap(self, phrase: str, **words: object) -> None:
        """Remember something we do not know, in words for the person."""
        self.gaps[self.knowledge.say(phrase, **words)] = None

    def fitting(self, kind: str) -> list[Entry]:
        """Return the entries of a kind that apply, exceptions resolved, in their order."""
        possible = self.knowledge.fitting(kind, self.case.coverage, self.case.condition)
        return fitting(possible, self.facts)

    def each(self, kind: str, make: Callable[["Reading", Entry], Made | None]) -> tuple[Made, ...]:
        """Return what becomes of every entry of a kind that applies, where it can stand."""
        made = (self.line(entry, make) for entry in self.fitting(kind))
        return tuple(line for line in made if line is not None)

    def line(self, entry: Entry, make: Callable[["Reading", Entry], Made | None]) -> Made | None:
        """Return what becomes of an entry, made once where it reads the same for every case."""
        if not entry.fixed:
            return make(self, entry)
        if entry.checked:
            self.oldest_check = min(self.oldest_check, entry.checked)
        key = (make, entry.id)
        if key not in self.knowledge.made:
            self.knowledge.made[key] = make(self, entry)
        line: Made | None = self.knowledge.made[key]
        return line

    def version(self, rule: Rule) -> Version | None:
        """Return the version of a rule that governs this case.

        An amount is read for the day of the visit, or for today where it is the least that an
        appeal must be about. A limit is read under the law its clock started under.
        """
        if rule.kind == "amounts":
            return rule.at(self.as_of if rule.id in self._appealed else self.visit_day)
        return rule.governing(self.case, self.as_of)

    @cached_property
    def _appealed(self) -> frozenset[str]:
        """The amounts that count on the day an appeal is filed."""
        levels = self.knowledge.section("appeals")
        return frozenset(level["amount"] for level in levels if "amount" in level)

    def freshness(self, checked: date) -> Freshness:
        """Tell how long ago somebody last looked."""
        age = (self.as_of - checked).days
        if age <= FRESH_DAYS:
            return "fresh"
        return "due" if age <= DUE_DAYS else "stale"

    def sources(self, cites: Iterable[Cite], checked: date) -> tuple[Source, ...]:
        """Return the documents cited, with the day somebody last looked."""
        self.oldest_check = min(self.oldest_check, checked)
        return self.knowledge.documents(tuple(cites), checked)

    def own_sources(self, raw: Mapping[str, Any]) -> tuple[Source, ...]:
        """Return the documents that a whole entry of the base cites itself."""
        cites = [Cite(cite["source"], cite.get("at", "")) for cite in raw["cite"]]
        return self.sources(cites, date.fromisoformat(raw["checked"]))

    def standing(self, entry: Entry, *texts: str, also: Iterable[str] = ()) -> Standing | None:
        """Return what an entry stands on, or None when a rule it relies on is not in force."""
        named = self.rules_named(*texts)
        if entry.seen and entry.checked and not (named or entry.relies_on or also):
            return Standing(entry.seen, self.sources(entry.cites, entry.checked))
        grades: list[Seen] = []
        sources: dict[Source, None] = {}
        if entry.seen and entry.checked:
            grades.append(entry.seen)
            sources.update(dict.fromkeys(self.sources(entry.cites, entry.checked)))
        for name in (*entry.relies_on, *also):
            version = self.version(self.knowledge.rule(name))
            if version is None:
                return None
            grades.append(version.seen)
            sources.update(dict.fromkeys(self.sources(version.cites, version.checked)))
        for name in named:
            version = self.version(self.knowledge.rule(name))
            if version:
                grades.append(version.seen)
                sources.update(dict.fromkeys(self.sources(version.cites, version.checked)))
        if not grades:  # it stands on figures alone, and none of them is in force
            return None
        return Standing(weakest(grades), tuple(sources))

    def rules_named(self, *texts: str) -> list[str]:
        """Return the rules whose figures stand in some texts."""
        if not any("{" in text for text in texts):
            return []
        named = (name for text in texts for name in PLACEHOLDER.findall(text))
        return [name for name in named if name not in self._case_words]

    @cached_property
    def _case_words(self) -> dict[str, str]:
        state = self.case.state
        name = self.knowledge.named("states", state)["name"] if state else None
        return {
            "year": str(self.visit_day.year),
            "next_year": str(self.as_of.year + 1),
            "state": name or self.knowledge.say("state.unknown"),
            **{event: in_words(day) for event, day in self.case.events.items()},
        }

    def fill(self, text: str) -> str:
        """Put the figures of the rules in force, and the person's own days, into a text."""
        if "{" not in text:
            return text
        words = self._case_words
        return PLACEHOLDER.sub(lambda found: words.get(found[1]) or self._figure(found[1]), text)

    def _figure(self, name: str) -> str:
        rule = self.knowledge.rule(name)
        version = self.version(rule)
        if version is None:
            year = self.visit_day.year
            self.gap("gap.amount", what=rule.what, year=year)
            return self.knowledge.say("amount.unknown", year=year)
        return self.length(version.says) if rule.kind == "limits" else self.amount(version.says)

    def length(self, says: Mapping[str, Any]) -> str:
        """Write a length of time as 60 days or 72 hours."""
        unit, number = next((unit, says[unit]) for unit in _UNITS if unit in says)
        how_many = "one" if number == 1 else "many"
        return self.knowledge.say(f"length.{unit}.{how_many}", number=number)

    def amount(self, says: Mapping[str, Any]) -> str:
        """Write an amount as $283 or 20%."""
        return dollars(Decimal(says["usd"])) if "usd" in says else f"{Decimal(says['percent']):f}%"

    @property
    def check_again(self) -> date:
        """The day from which the sources used here want another look."""
        return max(self.oldest_check + timedelta(days=FRESH_DAYS), self.as_of)
