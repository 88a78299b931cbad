"""Screen many cases at once: a table in, the same table with what every plan says out."""

from .bar import progress_bar
from .files import Progress, Summary, screen_file
from .frame import look_over, problems_of, screen
from .results import result_schema
from .table import Understood
from .targets import parquet_options

__all__ = [
    "Progress",
    "Summary",
    "Understood",
    "look_over",
    "parquet_options",
    "problems_of",
    "progress_bar",
    "result_schema",
    "screen",
    "screen_file",
]
