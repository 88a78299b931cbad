"""The questions on one side, and on the other what the answers come to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as ipw

from secondopinion.errors import UnknownAnswer
from secondopinion.intake import asked_only, questions_for, read_case
from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Case
from secondopinion.saved import Answer

from .board import Board
from .fields import Look, field_for, note, sort_of


class Form(Board):
    """Questions on one side, and on the other what `view` makes of the answers."""

    def __init__(self, view: Callable[[Case], str], knowledge: Knowledge | None = None) -> None:
        self.view = view
        self.knowledge = knowledge or load_knowledge()
        self.look = Look()
        self.fields = {
            question["id"]: field_for(question, self.knowledge, self.look)
            for question in self.knowledge.section("questions")
            if len(question["answers"]) != 1  # nothing to choose
        }
        self.headings: dict[str, ipw.HTML] = {}
        super().__init__([*self._lead(), *self._in_sections()], self._inputs(), self._below())

    def _lead(self) -> Iterator[ipw.Widget]:
        say = self.knowledge.say
        yield ipw.HTML(f"<h2>{escape(say('form.title'))}</h2>{note(say('form.lead'))}")

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
            yield field.widget

    def _below(self) -> Sequence[ipw.Widget]:
        """Return what stands under the plan."""
        return ()

    @property
    def kept(self) -> dict[str, Answer]:
        """What the person's file keeps: every answer, also to questions that are not asked now."""
        kept = {name: field.kept for name, field in self.fields.items()}
        return {name: answer for name, answer in kept.items() if answer is not None}

    def put(self, answers: Mapping[str, Answer]) -> None:
        """Put every answer back into its field, and leave the others open."""
        for name, field in self.fields.items():
            field.put(answers.get(name))

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
                troubles[name] = self.knowledge.say(f"form.bad.{sort_of(field)}")
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
