"""What the entries of the knowledge base promise each other, beyond their own fields."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

from .book import Book, Entries, Places, Pointer, named_in, parts_of
from .letter_promises import LETTER_PROMISES, letter_pointers
from .schema import LINES, RULES
from .strict_yaml import Problem

CASE_WORDS = frozenset({"year", "next_year", "state"})
NOTICE_WORDS = frozenset({"last_checked", "check_again", "data_version", "as_of"})
EVERYTHING = "*"
_IMPLYING = {"coverage": "coverages", "condition": "conditions", "state": "states"}
_CASE_RULES = ("verdicts", "requirements", "costs")
_VOICED = ("letters", "call_sheets", "comparisons")


def broken_promises(entries: Entries, places: Places) -> list[Problem]:
    """Return every promise that the entries break among themselves."""
    book = Book(entries, places)
    found: list[Problem] = []
    for promise in (
        _ids_exist, _facts_exist, _histories_run, _lines_have_sources, _no_ties, *LETTER_PROMISES
    ):  # fmt: skip
        found.extend(promise(book))
    return found


def _words_known(book: Book, kind: str, entry: dict[str, Any]) -> set[str]:
    """Return the names that the planner can fill in where they stand in braces."""
    if kind == "notices":
        return set(NOTICE_WORDS)
    if kind not in (*LINES, *RULES):
        return set()
    dated = entry.get("when", {}).get("dated", ())
    events = set(dated if len(dated) == 1 else ())
    known = book.ids["amounts"] | book.ids["limits"] | CASE_WORDS | events
    return known | book.voice if kind in _VOICED else known


def _pointers(book: Book, kind: str, entry: dict[str, Any]) -> Iterator[Pointer]:
    """Yield each id that an entry points to."""
    yield from _citations(book, entry)
    yield from _figures(book, kind, entry)
    ids = book.ids
    lists = {
        "overrides": ids[kind] | {EVERYTHING},
        "evidence": ids["evidence"],
        "organizations": ids["contacts"],
        "neighbors": ids["states"],
    }
    for field, known in lists.items():
        yield from ((field, name, known) for name in entry.get(field, ()))
    for holder in (entry, *parts_of(entry)):
        yield from (("relies_on", name, book.rules) for name in holder.get("relies_on", ()))
    yield from letter_pointers(book, kind, entry)
    if entry.get("clock"):
        yield "clock", entry["clock"], book.events


def _citations(book: Book, entry: dict[str, Any]) -> Iterator[Pointer]:
    holders = (entry, *entry.get("history", ()), entry.get("find_out") or {}, *parts_of(entry))
    for holder in holders:
        for cite in holder.get("cite") or ():
            yield "cite.source", cite["source"], book.ids["sources"]


def _figures(book: Book, kind: str, entry: dict[str, Any]) -> Iterator[Pointer]:
    """Yield each limit and amount that an entry names, in a field or in a sentence."""
    for version in entry.get("history", ()):
        for field in ("deductible", "coinsurance", "cap"):
            if version.get(field):
                yield field, version[field], book.ids["amounts"]
    if kind == "appeals" and entry.get("amount"):
        yield "amount", entry["amount"], book.ids["amounts"]
    limits = (entry.get("due"), entry.get("file"), *(entry.get("decide") or {}).values())
    yield from (("due, file or decide", name, book.ids["limits"]) for name in filter(None, limits))
    if kind != "phrases":
        known = _words_known(book, kind, entry)
        yield from (("a text", name, known) for name in named_in(entry))


def _ids_exist(book: Book) -> Iterator[Problem]:
    for kind, entry in book.each(list(book.entries)):
        for field, name, known in _pointers(book, kind, entry):
            if name not in known:
                cure = "mend the spelling or add what it points to"
                yield book.problem(kind, entry, f"{field} names {name!r}, which is not there", cure)


def _written(answer: str | bool) -> str:
    return str(answer).lower() if isinstance(answer, bool) else answer


def _facts_exist(book: Book) -> Iterator[Problem]:
    for kind, entry in book.each(list(book.entries)):
        holders = (entry, *parts_of(entry))
        named = [each for holder in holders for each in holder.get("when", {}).items()]
        named += [(fact, [answer]) for fact, answer in entry.get("implies", {}).items()]
        for fact, answers in named:
            if fact not in book.facts:
                cure = f"use one of {', '.join(sorted(book.facts))}"
                yield book.problem(kind, entry, f"there is no fact {fact!r}", cure)
                continue
            for answer in answers:
                if answer not in book.facts[fact]:
                    cure = f"use one of {', '.join(sorted(map(_written, book.facts[fact])))}"
                    yield book.problem(kind, entry, f"{fact} is never {answer!r}", cure)


def _histories_run(book: Book) -> Iterator[Problem]:
    for kind, entry in book.each(RULES):
        for earlier, later in pairwise(entry["history"]):
            if later["since"] <= earlier["since"]:
                cure = "put the rows in order of since; the newest stands last"
                yield book.problem(kind, entry, f"{later['since']} is out of order", cure)
            elif "until" in earlier and later["since"] <= earlier["until"]:
                cure = f"end the earlier row on {later['since'] - timedelta(days=1)}"
                yield book.problem(kind, entry, f"two rows hold on {later['since']}", cure)


def _lines_have_sources(book: Book) -> Iterator[Problem]:
    for kind, entry in book.each(LINES):
        stands_on = entry.get("relies_on") or entry.get("due") or entry.get("file")
        named = named_in(entry) & book.rules
        if kind == "notices" or stands_on or named or entry.get("cite"):
            continue
        cure = "name a rule in relies_on, or give cite, seen and checked"
        yield book.problem(kind, entry, "nothing says where it comes from", cure)


def _reach(book: Book, when: Mapping[str, Any]) -> dict[str, set[Any]]:
    """Return the answers a case may have where this `when` holds, implied facts resolved."""
    reach = {fact: set(answers) for fact, answers in when.items()}
    for asked, kind in _IMPLYING.items():
        fitting = {
            entry["id"]
            for entry in book.entries[kind]
            if all(
                value in reach[fact] for fact, value in entry["implies"].items() if fact in reach
            )
        }
        implied = {fact for entry in book.entries[kind] for fact in entry["implies"]}
        if asked in reach or implied & set(reach):
            reach[asked] = reach.get(asked, fitting) & fitting
    return reach


def _is_settled(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether one of two entries overrides the other: by its id, or as one of all others."""
    mine, theirs = set(one.get("overrides", ())), set(other.get("overrides", ()))
    by_id = other["id"] in mine or one["id"] in theirs
    return by_id or (EVERYTHING in mine) != (EVERYTHING in theirs)


def _no_ties(book: Book) -> Iterator[Problem]:
    for kind in _CASE_RULES:
        reaches = [(entry, _reach(book, entry.get("when", {}))) for entry in book.entries[kind]]
        for (one, reach), (other, other_reach) in combinations(reaches, 2):
            same_subject = one.get("about") == other.get("about")
            same_rank = len(one.get("when", {})) == len(other.get("when", {}))
            if not same_subject or not same_rank or _is_settled(one, other):
                continue
            if all(reach[fact] & other_reach[fact] for fact in reach.keys() & other_reach.keys()):
                cure = f"name one more fact, or let it override {other['id']}"
                yield book.problem(kind, one, f"ties with {other['id']}", cure)
