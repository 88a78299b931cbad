"""`python -m benchmarks.screening`: our screening beside others, answers compared first.

Nothing is timed before every engine has given the same answers to the same cases. Each works in a
process of its own, all of them in turn. Absolute speed depends on the machine and on what else it
does; ratios of one run hold better.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .files import seconds, ways, write_cases
from .model import Decided, cases, decide
from .peers import OURS, Peer, compared, deciders, everybody, missing
from .workers import Makes, Worker, best


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
    print(f"{len(peers)} ways give the same answers to {rows:,} cases\n")


def copying(count: int) -> dict[str, float]:
    """Return how long it takes to copy so many bytes, in three ways.

    A copy reads each byte and writes it; screening reads some and writes others. So the stricter
    measure is a copy of half of them, which moves as many. Results stand in fresh memory, which
    the machine has to hand out first; that takes longer than the copying itself.
    """
    source, target = np.ones(count, dtype=np.uint8), np.ones(count, dtype=np.uint8)
    half = count // 2
    copies: dict[str, Callable[[], object]] = {
        "memcpy of the same bytes": lambda: np.copyto(target, source),
        "memcpy that moves as many bytes": lambda: np.copyto(target[:half], source[:half]),
        "memcpy to fresh memory": source.copy,
    }
    return {name: best(copy) for name, copy in copies.items()}


def in_memory(
    makes: Makes, model: Decided, what: str, sizes: Sequence[int], rounds: int
) -> dict[str, dict[str, float]]:
    """Return for each size how many rows a second each engine answers, the best of some rounds.

    Parameters
    ----------
    makes
        Returns the engines, we first.
    model
        What they decide by.
    what
        What they are to give.
    sizes
        How many rows.
    rounds
        How often.
    """
    found: dict[str, dict[str, float]] = {}
    with ExitStack() as processes:
        workers = [
            (peer, processes.enter_context(closing(Worker(makes, model, place))))
            for place, peer in enumerate(makes(model))
        ]
        for size in sizes:
            able = {peer.name: worker for peer, worker in workers if size <= peer.most}
            fastest = _fastest(able, size, rounds)
            found[f"{size:,}"] = {name: size / took for name, took in fastest.items()}
            show(f"{what}, {size:,} rows", found[f"{size:,}"])
    return found


def _fastest(workers: Mapping[str, Worker], size: int, rounds: int) -> dict[str, float]:
    """Return the best time of each engine, one after the other in every round, and of copying."""
    for worker in workers.values():
        worker.prepare(size)
    found: dict[str, float] = {}
    width = workers[OURS].width()
    for _ in range(rounds):
        took = {name: worker.seconds() for name, worker in workers.items()} | copying(width)
        found = {name: min(found.get(name, again), again) for name, again in took.items()}
    for worker in workers.values():
        worker.forget()
    return found


def from_files(model: Decided, rows: int, rounds: int) -> dict[str, float]:
    """Return how many rows a second each way from Parquet to Parquet takes."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "cases.parquet"
        write_cases(source, rows)
        every = ways(model)
        fastest = dict.fromkeys((way.name for way in every), float("inf"))
        for _ in range(rounds):
            for place, way in enumerate(every):
                took = seconds(way, source, Path(folder) / f"{place}.parquet")
                fastest[way.name] = min(fastest[way.name], took)
    speeds = {name: rows / took for name, took in fastest.items()}
    show(f"Parquet to Parquet, {rows:,} rows", speeds)
    for way in every:
        print(f"  {way.name} writes {way.columns} columns of results")
    return speeds


def show(title: str, speeds: Mapping[str, float]) -> None:
    """Print speeds, and how many times as fast each way of ours is."""
    mine = [name for name in speeds if name.endswith("(ours)")]
    print(f"\n{title:<36}{'M rows/s':>10}", *(f"{name + ', times':>34}" for name in mine))
    for name, speed in sorted(speeds.items(), key=lambda pair: pair[1]):
        times = (f"{speeds[each] / speed:>34.2f}" for each in mine)
        print(f"{name:<36}{speed / 1e6:>10.3f}", *times)


class Sizes(NamedTuple):
    """How much to measure."""

    compared: int
    in_memory: tuple[int, ...]
    in_files: int
    rounds: int
    """How often in memory. The first rounds are slow: the machine has to find the memory."""
    rounds_of_files: int = 2


QUICK = Sizes(1_000, (10_000, 100_000), 1_000_000, 3)
USUAL = Sizes(10_000, (10_000, 100_000, 1_000_000), 5_000_000, 5)
FULL = Sizes(10_000, (10_000, 100_000, 1_000_000, 10_000_000), 50_000_000, 5)


def measure(sizes: Sizes) -> dict[str, Any]:
    """Compare, measure and print; return rows per second."""
    for name in missing():
        print(f"{name} is not installed: make bench installs it")
    model = decide()
    agree(everybody(model) + deciders(model), sizes.compared)
    return {
        "in memory": in_memory(everybody, model, "all answers", sizes.in_memory, sizes.rounds),
        "decisions": in_memory(deciders, model, "decisions alone", sizes.in_memory, sizes.rounds),
        "from files": from_files(model, sizes.in_files, sizes.rounds_of_files),
    }


def chosen(arguments: Sequence[str]) -> Sizes:
    """Return how much to measure, as the command line asks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small tables, in a minute or two")
    parser.add_argument("--full", action="store_true", help="up to 50 million rows, half an hour")
    given = parser.parse_args(arguments)
    return QUICK if given.quick else FULL if given.full else USUAL


if __name__ == "__main__":
    print(json.dumps(measure(chosen(sys.argv[1:])), indent=2))
