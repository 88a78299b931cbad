"""The parts a plan is made of: what each one looks at, and the planner's own work that makes it.

A plan is the sum of small answers: a verdict, three requirements, a line for each entry that
applies. Each of them looks at a few facts. Screening works out such a part once for all cases
that look alike to it, by the same functions that `build_plan` calls.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, NamedTuple

from secondopinion.knowledge import Knowledge
from secondopinion.model import AppealLevel, Deadline, Entry, Rule, Step, When
from secondopinion.planner import costs, illness, lines, verdicts
from secondopinion.planner.reading import PLACEHOLDER, Reading, fitting

VERDICTS = {"verdict": "second", "third_opinion": "third"}
DECISIONS = (*VERDICTS, *verdicts.SUBJECTS, "cost")
PRICE, LEFT = "costs.visit_price", "costs.out_of_pocket_left"
ORDER = "order"
"""Whether the final denial comes before the first."""
FLAGS = (PRICE, LEFT, ORDER)
"""What is only true or not: that a number is known, that days are in an order."""

_SILENT = ("records", "talking_points", "contacts", "places")
"""Entries of which a table shows nothing but the gaps they leave."""
_MAY_LIE_AHEAD = ("denial", "final_denial", "records_request", "first_bill")
_FIRST_IS_LOST: When = (
    ("first_denial_upheld", frozenset({True})),
)  # lines with a day to act by ask it


class Part(NamedTuple):
    """A part of a plan, and all that it looks at."""

    name: str
    work: Callable[[Reading], Iterable[Any]]
    """The planner's work: what it comes to for one case."""
    must: When = ()
    """What has to hold for it to come to anything."""
    whens: tuple[When, ...] = ()
    """The conditions on facts that tell cases apart for it."""
    rules: frozenset[str] = frozenset()
    """The rules whose version it reads."""
    flags: frozenset[str] = frozenset()
    futures: frozenset[str] = frozenset()
    """The events of which it asks if they lie ahead."""
    own: frozenset[str] = frozenset()
    """The answers it reads as they were given, whatever follows from the insurance."""


class Found(NamedTuple):
    """What a part comes to: lines of the plan, and the gaps met on the way."""

    lines: tuple[Any, ...]
    gaps: frozenset[str]

    def essence(self) -> Hashable:
        """Return what of it shows in the result, so that equal ones are recognized."""
        return tuple(map(_essence, self.lines)), self.gaps


def _essence(line: Any) -> Hashable:
    if isinstance(line, Step):
        return line.id, _due(line.deadline)
    if isinstance(line, AppealLevel):
        return line.id, line.behind, _due(line.file_by)
    name: Hashable = getattr(line, "id", line)
    return name


def _due(deadline: Deadline | None) -> Hashable:
    return deadline and (deadline.trigger, deadline.rule, deadline.past)


def together(every: Iterable[Part]) -> Part:
    """Return one part that looks at all that some parts look at."""
    listed = list(every)
    return Part(
        name="together",
        work=lambda _: (),
        whens=tuple(when for part in listed for when in part.whens),
        rules=frozenset().union(*(part.rules for part in listed)),
        flags=frozenset().union(*(part.flags for part in listed)),
        futures=frozenset().union(*(part.futures for part in listed)),
        own=frozenset().union(*(part.own for part in listed)),
    )


def parts_of_a_plan(knowledge: Knowledge) -> dict[str, list[Part]]:
    """Return all the parts of a plan, by kind, in the order in which the planner makes them."""
    return {
        **{part.name: [part] for part in _decisions(knowledge)},
        "steps": [_order(), _find_out(knowledge), *_entries(knowledge, "advice")],
        "ladder": list(_entries(knowledge, "appeals")),
        "warned": [
            _of_the_illness(knowledge),
            _of_the_answers(knowledge),
            *_entries(knowledge, "warnings"),
        ],
        "silent": [part for kind in _SILENT for part in _entries(knowledge, kind) if part.rules],
    }


def _decisions(knowledge: Knowledge) -> Iterator[Part]:
    """Yield the parts of which every plan has one: verdicts, requirements, the cost."""
    for name, about in VERDICTS.items():
        yield _ruled(name, _about(knowledge, "verdicts", about), _verdict(about))
    for name in verdicts.SUBJECTS:
        yield _ruled(name, _about(knowledge, "requirements", name), _requirement(name))
    cost = _ruled("cost", list(knowledge.rules("costs")), _cost)
    yield cost._replace(flags=frozenset({PRICE, LEFT}))


