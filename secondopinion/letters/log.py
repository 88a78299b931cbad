"""The calls a person made, as a table for a letter or a sheet."""

from secondopinion.papers import Table
from secondopinion.planner.reading import in_words

from .typed import one_line
from .writing import Writing

_COLUMNS = ("day", "office", "person", "reference", "answer")
_EMPTY_ROWS = 4


def log(writing: Writing, to: str) -> Table:
    """Return the calls to somebody; where there are none, rows to write in by hand."""
    say = writing.knowledge.say
    rows = tuple(
        (
            in_words(call.day) if call.day else "",
            *map(one_line, (call.office, call.person, call.reference, call.answer)),
        )
        for call in writing.notes.calls
        if call.to == to
    )
    empty = (("",) * len(_COLUMNS),) * _EMPTY_ROWS
    header = tuple(say(f"log.{column}") for column in _COLUMNS)
    return Table(say(f"log.to.{to}"), header, rows or empty)
