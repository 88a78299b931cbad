"""One case beside many others, for advocates: what to vary, the base case, and what comes of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING

import ipywidgets as ipw

from secondopinion.export import File, file_name
from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Case

from .downloads import Downloads
from .fields import OPEN, note
from .form import Form
from .parts import Choices

if TYPE_CHECKING:
    from secondopinion.scenarios import Comparison

_FIRST, _ACROSS = "coverage", "recommended"
_ALL, _DIFFERING = "all", "differing"
_MOST_LINES = 300
"""More than that nobody reads side by side."""
_MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "html": "text/html",
}
_NEEDS = {"xlsx": "xlsxwriter", "csv": "pandas"}


def _list(title: str, offered: Sequence[tuple[str, str]], chosen: str) -> ipw.Dropdown:
    """Return a list to choose from, under its title."""
    return ipw.Dropdown(options=offered, value=chosen, description=title)


class Controls(ipw.VBox):
    """What to vary, which of its answers to keep to, and what to show of it."""

    def __init__(self, knowledge: Knowledge) -> None:
        from secondopinion import scenarios  # noqa: PLC0415  (the workbook does without)

        say = knowledge.say
        facts = scenarios.facts_to_vary(knowledge)
        offered = [(f"{fact.heading} | {fact.label}", fact.id) for fact in facts]
        questions = [each for each in offered if each[1] != scenarios.DEADLINE]
        nothing = (say("scenarios.nothing_else"), OPEN)
        shown = [(say(f"scenarios.show_{which}"), which) for which in (_ALL, _DIFFERING)]
        self.vary = _list(say("scenarios.vary"), offered, _FIRST)
        self.also = _list(say("scenarios.also"), [nothing, *offered], OPEN)
        self.across = _list(say("scenarios.across"), questions, _ACROSS)
        self.show = _list(say("scenarios.show"), shown, _ALL)
        self.every = ipw.Checkbox(description=say("scenarios.every_column"), indent=False)
        self.only = {
            fact.id: Choices(
                legend=fact.label,
                options=[
                    [choice.id, choice.label] for choice in scenarios.choices(fact.id, knowledge)
                ],
            )
            for fact in facts
        }
        self.picked = ipw.VBox()
        fold = ipw.Accordion([self.picked], titles=[say("scenarios.only")])
        heading = (
            f"<h2>{escape(say('scenarios.controls'))}</h2>{note(say('scenarios.controls_lead'))}"
        )
        super().__init__(
            [ipw.HTML(heading), self.vary, self.also, fold, self.show, self.across, self.every]
        )

    @property
    def inputs(self) -> Iterator[ipw.Widget]:
        """The widgets that a person changes."""
        yield from (self.vary, self.also, self.show, self.across, self.every)
        yield from self.only.values()

    @property
    def facts(self) -> tuple[str, ...]:
        """What is varied: one thing, or two."""
        both = (self.vary.value, self.also.value)
        return tuple(dict.fromkeys(fact for fact in both if fact != OPEN))

    def offer(self) -> None:
        """Offer the answers of what is varied, to keep to some of them."""
        offered = tuple(self.only[fact] for fact in self.facts)
        if self.picked.children != offered:
            self.picked.children = offered

    @property
    def kept(self) -> dict[str, list[str | bool]]:
        """The answers to keep to, for what is varied; none means all."""
        return {fact: self.only[fact].value for fact in self.facts if self.only[fact].value}


class Scenarios(Form):
    """One case under every answer to one or two questions, side by side.

    Parameters
    ----------
    as_of
        The day to plan for.
    knowledge
        Another knowledge base than the workbook's own.
    """

    def __init__(self, as_of: date, knowledge: Knowledge | None = None) -> None:
        from secondopinion import scenarios  # noqa: PLC0415  (the workbook does without)

        knowledge = knowledge or load_knowledge()
        self.as_of = as_of
        self.made = scenarios
        self.controls = Controls(knowledge)
        kinds = [kind for kind in _MIMES if kind not in _NEEDS or find_spec(_NEEDS[kind])]
        offered = [f"scenarios_{kind}" for kind in kinds]
        self.files = Downloads(offered, self._file, knowledge)
        super().__init__(self._page, knowledge)

    def _lead(self) -> Iterator[ipw.Widget]:
        say = self.knowledge.say
        yield self.controls
        yield ipw.HTML(f"<h2>{escape(say('scenarios.base'))}</h2>{note(say('form.lead'))}")

    def _inputs(self) -> Iterator[ipw.Widget]:
        yield from self.controls.inputs
        yield from super()._inputs()

    def _below(self) -> Sequence[ipw.Widget]:
        desk = ipw.VBox(
            [ipw.HTML(f"<h2>{escape(self.knowledge.say('desk.title'))}</h2>"), self.files]
        )
        desk.add_class("so-desk")
        return (desk,)

    def _page(self, case: Case) -> str:
        self.controls.offer()
        return self._html(case)

    def _html(self, case: Case, *, page: bool = False) -> str:
        kept = self.controls.kept
        count = self.made.how_many(self.controls.facts, self.knowledge, kept)
        too_many = self.knowledge.say("scenarios.too_many", count=count)
        drawn = self.made.map_of(self.controls.facts, self.controls.across.value)
        found = self.made.heat_map(case, drawn, self.as_of, self.knowledge, kept)
        view = self.made.View(
            differing_only=self.controls.show.value == _DIFFERING,
            every_column=self.controls.every.value,
            remark=too_many if count > _MOST_LINES else "",
        )
        return str(
            self.made.comparison_html(self.compared(case), found, self.knowledge, view, page=page)
        )

    def compared(self, case: Case) -> "Comparison":
        """Return the lines; over the first fact alone where both would give too many."""
        facts, kept = self.controls.facts, self.controls.kept
        if self.made.how_many(facts, self.knowledge, kept) > _MOST_LINES:
            facts = facts[:1]
        return self.made.compare(case, facts, self.as_of, self.knowledge, kept)

    def file(self, kind: str) -> File:
        """Return the lines as a file: an Excel workbook, CSV, or this page.

        Parameters
        ----------
        kind
            `xlsx`, `csv` or `html`.
        """
        if kind == "html":
            content = self._html(self.case, page=True).encode()
        else:
            make = self.made.export_xlsx if kind == "xlsx" else self.made.export_csv
            content = make(self.compared(self.case), self.knowledge)
        return File(file_name("side-by-side", self.as_of, kind), _MIMES[kind], content)

    def _file(self, offer: str) -> File | None:
        return self.safely(lambda: self.file(offer.rpartition("_")[2]), lambda: None)
