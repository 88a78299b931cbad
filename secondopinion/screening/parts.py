"""The parts a plan is made of: what each one looks at, and the planner's own work that makes it.

A plan is the sum of small answers: a verdict, three requirements, a line for each entry that
applies. Each of them looks at a few facts. Screening works out such a part once for all cases
that look alike to it, by the same functions that `build_plan` calls.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from secondopinion.knowledge import Knowledge
from secondopinion.model import AppealLevel, Deadline, Entry, Rule, Step, When
from secondopinion.planner import costs, illness, lines, verdicts
from secondopinion.planner.reading import PLACEHOLDER, Reading, fitting

DECISIONS = ("second", "third", *verdicts.SUBJECTS, "cost")
ORDER = "order"
"""Whether the final denial comes before the first: 1 where it does."""
FLAGS = ("costs.visit_price", "costs.out_of_pocket_left", ORDER)
_CLOCKED = ("denial", "final_denial", "records_request", "first_bill")


class Due(NamedTuple):
    """A day to act by, without the day."""

    trigger: str
    rule: str
    past: bool


class Found(NamedTuple):
    """What a part comes to: lines of the plan, and the gaps met on the way."""

    lines: tuple[Any, ...]
    gaps: frozenset[str]


class Part(NamedTuple):
    """A part of a plan, and all that it looks at."""

    name: str
    whens: tuple[When, ...]
    """The conditions on facts that tell cases apart for it."""
    rules: frozenset[str]
    """The rules whose version it reads."""
    flags: frozenset[str]
    futures: frozenset[str]
    """The events of which it asks if they lie ahead."""
    own: frozenset[str]
    """The answers it reads as they were given, whatever follows from the insurance."""
    must: When
    """What has to hold for it to come to anything."""
    work: Callable[[Reading], Iterable[Any]]


def due(deadline: Deadline | None) -> Due | None:
    """Return what is the same about a day to act by for all cases that look alike."""
    return deadline and Due(deadline.trigger, deadline.rule, deadline.past)


def essence(line: Any) -> Any:
    """Return what of a line shows in the result, so that equal ones are recognized."""
    if isinstance(line, Step):
        return line.id, due(line.deadline)
    if isinstance(line, AppealLevel):
        return line.id, line.behind, due(line.file_by)
    return getattr(line, "id", line)


def _named(*texts: Any) -> frozenset[str]:
    """Return everything named in braces in some texts."""
    return frozenset(name for text in texts for name in PLACEHOLDER.findall(str(text)))


def _about(rules: Iterable[Rule], about: str | None) -> list[Rule]:
    return [rule for rule in rules if rule.about == about]


def _reads(rules: Iterable[Rule]) -> frozenset[str]:
    """Return some rules with those whose figures their texts name."""
    own = [rule.id for rule in rules]
    named = (_named(*version.says.values()) for rule in rules for version in rule.history)
    return frozenset(own).union(*named)


def _verdict(about: str) -> Callable[[Reading], Iterator[Any]]:
    def work(reading: Reading) -> Iterator[Any]:
        verdict = verdicts.verdict_about(reading, about)
        yield verdict.answer, verdict.rule

    return work


def _requirement(about: str) -> Callable[[Reading], Iterator[Any]]:
    def work(reading: Reading) -> Iterator[Any]:
        need = verdicts.requirement(reading, about)
        yield need.answer, need.rule

    return work


def _cost(reading: Reading) -> Iterator[Any]:
    rule = costs.cost_in_words(reading)
    yield costs.terms(reading), rule and rule.rule


def decisions(knowledge: Knowledge) -> Iterator[Part]:
    """Yield the parts of which every plan has one: verdicts, requirements, the cost."""
    for about in DECISIONS:
        kind = "verdicts" if about in ("second", "third") else "requirements"
        if about == "cost":
            kind, rules, work = "costs", list(knowledge.rules("costs")), _cost
        else:
            rules = _about(knowledge.rules(kind), about)
            work = _verdict(about) if kind == "verdicts" else _requirement(about)
        flags = frozenset(FLAGS[:2]) if about == "cost" else frozenset[str]()
        amounts = {
            version.says[name]
            for rule in rules
            for version in rule.history
            for name in ("deductible", "coinsurance", "cap")
            if name in version.says
        }
        whens = tuple(rule.when for rule in rules)
        yield Part(about, whens, _reads(rules) | amounts, flags, frozenset(), frozenset(), (), work)


def _entry_part(kind: str, entry: Entry, rivals: tuple[Entry, ...]) -> Part | None:
    """Return the part that one entry is, or None where nothing of it shows in the result."""
    says = entry.says
    named = _named(*says.values())
    limits = [says[field] for field in ("due", "file") if field in says]
    rules = named.union(entry.relies_on, limits, says.get("decide", {}).values())
    if kind not in ("advice", "appeals", "warnings") and not rules:
        return None
    make = lines.MAKERS[kind]

    def work(reading: Reading) -> Iterator[Any]:
        standing = fitting((entry, *rivals), reading.facts)
        line = reading.line(entry, make) if entry in standing else None
        if line is not None:
            yield line

    upheld: When = (("first_denial_upheld", frozenset({True})),)
    whens = (entry.when, *(rival.when for rival in rivals), *([upheld] if limits else []))
    return Part(entry.id, whens, rules, frozenset(), frozenset(), frozenset(), entry.when, work)


def entry_parts(knowledge: Knowledge, kind: str) -> Iterator[Part]:
    """Yield a part for each entry of a kind, as far as it shows in the result."""
    entries = knowledge.entries(kind)
    for entry in entries:
        rivals = tuple(other for other in entries if entry.id in other.overrides)
        part = _entry_part(kind, entry, rivals)
        if part:
            yield part


def _each(fact: str, answers: Iterable[str | bool]) -> tuple[When, ...]:
    """Return conditions that tell every answer to a question from every other."""
    return tuple(((fact, frozenset({answer})),) for answer in answers)


def find_out(knowledge: Knowledge) -> Part:
    """Return the part that says how to find out what is not known."""
    asked = [question for question in knowledge.section("questions") if "find_out" in question]
    whens: list[When] = []
    for question in asked:
        whens.append(tuple((fact, frozenset(said)) for fact, said in question["when"].items()))
        whens.append(((question["id"], frozenset(knowledge.answers(question["id"]))),))
    return Part(
        "find_out",
        tuple(whens),
        frozenset(),
        frozenset(),
        frozenset(),
        frozenset(),
        (),
        lines.find_out,
    )


def of_the_illness(knowledge: Knowledge) -> Part:
    """Return the part that warns of the illness."""
    whens = _each("condition", knowledge.answers("condition"))
    return Part(
        "illness", whens, frozenset(), frozenset(), frozenset(), frozenset(), (), illness.warnings
    )


def of_the_answers(knowledge: Knowledge) -> Part:
    """Return the part that warns where answers do not go together."""
    whens = _each("network_type", knowledge.answers("network_type"))
    return Part(
        "answers",
        whens,
        frozenset(),
        frozenset({ORDER}),
        frozenset(_CLOCKED),
        frozenset({"network_type"}),
        (),
        lines.of_the_answers,
    )


def order_of_steps() -> Part:
    """Return what the order of the steps looks at: what the person stands before comes first."""
    nothing = frozenset[str]()
    return Part("order", (), nothing, nothing, nothing, frozenset({"stage"}), (), lambda _: ())
