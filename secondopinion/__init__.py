"""Help a person get a second medical opinion: what is covered, what to do, and by when."""

from typing import TYPE_CHECKING, Any

from .errors import KnowledgeError, UnknownAnswer
from .intake import read_case
from .knowledge import Knowledge, load_knowledge
from .model import ActionPlan, Case
from .planner import build_plan

if TYPE_CHECKING:
    from .screening import screen

__all__ = [
    "ActionPlan",
    "Case",
    "Knowledge",
    "KnowledgeError",
    "UnknownAnswer",
    "build_plan",
    "load_knowledge",
    "read_case",
    "screen",
]


def __getattr__(name: str) -> Any:
    """Load screening when somebody asks for it: it needs pandas, and the app does not."""
    if name == "screen":
        from .screening import screen  # noqa: PLC0415  (pandas takes longer than a first plan)

        return screen
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
