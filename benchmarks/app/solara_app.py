"""The workbook's form and plan in Solara, for comparison: `solara run solara_app.py`."""

# mypy: allow-untyped-decorators
# mypy cannot see Solara where it is not installed.

from typing import Any

import solara

from benchmarks.app.same_form import (
    BY_NAME,
    CHOOSE,
    CHOSEN,
    LEAD,
    QUESTIONS,
    SEVERAL,
    TITLE,
    Asked,
    plan_for,
)


@solara.component
def Field(question: Asked, answer: Any, on_answer: Any) -> None:  # noqa: N802  (Solara's custom)
    """Show one question with its answer."""
    if question.kind in CHOSEN or question.id == BY_NAME:
        labels = {found: label for label, found in question.answers.items()}
        solara.Select(
            question.text,
            values=[CHOOSE, *question.answers],
            value=labels.get(answer, CHOOSE),
            on_value=lambda label: on_answer(question.answers.get(label, "")),
        )
    elif question.kind == SEVERAL:
        solara.Text(question.text)
        for label, one in question.answers.items():
            solara.Checkbox(
                label=label,
                value=one in answer,
                on_value=lambda on, one=one: on_answer(
                    [*answer, one] if on else [other for other in answer if other != one]
                ),
            )
    elif question.kind == "day":
        solara.lab.InputDate(value=answer or None, on_value=on_answer, label=question.text)
    else:
        solara.InputText(question.text, value=answer, on_value=on_answer)
    if question.help:
        solara.Text(question.help)


@solara.component
def Page() -> None:  # noqa: N802  (the name that Solara looks for)
    """Show one visitor's page."""
    first: dict[str, Any] = {one.id: [] if one.kind == SEVERAL else "" for one in QUESTIONS}
    answers, set_answers = solara.use_state(first)
    asked, html = plan_for(answers)
    solara.Title("Second Opinion Workbook")
    with solara.Columns():
        with solara.Column():
            solara.HTML(tag="div", unsafe_innerHTML=f"<h2>{TITLE}</h2><p>{LEAD}</p>")
            section = ""
            for one in QUESTIONS:
                if one.id not in asked:
                    continue
                if one.section != section:
                    section = one.section
                    solara.HTML(tag="h3", unsafe_innerHTML=section)
                Field(
                    one,
                    answers[one.id],
                    lambda answer, name=one.id: set_answers({**answers, name: answer}),
                )
        solara.HTML(tag="div", unsafe_innerHTML=html)
