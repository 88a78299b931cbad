"""Say what is wrong with an entry in words that tell its editor what to write."""

import difflib
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from .schema import KINDS
from .strict_yaml import Problem

_CURES = {
    "missing": "add it",
    "string_type": "write text; put quotes around a word that looks like a number or a day",
    "int_type": "write a whole number",
    "decimal_type": "write a number such as 283 or 174.70",
    "is_instance_of": "write a number such as 283 or 174.70",
    "bool_type": "write true or false",
    "date_type": "write a day as 2026-01-31",
    "list_type": "write a list: [one, two] or lines that start with -",
    "dict_type": "write names and values: {name: value}",
    "model_type": "write names and values: {name: value}",
    "too_short": "say at least one",
    "greater_than": "write a number above zero",
    "greater_than_equal": "write zero or more",
    "less_than_equal": "write 100 or less",
}


def _field_names(kind: str) -> set[str]:
    seen: set[type[BaseModel]] = set()
    names: set[str] = set()
    queue: list[Any] = [KINDS[kind]]
    while queue:
        item = queue.pop()
        if isinstance(item, type) and issubclass(item, BaseModel) and item not in seen:
            seen.add(item)
            for name, field in item.model_fields.items():
                names.add(field.alias or name)
                queue.append(field.annotation)
        queue.extend(getattr(item, "__args__", ()))
        queue.extend(getattr(item, "__metadata__", ()))
    return names


def _unknown_key(key: str, kind: str) -> str:
    close = difflib.get_close_matches(key, _field_names(kind), n=1)
    return f"did you mean {close[0]!r}?" if close else "remove it, or find it in data/README.md"


def _written(value: Any) -> str:
    """Return a value the way it stands in the file, where that is known."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, date | Decimal) else repr(value)


def explain(fault: Any, where: str, kind: str) -> Problem:
    """Turn one fault that pydantic found into a problem with a cure."""
    path = ".".join(str(part) for part in fault["loc"]) or "the entry"
    sort, written = fault["type"], _written(fault["input"])
    if sort == "extra_forbidden":
        return Problem(where, f"unknown key {path}", _unknown_key(str(fault["loc"][-1]), kind))
    if sort == "missing":
        return Problem(where, f"{path} is missing", _CURES["missing"])
    if sort == "value_error":
        return Problem(where, f"{path} is not right", str(fault["ctx"]["error"]))
    if sort == "literal_error":
        return Problem(where, f"{path} is {written}", f"use {fault['ctx']['expected']}")
    return Problem(where, f"{path} is {written}", _CURES.get(sort, fault["msg"]))
