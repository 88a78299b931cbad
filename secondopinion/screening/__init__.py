"""Screen many cases at once: a table in, the same table with what every plan says out."""

from .bar import progress_bar
from .files import Progress, Summary, screen_file
from .frame import look_over, problems_of, screen
from .results import RESULT_TYPES, TEXT
from .table import Understood

__all__ = [
    "RESULT_TYPES",
    "TEXT",
    "Progress",
    "Summary",
    "Understood",
    "look_over",
    "problems_of",
    "progress_bar",
    "screen",
    "screen_file",
]