def _about(knowledge: Knowledge, kind: str, about: str) -> list[Rule]:
    return [rule for rule in knowledge.rules(kind) if rule.about == about]


def _ruled(name: str, rules: list[Rule], work: Callable[[Reading], Iterable[Any]]) -> Part:
    """Return the part that is decided by one of some rules."""
    said = [text for rule in rules for version in rule.history for text in version.says.values()]
    read = {rule.id for rule in rules}.union(_named(said), filter(_is_name, said))
    return Part(name, work, whens=tuple(rule.when for rule in rules), rules=frozenset(read))


def _is_name(said: Any) -> bool:
    """Tell whether something that a rule says may be the name of another rule."""
    return isinstance(said, str) and " " not in said


def _named(texts: Iterable[Any]) -> frozenset[str]:
    """Return everything named in braces in some texts."""
    return frozenset(name for text in texts for name in PLACEHOLDER.findall(str(text)))


def _verdict(about: str) -> Callable[[Reading], Iterator[Any]]:
    def work(reading: Reading) -> Iterator[Any]:
        verdict = verdicts.verdict_about(reading, about)
        yield verdict.answer
        yield verdict.rule

    return work


def _requirement(about: str) -> Callable[[Reading], Iterator[Any]]:
    def work(reading: Reading) -> Iterator[Any]:
        need = verdicts.requirement(reading, about)
        yield need.answer
        yield need.rule

    return work


def _cost(reading: Reading) -> Iterator[Any]:
    rule = costs.cost_in_words(reading)
    yield costs.terms(reading)
    yield rule and rule.rule


def _entries(knowledge: Knowledge, kind: str) -> Iterator[Part]:
    """Yield a part for each entry of a kind."""
    entries = knowledge.entries(kind)
    for entry in entries:
        rivals = tuple(other for other in entries if entry.id in other.overrides)
        yield _entry(entry, rivals, kind)


def _entry(entry: Entry, rivals: tuple[Entry, ...], kind: str) -> Part:
    """Return the part that is one entry, as long as none of its exceptions applies."""

    def work(reading: Reading) -> Iterator[Any]:
        if entry in fitting((entry, *rivals), reading.facts):
            line = reading.line(entry, lines.MAKERS[kind])
            if line is not None:
                yield line

    says = entry.says
    limits = [says[field] for field in ("due", "file") if field in says]
    whens = [entry.when, *(rival.when for rival in rivals)]
    if limits or kind == "appeals":
        whens.append(_FIRST_IS_LOST)
    decided = says.get("decide", {}).values()
    rules = _named(says.values()).union(entry.relies_on, limits, decided)
    return Part(entry.id, work, must=entry.when, whens=tuple(whens), rules=rules)


def _each(knowledge: Knowledge, fact: str) -> tuple[When, ...]:
    """Return conditions that tell every answer to a question from every other."""
    return tuple(((fact, frozenset({answer})),) for answer in knowledge.answers(fact))


def _find_out(knowledge: Knowledge) -> Part:
    """Return the part that says how to find out what is not known."""
    whens: list[When] = []
    for question in knowledge.section("questions"):
        if "find_out" in question:
            whens.append(tuple((fact, frozenset(said)) for fact, said in question["when"].items()))
            whens.append(((question["id"], frozenset(knowledge.answers(question["id"]))),))
    return Part("find_out", lines.find_out, whens=tuple(whens))


def _order() -> Part:
    """Return what the order of the steps looks at: what the person stands before comes first."""
    return Part("order", lambda reading: [reading.case.stage], own=frozenset({"stage"}))


def _of_the_illness(knowledge: Knowledge) -> Part:
    return Part("illness", illness.warnings, whens=_each(knowledge, "condition"))


def _of_the_answers(knowledge: Knowledge) -> Part:
    """Return the part that warns where answers do not go together."""
    return Part(
        "answers",
        lines.of_the_answers,
        whens=_each(knowledge, "network_type"),
        flags=frozenset({ORDER}),
        futures=frozenset(_MAY_LIE_AHEAD),
        own=frozenset({"network_type"}),
    )
