"""What each kind of entry in the knowledge base may say, field by field."""

# ruff: noqa: RUF012
# Pydantic copies a default for each entry; ruff cannot see that the base in fields.py is its.

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from .fields import Cites, Exact, Id, Line, Phone, Seen, Spoken, Strict, Text, Web, When
from .letter_schema import Blank, CallSheet, Comparison, Letter, Wording


class _Version(Strict):
    since: date
    until: date | None = None
    cite: Cites
    seen: Seen
    checked: date
    note: Text | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "_Version":
        if self.until and self.until < self.since:
            message = "it ends before it starts: put 'until' on or after 'since'"
            raise ValueError(message)
        return self


class VerdictVersion(_Version):
    """What the law or the plan said about coverage from a day on."""

    answer: Literal["covered", "covered_if", "ask", "not_covered"]
    text: Spoken
    conditions: list[Spoken] = []
    say_on_phone: Spoken


class RequirementVersion(_Version):
    """What had to be done first, from a day on."""

    answer: Literal[
        "required", "not_required", "maybe", "ask", "any_enrolled", "in_network",
        "network_first", "any",
    ]  # fmt: skip
    text: Spoken


class CostVersion(_Version):
    """How the price was shared, from a day on."""

    share: Literal["none", "full", "formula"]
    deductible: Id | None = None
    coinsurance: Id | None = None
    cap: Id | None = None
    may_be_less: bool = False
    text: Spoken


class LimitVersion(_Version):
    """A length of time, where it counts from and how it rolls."""

    days: int | None = Field(default=None, gt=0)
    months: int | None = Field(default=None, gt=0)
    hours: int | None = Field(default=None, gt=0)
    working_days: int | None = Field(default=None, gt=0)
    from_: Literal["notice", "receipt"] = Field(default="notice", alias="from")
    mail_days: int = Field(default=0, ge=0)
    roll: Literal["none", "next_working_day"] = "none"
    no_such_day: Literal["first_of_next_month", "last_of_month"] = "last_of_month"
    ceiling: bool = False
    filed_when: Literal["received", "postmarked"] | None = None
    late: Spoken | None = None

    @model_validator(mode="after")
    def _has_one_length(self) -> "LimitVersion":
        if sum(bool(n) for n in (self.days, self.months, self.hours, self.working_days)) != 1:
            message = "a limit has one length: days, months, hours or working_days"
            raise ValueError(message)
        return self


class AmountVersion(_Version):
    """Money or a percentage, in force from a day on."""

    usd: Exact | None = None
    percent: Annotated[Exact, Field(le=100)] | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "AmountVersion":
        if (self.usd is None) == (self.percent is None):
            message = "an amount is either usd or percent"
            raise ValueError(message)
        return self


class ProvisionVersion(_Version):
    """Something the law says that other entries rely on."""

    text: Spoken


class _Rule(Strict):
    id: Id
    what: Text
    clock: Id | None = None


class _CaseRule(_Rule):
    when: When = {}
    overrides: list[Id | Literal["*"]] = []
    base: list[Id] = []


class Verdict(_CaseRule):
    """Whether a second or a third opinion is covered."""

    about: Literal["second", "third"]
    history: Annotated[list[VerdictVersion], Field(min_length=1)]


_ANSWERS = {
    "referral": {"required", "not_required", "ask"},
    "prior_authorization": {"required", "maybe", "not_required", "ask"},
    "network": {"any_enrolled", "in_network", "network_first", "any", "ask"},
}


class Requirement(_CaseRule):
    """What must be done before the visit."""

    about: Literal["referral", "prior_authorization", "network"]
    history: Annotated[list[RequirementVersion], Field(min_length=1)]

    @model_validator(mode="after")
    def _answers_its_question(self) -> "Requirement":
        allowed = _ANSWERS[self.about]
        for version in self.history:
            if version.answer not in allowed:
                message = f"{self.about} is one of {', '.join(sorted(allowed))}"
                raise ValueError(message)
        return self


class Cost(_CaseRule):
    """How the price of the visit is shared."""

    history: Annotated[list[CostVersion], Field(min_length=1)]


class Limit(_Rule):
    """A time to act or to decide."""

    history: Annotated[list[LimitVersion], Field(min_length=1)]


class Amount(_Rule):
    """A figure that changes from year to year."""

    history: Annotated[list[AmountVersion], Field(min_length=1)]


class Provision(_Rule):
    """A fact of law."""

    history: Annotated[list[ProvisionVersion], Field(min_length=1)]


class Advice(Line):
    """A thing to do."""

    section: Literal["before", "insurer", "records", "visit", "denied", "after"]
    title: Spoken
    body: Spoken
    due: Id | None = None


class Decide(Strict):
    """How long the deciders have."""

    standard: Id | None = None
    expedited: Id | None = None


class Appeal(Line):
    """One rung of an appeals ladder."""

    level: int = Field(gt=0)
    name: Spoken
    decider: Spoken
    how: Spoken
    automatic: bool = False
    file: Id | None = None
    decide: Decide = Decide()
    amount: Id | None = None


