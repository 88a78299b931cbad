"""The whole workbook: the questions, the plan, and the desk under it."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import Any

import ipywidgets as ipw

from secondopinion import export, render
from secondopinion.errors import UnreadableFile
from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Case
from secondopinion.planner import build_plan
from secondopinion.saved import Saved, read_saved, write_saved

from .desk import Desk
from .form import Form
from .parts import Files, Keeper

_OFFERS = {
    "plan": (
        *("plan_pdf", "plan_html", "plan_docx", "calendar", "contacts", "mail"),
        *("everything", "answers"),
    ),
    "letter": ("letter_pdf", "letter_docx", "letter_text"),
    "calls": ("calls_pdf", "calls_text"),
    "after": ("opinions_docx", "opinions_text"),
    "hand_over": ("plan_pdf", "plan_html", "plan_docx", "everything"),
}
"""Of these, each place offers what can be made here."""
_WITHOUT = frozenset({"hand_over"})
"""The offers that leave out what the person unticked."""


class Workbook(Form):
    """The form, the plan that grows with each answer, and what can be made of it."""

    def __init__(self, as_of: date, knowledge: Knowledge | None = None) -> None:
        self.as_of = as_of
        knowledge = knowledge or load_knowledge()
        self.keeper = Keeper()
        self.action_plan = build_plan(Case(), as_of, knowledge)
        self.desk = Desk(knowledge, lambda place: self._files(place, knowledge))
        super().__init__(self._see, knowledge)

    def _see(self, case: Case) -> str:
        self.action_plan = build_plan(case, self.as_of, self.knowledge)
        return render.to_html(self.action_plan, self.knowledge)

    def _inputs(self) -> Iterator[ipw.Widget]:
        yield from super()._inputs()
        yield from self.desk.inputs
        yield self.keeper

    def _below(self) -> Sequence[ipw.Widget]:
        return (self.desk, self.keeper)

    def shown(self) -> str:
        """Take up a file that was opened, and show everything that follows from the answers."""
        self._take_up()
        plan = super().shown()
        self.desk.show(self.action_plan, self.desk.notes)
        self.keeper.kept = write_saved(self.saved, self.as_of, self.knowledge)
        return plan

    @property
    def saved(self) -> Saved:
        """Everything the person has said, ticked and written."""
        return Saved(
            answers=self.kept,
            ticks=tuple(self.keeper.ticks),
            notes=self.desk.notes,
            left_out=tuple(self.desk.hand_over.left_out.value),
        )

    def _take_up(self) -> None:
        """Open the file that the person picked, or that the page kept over a break."""
        opened, restored = self.desk.files.opened, self.keeper.restore
        if file := opened or restored:
            self.desk.files.opened = self.keeper.restore = self.desk.files.said = ""
            said = self.put_back(file)
            self.desk.files.said = said if opened else ""

    def put_back(self, file: str) -> str:
        """Put back everything that a file holds, and return what to say about it, as HTML.

        A file that cannot be read changes nothing.
        """
        say = self.knowledge.say
        try:
            saved, second_look = read_saved(file, self.knowledge)
        except UnreadableFile as error:
            return f'<p role="alert">{escape(str(error))}</p>'
        self.put(saved.answers)
        self.desk.put(saved.notes, saved.left_out)
        self.keeper.ticks = list(saved.ticks)
        lines = "".join(f"<li>{escape(line)}</li>" for line in second_look)
        lost = f"<p>{escape(say('file.second_look'))}</p><ul>{lines}</ul>" if lines else ""
        return f"<p>{escape(say('file.opened'))}</p>{lost}"

    def _files(self, place: str, knowledge: Knowledge) -> Files:
        """Return the buttons for the files that can be made in a place of the desk."""
        made_here = {*export.kinds_available(), "answers"}
        offers = [
            {
                "id": kind,
                "label": knowledge.say(f"make.{kind}"),
                "help": knowledge.say(f"make.{kind}.help"),
            }
            for kind in _OFFERS[place]
            if kind in made_here
        ]
        words = {name: knowledge.say(f"files.{name}") for name in ("making", "done", "failed")}
        words |= {name: knowledge.say(f"files.{name}") for name in ("opens", "opening", "long")}
        opens = knowledge.say("files.open") if place == "plan" else ""
        files = Files(offers=offers, words=words, opens=opens)
        files.on_msg(lambda _files, message, _buffers: self._hand_over(files, place, message))
        return files

    def _hand_over(self, files: Files, place: str, message: Any) -> None:
        """Send the file that somebody asked for, or say that it could not be made."""
        kind = message.get("make") if isinstance(message, dict) else None
        if kind not in _OFFERS[place]:
            return
        file = self.safely(lambda: self.file(kind, place), lambda: None)
        if file is None:
            files.send({"name": ""})
        else:
            files.send({"name": file.name, "mime": file.mime}, [file.content])

    def file(self, kind: str, place: str = "plan") -> export.File:
        """Return one of the files that the desk offers.

        Parameters
        ----------
        kind
            Which file, such as `plan_pdf`, `letter_docx` or `answers`.
        place
            Where it was asked for: a hand-over copy leaves out what the person unticked.
        """
        if kind == "answers":
            content = write_saved(self.saved, self.as_of, self.knowledge).encode()
            name = export.file_name("my-answers", self.as_of, "json")
            return export.File(name, "application/json", content)
        without = (
            frozenset(self.desk.hand_over.left_out.value) if place in _WITHOUT else frozenset()
        )
        return export.make_file(
            kind,
            self.action_plan,
            self.desk.notes,
            self.knowledge,
            without=without,
            letter=self.desk.letters.which.value,
        )


def plan_form(as_of: date, knowledge: Knowledge | None = None) -> Workbook:
    """Return the workbook: the form, the plan that grows with each answer, and the desk."""
    return Workbook(as_of, knowledge)
