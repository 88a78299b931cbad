"""A list of cases in a notebook: open it, put it right, run it, look at it, take it away."""

from .asking import groups, mending_of, names_given
from .mending import LEAVE_OPEN, Look, Mending, Value, look_at, mended
from .opening import MOST_BYTES, MOST_ROWS, open_table
from .page import screening_html
from .results import MOST_EXCEL_ROWS, example, run, to_csv, to_parquet, to_xlsx
from .tallies import Tally, tally

__all__ = [
    "LEAVE_OPEN",
    "MOST_BYTES",
    "MOST_EXCEL_ROWS",
    "MOST_ROWS",
    "Look",
    "Mending",
    "Tally",
    "Value",
    "example",
    "groups",
    "look_at",
    "mended",
    "mending_of",
    "names_given",
    "open_table",
    "run",
    "screening_html",
    "tally",
    "to_csv",
    "to_parquet",
    "to_xlsx",
]
