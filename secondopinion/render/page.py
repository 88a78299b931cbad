"""The plan as a person reads it: on the screen, on paper, as plain text."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan, AppealLevel, Deadline, Source, Step
from secondopinion.papers import Paper
from secondopinion.planner.lines import dues, next_deadline
from secondopinion.planner.reading import dollars, in_words

ASKED = ("insurer", "current_doctor", "records_office", "second_doctor", "self")


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  (44 ms)

    environment = Environment(
        loader=PackageLoader("secondopinion", "templates"),
        autoescape=lambda name: name is None or ".html" in name,  # noqa: S701  (only text is left)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "in_words": in_words,
        "dollars": dollars,
        "cited": _cited,
        "kind": lambda block: type(block).__name__,
    }
    return environment


def _cited(lines: Iterable[Any]) -> tuple[Source, ...]:
    """Return what a list of lines stands on, each document once."""
    return tuple(dict.fromkeys(source for line in lines for source in line.sources))


def next_due(plan: ActionPlan) -> tuple[str, Deadline] | None:
    """Return the next thing that is due from the person, with its day, if there is one."""
    own = list(dues(plan.appeals, plan.steps))
    first = next_deadline(due for _, due in own)
    return next(((_name(line), due) for line, due in own if due == first), None)


def _name(line: AppealLevel | Step) -> str:
    return line.name if isinstance(line, AppealLevel) else line.title


def first_deadline(plan: ActionPlan) -> Deadline | None:
    """Return the next day by which the person should act, if there is one."""
    due = next_due(plan)
    return due[1] if due else None


def acts_now(plan: ActionPlan) -> bool:
    """Tell whether what to do must come before everything else on the page."""
    return plan.case.stage == "denied" or any(
        warning.level == "fast" or warning.id == "general.emergency" for warning in plan.warnings
    )


def fill_template(template: str, knowledge: Knowledge | None, **values: Any) -> str:
    """Return a template of this package filled with values."""
    knowledge = knowledge or load_knowledge()
    text: str = (
        _environment()
        .get_template(template)
        .render(say=knowledge.say, **{"style": _style("plan"), **values})
    )
    return text


def _render(template: str, plan: ActionPlan, knowledge: Knowledge | None) -> str:
    return fill_template(
        template,
        knowledge,
        plan=plan,
        sections=list(dict.fromkeys(step.section for step in plan.steps)),
        asked=ASKED,
        next_due=next_due(plan),
        acts_now=acts_now(plan),
    )


@cache
def _style(name: str) -> str:
    templates = _environment()
    text: str = templates.loader.get_source(templates, f"{name}.css")[0]  # also from within a zip
    return text


def to_html(plan: ActionPlan, knowledge: Knowledge | None = None, *, page: bool = False) -> str:
    """Return the plan as HTML.

    Parameters
    ----------
    plan
        The plan to show.
    knowledge
        Another knowledge base than the workbook's own.
    page
        A whole page that can be saved and printed, instead of a part of one.
    """
    return _render("page.html.jinja" if page else "plan.html.jinja", plan, knowledge)


def to_text(plan: ActionPlan, knowledge: Knowledge | None = None) -> str:
    """Return the plan as plain text, for a terminal or an e-mail."""
    return _render("plan.txt.jinja", plan, knowledge)


def papers_to_html(papers: Iterable[Paper], knowledge: Knowledge | None = None) -> str:
    """Return papers as HTML, with every blank marked, to be read before they are printed."""
    return fill_template(
        "papers.html.jinja", knowledge, papers=list(papers), style=_style("papers")
    )
