"""The same screening on many machines: here two processes that Dask starts on this one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
from dask.distributed import Client, LocalCluster

from secondopinion import screen
from secondopinion.screening import parquet_options, result_schema
from secondopinion.screening.table import RESULTS

from .caseload import any_cases, as_table, each_row

NOVEMBER = date(2026, 11, 24)
CASES = any_cases(400, seed=31)
PIECES = 4


@pytest.fixture(scope="module")
def cluster() -> Iterator[Client]:
    """Start two workers, each a process of its own."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as two,
        Client(two) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of Parquet files with cases."""
    folder = tmp_path_factory.mktemp("cases")
    size = len(CASES) // PIECES
    schema = pa.Schema.from_pandas(as_table(CASES), preserve_index=False)
    for piece in range(PIECES):
        frame = as_table(CASES[piece * size : (piece + 1) * size])
        table = pa.Table.from_pandas(frame, schema, preserve_index=False)
        pa_parquet.write_table(table, folder / f"{piece}.parquet")
    return folder


def said(frame: pd.DataFrame) -> list[list[Any]]:
    return [[row[name] for name in RESULTS] for row in each_row(frame)]


def test_a_cluster_says_what_one_machine_says(cluster: Client, source: Path, tmp_path: Path):
    cases = dd.read_parquet(source)
    schema = result_schema(pa_parquet.read_schema(source / "0.parquet"))
    cases.map_partitions(screen, NOVEMBER).to_parquet(
        tmp_path, schema=schema, write_index=False, **parquet_options(schema)
    )
    files = sorted(tmp_path.glob("*.parquet"), key=lambda path: int(path.stem.split(".")[1]))
    found = pd.concat([pa_parquet.read_table(path).to_pandas() for path in files])
    assert said(found) == said(screen(as_table(CASES), NOVEMBER))
    assert len(cluster.scheduler_info()["workers"]) == 2


def test_a_cluster_gives_the_columns_that_are_wanted(cluster: Client, source: Path, tmp_path: Path):
    wanted = ("verdict", "safe_date")
    schema = result_schema(pa_parquet.read_schema(source / "0.parquet"), wanted)
    screened = dd.read_parquet(source).map_partitions(screen, NOVEMBER, columns=wanted)
    cluster.compute(
        screened.to_parquet(tmp_path, schema=schema, write_index=False, compute=False)
    ).result()
    written = pa_parquet.read_schema(next(tmp_path.glob("*.parquet")))
    assert written.names[-3:] == [*wanted, "problems"]


def test_every_file_a_cluster_writes_has_columns_of_the_same_kinds(
    cluster: Client, source: Path, tmp_path: Path
):
    cases = dd.read_parquet(source)
    assert cases.npartitions == PIECES
    screened = cases.map_partitions(screen, NOVEMBER)
    assert screened.columns.tolist()[-len(RESULTS) :] == list(RESULTS)
    schema = result_schema(pa_parquet.read_schema(source / "0.parquet"))
    cluster.compute(
        screened.to_parquet(tmp_path, schema=schema, write_index=False, compute=False)
    ).result()
    written = [pa_parquet.read_schema(path) for path in tmp_path.glob("*.parquet")]
    assert [each.types for each in written] == [schema.types] * PIECES


def test_a_row_that_is_not_understood_is_told_by_a_cluster_too(cluster: Client):
    frame = as_table(CASES[:40]).astype(object)
    frame.loc[7, "stage"] = "lost"
    pieces = dd.from_pandas(frame, npartitions=2, sort=False)
    problems = pieces.map_partitions(screen, NOVEMBER)["problems"].astype(object).compute()
    assert problems.dropna().index.tolist() == [7]
    assert cluster.status == "running"
