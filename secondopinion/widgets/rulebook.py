"""Every rule on any day, for people who check rules."""

from collections.abc import Iterable
from datetime import date
from typing import get_args

import ipywidgets as ipw

from secondopinion import render
from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Freshness, Seen

from .board import Board
from .fields import OPEN


class RuleBook(Board):
    """Every rule on any day, by kind of insurance, by how well we know it and by its age."""

    def __init__(self, as_of: date, knowledge: Knowledge | None = None) -> None:
        self.knowledge = knowledge or load_knowledge()
        say = self.knowledge.say
        kinds = [(kind["name"], kind["id"]) for kind in self.knowledge.section("coverages")]
        self.day = ipw.DatePicker(value=as_of, description=say("rules.day"))
        self.coverage = ipw.Dropdown(
            options=[(say("rules.all"), OPEN), *kinds],
            value=OPEN,
            description=say("rules.coverage"),
        )
        self.seen = self._filter("rules.known", "seen", get_args(Seen))
        self.age = self._filter("rules.age", "freshness", get_args(Freshness))
        inputs = (self.day, self.coverage, self.seen, self.age)
        super().__init__(inputs, inputs)

    def _filter(self, title: str, group: str, names: Iterable[str]) -> ipw.Dropdown:
        say = self.knowledge.say
        options = [(say("rules.any"), OPEN), *((say(f"{group}.{name}"), name) for name in names)]
        return ipw.Dropdown(options=options, value=OPEN, description=say(title))

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
