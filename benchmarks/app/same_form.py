"""The workbook's questions and its plan, for whoever shows them with other tools.

The peers ask what the workbook asks, in its words and with its lists, hide what it hides, and
show the very HTML that it shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from secondopinion import build_plan, load_knowledge, read_case
from secondopinion.intake import asked_only, conditions_named, questions_for
from secondopinion.render import to_html

KNOWLEDGE = load_knowledge()
CHOOSE = KNOWLEDGE.say("form.choose")
TITLE = KNOWLEDGE.say("form.title")
LEAD = KNOWLEDGE.say("form.lead")
# What visitors choose from: near the top of the list, so that every app's list has them ready.
# The plans of no two are the same.
COVERAGES = ("medicare_original", "medicare_advantage_hmo", "medicare_advantage_ppo")
BY_NAME = "condition"  # the one question that is answered by typing a name
SEVERAL = "choices"  # the kind of question that takes several answers, each a box to tick
CHOSEN = {"choice", "yes_no"}  # the kinds that take one from a list
WRITTEN = {"money", "percent"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what it says, and its answers by their labels."""

    id: str
    section: str
    text: str
    help: str
    kind: str
    answers: Mapping[str, Any]


def _answers(question: Mapping[str, Any]) -> dict[str, Any]:
    if question["id"] == BY_NAME:
        conditions = KNOWLEDGE.section("conditions")
        return {name: name for one in conditions for name in (one["name"], *one["also"])}
    if question["kind"] not in {*CHOSEN, SEVERAL}:
        return {}
    fact = question["id"]
    return {KNOWLEDGE.label(fact, one): one for one in KNOWLEDGE.answers(fact)}


QUESTIONS = tuple(
    Asked(
        question["id"],
        question["section"],
        question["text"],
        question.get("help", ""),
        question["kind"],
        _answers(question),
    )
    for question in KNOWLEDGE.section("questions")
    if len(question["answers"]) != 1  # nothing to choose, so the workbook does not ask
)


def plan_for(answers: Mapping[str, Any]) -> tuple[set[str], str]:
    """Return the ids of the questions that matter now, and the plan as HTML.

    Parameters
    ----------
    answers
        What is answered by the id of its question; nothing, or nothing written, is no answer.
    """
    said: dict[str, Any] = {}
    for name, answer in answers.items():
        if answer in (None, "", []):
            continue
        group, _, key = name.rpartition(".")
        if group:
            said.setdefault(group, {})[key] = answer
        else:
            said[name] = answer
    named = conditions_named(said.pop(BY_NAME, ""), KNOWLEDGE)
    if len(named) == 1:
        said[BY_NAME] = named[0]
    case = asked_only(read_case(said, KNOWLEDGE), KNOWLEDGE)
    asked = {question["id"] for question in questions_for(case, KNOWLEDGE)}
    today = date.today()  # noqa: DTZ011  (as the workbook's own page takes it)
    return asked, to_html(build_plan(case, today, KNOWLEDGE), KNOWLEDGE)


def first_fields() -> int:
    """Return how many fields stand on the page before the first answer."""
    asked, _ = plan_for({})
    return sum(
        len(question.answers) if question.kind == SEVERAL else 1
        for question in QUESTIONS
        if question.id in asked
    )
