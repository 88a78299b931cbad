"""`make bench-app`: the served workbook beside its peers, in one run on this machine.

Each round visits every app in turn, so that whatever else the machine does meets them alike.
Ratios hold where absolute times do not. Nothing here is asserted: tests do not race a clock.
"""

import argparse
import asyncio
import itertools
import json
import math
import os
import platform
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, is_dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from . import crowd, memory, pages, report
from .page import Page
from .same_form import COVERAGES
from .served import APPS, OURS, PANEL, ROOT, UNFORKED, App, Served
from .visitor import Visitor

PARTS = ("page", "change", "memory", "crowd", "serving")
RESULTS = ROOT / "build/bench-app.json"
CHANGES = 40  # of each app, over all rounds


@dataclass(frozen=True, slots=True)
class Run:
    """How thorough a run is."""

    rounds: int
    parts: Sequence[str]
    apps: Sequence[App]
    guests: Sequence[int]  # how many visitors are there when memory is taken
    crowds: Sequence[int]  # how many are there at once
    seconds: float  # how long each crowd is held
    rates: Sequence[float]  # how many arrive in a second
    alone: int  # how many answers the first visitor gives before the others come


def asked() -> Run:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.app", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    parser.add_argument(
        "--apps", nargs="+", choices=[app.name for app in APPS], help="who takes part"
    )
    parser.add_argument("--quick", action="store_true", help="two rounds and small crowds")
    given = parser.parse_args()
    apps = [app for app in APPS if not given.apps or app.name in given.apps]
    for app in apps:
        if not app.installed:
            print(f"{app.name} is left out: it is not installed here.")
    apps = [app for app in apps if app.installed]
    if given.quick:
        return Run(2, given.only, apps, (1, 5), (5, 10), 8, (2,), 10)
    return Run(given.rounds, given.only, apps, (1, 5, 20), (10, 30, 60), 20, (1, 10), CHANGES)


def visits(run: Run) -> dict[str, report.Visits]:
    """Open every app's page in each round, with an empty cache and again; change answers there."""
    met: dict[str, Any] = {app.name: {"cold": [], "warm": []} for app in run.apps}
    turns = math.ceil(CHANGES / run.rounds) if "change" in run.parts else 0
    # The first is chosen already, to see that the page answers.
    names = [pages.label(name) for name in COVERAGES[1:] + COVERAGES[:1]]
    labels = list(itertools.islice(itertools.cycle(names), turns))
    with ExitStack() as running:
        servers = [running.enter_context(Served(app)) for app in run.apps]
        chromium = running.enter_context(pages.browser())
        for turn in range(run.rounds + 1):
            for served in servers[turn % len(servers) :] + servers[: turn % len(servers)]:
                with chromium.new_context() as context:
                    cold = pages.visit(context, served)
                    if turn:  # the first is no round: it has the server load what it needs
                        met[served.app.name]["cold"].append(cold)
                        met[served.app.name]["warm"].append(pages.visit(context, served, labels))
    return met


def guests(run: Run, *apps: App) -> Iterable[tuple[App, type[Page]]]:
    """Yield those of the apps that take part, and who visits them without a browser."""
    for app in apps:
        if app not in run.apps:
            continue
        if app is PANEL:
            from .panel_visitor import PanelVisitor

            yield app, PanelVisitor
        else:
            yield app, Visitor


def held(run: Run) -> dict[str, list[dict[int, float]]]:
    """Take each app's memory with more and more visitors, in each round on a fresh server."""
    met: dict[str, list[dict[int, float]]] = defaultdict(list)
    for _ in range(run.rounds):
        for app, kind in guests(run, OURS, UNFORKED, PANEL):
            with Served(app) as served:
                met[app.name].append(asyncio.run(memory.by_visitors(served, kind, run.guests)))
    return met


def gathered(run: Run) -> dict[str, dict[float, crowd.Crowd]]:
    """Let a crowd visit each app, for each rate at which they arrive."""
    met: dict[str, dict[float, crowd.Crowd]] = defaultdict(dict)
    for rate in run.rates:
        for app, kind in guests(run, OURS, PANEL):
            with Served(app) as served:
                gathering = crowd.Gathering(served, kind, rate)
                there = gathering.gather(run.crowds, run.seconds, run.alone)
                met[app.name][rate] = asyncio.run(there)
    return met


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    libraries = ("voila", "tornado", "ipywidgets", "panel", "bokeh", "streamlit", "solara")
    return {
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in libraries if find_spec(name)},
    }


def measured(run: Run) -> Iterable[tuple[str, Any, Iterable[str]]]:
    """Yield what is asked for, part by part: its name, all that was measured, and the table."""
    if {"page", "change"} & set(run.parts):
        seen = visits(run)
        for part, table in (("page", report.usable), ("change", report.changes)):
            if part in run.parts:
                yield "pages", _plain(seen), table(seen)
    if "memory" in run.parts:
        taken = held(run)
        yield "memory", taken, report.memory(taken)
    if "crowd" in run.parts:
        there = gathered(run)
        yield "crowd", _plain(there), report.crowds(there)


def _plain(part: Any) -> Any:
    """Return what was measured as JSON takes it."""
    if isinstance(part, dict):
        return {str(name): _plain(inner) for name, inner in part.items()}
    if isinstance(part, list):
        return [_plain(inner) for inner in part]
    return asdict(part) if is_dataclass(part) and not isinstance(part, type) else part


def main() -> None:
    """Measure what is asked for, print it, and keep it all as JSON."""
    run = asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # and so end what was started
    said = machine()
    kept: dict[str, Any] = {"machine": said, "rounds": run.rounds, "tables": []}
    print(f"{said['processors']} processors, load {said['load'][0]:.1f}, {run.rounds} rounds\n")
    for part, all_of_it, table in measured(run):
        kept[part] = all_of_it
        kept["tables"].append(list(table))
        print("\n".join(kept["tables"][-1]), end="\n\n", flush=True)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    if "serving" in run.parts and find_spec("benchmarks.serving"):
        subprocess.run([sys.executable, "-m", "benchmarks.serving"], cwd=ROOT, check=False)


if __name__ == "__main__":
    main()
