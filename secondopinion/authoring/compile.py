"""Read all of `data/`, keep every promise or say which are broken, and write the fast form.

The fast form is one text file. Its first line says what it was made from; every other line is the
name of a section, a tab and the section as JSON, so that a plan reads only the sections it needs.
"""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from secondopinion.errors import KnowledgeError

from .problems import explain
from .promises import broken_promises
from .schema import KINDS
from .strict_yaml import Problem, read
from .version import FORMAT, Glance, data_files, data_version, glance, write_whole

_HOLIDAY_YEARS = range(2015, 2046)
_SECTIONS_OF_THEIR_OWN = ("conditions",)


class Workshop(NamedTuple):
    """All entries of `data/` by kind, where they and their rows stand, and what is wrong."""

    entries: dict[str, list[dict[str, Any]]]
    places: dict[tuple[str, str], str]
    rows: dict[tuple[str, str], list[str]]
    problems: list[Problem]
    data_version: str
    glance: Glance


def _validated(kind: str, raw: Any, where: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    name = raw.get("id", "an entry without an id") if isinstance(raw, dict) else "an entry"
    try:
        entry = KINDS[kind].model_validate(raw)
    except ValidationError as error:
        return None, [explain(fault, f"{where}: {kind} {name}", kind) for fault in error.errors()]
    return entry.model_dump(by_alias=True, exclude_none=True), []


def _entries_of(path: Path, root: Path, shop: Workshop) -> None:
    name = f"{root.resolve().name}/{path.relative_to(root).as_posix()}"
    document = read(path, name)
    shop.problems.extend(document.problems)
    if document.content is None:
        return
    if not isinstance(document.content, dict):
        what, cure = "not a list of entries under a heading", "start with 'advice:' or alike"
        shop.problems.append(Problem(f"{name}:1", what, cure))
        return
    for kind, entries in document.content.items():
        line = document.lines[id(document.content), kind]
        fault = _fault(kind, entries)
        if fault:
            shop.problems.append(Problem(f"{name}:{line}", *fault))
            continue
        for raw in entries or []:
            where = f"{name}:{document.lines.get(id(raw), line)}"
            entry, problems = _validated(kind, raw, where)
            shop.problems.extend(problems)
            if entry:
                _put(shop, kind, entry, where)
                shop.rows[kind, entry["id"]] = [
                    f"{name}:{document.lines[id(row)]}" for row in raw.get("history", ())
                ]
            elif isinstance(raw, dict) and isinstance(raw.get("id"), str):
                shop.places.setdefault((kind, raw["id"]), where)


def _fault(kind: str, entries: Any) -> tuple[str, str] | None:
    """Return what is wrong with a heading and what stands under it, and its cure."""
    if kind not in KINDS:
        return f"nothing is called {kind!r} here", f"use one of {', '.join(KINDS)}"
    if not isinstance(entries, list | None):
        return f"{kind} is not a list", "start each entry on a line of its own with a hyphen"
    return None


def _put(shop: Workshop, kind: str, entry: dict[str, Any], where: str) -> None:
    key = (kind, entry["id"])
    if key in shop.places:
        cure = f"it is also in {shop.places[key]}: rename or remove one"
        shop.problems.append(Problem(f"{where}: {kind} {entry['id']}", "the id stands twice", cure))
        return
    shop.places[key] = where
    shop.entries[kind].append(entry)


def read_workshop(root: Path) -> Workshop:
    """Read a knowledge base with all that is wrong in it."""
    shop = Workshop({kind: [] for kind in KINDS}, {}, {}, [], data_version(root), glance(root))
    if not data_files(root):
        shop.problems.append(Problem(str(root), "no .yaml files here", "name the data folder"))
    for path in data_files(root):
        _entries_of(path, root, shop)
    for path in sorted(root.rglob("*.yml")):
        shop.problems.append(Problem(str(path), "nobody reads a .yml file", "call it .yaml"))
    shop.problems.extend(broken_promises(shop.entries, shop.places))
    return shop


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    message = f"cannot write {value!r}"
    raise TypeError(message)


def _line(name: str, content: Any) -> str:
    text = json.dumps(content, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return f"{name}\t{text}\n"


def federal_holidays(*, observed: bool) -> list[date]:
    """Return the federal holidays, from the `holidays` library.

    Parameters
    ----------
    observed
        Also the days on which offices close instead, when a holiday falls on a weekend. A filing
        rule names the legal holidays (5 USC 6103(a)); a person at a closed door needs both.
    """
    import holidays  # noqa: PLC0415  (a fifth of a second, and only the build needs it)

    return sorted(holidays.country_holidays("US", years=_HOLIDAY_YEARS, observed=observed))


def compiled(shop: Workshop) -> str:
    """Return the fast form of a knowledge base that keeps its promises."""
    if shop.problems:
        raise KnowledgeError("\n".join(map(str, shop.problems)))
    header = {"format": FORMAT, "data_version": shop.data_version, "glance": shop.glance}
    lines = [json.dumps(header) + "\n"]
    lines += _sections(shop.entries)
    lines.append(_line("holidays", federal_holidays(observed=False)))
    lines.append(_line("closed_days", federal_holidays(observed=True)))
    return "".join(lines)


def _sections(entries: dict[str, list[dict[str, Any]]]) -> Iterable[str]:
    for kind, of_kind in entries.items():
        ordered = sorted(of_kind, key=lambda entry: (entry.get("order", 50), entry["id"]))
        if kind in _SECTIONS_OF_THEIR_OWN:
            yield from (_line(f"{kind}/{entry['id']}", entry) for entry in ordered)
            ordered = [
                {name: entry[name] for name in ("id", "name", "group", "also", "implies")}
                for entry in ordered
            ]
        yield _line(kind, ordered)


def write_base(root: Path, target: Path) -> None:
    """Compile a knowledge base into a file, whole or not at all."""
    write_whole(target, compiled(read_workshop(root)))
