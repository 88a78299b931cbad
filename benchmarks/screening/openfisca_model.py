"""The model as OpenFisca writes it: enumerations, nested parameters, one formula a variable."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from openfisca_core.entities import Entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from .model import ANSWERS, COSTS, DAYS, DUE, FACTS, FIRST, KEYS, TERMS, TEXTS, Decided, answers_to

_PERIOD = "2026-11"
_SINCE = "2020-01-01"
_STANDINGS = 8
CODES: dict[str, list[str]] = {}
"""What the numbers stand for: OpenFisca's own kind of text is slow, and numbers are fair to it."""
_AMOUNTS = {"visit_price": "costs.visit_price", "deductible_left": "costs.deductible_left",
            "out_of_pocket_left": "costs.out_of_pocket_left"}  # fmt: skip


def _enum(fact: str) -> Any:
    return Enum(fact, {str(answer): str(answer) for answer in answers_to(fact)})


def _nested(rows: pd.DataFrame, facts: list[str]) -> Any:
    """Return a table of outcomes as nested parameters, one level for each fact."""
    if not facts:
        return {"values": {_SINCE: {"value": int(rows["outcome"].iloc[0])}}}
    fact, *rest = facts
    groups = rows.groupby(fact, sort=False, observed=True)
    nodes = {str(answer): _nested(part, rest) for answer, part in groups}
    if fact == "standing":  # every branch needs the same leaves; those added are never asked for
        return {**dict.fromkeys(map(str, range(_STANDINGS)), nodes["0"]), **nodes}
    return nodes


def _variable(entity: Any, name: str, kind: Any, formula: Any = None, choices: Any = None) -> Any:
    fields: dict[str, Any] = {
        "value_type": kind, "entity": entity, "definition_period": DateUnit.MONTH, "label": name,
    }  # fmt: skip
    if choices is not None:
        fields |= {"possible_values": choices, "default_value": next(iter(choices))}
    if formula:
        fields["formula"] = formula
    return type(name, (Variable,), fields)


def _system(model: Decided) -> tuple[TaxBenefitSystem, pd.DataFrame]:  # noqa: C901  (a formula for each answer)
    person = Entity("person", "persons", "A person", "")
    system = TaxBenefitSystem([person])
    columns = [name for name in model.decisions.columns if name not in KEYS]
    decisions = model.decisions.copy()
    for name in TEXTS:
        texts = pd.Categorical(decisions[name])
        decisions[name], CODES[name] = texts.codes, texts.categories.tolist()
    CODES["next_action"] = pd.Categorical(model.calendar["next_action"]).categories.tolist()
    outcomes = decisions[columns].drop_duplicates(ignore_index=True)
    places = decisions.merge(outcomes.reset_index(names="outcome"), on=columns, how="left")
    tree = ParameterNode("", data={"outcome": _nested(places, list(KEYS))})
    system.parameters = tree

    def outcome(persons: Any, period: Any, parameters: Any) -> Any:
        found = parameters(period).outcome
        for fact in FACTS:
            found = found[persons(fact, period)]
        return found[persons("standing", period).astype(str)]

    def shared(high: bool) -> Any:
        def cost(persons: Any, period: Any) -> Any:
            return _cost(persons, period, outcomes, high=high)

        return cost

    calendar = _calendar(model)

    def day(name: str) -> Any:
        def found(persons: Any, period: Any) -> Any:
            coverage = persons("coverage", period)
            return calendar[name][np.asarray(coverage), persons("denial_day", period)]

        return found

    for fact in FACTS:
        system.add_variable(_variable(person, fact, Enum, choices=_enum(fact)))
    for name in (*_AMOUNTS, "denial_day"):
        system.add_variable(_variable(person, name, int))
    system.add_variable(_variable(person, "outcome", int, outcome))
    formulas = dict(zip(COSTS, (shared(False), shared(True)), strict=True))
    formulas |= {name: day(name) for name in ("standing", *DUE)}
    for name, formula in formulas.items():
        system.add_variable(_variable(person, name, int, formula))
    return system, outcomes


