"""The person's own file: everything they said, so that they can close the laptop and come back."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple, NoReturn

from .errors import UnknownAnswer, UnreadableFile
from .intake import read_case
from .knowledge import Knowledge, load_knowledge
from .notes import Call, Notes

FORMAT = "secondopinion.saved"
VERSION = 1
MOST_BYTES = 256 * 1024
"""A file of answers is a few thousand bytes; what is longer is something else."""
_LONGEST_TEXT = 5000
_MOST_ITEMS = 2000
_GROUPS = ("events", "costs")

Answer = str | bool | list[str]


class Saved(NamedTuple):
    """Everything a person has said, ticked and written, as it stands in the form."""

    answers: Mapping[str, Answer] = {}
    """By the id of the question. A day is written as 2026-03-02; a number as it was typed."""
    ticks: tuple[str, ...] = ()
    """What is ticked in the plan, by `data-key`."""
    notes: Notes = Notes()
    left_out: tuple[str, ...] = ()
    """The parts that a hand-over copy leaves out."""


class Opened(NamedTuple):
    """A file that was opened: what it holds, and what deserves a second look."""

    saved: Saved
    second_look: tuple[str, ...]
    """Answers that no longer exist, each as a line for the person."""


def write_saved(saved: Saved, day: date, knowledge: Knowledge | None = None) -> str:
    """Return the file as JSON text.

    Parameters
    ----------
    saved
        What the person has said so far.
    day
        The day of saving.
    knowledge
        Another knowledge base than the workbook's own; the file names its version.
    """
    knowledge = knowledge or load_knowledge()
    content = {
        "schema": f"{FORMAT}/{VERSION}",
        "day": day.isoformat(),
        "data_version": knowledge.data_version,
        "answers": dict(saved.answers),
        "ticks": list(saved.ticks),
        "words": dict(saved.notes.words),
        "calls": [_written(call) for call in saved.notes.calls],
        "left_out": list(saved.left_out),
    }
    return json.dumps({**content, "checksum": _checksum(content)}, indent=1, ensure_ascii=False)


def _written(call: Call) -> dict[str, str]:
    day = call.day.isoformat() if call.day else ""
    return {name: value for name, value in {**call._asdict(), "day": day}.items() if value}


def _checksum(content: Mapping[str, Any]) -> str:
    """Return what changes when anything in the file changes but its layout."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


def read_saved(file: str | bytes, knowledge: Knowledge | None = None) -> Opened:
    """Return what a person's file holds, whichever version of the workbook saved it.

    Parameters
    ----------
    file
        The content of the file. A case file in JSON is understood as well.
    knowledge
        Another knowledge base than the workbook's own.

    Raises
    ------
    UnreadableFile
        When it is no such file, or is damaged. The message is for the person who opened it.
    """
    knowledge = knowledge or load_knowledge()
    reader = _Reader(knowledge)
    content = reader.content(file)
    answers = dict(reader.answers(content))
    saved = Saved(
        answers=answers,
        ticks=tuple(reader.texts(content, "ticks")),
        notes=Notes(words=reader.words(content), calls=tuple(reader.calls(content))),
        left_out=tuple(reader.texts(content, "left_out")),
    )
    return Opened(saved, tuple(reader.second_look))


