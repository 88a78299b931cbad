"""Show one plan in many forms. Renderers read; none of them decides anything."""

from .document import to_document, to_json
from .page import papers_to_html, to_html, to_text
from .tables import rules_html, rules_on, standing

__all__ = [
    "papers_to_html",
    "rules_html",
    "rules_on",
    "standing",
    "to_document",
    "to_html",
    "to_json",
    "to_text",
]
