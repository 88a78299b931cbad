"""Everything the workbook knows, read from the compiled base in parts, as a plan asks for them."""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from .errors import KnowledgeError
from .model import Case, Cite, Entry, Fact, Rule, Source, Version, When

if TYPE_CHECKING:
    from pathlib import Path

BASE = "base.jsonl"
_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_BASE = os.path.join(_PACKAGE, BASE)
KINDS_OF_RULE = ("verdicts", "requirements", "costs", "limits", "amounts", "provisions")
_VERSION_FIELDS = frozenset({"since", "until", "cite", "seen", "checked", "note"})
_ENTRY_FIELDS = frozenset(
    {"id", "when", "overrides", "order", "base", "relies_on", "cite", "seen", "checked"}
)

_IMPLYING = ("coverages", "conditions", "states")
_SETTLING = {"coverage": "coverages", "condition": "conditions"}
_READ_FROM_THE_CASE = frozenset({"due", "file", "decide"})  # every appeal has the last one


def _when(raw: Mapping[str, Iterable[str | bool]]) -> When:
    return tuple((fact, frozenset(answers)) for fact, answers in raw.items())


def _cites(raw: Iterable[Mapping[str, str]] | None) -> tuple[Cite, ...]:
    return tuple(Cite(cite["source"], cite.get("at", "")) for cite in raw or ())


def _version(raw: Mapping[str, Any]) -> Version:
    return Version(
        since=date.fromisoformat(raw["since"]),
        until=date.fromisoformat(raw["until"]) if "until" in raw else None,
        cites=_cites(raw["cite"]),
        seen=raw["seen"],
        checked=date.fromisoformat(raw["checked"]),
        says={name: value for name, value in raw.items() if name not in _VERSION_FIELDS},
    )


def _rule(kind: str, raw: Mapping[str, Any]) -> Rule:
    return Rule(
        id=raw["id"],
        kind=kind,
        what=raw["what"],
        clock=raw.get("clock"),
        about=raw.get("about"),
        when=_when(raw.get("when", {})),
        overrides=tuple(raw.get("overrides", ())),
        base=tuple(raw.get("base", ())),
        history=tuple(_version(version) for version in raw["history"]),
    )


def _entry(raw: Mapping[str, Any]) -> Entry:
    says = {name: value for name, value in raw.items() if name not in _ENTRY_FIELDS}
    texts = (value for value in says.values() if isinstance(value, str))
    stands_alone = (
        "checked" in raw
        and not raw.get("relies_on")
        and says.keys().isdisjoint(_READ_FROM_THE_CASE)
    )
    return Entry(
        id=raw["id"],
        when=_when(raw.get("when", {})),
        overrides=tuple(raw.get("overrides", ())),
        order=raw.get("order", 50),
        base=tuple(raw.get("base", ())),
        relies_on=tuple(raw.get("relies_on", ())),
        cites=_cites(raw.get("cite")),
        seen=raw.get("seen"),
        checked=date.fromisoformat(raw["checked"]) if "checked" in raw else None,
        says=says,
        fixed=stands_alone and not any("{" in text for text in texts),
    )


def applies(when: When, facts: Mapping[str, Fact]) -> bool:
    """Tell whether every fact that `when` names is known and among the answers allowed."""
    for fact, allowed in when:
        known = facts.get(fact)
        if isinstance(known, tuple):
            if allowed.isdisjoint(known):
                return False
        elif known not in allowed:
            return False
    return True


