"""Find the entries that use a rule: a limit or an amount alone does not say who it is for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from secondopinion.authoring.book import named_in, parts_of
from secondopinion.authoring.schema import LINES, RULES

_FIELDS = ("due", "file", "amount", "deductible", "coinsurance", "cap")


def _uses(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the rules that an entry points to."""
    yield from entry.get("relies_on", ())
    yield from named_in(dict(entry))
    yield from entry.get("decide", {}).values()
    for part in parts_of(entry):
        yield from part.get("relies_on", ())
    for holder in (entry, *entry.get("history", ())):
        yield from (holder[field] for field in _FIELDS if isinstance(holder.get(field), str))


def users_of_rules(
    entries: Mapping[str, Sequence[Mapping[str, Any]]],
) -> dict[str, tuple[str, ...]]:
    """Return, for each rule, the entries that use it, by their titles or their ids."""
    found: dict[str, dict[str, None]] = {}
    for kind in (*RULES, *LINES):
        for entry in entries[kind]:
            title = entry.get("what") or entry.get("title") or entry.get("name") or entry["id"]
            for name in _uses(entry):
                found.setdefault(name, {})[title] = None
    return {name: tuple(titles) for name, titles in found.items()}
