"""One case under every answer to one question, side by side."""

from collections.abc import Iterator
from datetime import date

import ipywidgets as ipw

from secondopinion import render
from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Case

from .form import Form


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
