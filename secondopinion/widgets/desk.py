"""What stands under the plan: files to take away, letters, calls, the time after the visit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw

from secondopinion import render
from secondopinion.knowledge import Knowledge
from secondopinion.model import ActionPlan
from secondopinion.notes import Call, Notes
from secondopinion.papers import Paper
from secondopinion.saved import read_call

from .fields import OPEN, note
from .parts import Choices, Files, Sheet

if TYPE_CHECKING:
    from secondopinion.letters import Blank

_OPINIONS = ("first_opinion", "second_opinion")
"""The groups of blanks that are filled in after the visit."""
_LOG = (
    *(("day", "day"), ("office", "line"), ("person", "line")),
    *(("reference", "line"), ("answer", "text")),
)
"""What is written down of a call, and in what kind of field."""
_WHO = ("insurer", "current_doctor", "records_office", "second_doctor", "network_doctor")


class Section(ipw.VBox):
    """One part of the desk, which works out what it shows only while it is open."""

    name = ""

    def __init__(self, knowledge: Knowledge, children: Sequence[ipw.Widget]) -> None:
        self.knowledge = knowledge
        super().__init__([ipw.HTML(note(knowledge.say(f"desk.{self.name}.lead"))), *children])

    @property
    def inputs(self) -> Sequence[ipw.Widget]:
        """The widgets that a person changes."""
        return ()

    def show(self, plan: ActionPlan, notes: Notes) -> None:
        """Show what the plan and the notes come to."""
        raise NotImplementedError


class Letters(Section):
    """A letter to pick, its blanks to fill in, and what it then says."""

    name = "letters"

    def __init__(self, knowledge: Knowledge, files: Files) -> None:
        self.which = ipw.Dropdown(
            options=[(knowledge.say("form.choose"), OPEN)],
            value=OPEN,
            description=knowledge.say("desk.which_letter"),
        )
        self.sheet = Sheet()
        self.files = files
        self.preview = ipw.HTML()
        super().__init__(knowledge, [self.which, self.sheet, self.files, self.preview])

    @property
    def inputs(self) -> Sequence[ipw.Widget]:
        """The letter's name and the blanks."""
        return (self.which, self.sheet)

    def show(self, plan: ActionPlan, notes: Notes) -> None:
        """Offer the letters that this plan needs, and show the one that was picked."""
        from secondopinion.letters import blanks_for, letters_for  # noqa: PLC0415  (when opened)

        papers = letters_for(plan, notes, self.knowledge)
        self._offer(papers)
        chosen = [paper for paper in papers if paper.id == self.which.value]
        # The fields stay while they are filled, so they are those of the letter without words.
        bare = letters_for(plan, notes._replace(words={}), self.knowledge) if chosen else ()
        asked = [paper for paper in bare if paper.id == self.which.value]
        self.sheet.groups = groups_of(blanks_for(asked, self.knowledge))
        self.preview.value = render.papers_to_html(chosen, self.knowledge)
        self.files.layout.display = None if chosen else "none"

    def _offer(self, papers: Sequence[Paper]) -> None:
        offered = [(self.knowledge.say("form.choose"), OPEN)]
        offered += [(paper.title, paper.id) for paper in papers]
        if tuple(offered) != tuple(self.which.options):
            before = self.which.value
            self.which.options = offered
            self.which.value = before if before in dict(offered).values() else OPEN


