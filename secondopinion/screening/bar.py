"""A bar that shows on a terminal how far a file has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from .files import Progress


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """Give what to call with how far the work has come; a terminal shows it as a bar."""
    console = Console(stderr=True)
    rows = TextColumn("{task.fields[rows]:,} rows")
    bars = Bars(
        BarColumn(), TaskProgressColumn(), rows, TimeRemainingColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip
    task = bars.add_task("", total=1.0, rows=0)

    def show(done: Progress) -> None:
        bars.start()
        bars.update(task, completed=done.share, rows=done.rows)

    try:
        yield show
    finally:
        bars.stop()
