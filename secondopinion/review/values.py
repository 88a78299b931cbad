"""Say in a line or two what an entry answers: the verdict, the figure, the clock, whom to call."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from secondopinion.model import Entry, Rule, Version
from secondopinion.planner.reading import Reading
from secondopinion.planner.verdicts import graded, requirement_answer

from .whom import Readers

_SPEEDS = ("standard", "expedited")


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(filter(None, lines))


class Values:
    """Answers and figures in words, for one day."""

    def __init__(self, reading: Reading, readers: Readers) -> None:
        self.reading = reading
        self.readers = readers
        self.say = reading.knowledge.say

    def of_rule(self, rule: Rule, version: Version) -> str:
        """Return what a rule answers."""
        make: Mapping[str, Callable[[Rule, Version], str]] = {
            "verdicts": self._verdict,
            "requirements": self._requirement,
            "costs": self._cost,
            "limits": self._limit,
            "amounts": lambda _, version: self.reading.amount(version.says),
        }
        return make[rule.kind](rule, version) if rule.kind in make else ""

    def _verdict(self, rule: Rule, version: Version) -> str:
        freshness = self.reading.freshness(version.checked)
        written = version.says["answer"]
        shown = graded(written, version.seen, freshness)
        return self._lowered(f"verdict.{rule.about}", shown, written)

    def _requirement(self, rule: Rule, version: Version) -> str:
        freshness = self.reading.freshness(version.checked)
        written = version.says["answer"]
        shown = requirement_answer(written, version.seen, freshness)
        about = self.say(f"requirement.{rule.about}")
        return f"{about}: {self._lowered('requirement.answer', shown, written)}"

    def _lowered(self, phrase: str, shown: str, written: str) -> str:
        """Say what the reader sees, and what our row says where that is more."""
        answer = self.say(f"{phrase}.{shown}")
        if shown == written:
            return answer
        return _lines((answer, self.say("review.lowered", answer=self.say(f"{phrase}.{written}"))))

    def _cost(self, _rule: Rule, version: Version) -> str:
        says = version.says
        amounts = [says[part] for part in ("deductible", "coinsurance", "cap") if part in says]
        less = self.say("review.may_be_less") if says.get("may_be_less") else ""
        return _lines(
            (self.say(f"review.share.{says['share']}"), *map(self._amount, amounts), less)
        )

    def _amount(self, name: str) -> str:
        rule = self.reading.knowledge.rule(name)
        version = self.reading.version(rule)
        amount = self.reading.amount(version.says) if version else self.say("rules.none")
        return f"{rule.what}: {amount}"

    def _length(self, version: Version) -> str:
        length = self.reading.length(version.says)
        return self.say("length.ceiling", length=length) if version.says["ceiling"] else length

    def _limit(self, rule: Rule, version: Version) -> str:
        return _lines((self._length(version), *self._clock(rule, version.says)))

    def _clock(self, rule: Rule, says: Mapping[str, Any]) -> Iterator[str]:
        """Yield how a limit that somebody must keep is counted."""
        if rule.clock is None:
            return
        yield self.say("review.limit.clock", event=self.readers.event(rule.clock))
        yield self.say(f"review.limit.from.{says['from']}")
        if says["mail_days"]:
            yield self.say("review.limit.mail", number=says["mail_days"])
        yield self.say(f"review.limit.roll.{says['roll']}")
        if "months" in says:
            yield self.say(f"review.limit.no_such_day.{says['no_such_day']}")
        if "filed_when" in says:
            yield self.say(f"review.limit.filed_when.{says['filed_when']}")

    def of_line(self, kind: str, entry: Entry) -> str:
        """Return where a line stands in the plan, and the figures that go with it."""
        make: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
            "advice": self._advice,
            "appeals": self._appeal,
            "warnings": lambda says: iter((self.say(f"review.level.{says['level']}"),)),
            "talking_points": lambda says: iter((self.say(f"ask.{says['for']}"),)),
            "contacts": self._contact,
            "places": self._place,
        }
        return _lines(make[kind](entry.says)) if kind in make else ""

    def _within(self, phrase: str, name: str) -> str:
        rule = self.reading.knowledge.rule(name)
        version = self.reading.version(rule)
        length = self._length(version) if version else self.say("rules.none")
        return self.say(phrase, length=length, what=rule.what)

    def _advice(self, says: Mapping[str, Any]) -> Iterator[str]:
        yield self.say(f"section.{says['section']}")
        if "due" in says:
            yield self._within("review.due", says["due"])

    def _appeal(self, says: Mapping[str, Any]) -> Iterator[str]:
        yield self.say("review.step", level=says["level"])
        if says["automatic"]:
            yield self.say("page.automatic")
        elif "file" in says:
            yield self._within("page.file_within", says["file"])
        for speed in _SPEEDS:
            if speed in says["decide"]:
                yield self._within(f"page.decide_{speed}", says["decide"][speed])
        if "amount" in says:
            yield self.say("review.dispute", amount=self._amount(says["amount"]))

    def _contact(self, says: Mapping[str, Any]) -> Iterator[str]:
        if "phone" in says:
            hidden = says["phone_seen"] == "unverified"
            seen = self.say(f"seen.{says['phone_seen']}")
            phrase = "review.phone_hidden" if hidden else "review.phone"
            yield self.say(phrase, phone=says["phone"], seen=seen)
        if "url" in says:
            yield self.say("review.web", url=says["url"])

    def _place(self, says: Mapping[str, Any]) -> Iterator[str]:
        yield self.say(f"kind.{says['kind']}")
        if "state" in says:
            yield self.reading.knowledge.named("states", says["state"])["name"]
        yield self.say("review.web", url=says["url"])

    def of_thing(self, kind: str, raw: Mapping[str, Any]) -> str:
        """Return what follows from a kind of insurance, an illness, a state or a question."""
        lines = [self.readers.implied(raw["implies"])] if "implies" in raw else []
        if kind == "questions":
            lines += [str(answer["label"]) for answer in raw["answers"]]
        if kind == "conditions":
            lines.append("; ".join(raw["specialists"]))
        if raw.get("also"):
            lines.append("; ".join(raw["also"]))
        return _lines(lines)