class Calls(Section):
    """A page for each call, and a log of the calls made."""

    name = "calls"

    def __init__(self, knowledge: Knowledge, files: Files) -> None:
        self.sheet = Sheet(groups=[_log_of_calls(knowledge)], value={"calls": []})
        self.preview = ipw.HTML()
        super().__init__(knowledge, [self.sheet, files, self.preview])

    @property
    def inputs(self) -> Sequence[ipw.Widget]:
        """The log."""
        return (self.sheet,)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls written down so far, without rows that are still empty."""
        rows = self.sheet.value.get("calls", [])
        made = [read_call(row) for row in rows if isinstance(row, Mapping)]
        return tuple(call for call in made if call != Call())

    def show(self, plan: ActionPlan, notes: Notes) -> None:
        """Show what to say and ask in each call."""
        from secondopinion.letters import call_sheets  # noqa: PLC0415  (when opened)

        sheets = call_sheets(plan, notes, self.knowledge)
        self.preview.value = render.papers_to_html(sheets, self.knowledge)


class AfterTheVisit(Section):
    """The two opinions side by side, and what follows from them."""

    name = "after"

    def __init__(self, knowledge: Knowledge, files: Files) -> None:
        self.sheet = Sheet()
        self.sheet.add_class("so-beside")
        self.preview = ipw.HTML()
        super().__init__(knowledge, [self.sheet, files, self.preview])

    @property
    def inputs(self) -> Sequence[ipw.Widget]:
        """What each doctor said."""
        return (self.sheet,)

    def show(self, plan: ActionPlan, notes: Notes) -> None:
        """Show both opinions beside each other."""
        from secondopinion.letters import blanks_for, second_look  # noqa: PLC0415  (when opened)

        paper = second_look(plan, notes, self.knowledge)
        bare = second_look(plan, Notes(), self.knowledge)
        self.sheet.groups = groups_of(blanks_for([bare], self.knowledge))
        self.preview.value = render.papers_to_html([paper], self.knowledge)


class HandOver(Section):
    """A copy for somebody else, without what the person wants to keep private."""

    name = "hand_over"

    def __init__(self, knowledge: Knowledge, files: Files) -> None:
        from secondopinion.export import parts  # noqa: PLC0415  (light; the libraries wait inside)

        options = [[part.id, part.label] for part in parts(knowledge)]
        self.left_out = Choices(legend=knowledge.say("desk.leave_out"), options=options)
        super().__init__(knowledge, [self.left_out, files])

    @property
    def inputs(self) -> Sequence[ipw.Widget]:
        """The parts to leave out."""
        return (self.left_out,)

    def show(self, plan: ActionPlan, notes: Notes) -> None:
        """Show nothing more: the files are made when somebody asks for one."""


class Desk(ipw.VBox):
    """Everything under the plan. One section at a time is open."""

    def __init__(self, knowledge: Knowledge, files_of: Callable[[str], Files]) -> None:
        self.knowledge = knowledge
        self.files = files_of("plan")
        self.letters = Letters(knowledge, files_of("letter"))
        self.calls = Calls(knowledge, files_of("calls"))
        self.after = AfterTheVisit(knowledge, files_of("after"))
        self.hand_over = HandOver(knowledge, files_of("hand_over"))
        self.sections = (self.letters, self.calls, self.after, self.hand_over)
        titles = [knowledge.say(f"desk.{section.name}") for section in self.sections]
        self.folds = ipw.Accordion(self.sections, titles=titles)
        self.folds.watched = "selected_index"
        title, lead = knowledge.say("desk.title"), knowledge.say("desk.lead")
        heading = ipw.HTML(f'<h2 id="desk">{escape(title)}</h2>{note(lead)}')
        super().__init__([heading, self.files, self.folds])
        self.add_class("so-desk")

    @property
    def inputs(self) -> Iterator[ipw.Widget]:
        """The widgets that a person changes."""
        yield from (self.files, self.folds)
        for section in self.sections:
            yield from section.inputs

    @property
    def notes(self) -> Notes:
        """What the person has written down."""
        words = {**self.letters.sheet.value, **self.after.sheet.value}
        filled = {name: text for name, text in words.items() if isinstance(text, str) and text}
        return Notes(words=filled, calls=self.calls.calls)

    def put(self, notes: Notes, left_out: Sequence[str]) -> None:
        """Put back what the person's file kept."""
        blanks = self.knowledge.entries("blanks")
        opinions = {blank.id for blank in blanks if blank.says["group"] in _OPINIONS}
        self.letters.sheet.value = {k: v for k, v in notes.words.items() if k not in opinions}
        self.after.sheet.value = {k: v for k, v in notes.words.items() if k in opinions}
        self.calls.sheet.value = {"calls": [_row(call) for call in notes.calls]}
        self.hand_over.left_out.value = list(left_out)

    def show(self, plan: ActionPlan, notes: Notes) -> None:
        """Show the section that is open."""
        place = self.folds.selected_index
        if place is not None:
            self.sections[place].show(plan, notes)


def groups_of(blanks: Sequence["Blank"]) -> list[dict[str, Any]]:
    """Return blanks as the groups of a sheet, in their order."""
    return [
        {"id": group, "legend": heading, "fields": [blank._asdict() for blank in inside]}
        for (group, heading), inside in groupby(blanks, lambda blank: (blank.group, blank.heading))
    ]


def _log_of_calls(knowledge: Knowledge) -> dict[str, Any]:
    """Return the group in which one call after another is written down."""
    say = knowledge.say
    who = [[OPEN, say("form.choose")], *([name, say(f"desk.called.{name}")] for name in _WHO)]
    return {
        "id": "calls",
        "legend": say("desk.log"),
        "row": say("desk.log_row"),
        "add": say("desk.log_add"),
        "remove": say("desk.log_remove"),
        "fields": [
            {"id": "to", "label": say("desk.call.to"), "kind": "choice", "options": who},
            *({"id": name, "label": say(f"log.{name}"), "kind": kind} for name, kind in _LOG),
        ],
    }


def _row(call: Call) -> dict[str, str]:
    day = call.day.isoformat() if call.day else ""
    return {**call._asdict(), "day": day}