class Knowledge:
    """The knowledge base. Sections are decoded the first time somebody asks for them."""

    def __init__(self, text: str) -> None:
        header, *lines = text.rstrip("\n").split("\n")  # a text may hold other ends of line
        self.data_version: str = json.loads(header)["data_version"]
        self._undecoded = dict(line.split("\t", 1) for line in lines)
        self._decoded: dict[str, Any] = {}
        self._rules: dict[str, Rule] = {}
        self._documents: dict[tuple[tuple[Cite, ...], date], tuple[Source, ...]] = {}
        self._entries: dict[tuple[str, str], Entry] = {}
        self.made: dict[tuple[object, str], Any] = {}
        """Lines that read the same for every case, kept once they are made."""
        self._fitting: dict[tuple[str | None, ...], tuple[Entry | Rule, ...]] = {}
        self._settled: dict[str, frozenset[str]] = {}

    def section(self, name: str) -> Any:
        """Return a section as it was written: a list of entries, or one condition."""
        if name not in self._decoded:
            self._decoded[name] = json.loads(self._undecoded[name])
        return self._decoded[name]

    def rule(self, name: str) -> Rule:
        """Return a rule by its id."""
        if name not in self._rules:
            kind, raw = self._raw_rules[name]
            self._rules[name] = _rule(kind, raw)
        return self._rules[name]

    def rules(self, kind: str) -> tuple[Rule, ...]:
        """Return all rules of a kind."""
        return tuple(self.rule(raw["id"]) for raw in self.section(kind))

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """Return all entries of a kind, in their order."""
        return tuple(self._entry(kind, raw) for raw in self.section(kind))

    def fitting_rules(self, kind: str, coverage: str | None) -> tuple[Rule, ...]:
        """Return the rules of a kind that this coverage does not rule out."""
        return self._prefiltered((kind, coverage), lambda raw: self.rule(raw["id"]))

    def fitting(self, kind: str, coverage: str | None, condition: str | None) -> tuple[Entry, ...]:
        """Return the entries of a kind that these two do not rule out, in their order."""
        return self._prefiltered((kind, coverage, condition), lambda raw: self._entry(kind, raw))

    def _prefiltered(self, key: tuple[str | None, ...], build: Any) -> tuple[Any, ...]:
        if key not in self._fitting:
            settled = [
                (fact, implied.get(fact))
                for asked, name in zip(_SETTLING, key[1:], strict=False)
                for implied in [{**self.implied_by(_SETTLING[asked], name), asked: name}]
                for fact in self._settled_by(asked)
            ]
            known = dict(settled)
            self._fitting[key] = tuple(
                build(raw)
                for raw in self.section(str(key[0]))
                if all(
                    known[fact] in answers
                    for fact, answers in raw.get("when", {}).items()
                    if fact in known
                )
            )
        return self._fitting[key]

    def _settled_by(self, asked: str) -> frozenset[str]:
        """Return the facts that nothing but one answer can bring in."""
        if asked not in self._settled:
            implied = {
                kind: {fact for entry in self.section(kind) for fact in entry["implies"]}
                for kind in _IMPLYING
            }
            own = implied.pop(_SETTLING[asked])
            never_asked = {fact["id"] for fact in self.section("facts")}
            self._settled[asked] = frozenset(own & never_asked).difference(*implied.values()) | {
                asked
            }
        return self._settled[asked]

    def _entry(self, kind: str, raw: Mapping[str, Any]) -> Entry:
        key = (kind, raw["id"])
        if key not in self._entries:
            self._entries[key] = _entry(raw)
        return self._entries[key]

    @cached_property
    def _raw_rules(self) -> dict[str, tuple[str, Mapping[str, Any]]]:
        return {raw["id"]: (kind, raw) for kind in KINDS_OF_RULE for raw in self.section(kind)}

    @cached_property
    def _by_id(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        kinds = ("coverages", "states", "questions", "sources", "conditions", "evidence")
        return {(kind, raw["id"]): raw for kind in kinds for raw in self.section(kind)}

    def named(self, kind: str, name: str) -> Mapping[str, Any]:
        """Return a coverage, state, question or source by its id."""
        return self._by_id[kind, name]

    def documents(self, cites: tuple[Cite, ...], checked: date) -> tuple[Source, ...]:
        """Return the documents that some citations name, with the day somebody last looked."""
        key = (cites, checked)
        if key not in self._documents:
            self._documents[key] = tuple(self._document(cite, checked) for cite in cites)
        return self._documents[key]

    def _document(self, cite: Cite, checked: date) -> Source:
        raw = self.named("sources", cite.source)
        return Source(cite.source, raw["title"], cite.at, raw.get("url"), raw["kind"], checked)

    def condition(self, name: str) -> Mapping[str, Any]:
        """Return all we know about one illness."""
        whole: Mapping[str, Any] = self.section(f"conditions/{name}")
        return whole

    def implied_by(self, kind: str, name: str | None) -> Mapping[str, str | bool]:
        """Return the facts that follow from a coverage, a condition or a state."""
        if name is None:
            return {}
        implied: Mapping[str, str | bool] = self.named(kind, name)["implies"]
        return implied

    def facts(self, case: Case) -> dict[str, Fact]:
        """Return every fact known about a case: what was said, and what follows from it."""
        upheld = {"first_denial_upheld": True} if "final_denial" in case.events else {}
        return {
            **upheld,
            **case.known(),
            "dated": tuple(case.events),
            **self.implied_by("conditions", case.condition),
            **self.implied_by("states", case.state),
            **self.implied_by("coverages", case.coverage),
        }

    def answers(self, fact: str) -> list[str | bool]:
        """Return the answers that a question understands, in the order they are offered."""
        question = self.named("questions", fact)
        if question["kind"] == "yes_no":
            return [True, False]
        from_list = question.get("answers_from")
        offered = self.section(from_list) if from_list else question["answers"]
        return [answer["id"] for answer in offered]

    def label(self, fact: str, answer: str | bool) -> str:
        """Return an answer in the words in which it is offered."""
        question = self.named("questions", fact)
        if "answers_from" in question:
            name: str = self.named(question["answers_from"], str(answer))["name"]
            return name
        if question["kind"] == "yes_no":
            return self.say(f"answer.{'yes' if answer else 'no'}")
        labels = {offered["id"]: offered["label"] for offered in question["answers"]}
        return str(labels[answer])

    def labels(self, case: Case) -> dict[str, str]:
        """Return everything a person has chosen, in the words in which it was offered."""
        many = {
            fact: answer if isinstance(answer, tuple) else (answer,)
            for fact, answer in case.known().items()
        }
        return {
            fact: ", ".join(self.label(fact, one) for one in answers)
            for fact, answers in many.items()
        }

    @cached_property
    def _phrases(self) -> dict[str, str]:
        return {phrase["id"]: phrase["text"] for phrase in self.section("phrases")}

    def say(self, phrase: str, **words: object) -> str:
        """Return one of the short texts of the page, with its words filled in."""
        return self._phrases[phrase].format(**words)

    @cached_property
    def holidays(self) -> frozenset[date]:
        """The legal federal holidays: the days that a rule's last day may move away from."""
        return frozenset(map(date.fromisoformat, self.section("holidays")))

    @cached_property
    def closed_days(self) -> frozenset[date]:
        """The days on which federal offices are closed: the holidays and the days observed."""
        return frozenset(map(date.fromisoformat, self.section("closed_days")))


def _packaged() -> str | None:
    """Return the compiled base of an installed package, from a folder, a zip or a browser."""
    if os.path.isfile(_BASE):
        with open(_BASE, encoding="utf-8") as file:
            return file.read()
    from importlib.resources import files  # noqa: PLC0415  (16 ms, and a folder does without)

    resource = files(__package__).joinpath(BASE)
    return resource.read_text(encoding="utf-8") if resource.is_file() else None


def _compiled_from(root: "str | Path") -> str:
    from pathlib import Path  # noqa: PLC0415

    from .authoring.compile import compiled, read_workshop  # noqa: PLC0415  (only when data changed)

    return compiled(read_workshop(Path(root)))


def _of_checkout(root: str) -> str:
    """Return the base of a checkout, compiled anew when its data has changed."""
    from .authoring.version import is_made_from, write_whole  # noqa: PLC0415  (the same)

    text = _packaged()
    if text and is_made_from(root, json.loads(text.partition("\n")[0])):
        return text
    text = _compiled_from(root)
    write_whole(_BASE, text)
    return text


@cache
def _default() -> Knowledge:
    root = os.path.join(os.path.dirname(_PACKAGE), "data")
    in_checkout = os.path.isfile(os.path.join(root, "README.md"))
    text = _of_checkout(root) if in_checkout else _packaged()
    if text is None:
        message = f"{BASE} is missing: run `python -m secondopinion.authoring`, or install again"
        raise KnowledgeError(message)
    return Knowledge(text)


def load_knowledge(root: "Path | None" = None) -> Knowledge:
    """Return the workbook's knowledge, or that of another data folder.

    Parameters
    ----------
    root
        A folder of YAML files like `data/`; the workbook's own when left out.

    Raises
    ------
    KnowledgeError
        When the folder breaks a promise. The message lists every one, with its cure.
    """
    return _default() if root is None else Knowledge(_compiled_from(root))
