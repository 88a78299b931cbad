"""One paper in the making: which parts fit the case, their words, the blanks they leave open."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

from secondopinion.knowledge import applies
from secondopinion.model import Cite, Fact, Source
from secondopinion.papers import (
    Block,
    Heading,
    Items,
    Missing,
    Paragraph,
    Span,
    Table,
    ToWrite,
    Words,
)
from secondopinion.planner.reading import Standing, in_words

from .log import log
from .typed import lines
from .writing import Held, Writing

Role = Literal["body", "lead", "address", "day", "subject", "closing", "note"]
Part = Mapping[str, Any]

_MARK = re.compile(r"\{([A-Za-z0-9_.\-]+)\}|\[([a-z0-9_]+)\]")
_ALONE = re.compile(r"\[([a-z0-9_]+)\]")
_LISTS: Mapping[str, Literal["dots", "boxes"]] = {"items": "dots", "boxes": "boxes"}


def _day(typed: str) -> str:
    try:
        return in_words(date.fromisoformat(typed))
    except ValueError:
        return typed


def _texts(part: Part) -> tuple[str, ...]:
    alone = (part["text"],) if "text" in part else ()
    return (*alone, *part.get("items", ()), *part.get("boxes", ()))


class Draft:
    """Fills the parts of one paper, and remembers what is missing and what it stands on."""

    def __init__(
        self,
        writing: Writing,
        kind: Literal["letter", "sheet"],
        given: Mapping[str, str] = {},
        facts: Mapping[str, Fact] = {},
    ) -> None:
        self.writing = writing
        self.kind = kind
        self.given = {**writing.given, **given}
        self.facts = {**writing.facts, **facts}
        self.missing: dict[str, Missing] = {}
        self.sources: dict[Source, None] = {}

    def blocks(self, parts: Iterable[Part], role: Role = "body") -> Iterator[Block]:
        """Yield what becomes of the parts that fit this case and can stand on this day."""
        for part in parts:
            standing = self._standing(part) if self._fits(part) else None
            if standing is None:
                continue
            self.sources.update(dict.fromkeys(standing.sources))
            yield from self._made(part, role, softly=standing.seen != "primary")

    def _fits(self, part: Part) -> bool:
        """Tell whether a part is for this case and, where it is a text, can be said in it."""
        when = tuple((fact, frozenset(allowed)) for fact, allowed in part.get("when", {}).items())
        return applies(when, self.facts) and self._can_be_said(part.get("text", ""))

    def _can_be_said(self, text: str) -> bool:
        """Tell whether the case has a use for every blank of a text, and what is given is known."""
        if "[" not in text and "{" not in text:
            return True
        blanks = [self.writing.blanks[name] for name in _ALONE.findall(self._voiced(text))]
        return all(
            applies(blank.when, self.facts)
            and (blank.says["kind"] != "given" or blank.says["from"] in self.given)
            for blank in blanks
        )

    def _standing(self, part: Part) -> Standing | None:
        """Return what a part rests on; None where its law has gone or nobody looked for long."""
        cites = tuple(Cite(cite["source"], cite.get("at", "")) for cite in part.get("cite", ()))
        own = Held(cites, part["seen"], date.fromisoformat(part["checked"])) if cites else None
        named = [
            name
            for text in _texts(part)
            for name, _ in _MARK.findall(text)
            if name and name.lower() not in self.writing.wording["words"]
        ]
        relies_on = (*part.get("relies_on", ()), *named)
        if own is None and not relies_on:
            return Standing("primary", ())
        footing = self.writing.footing(relies_on, own)
        if footing is None or self.writing.is_stale(footing):
            return None
        return self.writing.standing(footing)

    def _made(self, part: Part, role: Role, *, softly: bool) -> Iterator[Block]:
        if "heading" in part:
            yield Heading(self.words(part["heading"]))
        elif "text" in part:
            yield from self._paragraphs(part["text"], role, softly=softly)
        elif "calls" in part:
            yield self._log(part["calls"])
        elif "write" in part:
            yield ToWrite(part["write"]["label"], part["write"]["lines"])
        for name, kind in _LISTS.items():
            if name in part:
                said = filter(self._can_be_said, part[name])
                yield Items(tuple(map(self.words, said)), kind)

    def _log(self, name: str) -> Table:
        """Return the calls a letter tells of; without any, they are missing like a blank."""
        says = self.writing.blanks[name].says
        table = log(self.writing, says["from"])
        if not any(map(any, table.rows)):
            self.missing[name] = Missing(name, says["label"])
        return table

    def _paragraphs(self, text: str, role: Role, *, softly: bool) -> Iterator[Block]:
        alone = _ALONE.fullmatch(text)
        if alone and self.writing.blanks[alone[1]].says["kind"] == "text":
            typed = lines(self.writing.notes.words.get(alone[1], ""))
            if typed:
                yield from (Paragraph((Span(line),), role) for line in typed)
                return
        said = self.writing.knowledge.say(f"{self.kind}.softly", text=text) if softly else text
        yield Paragraph(self.words(said), role)

    def _voiced(self, text: str) -> str:
        """Put in the words that differ when a person writes for somebody else."""
        voice = self.writing.wording["words"]

        def said(mark: re.Match[str]) -> str:
            name = mark[1] or ""
            word: str | None = voice.get(name.lower())
            if word is None:
                return mark[0]
            return word[:1].upper() + word[1:] if name[:1].isupper() else word

        return _MARK.sub(said, text) if "{" in text else text

    def words(self, text: str) -> Words:
        """Return a text with its figures, its words and its blanks put in."""
        filled = self.writing.reading.fill(self._voiced(text))
        if "[" not in filled:
            return (Span(filled),)
        spans: list[Span] = []
        start = 0
        for mark in _ALONE.finditer(filled):
            spans += [Span(filled[start : mark.start()]), self._blank(mark[1])]
            start = mark.end()
        spans.append(Span(filled[start:]))
        return _joined(spans)

    def _blank(self, name: str) -> Span:
        says = self.writing.blanks[name].says
        known = self._known(name, says)
        if known:
            return Span(known)
        self.missing[name] = Missing(name, says["label"])
        return Span(says["label"], blank=True)

    def _known(self, name: str, says: Mapping[str, Any]) -> str:
        """Return what fills a blank: what the plan counts with first, then what was typed."""
        given = self.given.get(says.get("from", ""), "")
        typed = self.writing.typed(name)
        return given or (_day(typed) if says["kind"] == "day" else typed)


def _joined(spans: Iterable[Span]) -> Words:
    """Return words with neighbours that are no blanks made one, and none empty."""
    joined: list[Span] = []
    for span in spans:
        if joined and not (span.blank or joined[-1].blank):
            joined[-1] = Span(joined[-1].text + span.text)
        elif span.text:
            joined.append(span)
    return tuple(span for span in joined if span.text)
