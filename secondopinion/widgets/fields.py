"""The questions as fields: one widget each, its help, and what to say about an answer."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

import ipywidgets as ipw

from secondopinion.intake import conditions_named
from secondopinion.knowledge import Knowledge
from secondopinion.saved import Answer

from .parts import Choices

OPEN = ""  # not None: a Dropdown shows a None as nothing at all


def note(words: str) -> str:
    """Return a few words of help under a field."""
    return f'<p class="so-help">{escape(words)}</p>' if words else ""


class Field(ipw.VBox):
    """One question: its widget, its help, and what to say about an answer we cannot read."""

    def __init__(self, question: Mapping[str, Any], knowledge: Knowledge) -> None:
        self.question = question
        self.knowledge = knowledge
        self.widget = self._widget(question)
        self.help = ipw.HTML(note(question.get("help", "")))
        self.trouble = ipw.HTML()
        super().__init__([self.widget, self.help, self.trouble])
        self.add_class("so-field")

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        return ipw.Dropdown(
            options=[(self.knowledge.say("form.choose"), OPEN), *self.options()],
            value=OPEN,
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
    def answer(self) -> Any:
        """What the person has answered, or None."""
        return None if self.widget.value == OPEN else self.widget.value

    @property
    def kept(self) -> Answer | None:
        """What the person's file keeps: the answer, or what stands in the field in its place."""
        kept: Answer | None = self.answer
        return kept

    def put(self, kept: Answer | None) -> None:
        """Put back what the person's file kept, or leave the question open."""
        offered = [value for _, value in self.widget.options]
        self.widget.value = kept if kept in offered else OPEN

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
        self.help.value = note(words)


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

    @property
    def kept(self) -> str | None:
        """The illness, or what was typed when that names none."""
        return self.answer or self.widget.value.strip() or None

    def put(self, kept: Answer | None) -> None:
        """Put back an illness, or what was typed."""
        known = self.knowledge.answers("condition")
        text = "" if kept is None else str(kept)
        self.widget.value = self.knowledge.label("condition", text) if text in known else text

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
        self.help.value = note(said or self.question.get("help", ""))


class ChoicesField(Field):
    """A question with any number of answers, each a box to tick."""

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        options = [[answer, label] for label, answer in self.options()]
        return Choices(legend=question["text"], options=options)

    @property
    def answer(self) -> list[str]:
        """The answers ticked."""
        return list(self.widget.value)

    @property
    def kept(self) -> Answer | None:
        """The answers ticked, or None."""
        return self.answer or None

    def put(self, kept: Answer | None) -> None:
        """Put back the answers that were ticked."""
        self.widget.value = kept if isinstance(kept, list) else []


class DayField(Field):
    """A question whose answer is a day."""

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        return ipw.DatePicker(description=question["text"])

    @property
    def kept(self) -> str | None:
        """The day as the file writes it."""
        return self.answer.isoformat() if self.answer else None

    def put(self, kept: Answer | None) -> None:
        """Put back a day."""
        try:
            self.widget.value = date.fromisoformat(str(kept))
        except ValueError:
            self.widget.value = None


class NumberField(Field):
    """A question whose answer is money or a percentage, and may stay empty."""

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        unit = "%" if question["kind"] == "percent" else "$"
        return ipw.Text(description=f"{question['text']} ({unit})", continuous_update=False)

    @property
    def answer(self) -> str | None:
        """What the person typed, without signs and spaces."""
        return self.widget.value.strip(" $%").replace(",", "") or None

    @property
    def kept(self) -> str | None:
        """The number as it was typed, even when it is none."""
        return self.widget.value.strip() or None

    def put(self, kept: Answer | None) -> None:
        """Put back what was typed."""
        self.widget.value = "" if kept is None else str(kept)


_FIELDS: Mapping[str, type[Field]] = {
    "choices": ChoicesField,
    "day": DayField,
    "money": NumberField,
    "percent": NumberField,
}
_OWN_FIELDS: Mapping[str, type[Field]] = {"coverage": CoverageField, "condition": ConditionField}


def field_for(question: Mapping[str, Any], knowledge: Knowledge) -> Field:
    """Return the field in which a question is answered."""
    kind = _OWN_FIELDS.get(question["id"]) or _FIELDS.get(question["kind"], Field)
    return kind(question, knowledge)


def sort_of(field: Field) -> str:
    """Tell what sort of answer a field takes, to say what is wrong with one."""
    return "day" if isinstance(field, DayField) else "number"
