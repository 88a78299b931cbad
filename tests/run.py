"""Run commands quietly, one line for each, and say in the end how they went.

python tests/run.py                       every check of this project
python tests/run.py lint types            only these checks
python tests/run.py "making tea" -- CMD   any one command, in the same quiet way

Needs nothing but Python, so that it can watch over the installing too.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
LONGEST = 1800  # seconds for one command; then it hangs and is ended
GRACE = 10  # seconds to tidy up after Ctrl-C

CHECKS = {
    "lint": "ruff check",
    "format": "ruff format --check",
    "types": "mypy",
    "imports": "lint-imports",
    "knowledge": "secondopinion check",
    "nginx": "python -m tests.server.nginx",
    "tests": "pytest --ignore=tests/browser",
    "chromium": "python tests/browser/chromium.py",
    "browser": "pytest tests/browser",
    "notebooks": "pytest --nbval-lax --nbval-current-env notebooks --ignore=notebooks/worked",
    "worked cases": (
        "pytest --nbval --nbval-current-env --nbval-sanitize-with tests/nbval.cfg notebooks/worked"
    ),
}


class Count(NamedTuple):
    """How many tests passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


class Outcome(NamedTuple):
    """How one command went."""

    name: str
    succeeded: bool
    tests: Count


def counted(report: Path) -> Count:
    """Read what pytest counted; nothing when it wrote no report."""
    if not report.is_file():
        return Count()
    suites = ET.parse(report).iter("testsuite")  # noqa: S314  (our own pytest wrote it)
    rows = [
        [int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")]
        for suite in suites
    ]
    tests, failures, errors, skipped = (sum(column) for column in zip(*rows, strict=True))
    failed = failures + errors
    return Count(max(tests - failed - skipped, 0), failed, skipped)


def _status(command: Sequence[str], output: IO[bytes]) -> int:
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
    )
    try:
        return process.wait(LONGEST)
    except KeyboardInterrupt:
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)  # Ctrl-C reached it too; let it close what it opened
        raise
    finally:
        process.kill()


def _run(name: str, command: Sequence[str]) -> bool:
    """Run a command, show its name and time, and its output only when it fails."""
    print(f"{name + ' ':.<24}", end=" ", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryFile() as output:
        try:
            if (status := _status(command, output)) < 0:
                output.write(f"\nended from outside, by signal {-status}\n".encode())
        except (OSError, subprocess.TimeoutExpired) as error:
            output.write(f"{error}\n".encode())
            status = 1
        print(f"{time.monotonic() - begun:.0f} s{' FAILED' if status else ''}", flush=True)
        output.seek(0)
        if status:
            print(output.read().decode(errors="replace"), flush=True)
    return not status


def check(name: str) -> Outcome:
    """Run one of the checks; one that fails without counting tests counts as one failed."""
    tool, *arguments = CHECKS[name].split()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        if tool == "pytest":
            arguments.append(f"--junit-xml={report}")
        succeeded = _run(name, [str(TOOLS / tool), *arguments])
        tests = counted(report)
    if not succeeded and not tests.failed:
        tests = tests._replace(failed=1)
    return Outcome(name, succeeded, tests)


def closing(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Say in one line how everything went, and in a second one what was counted, if anything."""
    failed = [outcome.name for outcome in outcomes if not outcome.succeeded]
    total = Count(*map(sum, zip(*(outcome.tests for outcome in outcomes), strict=True)))
    if failed:
        line = f"failed: {', '.join(failed)}: see above"
    else:
        names = ", ".join(outcome.name for outcome in outcomes)
        tests = f", {total.passed} tests" if total.passed else ""
        line = f"passed: {names}{tests} in {seconds:.0f} s"
    return f"{line}\n{total}" if any(total) else line


def checked(names: Sequence[str]) -> int:
    """Run checks one after another, all of them even when one fails."""
    begun = time.monotonic()
    outcomes = [check(name) for name in names]
    print(closing(outcomes, time.monotonic() - begun))
    return int(not all(outcome.succeeded for outcome in outcomes))


def step(name: str, command: Sequence[str]) -> int:
    """Run any one command, and speak in the end only when it fails."""
    succeeded = _run(name, command)
    if not succeeded:
        print(f"failed: {name}: see above")
    return int(not succeeded)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for."""
    try:
        if "--" in arguments:
            name, _, *command = arguments
            return step(name, command)
        return checked(arguments or list(CHECKS))
    except KeyboardInterrupt:
        print("\nstopped")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
