"""The workbook's form and plan in Panel, for comparison: `panel serve panel_app.py`."""

# mypy: allow-untyped-calls
# Panel says nothing of its widgets' types.

from collections.abc import Callable
from html import escape
from typing import Any

import panel as pn

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


def _box(question: Asked) -> Any:
    if question.id == BY_NAME:
        return pn.widgets.AutocompleteInput(
            name=question.text,
            options=list(question.answers),
            case_sensitive=False,
            search_strategy="includes",
            restrict=False,
        )
    if question.kind in CHOSEN:
        return pn.widgets.Select(name=question.text, options={CHOOSE: "", **question.answers})
    if question.kind == SEVERAL:
        return pn.widgets.CheckBoxGroup(name=question.text, options=dict(question.answers))
    if question.kind == "day":
        return pn.widgets.DatePicker(name=question.text)
    return pn.widgets.TextInput(name=question.text)


def _field(question: Asked, box: Any) -> Any:
    parts = [box]
    if question.kind == SEVERAL:  # Panel shows no name over its boxes
        parts.insert(0, pn.pane.HTML(f"<p>{escape(question.text)}</p>"))
    if question.help:
        parts.append(pn.pane.HTML(f"<p>{escape(question.help)}</p>"))
    return pn.Column(*parts)


def _watch(boxes: dict[str, Any], fields: dict[str, Any], plan: Any) -> Callable[..., None]:
    def redraw(*_events: Any) -> None:
        asked, html = plan_for({name: box.value for name, box in boxes.items()})
        with pn.io.hold():  # one message for all that changes
            for name, field in fields.items():
                field.visible = name in asked
            plan.object = html

    return redraw


def page() -> Any:
    """Return one visitor's page."""
    boxes = {question.id: _box(question) for question in QUESTIONS}
    fields = {question.id: _field(question, boxes[question.id]) for question in QUESTIONS}
    form = pn.Column(pn.pane.HTML(f"<h2>{escape(TITLE)}</h2><p>{escape(LEAD)}</p>"))
    section = ""
    for question in QUESTIONS:
        if question.section != section:
            section = question.section
            form.append(pn.pane.HTML(f"<h3>{escape(section)}</h3>"))
        form.append(fields[question.id])
    plan = pn.pane.HTML()
    redraw = _watch(boxes, fields, plan)
    redraw()
    for box in boxes.values():
        box.param.watch(redraw, "value")
    return pn.Row(form, plan)


pn.extension()
page().servable(title="Second Opinion Workbook")
