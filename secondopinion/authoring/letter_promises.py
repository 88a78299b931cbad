"""What letters promise: every blank is known, one page is enough, an office reads it with ease."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from secondopinion.readability import reading_grade

from .book import PLACEHOLDER, Book, Pointer, parts_of, spoken
from .schema import RULES
from .strict_yaml import Problem

PAPERS = ("letters", "wordings", "call_sheets", "comparisons")
MOST_WORDS = 330
"""What fits on a page with its addresses and its blanks, in words of fixed text."""

HARDEST_FOR_OFFICES = 10
HARDEST_FOR_PEOPLE = 8
"""School grades: letters go to offices, all around them is read by the person."""

_BLANK = re.compile(r"\[([^\[\]]*)\]")
_LAW = re.compile(r"\b\d+ [A-Z.]{3,6} \d+(?:\.\d+)*(?:-\d+)*")
_FRAGMENT = 6  # a text of fewer words is a label, and the formula is made for sentences
_SENTENCES = ("title", "why", "label", "help", "text", "heading", "items", "boxes")
_TO_AN_OFFICE = {
    "letters": ("to", "about", "subject", "body", "below", "enclosures"),
    "wordings": ("words", "sender", "greeting", "opening", "closing", "signature", "enclosures"),
}
_OF_THE_RUNG = frozenset({"name", "last_day", "standard", "expedited"})


def _blanks_named(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield the blanks that a paper names: in its texts, as its log of calls, in its rows."""
    for _, text in spoken(entry):
        yield from _BLANK.findall(text)
    yield from (part["calls"] for part in parts_of(entry) if "calls" in part)
    for row in entry.get("rows", ()):
        yield from (row["first"], row["second"])


def letter_pointers(book: Book, kind: str, entry: dict[str, Any]) -> Iterator[Pointer]:
    """Yield each id that a letter, a sheet or a blank points to."""
    ids = book.ids
    if kind in PAPERS:
        yield from (("a blank", name, ids["blanks"]) for name in _blanks_named(entry))
    lists = {"rungs": ids["appeals"], "always": ids["talking_points"]}
    for field, known in {**lists, "points": ids["talking_points"]}.items():
        yield from ((field, name, known) for name in entry.get(field, ()))
    last = {name.rpartition(".")[2] for name in ids["contacts"]}
    yield from (("contact", name, last) for name in entry.get("contact", ()))
    if kind == "blanks" and entry.get("from"):
        yield "from", entry["from"], _can_be_given(book)


def _can_be_given(book: Book) -> set[str]:
    rung = {f"rung.{name}" for name in _OF_THE_RUNG}
    return book.events | rung | {"state", "contact", "network_doctor"}


def _blanks_are_used(book: Book) -> Iterator[Problem]:
    named = {name for _, entry in book.each(PAPERS) for name in _blanks_named(entry)}
    voiced = {name for wording in book.entries["wordings"] for name in _blanks_named(wording)}
    for entry in book.entries["blanks"]:
        if entry["id"] not in named | voiced:
            cure = f"write [{entry['id']}] where it belongs, or remove it"
            yield book.problem("blanks", entry, "no letter has this blank", cure)


def _long_blanks_stand_alone(book: Book) -> Iterator[Problem]:
    long = {f"[{entry['id']}]" for entry in book.entries["blanks"] if entry["kind"] == "text"}
    for kind, entry in book.each(PAPERS):
        for _, text in spoken(entry):
            for name in sorted(long):
                if name in text and text != name:
                    cure = "give it a line of its own: it may hold several sentences"
                    yield book.problem(kind, entry, f"{name} stands inside a sentence", cure)


def _words_in(part: Mapping[str, Any]) -> int:
    """Return how many words a part says itself; a blank or a figure counts as one."""
    texts = (text for name, text in spoken(part) if name in ("text", "items", "boxes", "heading"))
    return sum(len(_BLANK.sub("x", text).split()) for text in texts)


