"""Read YAML without guessing: no repeated keys, no `no` that turns into false."""

import re
from collections.abc import Hashable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_PLAIN = (
    ("bool", re.compile(r"^(?:true|false)$"), "tf"),
    ("null", re.compile(r"^(?:~|null)?$"), ["~", "n", ""]),
    ("int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), "-0123456789"),
    ("float", re.compile(r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$"), "-0123456789"),
    ("timestamp", re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), "0123456789"),
)
_GUESSED = re.compile(
    r"^(?:y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|True|TRUE|False|FALSE)$"
)
# What PyYAML lets through: a value that is not what its !!tag says, endless digits, endless depth.
_UNREADABLE = (ValueError, KeyError, ArithmeticError, RecursionError)


class Problem(NamedTuple):
    """One broken promise: where it is, what is wrong, and what to do about it."""

    where: str
    what: str
    cure: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.where}: {self.what}; {self.cure}"


class Document(NamedTuple):
    """What a file says, the line of each mapping and of its keys, and what is wrong with it."""

    content: Any
    lines: dict[int | tuple[int, Any], int]
    problems: list[Problem]


class _StrictLoader(_Loader):  # type: ignore[misc]  # the C loader is untyped
    """PyYAML's loader with its guesses taken out."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (PyYAML's own attribute)

    def __init__(self, stream: str, name: str) -> None:
        super().__init__(stream)
        self.file_name = name
        self.lines: dict[int | tuple[int, Any], int] = {}
        self.problems: list[Problem] = []

    def complain(self, node: Any, what: str, cure: str) -> None:
        where = f"{self.file_name}:{node.start_mark.line + 1}"
        self.problems.append(Problem(where, what, cure))


def _mapping(loader: _StrictLoader, node: Any) -> Iterator[dict[Any, Any]]:
    entry: dict[Any, Any] = {}
    loader.lines[id(entry)] = node.start_mark.line + 1
    yield entry
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            loader.complain(key_node, f"{key!r} cannot be a key", "write one word before the colon")
            continue
        if key in entry:
            loader.complain(key_node, f"the key {key!r} stands twice", "keep one of the two")
            continue
        loader.lines[id(entry), key] = key_node.start_mark.line + 1
        entry[key] = loader.construct_object(value_node, deep=True)


def _text(loader: _StrictLoader, node: Any) -> str:
    text: str = loader.construct_scalar(node)
    if node.style in (None, "") and _GUESSED.match(text):
        loader.complain(
            node,
            f"a bare {text!r} can be read as true or false",
            f'write "{text}" in quotes if it is a word, or true / false if it is a yes or no',
        )
    return text


def _day(loader: _StrictLoader, node: Any) -> date | str:
    text: str = loader.construct_scalar(node)
    try:
        return date.fromisoformat(text)
    except ValueError:
        loader.complain(node, f"there is no such day as {text}", "write a day of the calendar")
        return text


def _teach(loader: Any) -> None:
    for tag, pattern, first in _PLAIN:
        loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", pattern, list(first))
    loader.add_constructor("tag:yaml.org,2002:map", _mapping)
    loader.add_constructor("tag:yaml.org,2002:str", _text)
    loader.add_constructor("tag:yaml.org,2002:timestamp", _day)
    loader.add_constructor(
        "tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node))
    )


_teach(_StrictLoader)


def parse(text: str, name: str) -> Document:
    """Return what a YAML text says, or where it cannot be read.

    Parameters
    ----------
    text
        The YAML text.
    name
        What to call it in messages, usually the file's path.
    """
    loader = None
    try:
        loader = _StrictLoader(text, name)
        content = loader.get_single_data()
    except (yaml.YAMLError, *_UNREADABLE) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        what = getattr(error, "problem", None) or str(error)
        found = loader.problems if loader else []
        return Document(
            None, {}, [*found, Problem(where, f"not YAML ({what})", "mend the line or quote it")]
        )
    return Document(content, loader.lines, loader.problems)


def read(path: Path, name: str) -> Document:
    """Return what a YAML file says, or where it cannot be read."""
    try:
        return parse(path.read_text(encoding="utf-8"), name)
    except UnicodeDecodeError:
        return Document(None, {}, [Problem(name, "not UTF-8 text", "save the file as UTF-8")])
