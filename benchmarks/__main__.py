"""`make bench`: how fast the workbook is, as ratios measured in one run on one machine.

Absolute times depend on the machine and on what else it does; ratios to something everybody has
(starting Python, importing pandas) hold. Nothing here is asserted: tests do not race a clock.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks.screening.__main__ import chosen, measure
from secondopinion import Case, build_plan, load_knowledge, read_case
from secondopinion.render import to_html, to_json
from secondopinion.scenarios import compare, comparison_html

ROUNDS = 21
DAY = date(2026, 11, 24)
RESULTS = Path(__file__).parent / "results.json"

COLD = {
    "python": "pass",
    "import pandas": "import pandas",
    "import secondopinion": "import secondopinion",
    "import secondopinion, first plan": (
        "from datetime import date; from secondopinion import build_plan, read_case; "
        "build_plan(read_case({'coverage': 'medicare_original', 'condition': 'breast_cancer', "
        "'recommended': 'surgery'}), date(2026, 11, 24))"
    ),
}

SIMPLE = {"coverage": "medicare_original", "condition": "breast_cancer", "recommended": "surgery"}
DENIED = {
    "coverage": "medicare_advantage_hmo",
    "condition": "breast_cancer",
    "state": "CA",
    "recommended": "surgery",
    "stage": "denied",
    "denied": "prior_authorization",
    "events": {"denial": "2026-03-02"},
    "costs": {"visit_price": 400},
}


def milliseconds(work: Callable[[], object], times: int = 1) -> float:
    """Return how long a piece of work takes, as the median of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - begun) / times * 1000)
    return statistics.median(rounds)


def cold_starts() -> dict[str, float]:
    """Measure whole processes, from nothing to done."""
    commands = {name: [sys.executable, "-I", "-c", code] for name, code in COLD.items()}
    return {
        name: milliseconds(lambda command=command: subprocess.run(command, check=True))  # type: ignore[misc]
        for name, command in commands.items()
    }


def warm() -> dict[str, float]:
    """Measure one plan and its forms with the base loaded."""
    knowledge = load_knowledge()
    simple, denied = read_case(SIMPLE), read_case(DENIED)
    plan = build_plan(denied, DAY)
    return {
        "a plan, simple case": milliseconds(lambda: build_plan(simple, DAY), 20),
        "a plan, denied case": milliseconds(lambda: build_plan(denied, DAY), 20),
        "a plan, nothing known": milliseconds(lambda: build_plan(Case(), DAY), 20),
        "the plan as HTML": milliseconds(lambda: to_html(plan), 5),
        "the plan as JSON": milliseconds(lambda: to_json(plan), 5),
        "one case under every coverage": milliseconds(
            lambda: compare(simple, ["coverage"], DAY, knowledge)
        ),
        "the same as a page with charts": milliseconds(
            lambda: comparison_html(compare(denied, ["coverage"], DAY, knowledge))
        ),
    }


def memory() -> dict[str, float]:
    """Measure how much memory whole processes take at their peak, in MiB."""
    tell = "; print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])"
    peaks = {}
    for name, code in COLD.items():
        command = [sys.executable, "-I", "-c", code + tell]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        peaks[name] = int(done.stdout) / 1024
    return peaks


def main() -> None:
    """Measure everything, print it, and keep it as JSON."""
    sizes = chosen(sys.argv[1:])
    cold, hot, peaks = cold_starts(), warm(), memory()
    pandas = cold["import pandas"]
    print(f"{'from nothing':<34}{'ms':>8}{'of import pandas':>19}{'MiB':>8}")
    for name, took in cold.items():
        print(f"{name:<34}{took:>8.1f}{took / pandas:>18.0%}{peaks[name]:>9.0f}")
    print(f"\n{'with the base loaded':<34}{'ms':>8}{'of import pandas':>19}")
    for name, took in hot.items():
        print(f"{name:<34}{took:>8.2f}{took / pandas:>18.2%}")
    print()
    found = {"cold": cold, "memory": peaks, "warm": hot, "screening": measure(sizes)}
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"\nall of it as JSON: {RESULTS}")


if __name__ == "__main__":
    main()
