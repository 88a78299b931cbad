"""Decide whether an opinion is covered, what must be done first, and how sure we are of it."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import NamedTuple

from secondopinion.knowledge import applies
from secondopinion.model import (
    Answer,
    Fact,
    Freshness,
    Requirements,
    Rule,
    Seen,
    Source,
    Verdict,
    Version,
)

from .reading import Reading

_EVERYTHING = "*"
SUBJECTS = ("referral", "prior_authorization", "network")
_CALL_FOR_ANOTHER = frozenset({"caregiver", "advocate"})
_SETS_FREE = frozenset({"not_required", "any", "any_enrolled"})


def deciding(rules: Iterable[Rule], about: str | None, facts: Mapping[str, Fact]) -> Rule | None:
    """Return the rule that decides: exceptions first, then the one that names most facts."""
    found = [rule for rule in rules if rule.about == about and applies(rule.when, facts)]
    overridden = {name for rule in found for name in rule.overrides}
    if _EVERYTHING in overridden:
        found = [rule for rule in found if _EVERYTHING in rule.overrides]
    standing = [rule for rule in found if rule.id not in overridden]
    return max(standing, key=lambda rule: len(rule.when), default=None)


def graded(answer: Answer, seen: Seen, freshness: Freshness) -> Answer:
    """Lower an answer to what its sources can carry.

    `covered` needs a primary source. What nobody has confirmed, or nobody has looked at for a
    year, is a question to ask.
    """
    if answer == "ask" or seen == "unverified" or freshness == "stale":
        return "ask"
    if answer == "covered" and seen != "primary":
        return "covered_if"
    return answer


def answer_about(reading: Reading, about: str, facts: Mapping[str, Fact]) -> Answer:
    """Return the answer alone, for other facts than those of the case."""
    coverage = facts.get("coverage")
    rules = reading.knowledge.fitting_rules("verdicts", str(coverage) if coverage else None)
    rule = deciding(rules, about, facts)
    version = rule and rule.governing(reading.case, reading.as_of)
    if not version:
        return "ask"
    return graded(version.says["answer"], version.seen, reading.freshness(version.checked))


def verdict_about(reading: Reading, about: str) -> Verdict:
    """Return the verdict about a second or a third opinion."""
    rules = reading.knowledge.fitting_rules("verdicts", reading.case.coverage)
    rule = deciding(rules, about, reading.facts)
    version = rule and reading.version(rule)
    if rule is None or version is None:
        return _unknown(reading, about, rule)
    freshness = reading.freshness(version.checked)
    answer = graded(version.says["answer"], version.seen, freshness)
    return Verdict(
        answer=answer,
        rule=rule.id,
        heading=reading.knowledge.say(f"verdict.{about}.{answer}"),
        text=reading.fill(version.says["text"]),
        conditions=tuple(map(reading.fill, version.says.get("conditions", ()))),
        say_on_phone=_script(reading, reading.fill(version.says["say_on_phone"])),
        certainty=_certainty(reading, version, freshness),
        seen=version.seen,
        freshness=freshness,
        base=rule.base,
        sources=reading.sources(version.cites, version.checked),
    )


def _certainty(reading: Reading, version: Version, freshness: Freshness) -> str:
    said = [reading.knowledge.say(f"certainty.{version.seen}")]
    if freshness != "fresh":
        said.append(reading.knowledge.say(f"certainty.{freshness}"))
    return " ".join(said)


def _script(reading: Reading, text: str) -> str:
    """Return what to say on the phone, for somebody who calls in another person's name too."""
    role = reading.case.role
    if role not in _CALL_FOR_ANOTHER:
        return text
    return f"{reading.knowledge.say(f'script.{role}')} {text}"


def _unknown(reading: Reading, about: str, rule: Rule | None) -> Verdict:
    reading.gap("gap.verdict", what=rule.what if rule else about)
    say = reading.knowledge.say
    script = _script(reading, say("verdict.no_rule.phone"))
    return Verdict(
        "ask", rule.id if rule else "", say(f"verdict.{about}.ask"), say("verdict.no_rule"), (),
        script, say("certainty.unverified"), "unverified", "fresh", (), (),
    )  # fmt: skip


def requirement_answer(answer: str, seen: Seen, freshness: Freshness) -> str:
    """Lower a requirement to what its sources can carry.

    An answer that frees a person from something must be confirmed; one that asks more of them is
    the careful one and may stand.
    """
    unsure = seen == "unverified" or freshness == "stale"
    return "ask" if unsure and answer in _SETS_FREE else answer


class Need(NamedTuple):
    """One thing that must be done before the visit, or need not."""

    answer: str
    text: str
    rule: str | None
    sources: tuple[Source, ...]


def requirement(reading: Reading, about: str) -> Need:
    """Return whether one thing must be done before the visit."""
    rules = reading.knowledge.fitting_rules("requirements", reading.case.coverage)
    rule = deciding(rules, about, reading.facts)
    version = rule and reading.version(rule)
    unknown = reading.knowledge.say(f"requirement.{about}.unknown")
    if not rule or not version:
        return Need("ask", unknown, None, ())
    freshness = reading.freshness(version.checked)
    answer = requirement_answer(version.says["answer"], version.seen, freshness)
    outdated = freshness == "stale" and answer != version.says["answer"]
    text = unknown if outdated else reading.fill(version.says["text"])
    return Need(answer, text, rule.id, reading.sources(version.cites, version.checked))


def requirements(reading: Reading) -> Requirements:
    """Return what must be done before the visit."""
    needs = {about: requirement(reading, about) for about in SUBJECTS}
    return Requirements(
        **{about: need.answer for about, need in needs.items()},
        texts={about: need.text for about, need in needs.items()},
        sources=tuple(dict.fromkeys(chain.from_iterable(need.sources for need in needs.values()))),
        rules={about: need.rule for about, need in needs.items() if need.rule},
    )
