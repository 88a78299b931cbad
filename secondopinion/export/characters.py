"""The characters that every file can hold: what one format would refuse, none of them carries."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

_ENDS_OF_LINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_PLANES = range(0x10000, 0x110000, 0x10000)
_REFUSED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters: Word refuses them, calendars break
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of characters, and what is no character
    + "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in _PLANES)
    + "\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"  # these make a text read as another
)

Anything = TypeVar("Anything")


def clean(text: str) -> str:
    """Return a text that every file can hold: the same words, and nothing that acts on them."""
    return _REFUSED.sub("", _ENDS_OF_LINE.sub("\n", text).replace("\t", " "))


def cleaned(value: Anything) -> Anything:
    """Return a paper, a plan or notes with every text in it cleaned."""
    return _cleaned(value)  # type: ignore[no-any-return]


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        parts = [_cleaned(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, Mapping):
        return {_cleaned(name): _cleaned(part) for name, part in value.items()}
    return value
