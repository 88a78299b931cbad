"""The stories in `cases/`: what a plan must say, told so that a navigator can write one."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from secondopinion import ActionPlan, build_plan, read_case
from secondopinion.authoring.strict_yaml import read
from secondopinion.render import to_document, to_text

CASES = Path(__file__).parent / "cases"


def told() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yaml")):
        document = read(path, path.name)
        assert not document.problems, document.problems
        for story in document.content:
            yield pytest.param(story, id=f"{path.stem}: {story['story']}")


def in_this_order(wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Tell whether all that is wanted stands in what was found, in the same order."""
    rest = iter(found)
    return all(name in rest for name in wanted)


def carried(plan: ActionPlan) -> set[str]:
    """Return the ids of the base checklist that a plan carries."""
    lines = (*plan.steps, *plan.records, *plan.talking_points, *plan.contacts, *plan.notices)
    verdicts = (plan.verdict, plan.third_opinion)
    return {name for line in (*lines, *verdicts) for name in line.base}


def days(plan: ActionPlan, name: str) -> dict[str, Any] | None:
    """Return the day to file by of an appeal, or of a step."""
    levels = {level.id: level.file_by for level in plan.appeals}
    steps = {step.id: step.deadline for step in plan.steps}
    found = levels.get(name) or steps.get(name)
    return {"date": found.date, "safe_date": found.safe_date} if found else None


def differences(plan: ActionPlan, expect: dict[str, Any]) -> Iterator[str]:
    """Yield everything a plan says otherwise than its story."""
    document = to_document(plan)
    known = {"answer", "third", "requirements", "cost", "appeals", "levels", "steps", "no_steps",
             "base", "says", "never_says", "gaps", "rule", "would_change", "freshness"}  # fmt: skip
    lists = {"warnings", "talking_points", "records", "contacts", "places", "evidence", "no_warnings"}
    if unknown := expect.keys() - known - lists:
        yield f"a story cannot expect {unknown}"
    for key, found in (
        ("answer", plan.verdict.answer),
        ("third", plan.third_opinion.answer),
        ("rule", plan.verdict.rule),
        ("freshness", plan.verdict.freshness),
    ):
        if key in expect and expect[key] != found:
            yield f"{key} is {found}, not {expect[key]}"
    for subject, answer in expect.get("requirements", {}).items():
        if document["requirements"][subject] != answer:
            yield f"{subject} is {document['requirements'][subject]}, not {answer}"
    if "cost" in expect:
        found = document["cost"] and {key: document["cost"][key] for key in ("low", "high")}
        if found != expect["cost"]:
            yield f"the cost is {found}, not {expect['cost']}"
    for name, wanted in expect.get("appeals", {}).items():
        if days(plan, name) != wanted:
            yield f"{name} is due {days(plan, name)}, not {wanted}"
    if "levels" in expect and (found := [level.id for level in plan.appeals]) != expect["levels"]:
        yield f"the ladder is {found}, not {expect['levels']}"
    found = [step.id for step in plan.steps]
    if not in_this_order(expect.get("steps", ()), found):
        yield f"the steps are {found}, not {expect['steps']}"
    if surplus := set(expect.get("no_steps", ())) & set(found):
        yield f"the steps hold {surplus}"
    for kind in lists - {"no_warnings"}:
        missing = set(expect.get(kind, ())) - {line["id"] for line in document[kind]}
        if missing:
            yield f"{kind} lack {missing}"
    if surplus := set(expect.get("no_warnings", ())) & {line.id for line in plan.warnings}:
        yield f"the warnings hold {surplus}"
    if missing := set(expect.get("base", ())) - carried(plan):
        yield f"the base checklist's {missing} is not carried"
    text = " ".join(to_text(plan).split())
    yield from (f"it never says {words!r}" for words in expect.get("says", ()) if words not in text)
    yield from (f"it says {words!r}" for words in expect.get("never_says", ()) if words in text)
    gaps = " ".join(plan.gaps)
    yield from (f"no gap says {words!r}" for words in expect.get("gaps", ()) if words not in gaps)
    changed = {(change.fact, change.answer) for change in plan.would_change}
    for fact, answer in expect.get("would_change", {}).items():
        if (fact, answer) not in changed:
            yield f"{fact}: {answer} would change nothing"


@pytest.mark.parametrize("story", list(told()))
def test_the_plan_says_what_the_story_tells(story):
    plan = build_plan(read_case(story["case"]), story["as_of"])
    assert list(differences(plan, story["expect"])) == []


def test_there_are_stories_for_every_kind_of_insurance():
    covered = {param.values[0]["case"].get("coverage") for param in told()}
    assert len(covered) >= 12
