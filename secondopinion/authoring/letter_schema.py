"""What letters, their blanks, and the sheets for a call or for comparing may say."""

# ruff: noqa: RUF012
# Pydantic copies a default for each entry; ruff cannot see that the base in fields.py is its.

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .fields import Cites, Id, Line, Seen, Spoken, Strict, Text, When


class Write(Strict):
    """Room to write by hand, after its label."""

    label: Spoken
    lines: int = Field(default=1, gt=0, le=8)


class Part(Strict):
    """A paragraph, a list, the log of calls or room to write; maybe for some cases only."""

    text: Spoken | None = None
    heading: Spoken | None = None
    items: Annotated[list[Spoken], Field(min_length=1)] | None = None
    boxes: Annotated[list[Spoken], Field(min_length=1)] | None = None
    calls: Id | None = None
    write: Write | None = None
    when: When | None = None
    relies_on: list[Id] | None = None
    cite: Cites | None = None
    seen: Seen | None = None
    checked: date | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Part":
        said = (self.text, self.heading, self.items, self.boxes, self.calls, self.write)
        if sum(each is not None for each in said) != 1:
            message = "a part is one of text, heading, items, boxes, calls and write"
            raise ValueError(message)
        own = (self.cite, self.seen, self.checked)
        if any(own) and not all(own):
            message = "cite, seen and checked go together: give all three"
            raise ValueError(message)
        return self


def _part(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Parts = list[Annotated[Part, BeforeValidator(_part)]]


class Letter(Line):
    """A letter somebody sends: to whom, about what, and in which words."""

    title: Spoken
    why: Spoken
    to: Annotated[Parts, Field(min_length=1)]
    subject: Spoken
    about: Parts = []
    body: Annotated[Parts, Field(min_length=1)]
    below: Parts = []
    enclosures: Parts = []
    rungs: list[Id] = []
    contact: list[Id] = []


class Blank(Strict):
    """A place in a letter for what only the person knows, or for what the plan knows."""

    id: Id
    group: Id
    label: Spoken
    help: Spoken | None = None
    kind: Literal["line", "text", "day", "phone", "log", "given"]
    autocomplete: Text | None = None
    from_: Id | None = Field(default=None, alias="from")
    when: When = {}
    order: int = 50

    @model_validator(mode="after")
    def _is_filled_by_somebody(self) -> "Blank":
        if self.kind in ("given", "log") and not self.from_:
            message = "nobody types this blank: say in 'from' where it comes from"
            raise ValueError(message)
        return self


class Wording(Strict):
    """How a person writes who is ill, and how somebody writes who helps."""

    id: Id
    when: When = {}
    overrides: list[Id] = []
    words: dict[Id, Spoken]
    sender: Annotated[Parts, Field(min_length=1)]
    greeting: Spoken
    opening: Parts = []
    closing: Spoken
    signature: Annotated[Parts, Field(min_length=1)]
    enclosures: Parts = []
    order: int = 50


class CallSheet(Line):
    """One page for one call: what to say, what to ask, what to write down."""

    for_: Literal[
        "insurer", "current_doctor", "records_office", "second_doctor", "network_doctor"
    ] = Field(alias="for")
    title: Spoken
    why: Spoken
    body: Parts = []
    say: bool = False
    always: list[Id] = []
    write: list[Write] = []


class Compared(Strict):
    """One row of two opinions side by side."""

    label: Spoken
    first: Id
    second: Id


class Comparison(Line):
    """The two opinions side by side, and what to make of them."""

    title: Spoken
    why: Spoken
    rows: Annotated[list[Compared], Field(min_length=1)]
    body: Parts = []
    after: Parts = []
    points: list[Id] = []
