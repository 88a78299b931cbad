"""What people who do not program check: the knowledge base as a sheet and as a booklet."""

from .booklet import to_booklet
from .passages import passages
from .rows import Review, Row, read_review
from .sheet import to_sheet

__all__ = ["Review", "Row", "passages", "read_review", "to_booklet", "to_sheet"]
