"""What a person writes down on the way: their own words for letters, and the calls they made."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Call(NamedTuple):
    """One call, as the person wrote it down. Empty means they left it open."""

    to: str = ""
    """Who was called: insurer, current_doctor, records_office, second_doctor, network_doctor."""
    day: date | None = None
    office: str = ""
    person: str = ""
    reference: str = ""
    answer: str = ""


class Notes(NamedTuple):
    """Everything written down beside the answers. It stays on the page and in the person's file."""

    words: Mapping[str, str] = {}
    """What fills the blanks of letters, by the id of the blank in `data/letters/`."""
    calls: tuple[Call, ...] = ()
