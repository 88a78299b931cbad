"""The form and the plan beside it. The only module that knows about widgets.

What is on the screen is a function of the answers: one observer reads every field, asks which
questions matter now, and shows the whole again.
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, get_args

import ipywidgets as ipw

from . import render
from .errors import UnknownAnswer
from .intake import asked_only, conditions_named, questions_for, read_case
from .knowledge import Knowledge, load_knowledge
from .model import Case, Freshness, Seen
from .planner import build_plan

_log = logging.getLogger(__name__)
_OPEN = ""  # not None: a Dropdown shows a None as nothing at all


class Field(ipw.VBox):
    """One question: its widget, its help, and what to say about an answer we cannot read."""

    def __init__(self, question: Mapping[str, Any], knowledge: Knowledge) -> None:
        self.question = question
        self.knowledge = knowledge
        self.widget = self._widget(question)
        self.help = ipw.HTML(_note(question.get("help", "")))
        self.trouble = ipw.HTML()
        super().__init__([self.widget, self.help, self.trouble])
        self.add_class("so-field")

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        return ipw.Dropdown(
            options=[(self.knowledge.say("form.choose"), _OPEN), *self.options()],
            value=_OPEN,
            description=question["text"],
        )

    def options(self) -> list[tuple[str, str | bool]]:
        """Return the answers to choose from, as they are offered."""
        fact = self.question["id"]
        return [(self.knowledge.label(fact, one), one) for one in self.knowledge.answers(fact)]

    @property
    def section(self) -> str:
        """The heading under which it stands."""
        return str(self.question["section"])

    @property
    def inputs(self) -> Sequence[ipw.Widget]:
        """The widgets that a person changes."""
        return (self.widget,)

    @property
    def answer(self) -> Any:
        """What the person has answered, or None."""
        return None if self.widget.value == _OPEN else self.widget.value

    def show(self, *, asked: bool, trouble: str) -> None:
        """Show the question only when it matters, with what is wrong with its answer."""
        self.layout.display = None if asked else "none"
        alert = f'<p class="so-trouble-field" role="alert">{escape(trouble)}</p>'
        self.trouble.value = alert if trouble else ""


class CoverageField(Field):
    """The kinds of insurance, under headings, with what the card says."""

    def options(self) -> list[tuple[str, str | bool]]:
        """Return the kinds of insurance, each with its heading before a bar."""
        return [
            (f"{kind['group']} | {kind['name']}", kind["id"])
            for kind in self.knowledge.section("coverages")
        ]

    def show(self, *, asked: bool, trouble: str) -> None:
        """Show what the chosen card looks like under the question."""
        super().show(asked=asked, trouble=trouble)
        chosen = self.answer
        words = self.question.get("help", "")
        if chosen:
            kind = self.knowledge.named("coverages", chosen)
            words = f"{kind['card']} {kind['explain']}"
        self.help.value = _note(words)


class ConditionField(Field):
    """The illnesses, found by any of their names."""

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        return ipw.Combobox(
            options=self._names(),
            description=question["text"],
            placeholder=self.knowledge.say("form.search"),
            continuous_update=False,
        )

    def _names(self) -> list[str]:
        names = []
        for condition in self.knowledge.section("conditions"):
            names += [condition["name"], *condition["also"]]
        return list(dict.fromkeys(names))

    @property
    def answer(self) -> str | None:
        """The one illness that what was typed names, or None."""
        found = conditions_named(self.widget.value, self.knowledge)
        return found[0] if len(found) == 1 else None

    def show(self, *, asked: bool, trouble: str) -> None:
        """Offer the illnesses that a name may mean when it fits more than one or none."""
        found = conditions_named(self.widget.value, self.knowledge)
        if self.widget.value.strip() and not found:
            trouble = self.knowledge.say("form.not_found")
        elif len(found) > 1:
            names = "; ".join(self.knowledge.label("condition", name) for name in found)
            trouble = self.knowledge.say("form.which", names=names)
        super().show(asked=asked, trouble=trouble)
        said = self.knowledge.label("condition", found[0]) if len(found) == 1 else ""
        self.help.value = _note(said or self.question.get("help", ""))


class ChoicesField(Field):
    """A question with any number of answers, each a box to tick."""

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        self.boxes = {
            answer: ipw.Checkbox(description=label, indent=False)
            for label, answer in self.options()
        }
        legend = ipw.HTML(f'<p class="so-legend">{escape(question["text"])}</p>')
        group = ipw.VBox([legend, *self.boxes.values()])
        group.add_class("so-choices")
        return group

    @property
    def inputs(self) -> Sequence[ipw.Widget]:
        """The boxes."""
        return tuple(self.boxes.values())

    @property
    def answer(self) -> list[str | bool]:
        """The answers ticked."""
        return [answer for answer, box in self.boxes.items() if box.value]


class DayField(Field):
    """A question whose answer is a day."""

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        return ipw.DatePicker(description=question["text"])


class NumberField(Field):
    """A question whose answer is money or a percentage, and may stay empty."""

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        unit = "%" if question["kind"] == "percent" else "$"
        return ipw.Text(description=f"{question['text']} ({unit})", continuous_update=False)

    @property
    def answer(self) -> str | None:
        """What the person typed, without signs and spaces."""
        return self.widget.value.strip(" $%").replace(",", "") or None


_FIELDS: Mapping[str, type[Field]] = {
    "choices": ChoicesField,
    "day": DayField,
    "money": NumberField,
    "percent": NumberField,
}
_OWN_FIELDS: Mapping[str, type[Field]] = {"coverage": CoverageField, "condition": ConditionField}


def _sort(field: Field) -> str:
    return "day" if isinstance(field, DayField) else "number"


def _note(words: str) -> str:
    return f'<p class="so-help">{escape(words)}</p>' if words else ""


class _Board(ipw.VBox):
    """Something to fill in on one side, and on the other what it comes to."""

    def __init__(self, left: Sequence[ipw.Widget], inputs: Iterable[ipw.Widget]) -> None:
        self.plan = ipw.HTML()
        self.plan.add_class("so-plan")
        self.form = ipw.VBox(left)
        self.form.add_class("so-form")
        super().__init__([self.form, self.plan])
        self.add_class("so-app")
        for widget in inputs:
            widget.observe(self._redraw, names="value")
        self._redraw()

    def shown(self) -> str:
        """Return the HTML that the answers come to."""
        raise NotImplementedError

    def apology(self) -> str:
        """Return what to say when something went wrong on our side."""
        raise NotImplementedError

    def _redraw(self, _change: object = None) -> None:
        try:
            self.plan.value = self.shown()
        except Exception as error:  # noqa: BLE001  (the border: a person never meets a traceback)
            _log_without_answers(error)
            self.plan.value = f'<p role="alert">{escape(self.apology())}</p>'


class Form(_Board):
    """Questions on one side, and on the other what `view` makes of the answers."""

    def __init__(self, view: Callable[[Case], str], knowledge: Knowledge | None = None) -> None:
        self.view = view
        self.knowledge = knowledge or load_knowledge()
        self.fields = {
            question["id"]: self._field(question)
            for question in self.knowledge.section("questions")
            if len(question["answers"]) != 1  # nothing to choose
        }
        self.headings: dict[str, ipw.HTML] = {}
        super().__init__([*self._lead(), *self._in_sections()], self._inputs())

    def _field(self, question: Mapping[str, Any]) -> Field:
        kind = _OWN_FIELDS.get(question["id"]) or _FIELDS.get(question["kind"], Field)
        return kind(question, self.knowledge)

    def _lead(self) -> Iterator[ipw.Widget]:
        say = self.knowledge.say
        yield ipw.HTML(f"<h2>{escape(say('form.title'))}</h2>{_note(say('form.lead'))}")

    def _in_sections(self) -> Iterator[ipw.Widget]:
        """Yield the fields in order, each section under its heading."""
        for field in self.fields.values():
            section = field.section
            if section not in self.headings:
                self.headings[section] = ipw.HTML(f"<h3>{escape(section)}</h3>")
                yield self.headings[section]
            yield field

    def _inputs(self) -> Iterator[ipw.Widget]:
        for field in self.fields.values():
            yield from field.inputs

    def _read(self) -> tuple[Case, dict[str, str]]:
        """Return the case so far, and what is wrong with the answers that we cannot read."""
        answers: dict[str, Any] = {}
        troubles: dict[str, str] = {}
        for name, field in self.fields.items():
            group, _, key = name.rpartition(".")
            answer = {name: field.answer} if not group else {group: {key: field.answer}}
            try:
                read_case(answer, self.knowledge)
            except UnknownAnswer:
                troubles[name] = self.knowledge.say(f"form.bad.{_sort(field)}")
                continue
            if group:
                answers.setdefault(group, {})[key] = field.answer
            else:
                answers[name] = field.answer
        return read_case(answers, self.knowledge), troubles

    @property
    def case(self) -> Case:
        """The answers to the questions that matter now."""
        return asked_only(self._read()[0], self.knowledge)

    def shown(self) -> str:
        """Show the questions that matter now, and return what the answers come to."""
        said, troubles = self._read()
        case = asked_only(said, self.knowledge)
        asked = {question["id"] for question in questions_for(case, self.knowledge)}
        for name, field in self.fields.items():
            field.show(asked=name in asked, trouble=troubles.get(name, ""))
        for section, heading in self.headings.items():
            inside = {name for name, field in self.fields.items() if field.section == section}
            heading.layout.display = None if asked & inside else "none"
        return self.view(case)

    def apology(self) -> str:
        """Return what to say when something went wrong on our side."""
        return self.knowledge.say("form.sorry")


def _log_without_answers(error: Exception) -> None:
    """Log where something failed; its message may hold an answer, so that stays out."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames]
    _log.error("%s at %s", type(error).__name__, " < ".join(reversed(places)))


