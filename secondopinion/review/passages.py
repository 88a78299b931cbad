"""Say which fields of an entry hold sentences that a person reads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

READ: Mapping[str, tuple[str, ...]] = {
    "verdicts": ("text", "conditions", "say_on_phone"),
    "limits": ("late",),
    "advice": ("title", "body"),
    "appeals": ("name", "decider", "how"),
    "records": ("text", "why"),
    "talking_points": ("text", "why"),
    "contacts": ("why",),
    "places": ("note",),
    "coverages": ("card", "explain"),
    "conditions": ("why", "timing.text", "emergency", "records", "questions"),
    "questions": ("text", "help", "find_out.title", "find_out.body"),
    "evidence": ("finding", "caution"),
    "letters": ("why", "to", "subject", "about", "body", "below", "enclosures"),
    "blanks": ("label", "help"),
    "wordings": ("sender", "greeting", "opening", "closing", "signature", "enclosures"),
    "call_sheets": ("why", "body", "write.label"),
    "comparisons": ("why", "body", "rows.label", "after"),
}
"""The fields that hold sentences, where it is more than `text`. Names are not among them."""

_SAID = ("text", "heading", "items", "boxes", "why", "label")
"""What stands in a part of an entry, in the order of its file."""

TITLES = ("what", "title", "name")
LISTED = ("conditions", "records", "questions")


class Passage(NamedTuple):
    """Some sentences, and the field of their entry."""

    field: str
    text: str


def _texts(holder: Any, path: Sequence[str]) -> Iterator[str]:
    if isinstance(holder, str):
        yield holder
    elif not isinstance(holder, Mapping):
        for part in holder:
            yield from _texts(part, path)
    elif not path:
        said = (value for name, value in holder.items() if name in _SAID)
        yield from (text for value in said for text in _texts(value, path))
    elif path[0] in holder:
        yield from _texts(holder[path[0]], path[1:])


def passages(kind: str, says: Mapping[str, Any]) -> tuple[Passage, ...]:
    """Return the sentences of an entry that a person reads, with the fields they stand in."""
    fields = READ.get(kind, ("text",))
    return tuple(
        Passage(field, text) for field in fields for text in _texts(says, field.split("."))
    )
