"""The blanks of a paper: what only the person knows, asked once, in the order of the data."""

from collections.abc import Iterable
from typing import NamedTuple

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import Entry
from secondopinion.papers import Paper

_LOG = "log"


class Blank(NamedTuple):
    """A blank as a form asks for it."""

    id: str
    group: str
    heading: str
    """What the group is called, for a heading in the form."""
    label: str
    help: str | None
    kind: str
    """line, text, day or phone."""
    autocomplete: str | None
    """What the browser may offer to fill in, by its name in the HTML standard."""


def _asked(entry: Entry, knowledge: Knowledge) -> Blank:
    says = entry.says
    heading = knowledge.say(f"blanks.{says['group']}")
    return Blank(
        entry.id, says["group"], heading, says["label"], says.get("help"), says["kind"],
        says.get("autocomplete"),
    )  # fmt: skip


def blanks_for(papers: Iterable[Paper], knowledge: Knowledge | None = None) -> tuple[Blank, ...]:
    """Return the blanks that some papers leave open, each once, in the order to ask for them.

    A log of calls that is still empty is missing too, but it is no field to type in.

    Parameters
    ----------
    papers
        The papers. Made without notes they leave open all that a person may fill in, so a form
        asks for the blanks of ``letters_for(plan)``, and its fields stay while they are filled.
    knowledge
        Another knowledge base than the workbook's own.
    """
    knowledge = knowledge or load_knowledge()
    open_ones = {missing.id for paper in papers for missing in paper.missing}
    return tuple(
        _asked(entry, knowledge)
        for entry in knowledge.entries("blanks")
        if entry.id in open_ones and entry.says["kind"] != _LOG
    )
