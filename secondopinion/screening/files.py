"""Screen a file of any length: read ahead, screen, write behind."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import pyarrow as pa

from secondopinion.errors import UnreadableFile
from secondopinion.knowledge import Knowledge, load_knowledge

from .batches import PROBLEMS, Screen
from .sources import open_source, without_cells
from .table import fields_of
from .targets import Target

Item = TypeVar("Item")


class Summary(NamedTuple):
    """What came of a file."""

    rows: int
    verdicts: Mapping[str, int]
    """How many rows got each verdict."""
    problem_rows: int
    """How many rows have a cell that was not understood, and so no answer."""


class Progress(NamedTuple):
    """How far a file has come."""

    rows: int
    share: float
    """Of the file, from 0 to 1."""


def _silent(progress: Progress) -> None:
    del progress


def screen_file(  # noqa: PLR0913  (three files, a day, what to say and whom to tell)
    source: Path,
    target: Path,
    as_of: date,
    *,
    problems: Path | None = None,
    progress: Callable[[Progress], None] = _silent,
    knowledge: Knowledge | None = None,
    columns: Iterable[str] | None = None,
) -> Summary:
    """Write a file of cases with what the plan of each says, and say what came of it.

    Parameters
    ----------
    source
        A .csv, .parquet or .xlsx file with one case in each row, as for `screen`.
    target
        The file to write. It appears when it is whole.
    as_of
        The day to plan for.
    problems
        A file to write in which each cell that was not understood has a row.
    progress
        Called now and then with how far it has come.
    knowledge
        Another knowledge base than the workbook's own.
    columns
        The columns of the result that are wanted, as for `screen`.

    Raises
    ------
    UnreadableFile
        When the file cannot be read as a table of cases, or the result cannot be written.
    UnknownAnswer
        When a wanted column is none of the result.
    """
    knowledge = knowledge or load_knowledge()
    if source.resolve() in {path.resolve() for path in (target, problems) if path}:
        message = f"{source} cannot be both the cases and the result; write another file"
        raise UnreadableFile(message)
    cases = open_source(source, fields_of(knowledge))
    screen = Screen(cases.schema, as_of, knowledge, columns)
    try:
        with ExitStack() as files, _Behind() as behind:
            results = files.enter_context(Target(target, screen.schema))
            misread = problems and files.enter_context(Target(problems, PROBLEMS))
            for batch in _ahead(cases.batches()):
                made, wrong = screen.batch(batch)
                behind.do(partial(results.write, made))
                if misread and wrong.num_rows:
                    misread.write(wrong)
                progress(Progress(screen.rows, cases.share(screen.rows)))
            behind.done()
    except pa.ArrowException as error:
        message = f"{source} cannot be read to its end: {without_cells(error)}"
        raise UnreadableFile(message) from None
    return Summary(screen.rows, screen.verdicts, screen.problem_rows)


class _Behind:
    """Does one thing in a second thread while the first prepares the next."""

    def __enter__(self) -> Self:
        self._thread = ThreadPoolExecutor(1)
        self._doing: Future[None] | None = None
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def do(self, work: Callable[[], None]) -> None:
        """Start something as soon as the last thing is done."""
        self.done()
        self._doing = self._thread.submit(work)

    def done(self) -> None:
        """Wait for the last thing, and raise what went wrong in it."""
        if self._doing:
            self._doing.result()


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield items of which the next one is fetched in a second thread meanwhile."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
