"""`python -m benchmarks.serving`: 60 visitors over two processes behind nginx with TLS.

What is measured is what deploy/ sets up: each visitor comes from an address of their own, asks for
the page over TLS, opens the line to its process through nginx and changes answers. First they come
one after another, then all at once. Nothing here is asserted.
"""

import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import psutil
from websocket import WebSocketException

from tests.server.nginx import Deployed, found
from tests.visitor import Visitor

VISITORS = 60
APART = 0.5  # seconds between two who come one after another
PAUSE = 2.0  # seconds between one visitor's answers
ANSWERS = ("Original Medicare", "TRICARE Prime", "Medicare Advantage HMO", "VA health care")
ROUNDS = 2
MIB = 2**20


@dataclass
class Crowd:
    """What some visitors met; times in milliseconds."""

    pages: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    processes: Counter[str] = field(default_factory=Counter)
    strays: int = 0  # who could talk to the process of somebody else, over the other one
    each: float = 0.0  # MiB of their own processes


def memory(deployed: Deployed) -> float:
    """Return what the visitors' processes hold, in MiB: shared pages count once."""
    family = [each for workbook in deployed.workbooks for each in workbook.family]
    return sum(each.memory_full_info().pss for each in family) / MIB


def visit(visitor: Visitor, wait: float, everybody: threading.Barrier, met: Crowd) -> None:
    """Come, answer, stay until everybody has answered, and leave."""
    pause = threading.Event()
    pause.wait(wait)
    begun = time.perf_counter()
    try:
        visitor.open()
        met.pages.append((time.perf_counter() - begun) * 1000)
        visitor.connect()
        met.usable.append((time.perf_counter() - begun) * 1000)
        met.processes[visitor.base] += 1
        for answer in ANSWERS * ROUNDS:
            pause.wait(PAUSE)
            change = visitor.choose(answer)
            met.changes.append(change.milliseconds)
            if answer not in change.plan:
                met.errors.append(f"{answer} is not in the plan")
    except (OSError, WebSocketException, AssertionError, LookupError, IndexError) as error:
        met.errors.append(f"{type(error).__name__}: {error}"[:200])
    everybody.wait()


def crowd(deployed: Deployed, apart: float) -> Crowd:
    """Let everybody come, one after another or all at once."""
    met = Crowd()
    before = memory(deployed)
    visitors = [deployed.visitor(f"127.1.{apart > 0:d}.{n}") for n in range(1, VISITORS + 1)]

    def all_there() -> None:
        met.each = (memory(deployed) - before) / VISITORS
        met.strays = sum(strays(deployed, visitor) for visitor in visitors)

    everybody = threading.Barrier(VISITORS, all_there)
    with ThreadPoolExecutor(VISITORS) as pool:
        for number, visitor in enumerate(visitors):
            pool.submit(visit, visitor, number * apart, everybody, met)
    for visitor in visitors:
        visitor.hang_up()
        visitor.leave()
    return met


def strays(deployed: Deployed, visitor: Visitor) -> bool:
    """Tell whether a visitor's process can be reached through the other server."""
    other = {"/1/": "/2/", "/2/": "/1/"}.get(visitor.base, "/1/")
    reply = deployed.visitor(visitor.place).ask(f"{other}api/kernels/{visitor.kernel}")
    return reply.status != HTTPStatus.NOT_FOUND


def line(name: str, times: Sequence[float]) -> str:
    """Return the middle, the slow end and the end of some times."""
    if not times:
        return f"  {name:<10} none"
    slow = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    middle, last = statistics.median(times), max(times)
    return f"  {name:<10}{middle:>8.0f} p50{slow:>8.0f} p95{last:>8.0f} max  ({len(times)})"


def main() -> int:
    """Measure both ways of coming, and print what they met."""
    if not found("nginx"):
        print("no nginx here: run `python -m tests.server.nginx`, which installs one")
        return 1
    print(f"{VISITORS} visitors over two processes behind nginx with TLS, ms")
    failed = 0
    with tempfile.TemporaryDirectory() as folder, Deployed(Path(folder)) as deployed:
        for way, apart in (("one after another", APART), ("all at once", 0.0)):
            met = crowd(deployed, apart)
            failed += len(met.errors) + met.strays
            shares = ", ".join(
                f"{count} at {base}" for base, count in sorted(met.processes.items())
            )
            print(f"\n{way}: {shares}, {met.each:.1f} MiB each, {len(met.errors)} errors, ", end="")
            print(f"{met.strays} strays; load {psutil.getloadavg()[0]:.1f}")
            for name in ("pages", "usable", "changes"):
                print(line(name, getattr(met, name)))
            for error in met.errors[:5]:
                print(f"  {error}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
