"""Every entry of the knowledge base as one row for a reviewer, as it stands on a day."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from secondopinion.authoring.book import parts_of
from secondopinion.authoring.compile import Workshop, compiled, read_workshop
from secondopinion.authoring.schema import KINDS, LINES, RULES
from secondopinion.knowledge import Knowledge
from secondopinion.model import FRESH_DAYS, Case, Cite, Entry, Rule, Seen, Source
from secondopinion.planner.reading import Reading, Standing
from secondopinion.readability import reading_grade

from .passages import LISTED, TITLES, Passage, passages
from .users import users_of_rules
from .values import Values
from .whom import Readers, Whom

NOT_REVIEWED = ("facts", "sources")
"""They are not read by anybody: a fact is shown with its insurance, a source with its entry."""

CASE_RULES = ("verdicts", "requirements", "costs")
_NOTICE_WORDS = ("last_checked", "check_again", "data_version", "as_of")


Key = tuple[str, str]  # a kind and an id


class Row(NamedTuple):
    """One entry as a reviewer meets it: what it says, to whom, on whose authority."""

    kind: str
    id: str
    what: str
    whom: Whom
    reads: tuple[str, ...]
    value: str
    sources: tuple[Source, ...]
    links: tuple[str, ...]
    seen: Seen | None
    checked: date | None
    grade: float | None
    where: str

    @property
    def again(self) -> date | None:
        """The day by which somebody should look again."""
        return self.checked and self.checked + timedelta(days=FRESH_DAYS)

    @property
    def has_whom(self) -> bool:
        """Tell whether it may be for some people only: a list of names is for everybody."""
        return self.kind in (*CASE_RULES, *LINES)


class Review(NamedTuple):
    """A knowledge base laid out for review on a day."""

    as_of: date
    knowledge: Knowledge
    rows: tuple[Row, ...]

    def of(self, kind: str) -> list[Row]:
        """Return the rows of a kind."""
        return [row for row in self.rows if row.kind == kind]


def read_review(root: Path, as_of: date) -> Review:
    """Lay out a knowledge base for review.

    Raises
    ------
    KnowledgeError
        When the folder breaks a promise. The message lists every one, with its cure.
    """
    shop = read_workshop(root)
    knowledge = Knowledge(compiled(shop))
    desk = _Desk(shop, knowledge, as_of)
    kinds = [kind for kind in KINDS if kind not in NOT_REVIEWED]
    return Review(as_of, knowledge, tuple(row for kind in kinds for row in desk.rows(kind)))


def _words_of_letters(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield what stands in a letter where its words and its blanks are filled in."""
    for wording in knowledge.section("wordings")[:1]:
        for name, word in wording["words"].items():
            yield f"{{{name}}}", word
            yield f"{{{name[:1].upper()}{name[1:]}}}", word[:1].upper() + word[1:]
    for blank in knowledge.section("blanks"):
        yield f"[{blank['id']}]", f"[{blank['label']}]"