class _Reader:
    """Reads one file and remembers what deserves a second look."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.questions = {question["id"]: question for question in knowledge.section("questions")}
        self.second_look: list[str] = []

    def refuse(self, reason: str) -> NoReturn:
        """Say why the file is not opened."""
        message = self.knowledge.say(f"file.bad.{reason}")
        raise UnreadableFile(message) from None

    def content(self, file: str | bytes) -> dict[str, Any]:
        """Return a file as mappings and lists of the newest version, once its checksum is right."""
        if len(file) > MOST_BYTES:
            self.refuse("long")
        try:
            text = file.decode("utf-8-sig") if isinstance(file, bytes) else file
            content = json.loads(text)
        except (ValueError, RecursionError):
            self.refuse("other")
        if not isinstance(content, dict):
            self.refuse("other")
        if "schema" not in content:
            return self.of_case_file(content)
        name, _, version = str(content["schema"]).partition("/")
        if name != FORMAT or not version.isascii() or not version.isdigit():
            self.refuse("other")
        if version != str(VERSION):
            self.refuse("newer")
        checksum = content.pop("checksum", None)
        try:
            is_whole = checksum == _checksum(content)
        except (ValueError, RecursionError):  # a number of thousands of digits, half a character
            is_whole = False
        if not is_whole:
            self.refuse("damaged")
        return content

    def of_case_file(self, case: dict[str, Any]) -> dict[str, Any]:
        """Return a case file, which came before there were saved files, as one of them."""
        flat: dict[str, Any] = {}
        for key, value in case.items():
            if key in _GROUPS and isinstance(value, dict):
                flat |= {f"{key}.{name}": _as_typed(one) for name, one in value.items()}
            else:
                flat[key] = value
        if not flat.keys() & self.questions.keys():
            self.refuse("other")
        return {"answers": flat}

    def answers(self, content: Mapping[str, Any]) -> Iterator[tuple[str, Answer]]:
        """Yield the answers to questions that we still ask, as far as they still exist."""
        for name, answer in self.mapping(content, "answers").items():
            if name not in self.questions:
                self.second_look.append(self.lost(name, answer))
                continue
            yield from self.answer(name, answer)

    def answer(self, name: str, answer: Any) -> Iterator[tuple[str, Answer]]:
        """Yield one answer, without the choices that no longer exist."""
        kind = self.questions[name]["kind"]
        if kind == "choices" and isinstance(answer, list):
            kept = [one for one in answer if self.is_offered(name, [one])]
            for one in answer:
                if one not in kept:
                    self.second_look.append(self.lost(name, one))
            yield name, kept
        elif self.is_typed(name) and isinstance(answer, str):
            yield name, _text(answer)  # the form says itself when it cannot read it
        elif isinstance(answer, str | bool) and self.is_offered(name, answer):
            yield name, answer
        else:
            self.second_look.append(self.lost(name, answer))

    def is_typed(self, name: str) -> bool:
        """Tell whether a person types the answer, so that anything may stand in its field."""
        typed = ("day", "money", "percent")
        return name == "condition" or self.questions[name]["kind"] in typed

    def is_offered(self, name: str, answer: Any) -> bool:
        """Tell whether an answer is one of those that are offered."""
        try:
            read_case({name: answer}, self.knowledge)
        except UnknownAnswer:
            return False
        return True

    def lost(self, name: str, answer: Any) -> str:
        """Return the line for an answer that no longer exists."""
        question = self.questions.get(name, {}).get("text", name[:60])
        given = str(answer) if isinstance(answer, str | bool) else "?"
        return self.knowledge.say("file.lost", question=question, answer=given[:60])

    def mapping(self, content: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Return a part of the file that is a mapping."""
        found = content.get(name, {})
        if not isinstance(found, dict) or len(found) > _MOST_ITEMS:
            self.refuse("damaged")
        return found

    def texts(self, content: Mapping[str, Any], name: str) -> Iterator[str]:
        """Yield the texts of a part that is a list of them."""
        found = content.get(name, [])
        if not isinstance(found, list) or len(found) > _MOST_ITEMS:
            self.refuse("damaged")
        yield from (_text(one) for one in found if isinstance(one, str))

    def words(self, content: Mapping[str, Any]) -> dict[str, str]:
        """Return the person's own words, by blank."""
        said = self.mapping(content, "words").items()
        return {name: _text(text) for name, text in said if isinstance(text, str)}

    def calls(self, content: Mapping[str, Any]) -> Iterator[Call]:
        """Yield the calls that were written down."""
        found = content.get("calls", [])
        if not isinstance(found, list) or len(found) > _MOST_ITEMS:
            self.refuse("damaged")
        yield from (read_call(one) for one in found if isinstance(one, dict))


def read_call(written: Mapping[str, Any]) -> Call:
    """Return a call from the texts in which it was written down; what is no day is left open."""
    texts = {
        name: _text(value)
        for name, value in written.items()
        if name in Call._fields and name != "day" and isinstance(value, str)
    }
    try:
        day = date.fromisoformat(str(written.get("day", "")))
    except ValueError:
        day = None
    return Call(**texts, day=day)


def _text(text: str) -> str:
    """Return a text of a length that somebody may have written, without halves of characters."""
    return text[:_LONGEST_TEXT].encode("utf-8", "replace").decode()


def _as_typed(value: Any) -> Any:
    """Return a number of a case file as a person would have typed it."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value
