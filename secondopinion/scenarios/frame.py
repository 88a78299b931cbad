"""The comparison as a table of pandas, for notebooks and for files."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from secondopinion.knowledge import Knowledge
from secondopinion.model import Case

from .lines import PARTS, Comparison, Line, compare
from .situations import Only

if TYPE_CHECKING:
    import pandas as pd

BETWEEN = "; "


def comparison(
    case: Case,
    facts: Sequence[str],
    as_of: date,
    knowledge: Knowledge | None = None,
    only: Only | None = None,
) -> "pd.DataFrame":
    """Return a case under every answer to one or more facts, as a table with a line for each.

    The index names the answers. A column for each part of the answer is followed, at the end, by
    `differs`, which names the parts that are not those of the base case, and by the rule behind
    each part.

    Parameters
    ----------
    case
        The base case.
    facts
        What to vary: ids of questions, such as `coverage`, or `deadline`.
    as_of
        The day to plan for.
    knowledge
        Another knowledge base than the workbook's own.
    only
        For some of the facts, the answers to keep to.
    """
    return to_frame(compare(case, facts, as_of, knowledge, only))


def to_frame(compared: Comparison, *, with_base: bool = False) -> "pd.DataFrame":
    """Return a comparison as a table with a line for each situation.

    Parameters
    ----------
    compared
        The base case and its lines.
    with_base
        Put the base case first, as a line of its own.
    """
    import pandas as pd  # noqa: PLC0415  (half a second; the app does without)

    lines = [compared.base, *compared.lines] if with_base else compared.lines
    index = pd.MultiIndex.from_tuples([line.labels for line in lines], names=list(compared.facts))
    if len(compared.facts) == 1:
        index = index.get_level_values(0)
    # Objects, so that a day stays a day, money exact, and what is not known None.
    return pd.DataFrame([_record(line) for line in lines], index=index, dtype=object)


def _record(line: Line) -> dict[str, Any]:
    plan = line.plan
    due = line.due[1] if line.due else None
    missed = line.missed.file_by if line.missed else None
    return {
        "as_of": plan.as_of,
        "verdict": plan.verdict.answer,
        "third_opinion": plan.third_opinion.answer,
        "referral": plan.requirements.referral,
        "prior_authorization": plan.requirements.prior_authorization,
        "network": plan.requirements.network,
        "cost_low": plan.cost.low if plan.cost else None,
        "cost_high": plan.cost.high if plan.cost else None,
        "next_deadline": due.date if due else None,
        "safe_date": due.safe_date if due else None,
        "missed": missed.date if missed else None,
        "steps": len(plan.steps),
        "more_steps": BETWEEN.join(step.title for step in line.more),
        "fewer_steps": BETWEEN.join(step.title for step in line.fewer),
        "differs": BETWEEN.join(part for part in PARTS if part in line.differs),
        **{f"{part}_rule": _rule(line, part) for part in PARTS[:-1]},
    }


def _rule(line: Line, part: str) -> str | None:
    ground = line.grounds.get(part)
    return ground.rule if ground else None
