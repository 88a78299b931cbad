"""The one decision of the package: a case and a day in, a whole plan out."""

from datetime import date

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan, Case

from . import illness, lines
from .changes import would_change
from .costs import cost, cost_in_words
from .reading import Reading
from .verdicts import requirements, verdict_about


def build_plan(case: Case, as_of: date, knowledge: Knowledge | None = None) -> ActionPlan:
    """Return the plan for a case on a day.

    Parameters
    ----------
    case
        What the person has told us; all of it may be unknown.
    as_of
        The day for which the plan is made. It decides which law is in force.
    knowledge
        Another knowledge base than the workbook's own.

    Returns
    -------
    ActionPlan
        Frozen, and never empty: what we do not know stands in it as a gap or a question.
    """
    knowledge = knowledge or load_knowledge()
    reading = Reading(knowledge, case, as_of)
    verdict = verdict_about(reading, "second")
    ladder = lines.appeals(reading)
    return ActionPlan(
        as_of=as_of,
        data_version=knowledge.data_version,
        case=case,
        labels=knowledge.labels(case),
        verdict=verdict,
        third_opinion=verdict_about(reading, "third"),
        requirements=requirements(reading),
        cost_rule=cost_in_words(reading),
        cost=cost(reading),
        about=illness.about(reading),
        steps=lines.steps(reading),
        appeals=ladder,
        warnings=lines.warnings(reading, ladder),
        records=lines.records(reading),
        talking_points=lines.talking_points(reading),
        contacts=lines.contacts(reading),
        places=lines.places(reading),
        evidence=illness.evidence(reading),
        would_change=would_change(reading),
        gaps=tuple(reading.gaps),
        notices=lines.notices(reading),
        check_again=reading.check_again,
    )
