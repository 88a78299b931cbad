"""What we know of one illness, as lines of the plan: general education, never a reason to wait."""

from collections.abc import Iterator, Mapping
from typing import Any

from secondopinion.model import About, Evidence, Record, TalkingPoint, Warning_

from .reading import Reading

_TIMING_LEVEL: Mapping[str, Any] = {
    "emergency": "emergency",
    "hours_days": "fast",
    "days_2weeks": "caution",
}


def about(reading: Reading) -> About | None:
    """Return the illness in the plan's words, as general education."""
    if reading.case.condition is None:
        return None
    raw = reading.knowledge.condition(reading.case.condition)
    return About(
        raw["name"], raw["why"], raw["timing"]["text"], tuple(raw["specialists"]), raw["seen"],
        reading.own_sources(raw),
    )  # fmt: skip


def warnings(reading: Reading) -> Iterator[Warning_]:
    """Yield the signs of an emergency, and how soon treatment has to start where it is soon."""
    name = reading.case.condition
    if name is None:
        return
    condition = reading.knowledge.condition(name)
    sources = reading.own_sources(condition)
    if "emergency" in condition:
        yield Warning_(f"condition.{name}.emergency", "emergency", condition["emergency"], sources)
    level = _TIMING_LEVEL.get(condition["timing"]["level"])
    if level:
        yield Warning_(f"condition.{name}.timing", level, condition["timing"]["text"], sources)


def records(reading: Reading) -> Iterator[Record]:
    """Yield the documents that matter for this illness."""
    name = reading.case.condition
    if name is None:
        return
    raw = reading.knowledge.condition(name)
    sources = reading.own_sources(raw)
    usual = reading.knowledge.say("record.why")
    for number, record in enumerate(raw["records"], 1):
        yield Record(
            f"condition.{name}.record.{number}", record["text"], record.get("why", usual), (),
            raw["seen"], sources,
        )  # fmt: skip


def questions(reading: Reading) -> Iterator[TalkingPoint]:
    """Yield the questions about this illness for the second doctor."""
    name = reading.case.condition
    if name is None:
        return
    raw = reading.knowledge.condition(name)
    sources = reading.own_sources(raw)
    for number, text in enumerate(raw["questions"], 1):
        yield TalkingPoint(
            f"condition.{name}.question.{number}", "second_doctor", text, None, (), raw["seen"],
            sources,
        )  # fmt: skip


def evidence(reading: Reading) -> tuple[Evidence, ...]:
    """Return what studies found for this illness."""
    if reading.case.condition is None:
        return ()
    named = reading.knowledge.condition(reading.case.condition)["evidence"]
    studies = [reading.knowledge.named("evidence", name) for name in named]
    return tuple(
        Evidence(raw["id"], raw["finding"], raw["citation"], raw["url"], raw.get("caution"))
        for raw in studies
    )
