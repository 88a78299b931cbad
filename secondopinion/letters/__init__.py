"""Turn a plan and a person's own words into papers to send, to call with and to compare with."""

from .blanks import Blank, blanks_for
from .calls import call_sheets
from .comparison import second_look
from .letter import letters_for

__all__ = ["Blank", "blanks_for", "call_sheets", "letters_for", "second_look"]