def _cost(persons: Any, period: Any, outcomes: pd.DataFrame, *, high: bool) -> Any:
    which = persons("outcome", period)
    terms = {name: outcomes[name].to_numpy()[which] for name in TERMS}
    price, deductible, left = (persons(name, period).astype(np.int64) * 100 for name in _AMOUNTS)
    first = np.minimum(price, deductible)
    copay = np.where(terms["has_copay"], price, 0)
    dear = ((price - first) * terms["percent_high"] + 50) // 100
    most = np.minimum(np.minimum(price, first + dear + copay), left)
    share = terms["share"]
    if high:
        return np.where(share < 2, share - 1, np.where(share == 2, price, most))
    cheap = ((price - first) * terms["percent_low"] + 50) // 100
    alone = np.where(copay > 0, 0, np.minimum(price, first + cheap))
    low = np.where(share == 2, price, np.minimum(alone, most))
    return np.where(share < 2, share - 1, np.where(terms["may_be_less"], 0, low))


def _calendar(model: Decided) -> dict[str, Any]:
    """Return what the calendar says by coverage and day, all of it as numbers."""
    size = (len(answers_to("coverage")), DAYS)
    found = {"standing": model.calendar["standing"].to_numpy()}
    found["next_action"] = pd.Categorical(model.calendar["next_action"]).codes
    for name in DUE[:2]:
        days = pd.to_datetime(model.calendar[name]).to_numpy().astype("datetime64[D]")
        found[name] = np.where(np.isnat(days), -1, days.astype(np.int64))
    return {name: numbers.reshape(size).astype(np.int32) for name, numbers in found.items()}


def prepare(model: Decided) -> Callable[[pa.Table], Any]:
    """Return what brings cases into OpenFisca's own form."""
    system, outcomes = _system(model)

    def given(cases: pa.Table) -> Any:
        columns = {fact: cases[fact].combine_chunks() for fact in FACTS}
        arrays: dict[str, Any] = {}
        for fact, column in columns.items():
            is_text = pa.types.is_dictionary(column.type)
            codes = column.indices.to_numpy() if is_text else ~column.to_numpy(zero_copy_only=False)
            arrays[fact] = codes.astype(np.uint8)
        for name, column in _AMOUNTS.items():
            arrays[name] = cases[column].to_numpy().astype(np.int32)
        days = cases["events.denial"].to_numpy().astype("datetime64[D]") - np.datetime64(FIRST)
        arrays["denial_day"] = days.astype(np.int32)
        return system, outcomes, cases.num_rows, arrays

    return given


def run(given: Any) -> dict[str, Any]:
    """Return the answers of a fresh simulation."""
    system, outcomes, rows, arrays = given
    simulation: Simulation = SimulationBuilder().build_default_simulation(system, rows)
    for name, values in arrays.items():
        if name in FACTS:
            variable = system.get_variable(name)
            simulation.set_input(name, _PERIOD, variable.possible_values.encode(values))
        else:
            simulation.set_input(name, _PERIOD, values)
    which = simulation.calculate("outcome", _PERIOD)
    made = {name: simulation.calculate(name, _PERIOD) for name in (*COSTS, *DUE)}
    codes = {name: outcomes[name].to_numpy()[which] for name in (*TEXTS, "gaps")}
    return {**codes, **made}


def answers(made: dict[str, Any]) -> pd.DataFrame:
    """Return the answers in the common form, numbers as the texts they stand for."""
    frame = pd.DataFrame(made)[list(ANSWERS)]
    for name in DUE[:2]:
        days = frame[name].to_numpy().astype("datetime64[D]").astype("datetime64[s]")
        frame[name] = np.where(frame[name] < 0, np.datetime64("NaT", "s"), days)
    for name, said in CODES.items():
        frame[name] = pd.Categorical.from_codes(frame[name], said).astype(object)
    return frame
