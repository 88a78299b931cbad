"""All entries of the knowledge base, with the look-ups that their promises need."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .schema import RULES
from .strict_yaml import Problem

Entries = Mapping[str, Sequence[dict[str, Any]]]
Places = Mapping[tuple[str, str], str]

PARTS = (
    "to", "about", "body", "below", "after", "enclosures", "sender", "opening", "signature",
)  # fmt: skip
"""The fields of letters, wordings and sheets that are made of parts."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def spoken(entry: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of an entry with the name of its field."""
    if isinstance(entry, str):
        yield name, entry
    elif isinstance(entry, Mapping):
        for key, value in entry.items():
            yield from spoken(value, f"{name}.{key}".lstrip("."))
    elif isinstance(entry, Sequence):
        for value in entry:
            yield from spoken(value, name)


def named_in(entry: dict[str, Any]) -> set[str]:
    """Return the rules that an entry's sentences name in braces."""
    return {name for _, text in spoken(entry) for name in PLACEHOLDER.findall(text)}


def parts_of(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the parts of a letter or a sheet, each of which may be for some cases only."""
    for name in PARTS:
        for part in entry.get(name, ()):
            if isinstance(part, dict):
                yield part


def vocabulary(entries: Entries) -> dict[str, set[str | bool]]:
    """Return the answers that each fact can have."""
    answers: dict[str, set[str | bool]] = {
        fact["id"]: set(fact["answers"]) for fact in entries["facts"]
    }
    for question in entries["questions"]:
        if question["kind"] == "yes_no":
            answers[question["id"]] = {True, False}
        elif "answers_from" in question:
            answers[question["id"]] = {e["id"] for e in entries[question["answers_from"]]}
        elif question["kind"] in ("choice", "choices"):
            answers[question["id"]] = {answer["id"] for answer in question["answers"]}
    return answers


class Book:
    """The entries by kind, their ids, their places in the files, and what facts can be."""

    def __init__(self, entries: Entries, places: Places) -> None:
        self.entries = entries
        self.places = places
        # A faulty entry has a place too: what points to it is not another fault.
        self.ids = {kind: {name for of, name in places if of == kind} for kind in entries}
        self.rules = set().union(*(self.ids[kind] for kind in RULES))
        self.facts = vocabulary(entries)
        said = {word for wording in entries["wordings"] for word in wording["words"]}
        self.voice = {name for word in said for name in (word, word[:1].upper() + word[1:])}
        for question in entries["questions"]:
            if "answers_from" in question:
                self.facts[question["id"]] |= self.ids[question["answers_from"]]
        self.events = {
            question["id"].removeprefix("events.")
            for question in entries["questions"]
            if question["id"].startswith("events.")
        }

    def problem(self, kind: str, entry: dict[str, Any], what: str, cure: str) -> Problem:
        """Return what is wrong with an entry, where it stands."""
        where = self.places.get((kind, entry["id"]), "data")
        return Problem(f"{where}: {kind} {entry['id']}", what, cure)

    def each(self, kinds: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each entry of some kinds."""
        for kind in kinds:
            for entry in self.entries[kind]:
                yield kind, entry


Pointer = tuple[str, str, set[str]]
"""The field, the id it names, and the ids that are there."""
