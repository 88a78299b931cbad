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


class Look:
    """One layout and one style for all widgets of a kind, so that a page has few to set up."""

    def __init__(self) -> None:
        self._layout = ipw.Layout()
        self._styles: dict[type[ipw.Widget], ipw.Widget] = {}

    def make(self, kind: type[ipw.Widget], *args: Any, **traits: Any) -> ipw.Widget:
        """Return a new widget that looks like the others of its kind."""
        if kind in self._styles:
            traits["style"] = self._styles[kind]
        widget = kind(*args, layout=self._layout, **traits)
        self._styles[kind] = widget.style
        return widget


class Field(ipw.VBox):
    """One question: its widget, and a note with its help or what is wrong with its answer."""

    def __init__(self, question: Mapping[str, Any], knowledge: Knowledge, look: Look) -> None:
        self.question = question
        self.knowledge = knowledge
        self.look = look
        self.help = question.get("help", "")
        self.widget = self._widget(question)
        self.note = look.make(ipw.HTML, note(self.help))
        super().__init__([self.widget, self.note])
        self.add_class("so-field")

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        return self.look.make(
            ipw.Dropdown,
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
        self.note.value = note(self.help) + (alert if trouble else "")


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
        self.help = self.question.get("help", "")
        if self.answer:
            kind = self.knowledge.named("coverages", self.answer)
            self.help = f"{kind['card']} {kind['explain']}"
        super().show(asked=asked, trouble=trouble)


class ConditionField(Field):
    """The illnesses, found by any of their names."""

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        return self.look.make(
            ipw.Combobox,
            options=self._names(),
            description=question["text"],
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
        said = self.knowledge.label("condition", found[0]) if len(found) == 1 else ""
        self.help = said or self.question.get("help", "")
        super().show(asked=asked, trouble=trouble)


class ChoicesField(Field):
    """A question with any number of answers, each a box to tick."""

    def _widget(self, question: Mapping[str, Any]) -> ipw.Widget:
        options = [[answer, label] for label, answer in self.options()]
        above, self.help = self.help, ""
        return Choices(legend=question["text"], help=above, options=options)

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
        return self.look.make(ipw.DatePicker, description=question["text"])

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
        description = f"{question['text']} ({unit})"
        return self.look.make(ipw.Text, description=description, continuous_update=False)

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


def field_for(question: Mapping[str, Any], knowledge: Knowledge, look: Look) -> Field:
    """Return the field in which a question is answered."""
    kind = _OWN_FIELDS.get(question["id"]) or _FIELDS.get(question["kind"], Field)
    return kind(question, knowledge, look)


def sort_of(field: Field) -> str:
    """Tell what sort of answer a field takes, to say what is wrong with one."""
    return "day" if isinstance(field, DayField) else "number"
