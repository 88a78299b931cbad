"""Turn answers into a case, and say which question is worth asking next."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .errors import UnknownAnswer
from .hints import hint
from .knowledge import Knowledge, applies, load_knowledge
from .model import Case

_GROUPS = ("events", "costs")
MOST_MONEY = Decimal(10_000_000)
MOST_PERCENT = Decimal(100)
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_YEARS = range(1900, 2100)
_LONGEST = 60


def questions_for(case: Case, knowledge: Knowledge | None = None) -> list[Mapping[str, Any]]:
    """Return the questions that matter for the answers so far, in the order to ask them."""
    knowledge = knowledge or load_knowledge()
    facts = knowledge.facts(case)
    return [
        question
        for question in knowledge.section("questions")
        if applies(tuple((f, frozenset(a)) for f, a in question["when"].items()), facts)
    ]


def _shown(given: Any) -> str:
    """Return what was given, short enough to read, whatever it is."""
    try:
        text = repr(given)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists without end
        return "that"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _name(key: Any) -> str:
    is_word = isinstance(key, str) and key.isprintable() and len(key) <= _LONGEST
    return str(key) if is_word else _shown(key)


def _one_of(key: str, given: Any, allowed: list[str | bool]) -> str:
    known = [str(answer).lower() if isinstance(answer, bool) else answer for answer in allowed]
    asked = hint(_name(given), known)
    meant = f" ({asked})" if asked else ""
    return f"{key} cannot be {_shown(given)}{meant}; use one of: {', '.join(known)}"


class _Reader:
    """Reads one set of answers and remembers everything it could not understand."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.questions = {question["id"]: question for question in knowledge.section("questions")}
        self.complaints: list[str] = []

    def choice(self, key: str, given: Any) -> Any:
        """Return an answer that was offered."""
        question = self.questions[key]
        allowed = self.knowledge.answers(key)
        if question["kind"] == "choices":
            many = [given] if isinstance(given, str) else given
            if not isinstance(many, list | tuple):
                self.complaints.append(f"{key} is a list; write [{allowed[0]}]")
                return ()
            self.complaints += [_one_of(key, one, allowed) for one in many if one not in allowed]
            return tuple(one for one in many if one in allowed)
        is_offered = any(type(given) is type(one) and given == one for one in allowed)
        if not is_offered:
            self.complaints.append(_one_of(key, given, allowed))
            return None
        return given

    def day(self, key: str, given: Any) -> date | None:
        """Return a day of the calendar."""
        try:
            day = given if type(given) is date else date.fromisoformat(given)
        except (TypeError, ValueError):
            day = None
        if day is None or day.year not in _YEARS:
            cure = "which is no day we can count from; write it as 2026-03-02"
            self.complaints.append(f"{key} is {_shown(given)}, {cure}")
            return None
        return day

    def number(self, key: str, given: Any, most: Decimal) -> Decimal | None:
        """Return an exact number that is not negative."""
        text = str(given).strip() if isinstance(given, str | Decimal) else _shown(given)
        number = Decimal(text) if _NUMBER.fullmatch(text) else None
        if number is None or number > most:
            cure = f"write a number from 0 to {most:,}, such as 283 or 174.70"
            self.complaints.append(f"{key} is {_shown(given)}; {cure}")
            return None
        return number

    def value(self, key: str, given: Any) -> Any:
        """Return the answer to any one question."""
        kind = self.questions[key]["kind"]
        if kind == "day":
            return self.day(key, given)
        if kind in ("money", "percent"):
            return self.number(key, given, MOST_PERCENT if kind == "percent" else MOST_MONEY)
        return self.choice(key, given)

    def group(self, name: str, given: Any) -> dict[str, Any]:
        """Return the days or the amounts of a case."""
        if not isinstance(given, Mapping):
            known = ", ".join(self._known(name))
            self.complaints.append(f"{name} is a list of names and values; use one of: {known}")
            return {}
        read = {}
        for key, value in given.items():
            whole = f"{name}.{_name(key)}"
            question = self.questions.get(whole)
            if question is None:
                self.complaints.append(self._unknown(whole, self._known(name)))
            elif value is not None:
                read[key] = self.value(whole, value)
        return {key: value for key, value in read.items() if value is not None}

    def _known(self, group: str) -> list[str]:
        return [name for name in self.questions if name.startswith(f"{group}.")]

    def _unknown(self, key: str, known: list[str]) -> str:
        cure = hint(key, known) or f"use one of: {', '.join(known)}"
        return f"{key} is not something we ask; {cure}"

    def fields(self, answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield each field of the case that the answers fill."""
        for key, given in answers.items():
            if given is None:
                continue
            if key in _GROUPS:
                yield key, self.group(key, given)
            elif key in Case._fields:
                yield key, self.choice(key, given)
            else:
                self.complaints.append(self._unknown(_name(key), list(Case._fields)))


def read_case(answers: object, knowledge: Knowledge | None = None) -> Case:
    """Return the case that some answers describe.

    Parameters
    ----------
    answers
        The keys of a case file, each optional, as YAML or JSON gives them.
    knowledge
        Another knowledge base than the workbook's own.

    Raises
    ------
    UnknownAnswer
        When a key or an answer is not understood. The message lists each one with what to write.
    """
    if not isinstance(answers, Mapping):
        message = "a case is a list of names and values, such as coverage: medicare_original"
        raise UnknownAnswer(message)
    reader = _Reader(knowledge or load_knowledge())
    fields = dict(reader.fields(answers))
    if reader.complaints:
        raise UnknownAnswer("\n".join(reader.complaints))
    return Case(**fields)


def read_answers(
    question: str, given: Iterable[object], knowledge: Knowledge | None = None
) -> Iterator[tuple[Any, str]]:
    """Yield answers to one question as a case holds them, each with what is wrong with it.

    Parameters
    ----------
    question
        The id of the question, such as `coverage` or `events.denial`.
    given
        What was answered, one after the other.
    knowledge
        Another knowledge base than the workbook's own.
    """
    reader = _Reader(knowledge or load_knowledge())
    for each in given:
        reader.complaints.clear()
        answer = reader.value(question, each)
        yield answer, "; ".join(reader.complaints)


def asked_only(case: Case, knowledge: Knowledge | None = None) -> Case:
    """Return the case without the answers to questions that are not asked any more.

    On the screen an answer that no longer matters stays in its field, out of sight, and counts
    again when its question comes back.
    """
    knowledge = knowledge or load_knowledge()
    while True:
        asked = {question["id"] for question in questions_for(case, knowledge)}
        kept = _kept(case, asked)
        if kept == case:
            return case
        case = kept


def _kept(case: Case, asked: set[str]) -> Case:
    nothing = Case()
    fields = {
        name: fact if name in asked else getattr(nothing, name)
        for name, fact in case._asdict().items()
        if name not in _GROUPS
    }
    groups: dict[str, Any] = {
        name: {key: value for key, value in getattr(case, name).items() if f"{name}.{key}" in asked}
        for name in _GROUPS
    }
    return Case(**fields, **groups)


def conditions_named(text: str, knowledge: Knowledge | None = None) -> list[str]:
    """Return the illnesses that a person may mean, by name or by a common name, best first.

    Parameters
    ----------
    text
        What the person typed. An exact name gives one illness; a part gives all it fits.
    knowledge
        Another knowledge base than the workbook's own.
    """
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return []
    exact, partly = [], []
    for condition in (knowledge or load_knowledge()).section("conditions"):
        names = [name.casefold() for name in (condition["name"], *condition["also"])]
        if wanted in names:
            exact.append(condition["id"])
        elif any(wanted in name for name in names):
            partly.append(condition["id"])
    return exact or partly
