"""The review booklet: what we say, one kind of insurance after the other, to read on paper."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from secondopinion.planner.reading import in_words
from secondopinion.render.page import fill_template

from .rows import Review, Row

_RULES = ("verdicts", "requirements", "costs")
_LINES = ("appeals", "warnings", "contacts")
_STATE = "state"

Sections = dict[str, list[Row]]


class Chapter(NamedTuple):
    """One kind of insurance and all we say about it."""

    id: str
    group: str
    name: str
    card: str
    sections: Sections


class _Binder:
    """Sorts the rows of a review into chapters."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.knowledge = review.knowledge
        self.coverages: list[Mapping[str, Any]] = self.knowledge.section("coverages")
        self.by_id = {(row.kind, row.id): row for row in review.rows}
        fitting = [{*self._fitting(coverage["id"])} for coverage in self.coverages]
        self.common = set.intersection(*fitting) if fitting else set()
        self.of_states = {
            ("contacts", entry.id)
            for entry in self.knowledge.entries("contacts")
            if any(fact == _STATE for fact, _ in entry.when)
        }

    def _fitting(self, coverage: str) -> Iterator[tuple[str, str]]:
        """Yield the kinds and ids of what may be said to a person with this insurance."""
        for kind in _RULES:
            for rule in self.knowledge.fitting_rules(kind, coverage):
                yield kind, rule.id
        for kind in _LINES:
            entries = self.knowledge.fitting(kind, coverage, None)
            levels = (
                sorted(entries, key=lambda entry: int(entry.says.get("level", 0)))
                if kind == "appeals"
                else entries
            )
            for entry in levels:
                yield kind, entry.id

    def _sections(self, keys: Iterable[tuple[str, str]]) -> Sections:
        sections: Sections = {kind: [] for kind in (*_RULES, *_LINES)}
        for kind, name in keys:
            sections[kind].append(self.by_id[kind, name])
        return {kind: rows for kind, rows in sections.items() if rows}

    def general(self) -> Sections:
        """Return what is said whatever the insurance."""
        return self._sections(
            key for key in self._fitting(self.coverages[0]["id"]) if key in self.common
        )

    def chapters(self) -> Iterator[Chapter]:
        """Yield one chapter for each kind of insurance."""
        elsewhere = self.common | self.of_states
        for coverage in self.coverages:
            keys = (key for key in self._fitting(coverage["id"]) if key not in elsewhere)
            yield Chapter(
                coverage["id"], coverage["group"], coverage["name"], coverage["card"],
                self._sections(keys),
            )  # fmt: skip

    def states(self) -> list[Row]:
        """Return the offices of the states, state by state."""
        rows = [row for key, row in self.by_id.items() if key in self.of_states]
        return sorted(rows, key=lambda row: (row.whom.otherwise, row.id))


def to_booklet(review: Review) -> str:
    """Return the review booklet as a whole HTML page that prints well."""
    binder = _Binder(review)
    return fill_template(
        "review.html.jinja", review.knowledge, day=in_words(review.as_of),
        version=review.knowledge.data_version, general=binder.general(),
        chapters=list(binder.chapters()), states=binder.states(),
    )  # fmt: skip
