"""The plan as a document for programs: the JSON of `plan.schema.json`."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from secondopinion.model import ActionPlan, Case

SCHEMA = "secondopinion.plan/1"
_KEPT_INSIDE = frozenset({"late", "labels"})
_OTHER_NAMES = {"to": "for"}


def _plain(value: Any) -> Any:
    if isinstance(value, Case):
        return _case(value)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {
            _OTHER_NAMES.get(name, name): _plain(part)
            for name, part in value._asdict().items()
            if name not in _KEPT_INSIDE
        }
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _case(case: Case) -> dict[str, Any]:
    """Return what the person said, and nothing they left open."""
    return {
        name: _plain(fact) for name, fact in case._asdict().items() if fact not in (None, (), {})
    }


def to_document(plan: ActionPlan) -> dict[str, Any]:
    """Return the plan as plain lists and mappings, ready for JSON."""
    return {"schema": SCHEMA, **_plain(plan)}


def to_json(plan: ActionPlan) -> str:
    """Return the plan as JSON text."""
    return json.dumps(to_document(plan), indent=2, ensure_ascii=False)
