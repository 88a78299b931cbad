"""`python -m benchmarks.screening`: our screening beside others, answers compared first.

Nothing is timed before every engine has given the same answers to the same cases. Absolute speed
depends on the machine and on what else it does; ratios of one run hold better.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from .files import seconds, ways, write_cases
from .model import Decided, cases, decide
from .peers import Peer, compared, everybody, missing, ours

RESULTS = Path(__file__).parent.parent.parent / "build" / "screening.json"
_COMPARED = 10_000
_OURS = "screening (ours)"


def agree(peers: list[Peer], rows: int) -> None:
    """Compare all answers to the same cases, and stop at the first that differ."""
    table = cases(rows, seed=1)
    truth = None
    for peer in sorted(peers, key=lambda each: not each.name.startswith("build_plan")):
        given = compared(peer.answers(peer.run(peer.prepare(table))), peer.gives)
        truth = given if truth is None else truth
        for name in peer.gives:
            differ = (given[name] != truth[name]) & ~(given[name].isna() & truth[name].isna())
            if differ.any():
                message = f"{peer.name}: {differ.sum()} of {rows} answers about {name} differ"
                raise SystemExit(message)
    print(f"{len(peers)} engines give the same answers to {rows:,} cases\n")


def memcpy(bytes_: int) -> float:
    """Return how long it takes to copy so many bytes to where nothing has been yet."""
    source = np.ones(bytes_, dtype=np.uint8)
    begun = time.perf_counter()
    source.copy()
    return time.perf_counter() - begun


def _bytes(table: pa.Table) -> int:
    """Return how much memory our screening reads and writes for a table."""
    mine = ours()
    frame = mine.prepare(table)
    return int(mine.run(frame).memory_usage(index=False).sum())


def in_memory(peers: list[Peer], sizes: list[int], rounds: int) -> dict[str, dict[str, float]]:
    """Return for each size how many rows a second each engine answers, the best of some rounds."""
    found: dict[str, dict[str, float]] = {}
    for size in sizes:
        table = cases(size)
        able = [peer for peer in peers if size <= peer.most]
        given = {peer.name: peer.prepare(table) for peer in able}
        best = dict.fromkeys([*given, "memcpy of the same bytes"], float("inf"))
        width = _bytes(table)
        for _ in range(rounds):
            for peer in able:
                begun = time.perf_counter()
                peer.run(given[peer.name])
                best[peer.name] = min(best[peer.name], time.perf_counter() - begun)
            copied = memcpy(width)
            best["memcpy of the same bytes"] = min(best["memcpy of the same bytes"], copied)
        found[f"{size:,}"] = {name: size / took for name, took in best.items()}
        show(f"in memory, {size:,} rows, {width / size:.0f} bytes a row", found[f"{size:,}"], _OURS)
    return found


def from_files(model: Decided, rows: int, rounds: int) -> dict[str, float]:
    """Return how many rows a second each way from Parquet to Parquet takes."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "cases.parquet"
        write_cases(source, rows)
        every = ways(model)
        best = dict.fromkeys((way.name for way in every), float("inf"))
        for _ in range(rounds):
            for place, way in enumerate(every):
                took = seconds(way, source, Path(folder) / f"{place}.parquet")
                best[way.name] = min(best[way.name], took)
    speeds = {name: rows / took for name, took in best.items()}
    show(f"Parquet to Parquet, {rows:,} rows", speeds, "screen_file (ours)")
    for way in every:
        print(f"  {way.name} writes {way.columns} columns of results")
    return speeds


def show(title: str, speeds: dict[str, float], mine: str) -> None:
    """Print speeds, and how many times as fast we are."""
    print(f"\n{title:<48}{'M rows/s':>10}{'ours is times as fast':>24}")
    for name, speed in sorted(speeds.items(), key=lambda pair: pair[1]):
        print(f"{name:<48}{speed / 1e6:>10.3f}{speeds[mine] / speed:>24.2f}")


def main() -> None:
    """Compare, measure, print, and keep the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1e4, 1e5, 1e6])
    parser.add_argument("--file-rows", type=float, default=2e6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--compare", type=float, default=_COMPARED)
    given: Any = parser.parse_args()
    for name in missing():
        print(f"{name} is not installed: pip install --group bench")
    model = decide()
    peers = everybody(model)
    agree(peers, int(given.compare))
    memory = in_memory(peers, [int(size) for size in given.sizes], given.rounds)
    files = from_files(model, int(given.file_rows), given.rounds) if given.file_rows else {}
    RESULTS.parent.mkdir(exist_ok=True)
    text = json.dumps({"in memory": memory, "from files": files}, indent=2)
    RESULTS.write_text(f"{text}\n", encoding="utf-8")
    print(f"\nrows per second, as JSON: {RESULTS}")


if __name__ == "__main__":
    main()
