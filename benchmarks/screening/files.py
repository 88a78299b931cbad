"""From Parquet to Parquet: the same work by us, by polars, by DuckDB and by Dask."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pa_parquet

from secondopinion.screening import screen_file

from .model import DAY, Decided, cases
from .peers import duckdb_with, missing, polars_join, polars_tables, sql

_ROW_GROUP = 1_000_000
_DASK = """
import sys
from datetime import date
import dask.dataframe
import pyarrow.parquet
from dask.distributed import Client, LocalCluster
from secondopinion import screen
from secondopinion.screening import parquet_options, result_schema
if __name__ == "__main__":
    source, target = sys.argv[1:]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        with Client(cluster):
            cases = dask.dataframe.read_parquet(source, split_row_groups=True)
            schema = result_schema(pyarrow.parquet.read_schema(source))
            cases.map_partitions(screen, date.fromisoformat("%s")).to_parquet(
                target, schema=schema, write_index=False, **parquet_options(schema)
            )
"""


class Way(NamedTuple):
    """A way from a file to a file."""

    name: str
    columns: int
    """How many columns of the result it writes."""
    run: Callable[[Path, Path], None]


def write_cases(path: Path, rows: int) -> None:
    """Write a file of cases."""
    writer: pa_parquet.ParquetWriter | None = None
    for start in range(0, rows, _ROW_GROUP):
        table = cases(min(_ROW_GROUP, rows - start), seed=start)
        writer = writer or pa_parquet.ParquetWriter(
            path, table.schema, compression="zstd", compression_level=1
        )
        writer.write_table(table)
    if writer:
        writer.close()


def _ours(source: Path, target: Path) -> None:
    screen_file(source, target, DAY)


def _dask(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    script = target.with_suffix(".py")
    script.write_text(_DASK % DAY.isoformat(), encoding="utf-8")
    subprocess.run([sys.executable, str(script), str(source), str(target)], check=True)


def ways(model: Decided) -> list[Way]:
    """Return every way that is installed."""
    found = [Way("screen_file (ours)", 16, _ours)]
    if "polars" not in missing():
        import polars as pl

        tables = polars_tables(model)

        def by_polars(source: Path, target: Path) -> None:
            lazy = pl.scan_parquet(source)
            texts = [
                pl.col(name).cast(pl.Categorical)
                for name in ("coverage", "network_type", "recommended", "in_network_specialist")
            ]
            polars_join(lazy.with_columns(texts), tables).sink_parquet(
                target, compression="zstd", compression_level=1
            )

        found.append(Way("polars expressions", 15, by_polars))
    if "DuckDB" not in missing():
        database = duckdb_with(model)

        def by_duckdb(source: Path, target: Path) -> None:
            query = sql(f"read_parquet('{source}')")
            database.execute(
                f"copy ({query}) to '{target}' "
                "(format parquet, compression zstd, compression_level 1)"
            )

        found.append(Way("DuckDB join", 15, by_duckdb))
    if find_spec("dask") and find_spec("distributed"):
        found.append(Way("screen on Dask, 2 workers, start included", 16, _dask))
    return found


def seconds(way: Way, source: Path, target: Path) -> float:
    """Return how long a way takes."""
    begun = time.perf_counter()
    way.run(source, target)
    return time.perf_counter() - begun
