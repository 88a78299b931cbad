"""The same decisions by engines that others use, each in its fastest known way.

Every engine has a function that takes the cases in the form it likes best and gives the answers
in its own form, and another that brings these into one form for comparing. Only the first is timed.
What an engine cannot do (a calendar, a formula) is left out of its time, in its favor.
"""

import json
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from secondopinion import build_plan, screen

from .model import (
    ANSWERS,
    COSTS,
    DAY,
    DECISIONS,
    DUE,
    FACTS,
    KEYS,
    KNOWLEDGE,
    SUBJECTS,
    TERMS,
    TEXTS,
    Decided,
    alone,
    each_case,
    in_order,
    told,
)

AMOUNTS = ("costs.visit_price", "costs.deductible_left", "costs.out_of_pocket_left")
OURS, COMPILED = "screening (ours)", "screening, compiled (ours)"
_DAY_KEYS = ("coverage", "events.denial")


class Peer(NamedTuple):
    """An engine ready to work."""

    name: str
    most: int
    """The most rows that it is given; more would take too long."""
    prepare: Callable[[pa.Table], Any]
    run: Callable[[Any], Any]
    answers: Callable[[Any], pd.DataFrame]
    gives: tuple[str, ...] = ANSWERS


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({name: "str" for name, kind in frame.dtypes.items() if kind == "category"})


# Ours


def ours(gives: tuple[str, ...] = ANSWERS, *, compiled: bool = False) -> Peer:
    """Return our own screening: a data frame in, what it is to give (and problems) out."""

    def prepare(cases: pa.Table) -> pd.DataFrame:
        frame: pd.DataFrame = cases.to_pandas(date_as_object=False)
        return frame

    def answers(result: pd.DataFrame) -> pd.DataFrame:
        cents = {
            name: (result[name] * 100).astype("Int64").fillna(-1).astype("int64")
            for name in COSTS
            if name in gives
        }
        return _texts(result[list(gives)]).assign(**cents)

    def run(frame: pd.DataFrame) -> pd.DataFrame:
        return screen(frame, DAY, columns=gives, compiled=compiled)

    return Peer(COMPILED if compiled else OURS, 10**9, prepare, run, answers, gives)


def one_by_one() -> Peer:
    """Return `build_plan`, one case after the other."""

    def run(listed: list[Any]) -> list[Any]:
        return [build_plan(case, DAY, KNOWLEDGE) for case in listed]

    def answers(plans: list[Any]) -> pd.DataFrame:
        return pd.DataFrame([told(plan) for plan in plans])

    return Peer("build_plan, row by row", 10**4, lambda cases: list(each_case(cases)), run, answers)


# Tables


def _cents_in_numpy(frame: pd.DataFrame) -> tuple[Any, Any]:
    """Return the costs from the terms and the amounts, as everybody writes it in numpy."""
    price, deductible, left = (frame[name].to_numpy(dtype=np.int64) * 100 for name in AMOUNTS)
    first = np.minimum(price, deductible)
    rest = price - first
    dear = (rest * frame["percent_high"].to_numpy() + 50) // 100
    cheap = (rest * frame["percent_low"].to_numpy() + 50) // 100
    copay = np.where(frame["has_copay"].to_numpy(dtype=bool), price, 0)
    high = np.minimum(np.minimum(price, first + dear + copay), left)
    alone = np.where(copay > 0, 0, np.minimum(price, first + cheap))
    share, less = frame["share"].to_numpy(), frame["may_be_less"].to_numpy(dtype=bool)
    low = np.where(share == 2, price, np.minimum(alone, high))
    low = np.where(share < 2, share - 1 + (share == 1) * 0, np.where(less, 0, low))
    return low, np.where(share < 2, share - 1, np.where(share == 2, price, high))


