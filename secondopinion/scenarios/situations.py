"""What can be varied in a case, and the cases that come of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from math import prod
from typing import NamedTuple

from secondopinion.intake import asked_only
from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Case
from secondopinion.planner import build_plan
from secondopinion.render.page import next_due

DEADLINE = "deadline"
"""The one thing to vary that is no question: whether the next day to act by is met or missed."""

_MOMENTS = ("on_time", "safe_passed", "last_passed")
_VARIED = ("choice", "yes_no")
_ONE_DAY = timedelta(days=1)

Only = Mapping[str, Collection[str | bool]]


class Choice(NamedTuple):
    """One answer that a varied fact can take."""

    id: str | bool
    label: str


class Fact(NamedTuple):
    """Something that can be varied, under the heading it stands under in the form."""

    id: str
    heading: str
    label: str


class Situation(NamedTuple):
    """One case on one day, and the answers that set it apart."""

    labels: tuple[str, ...]
    case: Case
    as_of: date


def facts_to_vary(knowledge: Knowledge | None = None) -> list[Fact]:
    """Return everything that can be varied, by the headings of the form, each heading once."""
    knowledge = knowledge or load_knowledge()
    asked = [
        Fact(question["id"], question["section"], question["text"])
        for question in knowledge.section("questions")
        if question["kind"] in _VARIED and len(knowledge.answers(question["id"])) > 1
    ]
    heading = knowledge.named("questions", "stage")["section"]
    found = [*asked, Fact(DEADLINE, heading, knowledge.say("scenarios.deadlines"))]
    headings = list(dict.fromkeys(fact.heading for fact in found))
    return sorted(found, key=lambda fact: headings.index(fact.heading))


def choices(fact: str, knowledge: Knowledge | None = None) -> list[Choice]:
    """Return the answers that a fact can take, in the order in which they are offered."""
    knowledge = knowledge or load_knowledge()
    if fact == DEADLINE:
        return [Choice(moment, knowledge.say(f"scenarios.moment.{moment}")) for moment in _MOMENTS]
    return [Choice(answer, knowledge.label(fact, answer)) for answer in knowledge.answers(fact)]


def named(fact: str, knowledge: Knowledge | None = None) -> str:
    """Return what a fact is called at the head of its column."""
    knowledge = knowledge or load_knowledge()
    if fact == DEADLINE:
        return knowledge.say("scenarios.deadlines")
    return str(knowledge.named("questions", fact)["text"])


def situations(
    case: Case,
    facts: Sequence[str],
    as_of: date,
    knowledge: Knowledge | None = None,
    only: Only | None = None,
) -> list[Situation]:
    """Return a case under every answer to one or more facts, each different situation once.

    Parameters
    ----------
    case
        The base case.
    facts
        What to vary: ids of questions, or `deadline`.
    as_of
        The day to plan for.
    knowledge
        Another knowledge base than the workbook's own.
    only
        For some of the facts, the answers to keep to.
    """
    knowledge, only = knowledge or load_knowledge(), only or {}
    found: dict[object, Situation] = {}
    for each in _answered(case, facts, as_of, knowledge, only):
        timed = _timed(each, facts, knowledge, only) if DEADLINE in facts else [each]
        for situation in timed:
            found.setdefault(_same_for_the_planner(situation), situation)
    return list(found.values())


def _same_for_the_planner(situation: Situation) -> object:
    case = situation.case
    groups = (frozenset(case.events.items()), frozenset(case.costs.items()))
    return (frozenset(case.known().items()), *groups, situation.as_of)


def kept(fact: str, knowledge: Knowledge, only: Only) -> list[Choice]:
    """Return the answers to keep to; none chosen means all of them."""
    return [
        choice
        for choice in choices(fact, knowledge)
        if not only.get(fact) or choice.id in only[fact]
    ]


def how_many(
    facts: Sequence[str], knowledge: Knowledge | None = None, only: Only | None = None
) -> int:
    """Return how many lines it can take at most to vary some facts."""
    knowledge = knowledge or load_knowledge()
    return prod(len(kept(fact, knowledge, only or {})) for fact in facts)


def _answered(
    case: Case, facts: Sequence[str], as_of: date, knowledge: Knowledge, only: Only
) -> Iterator[Situation]:
    """Yield the case under every answer; one that its question does not ask for is not counted."""
    asked = [fact for fact in facts if fact != DEADLINE]
    for answers in product(*(kept(fact, knowledge, only) for fact in asked)):
        chosen = dict(zip(asked, answers, strict=True))
        told = {fact: choice.id for fact, choice in chosen.items()}
        other = asked_only(case._replace(**told), knowledge)  # type: ignore[arg-type]
        labels = [
            chosen[fact].label
            if getattr(other, fact) == told[fact]
            else knowledge.say("scenarios.not_asked")
            for fact in asked
        ]
        yield Situation(tuple(labels), other, as_of)


def _timed(
    situation: Situation, facts: Sequence[str], knowledge: Knowledge, only: Only
) -> Iterator[Situation]:
    """Yield a situation with its next day to act by met, and with it missed."""
    place = facts.index(DEADLINE)

    def told(label: str, day: date) -> Situation:
        labels = (*situation.labels[:place], label, *situation.labels[place:])
        return Situation(labels, situation.case, day)

    days = _moments(situation, knowledge)
    if not days:
        yield told(knowledge.say("scenarios.no_deadline"), situation.as_of)
        return
    for choice in kept(DEADLINE, knowledge, only):
        if choice.id in days:
            yield told(choice.label, days[str(choice.id)])


def _moments(situation: Situation, knowledge: Knowledge) -> dict[str, date]:
    """Return the days on which the first day to act by is still ahead, nearly gone, and gone."""
    case, today = situation.case, situation.as_of
    if not case.events:
        return {}
    due = next_due(build_plan(case, min(case.events.values()), knowledge))
    if due is None:
        return {}
    last, safe = due[1].date, due[1].safe_date
    days = {"on_time": min(today, safe), "last_passed": max(today, last + _ONE_DAY)}
    if safe < last:
        days["safe_passed"] = today if safe < today <= last else safe + _ONE_DAY
    return days
