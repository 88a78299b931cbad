"""Say in plain words who an entry is for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from secondopinion.knowledge import Knowledge
from secondopinion.model import When

_ASKED = {"coverage": "coverages", "condition": "conditions", "state": "states"}
_DATED = "dated"
_EVERYTHING = "*"


class Whom(NamedTuple):
    """Who an entry is for, in words; what is left open is empty."""

    insurance: str = ""
    otherwise: str = ""
    before: str = ""


class Readers:
    """Reads every `when` of a knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    @cached_property
    def _implied(self) -> dict[str, str]:
        """The question whose answer brings in a fact that nobody is asked for."""
        return {
            fact: asked
            for asked, kind in _ASKED.items()
            for entry in self.knowledge.section(kind)
            for fact in entry["implies"]
            if fact in self._never_asked
        }

    @cached_property
    def _never_asked(self) -> dict[str, str]:
        return {fact["id"]: fact["what"] for fact in self.knowledge.section("facts")}

    def whom(self, when: When, overrides: Sequence[str] = ()) -> Whom:
        """Return who an entry is for, in the words in which the answers are offered."""
        known = dict(when)
        said = {asked: self._chosen(asked, known) for asked in _ASKED}
        others = [
            self._asked(fact, answers)
            for fact, answers in when
            if fact not in _ASKED and fact not in self._implied
        ]
        lines = [said["condition"], said["state"], *others]
        return Whom(said["coverage"], "\n".join(filter(None, lines)), self._before(overrides))

    def _question(self, fact: str, answers: Iterable[str]) -> str:
        text: str = self.knowledge.named("questions", fact)["text"]
        return f"{text} {'; '.join(answers)}"

    def _chosen(self, asked: str, known: Mapping[str, frozenset[str | bool]]) -> str:
        """Say which insurances, illnesses or states fit, where an entry asks for certain ones."""
        facts = [fact for fact in known if fact == asked or self._implied.get(fact) == asked]
        if not facts:
            return ""
        entries = self.knowledge.section(_ASKED[asked])
        fitting = [
            entry
            for entry in entries
            if all(({**entry["implies"], asked: entry["id"]}).get(f) in known[f] for f in facts)
        ]
        return self._question(asked, self._names(entries, fitting))

    def _names(
        self, entries: Sequence[Mapping[str, Any]], fitting: Sequence[Mapping[str, Any]]
    ) -> Iterator[str]:
        """Yield the names of entries, and one name for a whole group of several."""
        whole: dict[str, list[str]] = {}
        for entry in entries:
            whole.setdefault(entry.get("group", ""), []).append(entry["id"])
        named = {entry["id"] for entry in fitting}
        full = {g for g, ids in whole.items() if g and len(ids) > 1 and named.issuperset(ids)}
        told: set[str] = set()
        for entry in fitting:
            group = entry.get("group", "")
            if group not in full:
                yield entry["name"]
            elif group not in told:
                told.add(group)
                yield self.knowledge.say("review.all_of_group", group=group)

    def _asked(self, fact: str, answers: frozenset[str | bool]) -> str:
        if fact == _DATED:
            days = "; ".join(self.event(str(name)) for name in sorted(map(str, answers)))
            return self.knowledge.say("review.dated", days=days)
        if fact in self._never_asked:
            words = sorted(self._written(answer).replace("_", " ") for answer in answers)
            return f"{self._never_asked[fact]}: {'; '.join(words)}"
        offered = [answer for answer in self.knowledge.answers(fact) if answer in answers]
        return self._question(fact, (self.knowledge.label(fact, answer) for answer in offered))

    def event(self, name: str) -> str:
        """Return a dated event in the words of its question."""
        text: str = self.knowledge.named("questions", f"events.{name}")["text"]
        return text

    def _before(self, overrides: Sequence[str]) -> str:
        if _EVERYTHING in overrides:
            return self.knowledge.say("review.overrides_all")
        names = "; ".join(overrides)
        return self.knowledge.say("review.overrides", names=names) if names else ""

    def implied(self, facts: Mapping[str, str | bool]) -> str:
        """Return the facts that follow from an answer, each on a line of its own."""
        return "\n".join(self._asked(fact, frozenset({answer})) for fact, answer in facts.items())

    def _written(self, answer: str | bool) -> str:
        if isinstance(answer, bool):
            return self.knowledge.say("review.yes" if answer else "review.no")
        return answer
