"""The files a person can take away: their names, and what a machine must have to make them."""

from collections.abc import Mapping
from datetime import date
from importlib.util import find_spec
from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of file: the first word of its name, its ending, its type, and what it needs."""

    stem: str
    suffix: str
    mime: str
    needs: tuple[str, ...] = ()
    part: str = ""
    """The part of a copy that it holds; without that part there is no such file."""
    is_in_zip: bool = True


class File(NamedTuple):
    """A finished file."""

    name: str
    mime: str
    content: bytes


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PDF, _TEXT = "application/pdf", "text/plain;charset=utf-8"
_WEB = "text/html;charset=utf-8"
_FOR_WORD, _FOR_PDF, _FOR_CALENDAR = ("docx", "lxml"), ("typst",), ("icalendar",)

KINDS: Mapping[str, Kind] = {
    "plan_pdf": Kind("plan", "pdf", _PDF, _FOR_PDF),
    "plan_docx": Kind("plan", "docx", _WORD, _FOR_WORD),
    "letters_docx": Kind("letters", "docx", _WORD, _FOR_WORD, "letters"),
    "letters_pdf": Kind("letters", "pdf", _PDF, _FOR_PDF, "letters"),
    "letters_text": Kind("letters", "txt", _TEXT, (), "letters"),
    "letter_docx": Kind("letter", "docx", _WORD, _FOR_WORD, "letters", is_in_zip=False),
    "letter_pdf": Kind("letter", "pdf", _PDF, _FOR_PDF, "letters", is_in_zip=False),
    "calls_pdf": Kind("calls", "pdf", _PDF, _FOR_PDF, "calls"),
    "opinions_docx": Kind("opinions", "docx", _WORD, _FOR_WORD, "opinions"),
    "calendar": Kind("calendar", "ics", "text/calendar;charset=utf-8", _FOR_CALENDAR),
    "contacts": Kind("contacts", "vcf", "text/vcard;charset=utf-8", _FOR_CALENDAR),
    "mail": Kind("plan", "txt", _TEXT),
    "everything": Kind("plan", "zip", "application/zip", is_in_zip=False),
    "plan_html": Kind("plan", "html", _WEB),
    "letter_text": Kind("letter", "txt", _TEXT, (), "letters", is_in_zip=False),
    "calls_text": Kind("calls", "txt", _TEXT, (), "calls"),
    "opinions_text": Kind("opinions", "txt", _TEXT, (), "opinions"),
}
STAND_INS: Mapping[str, str] = {
    "plan_pdf": "plan_html",
    "letter_pdf": "letter_text",
    "calls_pdf": "calls_text",
    "opinions_docx": "opinions_text",
}
"""What is offered where a kind cannot be made, as in a browser; never beside it."""


def file_name(stem: str, as_of: date, suffix: str) -> str:
    """Return the name of a file, which tells nobody what it is about."""
    return f"{stem}-{as_of}.{suffix}"


def kinds_available() -> tuple[str, ...]:
    """Return the kinds of files that can be made here; a machine may lack what one needs."""
    here = [name for name, kind in KINDS.items() if all(map(_is_here, kind.needs))]
    not_needed = {STAND_INS.get(name) for name in here}
    return tuple(name for name in here if name not in not_needed)


def _is_here(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ImportError:  # a browser may say so of a library it knows and does not have
        return False
