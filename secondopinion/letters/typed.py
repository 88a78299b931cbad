"""Take what a person typed as it is, and keep out only what would break a line or a file."""

import re
import unicodedata

_LINES = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_CHARACTERS = frozenset({"Cc", "Cs", "Cn"})
"""Controls, halves of a pair, and code points that stand for nothing: no file may hold them."""


def _may_stand(character: str) -> bool:
    return character not in _TURNING and unicodedata.category(character) not in _NO_CHARACTERS


def one_line(text: str) -> str:
    """Return what was typed as one line: no line ends, no control characters, single spaces."""
    spaced = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or _may_stand(character)
    )
    return " ".join(spaced.split())


def lines(text: str) -> tuple[str, ...]:
    """Return what was typed line by line, without the empty ones."""
    return tuple(line for part in _LINES.split(text) if (line := one_line(part)))