def plan_form(as_of: date, knowledge: Knowledge | None = None) -> Form:
    """Return the workbook: the form, and the plan that grows with each answer."""
    return Form(
        lambda case: render.to_html(build_plan(case, as_of, knowledge), knowledge), knowledge
    )


class Scenarios(Form):
    """One case under every answer to one question, side by side."""

    def __init__(self, as_of: date, knowledge: Knowledge | None = None) -> None:
        knowledge = knowledge or load_knowledge()
        self.vary = ipw.Dropdown(
            options=[
                (question["text"], question["id"])
                for question in knowledge.section("questions")
                if question["kind"] in ("choice", "yes_no")
            ],
            description=knowledge.say("scenarios.vary"),
        )
        super().__init__(lambda case: self._table(case, as_of), knowledge)

    def _table(self, case: Case, as_of: date) -> str:
        columns = render.compare(case, self.vary.value, as_of, self.knowledge)
        return render.comparison_html(columns, self.knowledge)

    def _lead(self) -> Iterator[ipw.Widget]:
        yield self.vary
        yield from super()._lead()

    def _inputs(self) -> Iterator[ipw.Widget]:
        yield self.vary
        yield from super()._inputs()


class RuleBook(_Board):
    """Every rule on any day, by kind of insurance, by how well we know it and by its age."""

    def __init__(self, as_of: date, knowledge: Knowledge | None = None) -> None:
        self.knowledge = knowledge or load_knowledge()
        say = self.knowledge.say
        kinds = [(kind["name"], kind["id"]) for kind in self.knowledge.section("coverages")]
        self.day = ipw.DatePicker(value=as_of, description=say("rules.day"))
        self.coverage = ipw.Dropdown(
            options=[(say("rules.all"), _OPEN), *kinds],
            value=_OPEN,
            description=say("rules.coverage"),
        )
        self.seen = self._filter("rules.known", "seen", get_args(Seen))
        self.age = self._filter("rules.age", "freshness", get_args(Freshness))
        inputs = (self.day, self.coverage, self.seen, self.age)
        super().__init__(inputs, inputs)

    def _filter(self, title: str, group: str, names: Iterable[str]) -> ipw.Dropdown:
        say = self.knowledge.say
        options = [(say("rules.any"), _OPEN), *((say(f"{group}.{name}"), name) for name in names)]
        return ipw.Dropdown(options=options, value=_OPEN, description=say(title))

    def shown(self) -> str:
        """Return the rules as they stood on the day chosen."""
        if self.day.value is None:
            return ""
        rows = render.rules_on(self.day.value, self.coverage.value or None, self.knowledge)
        found = render.standing(rows, self.seen.value or None, self.age.value or None)
        return render.rules_html(found, self.knowledge)

    def apology(self) -> str:
        """Return what to say when something went wrong on our side."""
        return self.knowledge.say("form.sorry")
