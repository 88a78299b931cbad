"""Write `docs/personas.md`: every story with the whole outline of its plan.

python -m tests.personas

A rule that changes shows there whose plan changes; `test_personas.py` keeps the page true.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from secondopinion import ActionPlan, build_plan, load_knowledge, read_case
from secondopinion.authoring.strict_yaml import read
from secondopinion.model import Deadline
from secondopinion.planner.reading import dollars

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
PAGE = ROOT / "docs" / "personas.md"


def stories() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every story with the name of its file."""
    for path in sorted(CASES.glob("*.yaml")):
        for story in read(path, path.name).content:
            yield path.stem, story


def _days(day: Deadline) -> str:
    return f"by {day.safe_date} to be safe, {day.date} at the latest"


def _asked(plan: ActionPlan) -> Iterator[str]:
    """Yield what the person told us, in the words in which it was offered."""
    label = load_knowledge().label
    for fact, answer in plan.case.known().items():
        words = [label(fact, one) for one in (answer if isinstance(answer, tuple) else (answer,))]
        yield f"{fact}: {', '.join(words)}"
    yield from (f"{event}: {day}" for event, day in plan.case.events.items())
    yield from (f"{name}: {amount}" for name, amount in plan.case.costs.items())


def outline(plan: ActionPlan) -> Iterator[str]:
    """Yield the lines that say what a plan comes to."""
    needs = plan.requirements
    yield f"- **{plan.verdict.heading}** (`{plan.verdict.rule}`, {plan.verdict.seen})"
    yield f"- Third opinion: {plan.third_opinion.heading} (`{plan.third_opinion.rule}`)"
    yield (
        f"- Referral {needs.referral}, prior authorization {needs.prior_authorization}, "
        f"network {needs.network}"
    )
    if plan.cost:
        yield f"- Cost: {dollars(plan.cost.low)} to {dollars(plan.cost.high)}"
    for warning in plan.warnings:
        if warning.level != "note":
            yield f"- Warning ({warning.level}): `{warning.id}`"
    for level in plan.appeals:
        when = f", {_days(level.file_by)}" if level.file_by else ""
        yield f"- Appeal {level.level}: {level.name}{when}"
    dated = (f" ({_days(step.deadline)})" if step.deadline else "" for step in plan.steps)
    titles = (step.title + when for step, when in zip(plan.steps, dated, strict=True))
    yield f"- Steps: {'; '.join(titles)}"
    yield from (f"- Not known: {gap}" for gap in plan.gaps)


def page() -> str:
    """Return the whole page."""
    lines = [
        "# Personas",
        "",
        "Every story of `tests/cases/` with the outline of its plan.",
        "Written by `python -m tests.personas`: do not edit it by hand.",
    ]
    family = None
    for name, story in stories():
        if name != family:
            lines += ["", f"## {name.capitalize()}"]
            family = name
        plan = build_plan(read_case(story["case"]), story["as_of"])
        lines += ["", f"### {story['story']}"]
        lines += ["", f"On {story['as_of']}. {'; '.join(_asked(plan))}.", "", *outline(plan)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
