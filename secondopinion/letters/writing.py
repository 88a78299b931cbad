"""What may stand in a paper for one case: the words of the rules, of the person, and blanks."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from secondopinion.knowledge import Knowledge
from secondopinion.model import ActionPlan, Cite, Entry, Fact, Seen, Source
from secondopinion.notes import Notes
from secondopinion.planner.reading import Reading, Standing, in_words, weakest

from .typed import one_line

NO_NOTES = Notes()


def situation(plan: ActionPlan) -> dict[str, Fact]:
    """Return the facts that only letters ask about: what the plan found, what is still ahead."""
    case, needs = plan.case, plan.requirements
    refused = (case.denied or "not_said") if case.stage == "denied" else "nothing"
    return {
        "refused": refused,
        "visit_ahead": case.stage != "after" and refused != "claim",
        "referral_needed": needs.referral,
        "approval_needed": needs.prior_authorization,
        "network_needed": needs.network,
    }


class Held(NamedTuple):
    """Something that words rest on: where it stands, how well we know it, when we looked."""

    cites: tuple[Cite, ...]
    seen: Seen
    checked: date


class Writing:
    """One case on one day, with what the person wrote down."""

    def __init__(self, plan: ActionPlan, notes: Notes, knowledge: Knowledge) -> None:
        self.plan = plan
        self.notes = notes
        self.knowledge = knowledge
        self.reading = Reading(knowledge, plan.case, plan.as_of)
        self.facts = self.reading.facts
        self.facts.update(situation(plan))
        self.blanks = {entry.id: entry for entry in knowledge.entries("blanks")}
        self._typed: dict[str, str] = {}

    @cached_property
    def wording(self) -> Mapping[str, Any]:
        """How this person writes: for themselves, or for somebody else."""
        return self.reading.fitting("wordings")[0].says

    @cached_property
    def given(self) -> Mapping[str, str]:
        """What the plan knows and a letter may say, by the names that blanks use."""
        days = {event: in_words(day) for event, day in self.plan.case.events.items()}
        state = self.plan.labels.get("state")
        return {**days, "state": state} if state else days

    def typed(self, blank: str) -> str:
        """Return what the person wrote into a blank, on one line."""
        if blank not in self._typed:
            self._typed[blank] = one_line(self.notes.words.get(blank, ""))
        return self._typed[blank]

    def footing(self, relies_on: Iterable[str], own: Held | None) -> list[Held] | None:
        """Return what some words rest on; None where a rule is not in force."""
        versions = [self.reading.version(self.knowledge.rule(name)) for name in relies_on]
        held = [Held(each.cites, each.seen, each.checked) for each in versions if each]
        if len(held) < len(versions):
            return None
        return [*held, own] if own else held

    def standing(self, footing: Iterable[Held]) -> Standing:
        """Return the sources of some words, and the weakest of their grades."""
        footing = tuple(footing)
        sources: dict[Source, None] = {}
        for cites, _, checked in footing:
            sources.update(dict.fromkeys(self.reading.sources(cites, checked)))
        return Standing(weakest(held.seen for held in footing), tuple(sources))

    def sources_of(self, entry: Entry) -> tuple[Source, ...] | None:
        """Return what a whole paper rests on; None where a rule it needs is not in force."""
        checked = entry.checked
        own = Held(entry.cites, entry.seen, checked) if entry.seen and checked else None
        footing = self.footing(entry.relies_on, own)
        return None if footing is None else self.standing(footing).sources

    def is_stale(self, footing: Iterable[Held]) -> bool:
        """Tell whether nobody has looked at one of the sources for too long."""
        return any(self.reading.freshness(held.checked) == "stale" for held in footing)