class _Desk:
    """The knowledge base opened at a day, with where each entry stands in its file."""

    def __init__(self, shop: Workshop, knowledge: Knowledge, as_of: date) -> None:
        self.shop = shop
        self.knowledge = knowledge
        self.as_of = as_of
        self.reading = Reading(knowledge, Case(), as_of)
        self.readers = Readers(knowledge)
        self.values = Values(self.reading, self.readers)
        self.users = users_of_rules(shop.entries)
        say = knowledge.say
        self.days = {f"{{{word}}}": say(f"review.day.{word}") for word in _NOTICE_WORDS} | {
            f"{{{name}}}": say("review.day_of", what=self.readers.event(name))
            for question in knowledge.section("questions")
            for group, _, name in [question["id"].partition(".")]
            if group == "events"
        }
        self.days |= dict(_words_of_letters(knowledge))

    def rows(self, kind: str) -> Iterator[Row]:
        """Yield the rows of a kind, one for each of its entries."""
        if kind in RULES:
            yield from map(self._rule, self.knowledge.rules(kind))
        elif kind in LINES:
            yield from (self._line(kind, entry) for entry in self.knowledge.entries(kind))
        else:
            for raw in self.knowledge.section(kind):
                yield self._thing(kind, self._whole(kind, raw))

    def _whole(self, kind: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.knowledge.condition(raw["id"]) if kind == "conditions" else raw

    def _rule(self, rule: Rule) -> Row:
        version = rule.at(self.as_of)
        whom, key = self._whom(rule), (rule.kind, rule.id)
        if version is None:
            nothing = self.knowledge.say("rules.none")
            return self._row(key, {"what": rule.what}, whom, None, nothing)
        standing = Standing(version.seen, self.reading.sources(version.cites, version.checked))
        row = self._row(key, version.says, whom, standing, self.values.of_rule(rule, version))
        where = self.shop.rows[key][rule.history.index(version)]
        return row._replace(what=rule.what, where=where)

    def _whom(self, rule: Rule) -> Whom:
        """Return the cases a rule decides, or where its figure is used."""
        if rule.kind in CASE_RULES:
            return self.readers.whom(rule.when, rule.overrides)
        names = "; ".join(self.users.get(rule.id, ()))
        return Whom(otherwise=self.knowledge.say("review.used_in", names=names) if names else "")

    def _line(self, kind: str, entry: Entry) -> Row:
        texts = [self._dated(passage.text) for passage in passages(kind, entry.says)]
        also = [entry.says[name] for name in ("due", "file") if name in entry.says]
        also += (name for part in parts_of(entry.says) for name in part.get("relies_on", ()))
        whom = self.readers.whom(entry.when, entry.overrides)
        value = self.values.of_line(kind, entry)
        if kind == "notices":
            return self._row((kind, entry.id), entry.says, whom, None, value)
        standing = self.reading.standing(entry, *texts, also=also)
        if standing is None:
            value = "\n".join(filter(None, (value, self.knowledge.say("review.left_out"))))
        return self._row((kind, entry.id), entry.says, whom, standing, value)

    def _thing(self, kind: str, raw: Mapping[str, Any]) -> Row:
        when = tuple((fact, frozenset(answers)) for fact, answers in raw.get("when", {}).items())
        value, standing = self.values.of_thing(kind, raw), self._own(raw)
        return self._row((kind, raw["id"]), raw, self.readers.whom(when), standing, value)

    def _own(self, raw: Mapping[str, Any]) -> Standing | None:
        """Return what an entry says of its own source, or of that of its way to find out."""
        holder = raw.get("find_out", raw)
        if "checked" not in holder:
            return None
        checked = date.fromisoformat(holder["checked"])
        if "citation" in raw:
            study = Source(raw["id"], raw["citation"], "", raw["url"], "primary", checked)
            return Standing(raw["seen"], (study,))
        cites = (Cite(cite["source"], cite.get("at", "")) for cite in holder["cite"])
        return Standing(holder["seen"], self.reading.sources(cites, checked))

    def _dated(self, text: str) -> str:
        """Put words in brackets where a person's own days will stand."""
        for word, words in self.days.items():
            text = text.replace(word, words)
        return text

    def _filled(self, kind: str, says: Mapping[str, Any]) -> list[Passage]:
        """Return what a person reads of an entry, with the figures of the day."""
        if kind == "phrases":  # their words in braces are filled in by the program
            return list(passages(kind, says))
        return [
            passage._replace(text=self.reading.fill(self._dated(passage.text)))
            for passage in passages(kind, says)
        ]

    def _shown(self, passage: Passage) -> str:
        """Mark the items of a list, and what is said on the phone."""
        if passage.field == "say_on_phone":
            return self.knowledge.say("review.say", text=passage.text)
        return f"• {passage.text}" if passage.field in LISTED else passage.text

    def _row(
        self, key: Key, says: Mapping[str, Any], whom: Whom, standing: Standing | None, value: str
    ) -> Row:
        kind, name = key
        read = self._filled(kind, says)
        title = next((says[field] for field in TITLES if field in says), "")
        sources = standing.sources if standing else ()
        own = [says["url"]] if says.get("url") else []
        links = dict.fromkeys([*own, *(source.url for source in sources if source.url)])
        return Row(
            kind=kind,
            id=name,
            what=self.reading.fill(self._dated(title)),
            whom=whom,
            reads=tuple(self._shown(each) for each in read if each.field not in TITLES),
            value=value,
            sources=sources,
            links=tuple(links),
            seen=standing.seen if standing else None,
            checked=min((source.checked for source in sources), default=None),
            grade=reading_grade(*(passage.text for passage in read)),
            where=self.shop.places[key],
        )