class Warn(Line):
    """A warning."""

    level: Literal["emergency", "fast", "caution", "note"]
    text: Spoken


class Record(Line):
    """A document to gather."""

    text: Spoken
    why: Spoken


class TalkingPoint(Line):
    """A question the person asks somebody."""

    for_: Literal["second_doctor", "current_doctor", "insurer", "records_office", "self"] = Field(
        alias="for"
    )
    text: Spoken
    why: Spoken | None = None


class Contact(Line):
    """Somebody to turn to."""

    name: Spoken
    why: Spoken
    url: Web | None = None
    phone: Phone | None = None
    phone_seen: Seen | None = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> "Contact":
        if bool(self.phone) != bool(self.phone_seen):
            message = "phone and phone_seen go together"
            raise ValueError(message)
        return self


class Place(Line):
    """A center or a remote program."""

    kind: Literal["cancer_center", "remote_program"]
    name: Spoken
    state: Id | None = None
    note: Spoken | None = None
    url: Web


class Notice(Line):
    """A line at the end of every plan."""

    text: Spoken


class Coverage(Strict):
    """A kind of insurance."""

    id: Id
    name: Spoken
    group: Spoken
    card: Spoken
    explain: Spoken
    also: list[Spoken] = []
    implies: dict[Id, str | bool]
    order: int = 50


class Timing(Strict):
    """How soon treatment usually has to start."""

    level: Literal["emergency", "hours_days", "days_2weeks", "weeks", "flexible"]
    text: Spoken


class ConditionRecord(Strict):
    """A document to gather for this illness."""

    text: Spoken
    why: Spoken | None = None


class Condition(Strict):
    """An illness."""

    id: Id
    name: Spoken
    group: Spoken
    also: list[Spoken]
    why: Spoken
    timing: Timing
    emergency: Spoken | None = None
    specialists: Annotated[list[Spoken], Field(min_length=1)]
    records: Annotated[list[ConditionRecord], Field(min_length=1)]
    questions: Annotated[list[Spoken], Field(min_length=1)]
    evidence: list[Id] = []
    organizations: list[Id] = []
    implies: dict[Id, str | bool]
    order: int = 50
    cite: Cites
    seen: Seen
    checked: date


class State(Strict):
    """A state, the District of Columbia or a territory."""

    id: Id
    name: Spoken
    neighbors: list[Id] = []
    implies: dict[Id, str | bool]
    cite: Cites
    seen: Seen
    checked: date


class Answer(Strict):
    """One answer a person can choose."""

    id: str | bool
    label: Spoken


class FindOut(Strict):
    """What to do when a person does not know the answer."""

    title: Spoken
    body: Spoken
    cite: Cites
    seen: Seen
    checked: date


class Question(Strict):
    """Something we ask the person."""

    id: Id
    section: Spoken
    text: Spoken
    help: Spoken | None = None
    kind: Literal["choice", "choices", "yes_no", "day", "money", "percent"]
    answers: list[Answer] = []
    answers_from: Literal["coverages", "conditions", "states"] | None = None
    when: When = {}
    find_out: FindOut | None = None
    base: list[Id] = []
    order: int


class Fact(Strict):
    """A fact that follows from an answer and is never asked."""

    id: Id
    what: Text
    answers: Annotated[list[str | bool], Field(min_length=1)]


class Source(Strict):
    """A document we cite."""

    id: Id
    title: Text
    publisher: Text
    url: Web | None = None
    kind: Literal["primary", "secondary"]


class Evidence(Strict):
    """What a study found."""

    id: Id
    finding: Spoken
    citation: Text
    url: Web
    caution: Spoken | None = None
    seen: Seen
    checked: date


class Phrase(Strict):
    """A short text of the page, by name."""

    id: Id
    text: Spoken


KINDS: dict[str, type[BaseModel]] = {
    "verdicts": Verdict,
    "requirements": Requirement,
    "costs": Cost,
    "limits": Limit,
    "amounts": Amount,
    "provisions": Provision,
    "advice": Advice,
    "appeals": Appeal,
    "warnings": Warn,
    "records": Record,
    "talking_points": TalkingPoint,
    "contacts": Contact,
    "places": Place,
    "notices": Notice,
    "coverages": Coverage,
    "conditions": Condition,
    "states": State,
    "questions": Question,
    "facts": Fact,
    "sources": Source,
    "evidence": Evidence,
    "phrases": Phrase,
    "letters": Letter,
    "blanks": Blank,
    "wordings": Wording,
    "call_sheets": CallSheet,
    "comparisons": Comparison,
}
RULES = ("verdicts", "requirements", "costs", "limits", "amounts", "provisions")
LINES = (
    "advice", "appeals", "warnings", "records", "talking_points", "contacts", "places", "notices",
    "letters", "call_sheets", "comparisons",
)  # fmt: skip
