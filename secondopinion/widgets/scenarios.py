"""One case beside many others, for advocates: what to vary, the base case, and what comes of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import Any

import ipywidgets as ipw

from secondopinion import export
from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Case

from .fields import OPEN, note
from .form import Form
from .parts import Choices, Files

_ALL, _DIFFERING = "all", "differing"
_FIRST, _ACROSS = "coverage", "recommended"
_MOST_LINES = 300
"""More than that nobody reads side by side; the map still shows them all."""
_MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


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

        self.made = scenarios
        self.as_of = as_of
        knowledge = knowledge or load_knowledge()
        say = knowledge.say
        facts = scenarios.facts_to_vary(knowledge)
        offered = [(f"{fact.heading} | {fact.label}", fact.id) for fact in facts]
        questions = [pair for pair in offered if pair[1] != scenarios.DEADLINE]
        nothing = (say("scenarios.nothing_else"), OPEN)
        self.vary = self._list("scenarios.vary", offered, _FIRST, knowledge)
        self.also = self._list("scenarios.also", [nothing, *offered], OPEN, knowledge)
        self.across = self._list("scenarios.across", [nothing, *questions], _ACROSS, knowledge)
        shown = [(say(f"scenarios.show_{which}"), which) for which in (_ALL, _DIFFERING)]
        self.lines = self._list("scenarios.show", shown, _ALL, knowledge)
        self.every = ipw.Checkbox(description=say("scenarios.every_column"), indent=False)
        self.only = {fact.id: _choices(fact, knowledge) for fact in facts}
        self.picked = ipw.VBox()
        self.files = self._files(knowledge)
        super().__init__(self._page, knowledge)