def pandas_merge(model: Decided) -> Peer:
    """Return a pandas merge with the calendar and with the table of decisions."""
    texts = [name for name in TEXTS if name in model.decisions]
    decisions = model.decisions.astype(dict.fromkeys(texts, "category"))
    times = {
        name: pd.to_datetime(model.calendar[name]).astype("datetime64[s]")
        for name in ("events.denial", *DUE[:2])
        if name in model.calendar
    }
    calendar = model.calendar.assign(**times)
    if "next_action" in calendar:
        calendar = calendar.astype({"next_action": "category"})

    def prepare(cases: pa.Table) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        frame = cases.to_pandas(date_as_object=False).astype({"events.denial": "datetime64[s]"})
        kinds = {fact: frame[fact].dtype for fact in FACTS}
        return frame, calendar.astype({"coverage": kinds["coverage"]}), decisions.astype(kinds)

    def run(given: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
        frame, days, table = given
        merged = frame.merge(days, on=list(_DAY_KEYS), how="left")
        merged = merged.merge(table, on=list(KEYS), how="left")
        if "share" in table:
            merged["cost_low"], merged["cost_high"] = _cents_in_numpy(merged)
        return merged

    gives = ANSWERS if "share" in decisions else DECISIONS
    return Peer("pandas merge", 10**7, prepare, run, lambda made: _texts(made[list(gives)]), gives)


def _polars_costs() -> dict[str, Any]:
    import polars as pl

    price, deductible, left = (pl.col(name).cast(pl.Int64) * 100 for name in AMOUNTS)
    first = pl.min_horizontal(price, deductible)
    rest = price - first
    dear = (rest * pl.col("percent_high") + 50) // 100
    cheap = (rest * pl.col("percent_low") + 50) // 100
    copay = pl.when(pl.col("has_copay")).then(price).otherwise(0)
    high = pl.min_horizontal(price, first + dear + copay, left)
    alone = pl.when(copay > 0).then(0).otherwise(pl.min_horizontal(price, first + cheap))
    share = pl.col("share")
    low = pl.when(share == 2).then(price).otherwise(pl.min_horizontal(alone, high))
    less = pl.when(pl.col("may_be_less")).then(0).otherwise(low)
    return {
        "cost_low": pl.when(share < 2).then(share - 1).otherwise(less),
        "cost_high": pl.when(share < 2).then(share - 1)
        .otherwise(pl.when(share == 2).then(price).otherwise(high)),
    }  # fmt: skip


def polars_tables(model: Decided) -> tuple[Any, Any]:
    """Return the two tables for polars, their texts as categories."""
    import polars as pl

    def made(frame: pd.DataFrame) -> Any:
        return pl.from_pandas(frame).with_columns(pl.col(pl.String).cast(pl.Categorical))

    return made(model.decisions), made(model.calendar)


def polars_join(frame: Any, tables: tuple[Any, Any]) -> Any:
    """Return a lazy polars frame with the answers joined and the costs worked out."""
    decisions, calendar = tables
    for table, keys in ((calendar, _DAY_KEYS), (decisions, KEYS)):
        frame = frame.join(table.lazy(), on=list(keys), how="left", maintain_order="left")
    if "share" in decisions.columns:
        frame = frame.with_columns(**_polars_costs()).drop(*TERMS)
    return frame.drop("standing")


def _polars_cases(cases: pa.Table) -> Any:
    import polars as pl

    frame = pl.from_arrow(cases)
    return frame.with_columns(pl.col(name).cast(pl.Categorical) for name in FACTS[:4])


def _polars_answers(frame: Any, gives: tuple[str, ...] = ANSWERS) -> pd.DataFrame:
    import polars as pl

    made: pd.DataFrame = (
        frame.select(gives).with_columns(pl.col(pl.Categorical).cast(pl.String)).to_pandas()
    )
    return made


def polars_by_join(model: Decided) -> Peer:
    """Return polars joining the two tables."""
    tables = polars_tables(model)
    gives = ANSWERS if "share" in model.decisions else DECISIONS
    return Peer(
        "polars join", 10**9, _polars_cases,
        lambda frame: polars_join(frame.lazy(), tables).collect(),
        lambda frame: _polars_answers(frame, gives), gives,
    )  # fmt: skip


def polars_by_rules(model: Decided) -> Peer:
    """Return polars with the rules as when/then, and the calendar joined."""
    import polars as pl

    decisions, calendar = polars_tables(model)
    rest = decisions.drop(SUBJECTS)
    kinds = pl.Enum(
        sorted({line for subject in SUBJECTS for line in model.answers[subject].values()})
    )

    def asked(fact: str, answers: tuple[Any, ...]) -> Any:
        column = pl.col(fact)
        if isinstance(answers[0], bool):
            return column if answers == (True,) else ~column
        return column.is_in(list(answers))

    def decided(subject: str) -> Any:
        chain: Any = pl
        for line in in_order(subject, model.answers[subject]):
            fits = pl.all_horizontal(*(asked(fact, said) for fact, said in line.asks.items()))
            chain = chain.when(fits).then(pl.lit(line.answer, kinds))
        return chain.otherwise(None)

    def run(frame: Any) -> Any:
        lazy = frame.lazy().with_columns(**{subject: decided(subject) for subject in SUBJECTS})
        return polars_join(lazy, (rest, calendar)).collect()

    def answers(frame: Any) -> pd.DataFrame:
        return _polars_answers(frame.with_columns(pl.col(pl.Enum).cast(pl.String)))

    return Peer("polars when/then", 10**9, _polars_cases, run, answers)


_SQL = """
with joined as (
  select cases.*, d.* exclude ({keys}), c.* exclude (coverage, "events.denial"),
    "costs.visit_price"::bigint * 100 as price,
    least("costs.visit_price", "costs.deductible_left")::bigint * 100 as first,
    "costs.out_of_pocket_left"::bigint * 100 as left_over
  from {cases} as cases
  left join calendar as c using (coverage, "events.denial")
  left join decisions as d using ({keys})),
worked as (
  select *,
    case when has_copay then price else 0 end as copay,
    ((price - first) * percent_high + 50) // 100 as dear,
    ((price - first) * percent_low + 50) // 100 as cheap
  from joined),
bounded as (
  select *, least(price, first + dear + copay, left_over) as high,
    case when copay > 0 then 0 else least(price, first + cheap) end as alone
  from worked)
select * exclude (
    price, first, left_over, copay, dear, cheap, high, alone, standing, {terms}),
  case when share < 2 then share - 1 when may_be_less then 0 when share = 2 then price
    else least(alone, high) end as cost_low,
  case when share < 2 then share - 1 when share = 2 then price else high end as cost_high
from bounded
"""


def sql(cases: str) -> str:
    """Return the query that answers for a table or a file of cases."""
    return _SQL.format(keys=", ".join(KEYS), terms=", ".join(TERMS), cases=cases)


def duckdb_with(model: Decided) -> Any:
    """Return a DuckDB that holds the two tables."""
    import duckdb

    database = duckdb.connect()
    for name, frame in (("decisions", model.decisions), ("calendar", model.calendar)):
        database.register(f"given_{name}", pa.Table.from_pandas(frame, preserve_index=False))
        database.execute(f"create table {name} as select * from given_{name}")  # noqa: S608
    return database


def duckdb_join(model: Decided) -> Peer:
    """Return DuckDB joining the two tables."""
    database = duckdb_with(model)

    def prepare(cases: pa.Table) -> None:
        database.execute("drop table if exists cases")
        database.register("given", cases)
        database.execute(
            "create table cases as select *, row_number() over () as number from given"
        )

    def run(_: None) -> Any:
        return database.sql(sql("cases")).to_arrow_table()

    def answers(table: Any) -> pd.DataFrame:
        """Return the answers in the order of the cases, which a join does not keep."""
        made: pd.DataFrame = table.sort_by("number").select(list(ANSWERS)).to_pandas()
        return _texts(made)

    return Peer("DuckDB join", 10**9, prepare, run, answers)


# Rule engines


def _zen_graph(model: Decided) -> dict[str, Any]:
    """Return the rules as one graph: a decision table for each subject."""
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = []
    for subject in SUBJECTS:
        rules = [
            {
                "_id": str(number),
                "answer": json.dumps(line.answer),
                **{fact: ", ".join(map(json.dumps, said)) for fact, said in line.asks.items()},
                **{fact: "" for fact in FACTS if fact not in line.asks},
            }
            for number, line in enumerate(in_order(subject, model.answers[subject]))
        ]
        table = {
            "hitPolicy": "first",
            "inputs": [{"id": fact, "field": fact, "name": fact} for fact in FACTS],
            "outputs": [{"id": "answer", "field": subject, "name": subject}],
            "rules": rules,
        }
        nodes.append(
            {"id": subject, "type": "decisionTableNode", "name": subject, "position": place,
             "content": table}
        )  # fmt: skip
        edges += [
            {"id": f"in_{subject}", "sourceId": "in", "targetId": subject, "type": "edge"},
            {"id": f"{subject}_out", "sourceId": subject, "targetId": "out", "type": "edge"},
        ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def zen(model: Decided, *, batch: bool) -> Peer:
    """Return GoRules' zen engine with its static loader; decisions only, no costs and no days."""
    from zen import ZenEngine

    engine: Any = ZenEngine({"loader": {"type": "static", "content": {"model": _zen_graph(model)}}})

    def prepare(cases: pa.Table) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = cases.select(list(FACTS)).to_pylist()
        return [{"key": "model", "context": case} for case in listed] if batch else listed

    def run(listed: list[dict[str, Any]]) -> list[Any]:
        if batch:
            return [done["data"]["result"] for done in engine.evaluate_batch(listed)]
        return [engine.evaluate("model", case)["result"] for case in listed]

    name = "zen-engine, batch" if batch else "zen-engine, evaluate"
    return Peer(name, 10**5, prepare, run, pd.DataFrame, SUBJECTS)


def openfisca(model: Decided) -> Peer:
    """Return OpenFisca-core: the decisions as nested parameters, the rest as formulas."""
    from .openfisca_model import answers, prepare, run

    return Peer("OpenFisca-core", 10**7, prepare(model), run, answers)


NEEDS = {
    "pandas merge": "pandas",
    "polars": "polars",
    "DuckDB": "duckdb",
    "zen-engine": "zen",
    "OpenFisca-core": "openfisca_core",
}


def missing() -> list[str]:
    """Return the peers that are not installed."""
    return [name for name, module in NEEDS.items() if find_spec(module) is None]


def everybody(model: Decided) -> list[Peer]:
    """Return us and every peer that is installed."""
    found = [ours(), ours(compiled=True), one_by_one(), pandas_merge(model)]
    makers: dict[str, list[Callable[[], Peer]]] = {
        "polars": [lambda: polars_by_join(model), lambda: polars_by_rules(model)],
        "DuckDB": [lambda: duckdb_join(model)],
        "zen-engine": [lambda: zen(model, batch=False), lambda: zen(model, batch=True)],
        "OpenFisca-core": [lambda: openfisca(model)],
    }
    for name, makes in makers.items():
        if name not in missing():
            found += [make() for make in makes]
    return found


def deciders(model: Decided) -> list[Peer]:
    """Return us and the tables that give the decisions alone: no words, no days, no money."""
    lean = alone(model)
    found = [ours(DECISIONS), pandas_merge(lean)]
    return found if "polars" in missing() else [*found, polars_by_join(lean)]


def compared(frame: pd.DataFrame, gives: tuple[str, ...]) -> pd.DataFrame:
    """Return answers in one form, so that they can be compared."""

    def plain(value: Any) -> Any:
        if value is None or value != value:  # noqa: PLR0124  (NaN and NaT)
            return None
        if isinstance(value, date):
            return value.isoformat()[:10]
        return str(value) if isinstance(value, str) else int(value)

    return pd.DataFrame({name: [plain(value) for value in frame[name]] for name in gives})
