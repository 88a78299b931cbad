"""Help a person get a second medical opinion: what is covered, what to do, and by when."""

from .errors import KnowledgeError, UnknownAnswer
from .intake import read_case
from .knowledge import Knowledge, load_knowledge
from .model import ActionPlan, Case
from .planner import build_plan

__all__ = [
    "ActionPlan",
    "Case",
    "Knowledge",
    "KnowledgeError",
    "UnknownAnswer",
    "build_plan",
    "load_knowledge",
    "read_case",
]
