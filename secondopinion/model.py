"""The nouns of a plan: what a person told us, and what we tell them. All of them are frozen."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

FRESH_DAYS = 180
"""How long after somebody looked a fact is fresh."""
DUE_DAYS = 360
"""How long it is due for another look; after that it is stale."""

Day = dt.date  # because a deadline has a field called date
Seen = Literal["primary", "secondary", "unverified"]
Freshness = Literal["fresh", "due", "stale"]
Distance = Literal["own", "neighbor", "elsewhere", "remote", "unknown"]
Answer = Literal["covered", "covered_if", "ask", "not_covered"]
Fact = str | bool | tuple[str, ...]
When = tuple[tuple[str, frozenset[str | bool]], ...]


class Case(NamedTuple):
    """What a person has told us so far. `None` means they have not said, or do not know."""

    coverage: str | None = None
    condition: str | None = None
    state: str | None = None
    network_type: str | None = None
    recommended: str | None = None
    reasons: tuple[str, ...] = ()
    opinion: str | None = None
    opinions_differ: bool | None = None
    in_network_specialist: str | None = None
    plan_requires: bool | None = None
    stage: str | None = None
    denied: str | None = None
    urgent: bool | None = None
    first_denial_upheld: bool | None = None
    events: Mapping[str, Day] = {}
    costs: Mapping[str, Decimal] = {}
    role: str | None = None
    language: str | None = None

    def known(self) -> dict[str, Fact]:
        """Return the facts that are known and can decide something, by name."""
        facts = self._asdict()
        del facts["events"], facts["costs"]
        return {name: fact for name, fact in facts.items() if fact not in (None, ())}


class Cite(NamedTuple):
    """A source and the place in it."""

    source: str
    at: str


class Version(NamedTuple):
    """What a rule said from a day on, on whose authority, and when somebody last looked."""

    since: Day
    until: Day | None
    cites: tuple[Cite, ...]
    seen: Seen
    checked: Day
    says: Mapping[str, Any]


class Rule(NamedTuple):
    """A named fact of law or plan practice, the cases it is for, and its history."""

    id: str
    kind: str
    what: str
    clock: str | None
    about: str | None
    when: When
    overrides: tuple[str, ...]
    base: tuple[str, ...]
    history: tuple[Version, ...]

    def at(self, day: Day) -> Version | None:
        """Return the version in force on a day, or None where there is none."""
        begun = [version for version in self.history if version.since <= day]
        if not begun or (begun[-1].until and begun[-1].until < day):
            return None
        return begun[-1]

    def governing(self, case: Case, as_of: Day) -> Version | None:
        """Return the version this case falls under.

        A clock that has started is read as the rule stood that day; a later amendment does not
        move it. A clock not yet started is read as of today.
        """
        return self.at(case.events.get(self.clock, as_of) if self.clock else as_of)


class Entry(NamedTuple):
    """A line of the knowledge base that may apply to a case: advice, a warning, a contact."""

    id: str
    when: When
    overrides: tuple[str, ...]
    order: int
    base: tuple[str, ...]
    relies_on: tuple[str, ...]
    cites: tuple[Cite, ...]
    seen: Seen | None
    checked: Day | None
    says: Mapping[str, Any]
    fixed: bool
    """Whether it reads the same for every case: it names no rule and no day."""


class Source(NamedTuple):
    """Where a sentence of the plan comes from, and the day somebody last looked."""

    id: str
    title: str
    at: str
    url: str | None
    kind: Literal["primary", "secondary"]
    checked: Day


class Deadline(NamedTuple):
    """The last day a rule allows, a safer day before it, and how they were counted."""

    date: Day
    safe_date: Day
    trigger: str
    working: str
    safe_past: bool
    past: bool
    seen: Seen
    sources: tuple[Source, ...]
    rule: str


class Verdict(NamedTuple):
    """Whether an opinion is covered, in which words, and how sure we are."""

    answer: Answer
    rule: str
    heading: str
    text: str
    conditions: tuple[str, ...]
    say_on_phone: str
    certainty: str
    seen: Seen
    freshness: Freshness
    base: tuple[str, ...]
    sources: tuple[Source, ...]


class Requirements(NamedTuple):
    """What must be done before the visit."""

    referral: str
    prior_authorization: str
    network: str
    texts: Mapping[str, str]
    sources: tuple[Source, ...]
    rules: Mapping[str, str]


class Cost(NamedTuple):
    """What the visit may cost, between a low and a high figure, with the arithmetic."""

    low: Decimal
    high: Decimal
    working: tuple[str, ...]
    unknown: tuple[str, ...]


class CostRule(NamedTuple):
    """How the price is shared under this coverage, in words."""

    text: str
    seen: Seen
    sources: tuple[Source, ...]
    rule: str


class Warning_(NamedTuple):  # noqa: N801  (Warning is a built-in)
    """Something to know before anything else."""

    id: str
    level: Literal["emergency", "fast", "caution", "note"]
    text: str
    sources: tuple[Source, ...]


class Step(NamedTuple):
    """A piece of advice made concrete for one case."""

    id: str
    section: str
    title: str
    body: str
    base: tuple[str, ...]
    deadline: Deadline | None
    seen: Seen
    sources: tuple[Source, ...]


class AppealLevel(NamedTuple):
    """One rung of the appeals ladder."""

    level: int
    id: str
    name: str
    decider: str
    how: str
    automatic: bool
    file_by: Deadline | None
    file_within: str | None
    decide_within: Mapping[str, str]
    behind: bool
    late: str
    seen: Seen
    sources: tuple[Source, ...]


class Record(NamedTuple):
    """A document to gather."""

    id: str
    text: str
    why: str
    base: tuple[str, ...]
    seen: Seen
    sources: tuple[Source, ...]


class TalkingPoint(NamedTuple):
    """A question the person asks somebody."""

    id: str
    to: str
    text: str
    why: str | None
    base: tuple[str, ...]
    seen: Seen
    sources: tuple[Source, ...]


class Contact(NamedTuple):
    """Somebody to turn to."""

    id: str
    name: str
    why: str
    phone: str | None
    url: str | None
    seen: Seen
    base: tuple[str, ...]
    sources: tuple[Source, ...]


class Place(NamedTuple):
    """A center or a remote program."""

    id: str
    kind: str
    name: str
    state: str | None
    note: str | None
    url: str
    distance: Distance
    sources: tuple[Source, ...]


class Evidence(NamedTuple):
    """What a study found about second opinions."""

    id: str
    finding: str
    citation: str
    url: str
    caution: str | None


class Change(NamedTuple):
    """What the plan would say if one more fact were known."""

    fact: str
    answer: str | bool
    effect: str


class Notice(NamedTuple):
    """A line at the end of the plan."""

    id: str
    text: str
    base: tuple[str, ...]


class About(NamedTuple):
    """The illness in the plan's words: why people ask again, how soon, whom to see."""

    name: str
    why: str
    timing: str
    specialists: tuple[str, ...]
    seen: Seen
    sources: tuple[Source, ...]


class ActionPlan(NamedTuple):
    """The whole plan for one case on one day. Every screen, letter and file is made from it."""

    as_of: Day
    data_version: str
    case: Case
    labels: Mapping[str, str]
    warnings: tuple[Warning_, ...]
    verdict: Verdict
    third_opinion: Verdict
    requirements: Requirements
    cost: Cost | None
    cost_rule: CostRule | None
    about: About | None
    steps: tuple[Step, ...]
    appeals: tuple[AppealLevel, ...]
    records: tuple[Record, ...]
    talking_points: tuple[TalkingPoint, ...]
    contacts: tuple[Contact, ...]
    places: tuple[Place, ...]
    evidence: tuple[Evidence, ...]
    would_change: tuple[Change, ...]
    gaps: tuple[str, ...]
    notices: tuple[Notice, ...]
    check_again: Day