def most_words(entry: Mapping[str, Any]) -> int:
    """Return the most words a letter can have: of parts that exclude each other, the longest."""
    always = len(entry["subject"].split())
    sometimes: dict[str, dict[object, int]] = {}
    for part in parts_of(entry):
        words = _words_in(part)
        if not part.get("when"):
            always += words
            continue
        fact, answers = next(iter(part["when"].items()))
        for answer in answers:
            of_fact = sometimes.setdefault(fact, {})
            of_fact[answer] = of_fact.get(answer, 0) + words
    return always + sum(max(of_fact.values()) for of_fact in sometimes.values())


def _letters_fit_on_a_page(book: Book) -> Iterator[Problem]:
    for entry in book.entries["letters"]:
        words = most_words(entry)
        if words > MOST_WORDS:
            what = f"it has {words} words, and a page holds {MOST_WORDS}"
            yield book.problem("letters", entry, what, "leave out what the reader does not need")


def _said(entry: Mapping[str, Any], fields: Sequence[str]) -> list[str]:
    """Return the texts of some fields, with short words in the place of blanks and figures."""
    return [
        PLACEHOLDER.sub("my", _BLANK.sub("this", text))
        for name, text in spoken(entry)
        if name.partition(".")[0] in fields and name.rpartition(".")[2] in _SENTENCES
    ]


def _letters_are_easy_to_read(book: Book) -> Iterator[Problem]:
    for kind, entry in book.each((*PAPERS, "blanks")):
        to_an_office = _TO_AN_OFFICE.get(kind, ())
        to_the_person = [name for name in entry if name not in to_an_office]
        yield from _too_hard(book, kind, entry, to_an_office, HARDEST_FOR_OFFICES)
        yield from _too_hard(book, kind, entry, to_the_person, HARDEST_FOR_PEOPLE)


def _too_hard(
    book: Book, kind: str, entry: dict[str, Any], fields: Sequence[str], bar: int
) -> Iterator[Problem]:
    said = _said(entry, fields)
    grade = reading_grade(*said) or 0
    if grade > bar and len(" ".join(said).split()) >= _FRAGMENT:
        who = "an office" if bar == HARDEST_FOR_OFFICES else "the person"
        what = f"what {who} reads needs {grade:.1f} years of school, and {bar} must do"
        yield book.problem(kind, entry, what, "use shorter sentences and words")


def _laws_are_cited(book: Book) -> Iterator[Problem]:
    titles = {source["id"]: source["title"] for source in book.entries["sources"]}
    rules = {rule["id"]: rule for kind in RULES for rule in book.entries[kind]}
    for entry in book.entries["letters"]:
        for part in parts_of(entry):
            cited = {
                titles.get(cite["source"], "")
                for holder in (entry, part, *_versions(entry, rules), *_versions(part, rules))
                for cite in holder.get("cite") or ()
            }
            for law in (law for _, text in spoken(part) for law in _LAW.findall(text)):
                if not any(title.startswith(law) for title in cited):
                    cure = "rely on a rule that cites it, or cite it in this part"
                    yield book.problem("letters", entry, f"{law} is named and not cited", cure)


def _versions(holder: Mapping[str, Any], rules: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what the rules said that some words rely on."""
    named = (name for _, text in spoken(holder) for name in PLACEHOLDER.findall(text))
    for name in (*holder.get("relies_on", ()), *named):
        yield from rules.get(name, {}).get("history", ())


def _wordings_say_the_same_words(book: Book) -> Iterator[Problem]:
    every = {word for wording in book.entries["wordings"] for word in wording["words"]}
    for wording in book.entries["wordings"]:
        for word in sorted(every - wording["words"].keys()):
            cure = "say it in every wording, because letters use it in all of them"
            yield book.problem("wordings", wording, f"the word {word!r} is missing", cure)


LETTER_PROMISES = (
    _blanks_are_used,
    _long_blanks_stand_alone,
    _letters_fit_on_a_page,
    _letters_are_easy_to_read,
    _laws_are_cited,
    _wordings_say_the_same_words,
)
