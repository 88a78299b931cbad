"""The fields that entries of the knowledge base are made of: texts, ids, citations, conditions."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX|lorem ipsum|to be written|placeholder)\b|\?\?\?"
)
_ID = re.compile(r"^[A-Za-z0-9_]+(?:[.\-][A-Za-z0-9_]+)*$")


def _plain(text: str) -> str:
    if not text.strip() or text != text.strip():
        message = "write some words, without spaces around them"
        raise ValueError(message)
    if _PLACEHOLDER.search(text):
        message = "this is a placeholder: write the real text or leave the entry out"
        raise ValueError(message)
    return text


def _spoken(text: str) -> str:
    if "—" in text or "–" in text:
        message = "a person reads this: use a comma, a colon or a new sentence, not a long dash"
        raise ValueError(message)
    if re.search(r"\bjust\b", text, re.IGNORECASE):
        message = "a person reads this: leave out the word 'just', it makes hard things sound small"
        raise ValueError(message)
    return text


def _id(text: str) -> str:
    if not _ID.match(text):
        message = "an id is letters, digits and _, parts joined by a dot or a hyphen"
        raise ValueError(message)
    return text


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _exact(value: Any) -> Any:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if is_whole else value


def _web(url: str) -> str:
    if not re.match(r"^https?://[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?$", url, re.IGNORECASE):
        message = "a web address starts with https:// and has no spaces"
        raise ValueError(message)
    return url


def _phone(number: str) -> str:
    if not re.match(r"^(?:1-)?\d{3}-\d{3}-\d{4}$|^\d{3}$", number):
        message = "write a phone number as 1-800-633-4227"
        raise ValueError(message)
    return number


Text = Annotated[str, AfterValidator(_plain)]
Spoken = Annotated[Text, AfterValidator(_spoken)]
Id = Annotated[str, AfterValidator(_id)]
Web = Annotated[str, AfterValidator(_web)]
Phone = Annotated[str, AfterValidator(_phone)]
Exact = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0)]
Seen = Literal["primary", "secondary", "unverified"]
When = dict[Id, Annotated[list[str | bool], Field(min_length=1)]]


class Strict(BaseModel):
    """Says nothing that is not foreseen, and says it in its own type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Cite(Strict):
    """A source and the place in it."""

    source: Id
    at: Text = ""


Cites = Annotated[list[Cite], BeforeValidator(_one_or_many), Field(min_length=1)]


class Line(Strict):
    """Something a person may do or read, standing on rules or on its own source."""

    id: Id
    when: When = {}
    overrides: list[Id] = []
    order: int = 50
    base: list[Id] = []
    relies_on: list[Id] = []
    cite: Cites | None = None
    seen: Seen | None = None
    checked: date | None = None

    @model_validator(mode="after")
    def _says_where_it_comes_from(self) -> "Line":
        own = (self.cite, self.seen, self.checked)
        if any(own) and not all(own):
            message = "cite, seen and checked go together: give all three"
            raise ValueError(message)
        return self
