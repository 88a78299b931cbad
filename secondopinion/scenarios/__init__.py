"""One case beside many others, for advocates: the table, the map, the charts and the files.

Everything is read off plans and decides nothing; pandas is loaded only where a table is asked for.
"""

from .files import export_csv, export_xlsx
from .frame import comparison, to_frame
from .heat import heat_map, map_of, verdicts
from .lines import Comparison, compare
from .page import View, comparison_html
from .situations import DEADLINE, choices, facts_to_vary, how_many, situations

__all__ = [
    "DEADLINE",
    "Comparison",
    "View",
    "choices",
    "compare",
    "comparison",
    "comparison_html",
    "export_csv",
    "export_xlsx",
    "facts_to_vary",
    "heat_map",
    "how_many",
    "map_of",
    "situations",
    "to_frame",
    "verdicts",
]
