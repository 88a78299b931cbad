"""Say what one more answer would change, so that a person knows what is worth finding out."""

from collections.abc import Iterator, Mapping
from typing import Any

from secondopinion.knowledge import applies
from secondopinion.model import Case, Change

from .reading import Reading
from .verdicts import answer_about


def _answers(reading: Reading, question: Mapping[str, Any]) -> list[str | bool]:
    """Return the answers that some rule tells apart."""
    if question["id"] == "coverage":
        return [raw["id"] for raw in reading.knowledge.section("coverages")]
    rules = reading.knowledge.fitting_rules("verdicts", reading.case.coverage)
    named = {
        answer
        for rule in rules
        for fact, allowed in rule.when
        if fact == question["id"]
        for answer in allowed
    }
    return sorted(named, key=str)


def _with(case: Case, fact: str, answer: str | bool) -> Case:
    return case._replace(**{fact: answer})  # type: ignore[arg-type]


def would_change(reading: Reading) -> tuple[Change, ...]:
    """Return each answer to an open question that would give another verdict."""
    return tuple(_changes(reading))


def _changes(reading: Reading) -> Iterator[Change]:
    knowledge = reading.knowledge
    about = "third" if reading.case.opinion == "third" else "second"
    present = answer_about(reading, about, reading.facts)
    for question in knowledge.section("questions"):
        fact = question["id"]
        asked = tuple((name, frozenset(allowed)) for name, allowed in question["when"].items())
        if fact in reading.facts or not applies(asked, reading.facts):
            continue
        for answer in _answers(reading, question):
            facts = knowledge.facts(_with(reading.case, fact, answer))
            then = answer_about(reading, about, facts)
            if then != present:
                label = knowledge.label(fact, answer)
                heading = knowledge.say(f"verdict.{about}.{then}")
                effect = knowledge.say("change.verdict", label=label, heading=heading)
                yield Change(fact, answer, effect)
