"""Any answers a person may give, for what must hold whatever they say."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from secondopinion import load_knowledge

_DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
_MONEY = st.decimals(0, 100_000, places=2)
_PERCENT = st.decimals(0, 100, places=1)
_AMOUNTS = {"day": _DAYS, "money": _MONEY, "percent": _PERCENT}


def _to(question: dict[str, Any]) -> st.SearchStrategy[Any]:
    if question["kind"] in _AMOUNTS:
        return _AMOUNTS[question["kind"]]
    one = st.sampled_from(load_knowledge().answers(question["id"]))
    return st.lists(one, unique=True) if question["kind"] == "choices" else one


def any_answers() -> st.SearchStrategy[dict[str, Any]]:
    """Return answers to any of our questions, sensible together or not."""
    groups: dict[str, dict[str, st.SearchStrategy[Any]]] = {"": {}, "events": {}, "costs": {}}
    for question in load_knowledge().section("questions"):
        group, _, key = question["id"].rpartition(".")
        groups[group][key] = _to(question)
    alone = groups.pop("")
    together = {name: st.fixed_dictionaries({}, optional=each) for name, each in groups.items()}
    return st.fixed_dictionaries({}, optional={**alone, **together})
