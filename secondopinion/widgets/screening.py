"""A list of cases: drop a file, see how it is read, put it right, run it, take the results away."""

from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw
import traitlets as t

from secondopinion.errors import UnknownAnswer, UnreadableFile
from secondopinion.export import File, file_name
from secondopinion.knowledge import Knowledge, load_knowledge

from .board import Board
from .downloads import Downloads
from .parts import Part, Sheet

if TYPE_CHECKING:
    import pandas as pd

    from secondopinion.scenarios.caseload import Look

_MEGABYTE = 1024 * 1024
_MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "example": "text/csv",
}


class Drop(Part):
    """A place to drop a file, or to choose one. It comes in pieces, and is kept in memory only."""

    name = "drop"
    watched = ("dropped",)
    words = t.Dict().tag(sync=True)
    """What it says: label, help, reading, read, too_long."""
    most = t.Int().tag(sync=True)
    """The most bytes that a file may have."""
    dropped = t.Int()
    """How many files have arrived."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.content = b""
        self._pieces: list[bytes] = []
        self.on_msg(self._arrived)

    def _arrived(self, _drop: object, message: Any, buffers: Any) -> None:
        """Take the next piece of a file; the last one says so."""
        if not isinstance(message, dict):
            return
        if message.get("first"):
            self._pieces = []
        self._pieces += [bytes(piece) for piece in buffers or ()]
        if sum(map(len, self._pieces)) > self.most:
            self._pieces = []
        elif message.get("last"):
            self.content, self._pieces = b"".join(self._pieces), []
            self.dropped += 1


class Screening(Board):
    """A list of cases, from a dropped file to results to take away.

    Parameters
    ----------
    as_of
        The day to plan for.
    knowledge
        Another knowledge base than the workbook's own.
    """

    def __init__(self, as_of: date, knowledge: Knowledge | None = None) -> None:
        from secondopinion.scenarios import caseload  # noqa: PLC0415  (pandas: half a second)

        self.made = caseload
        self.as_of = as_of
        self.knowledge = knowledge or load_knowledge()
        self.table: pd.DataFrame | None = None
        self.mending = caseload.Mending()
        self.result: pd.DataFrame | None = None
        self._seen = 0
        say = self.knowledge.say
        self.drop = Drop(words=self._words(), most=caseload.MOST_BYTES)
        self.sheet = Sheet()
        self.run = ipw.ToggleButton(description=say("screening.run"), button_style="primary")
        self.progress = ipw.HTML()
        self.files = Downloads(["screening_example"], self._file, self.knowledge)
        heading = ipw.HTML(f"<h2>{escape(say('screening.title'))}</h2>")
        desk = ipw.VBox([ipw.HTML(f"<h2>{escape(say('desk.title'))}</h2>"), self.files])
        desk.add_class("so-desk")
        left = [heading, self.drop, self.sheet, self.run, self.progress]
        super().__init__(left, (self.drop, self.sheet, self.run), (desk,))

    def _words(self) -> dict[str, str]:
        most = self.made.MOST_BYTES // _MEGABYTE
        return {
            name: self.knowledge.say(f"screening.drop.{name}", most=most, name="{name}")
            for name in ("label", "help", "reading", "read", "too_long")
        }

    def shown(self) -> str:
        """Open what was dropped, run what was asked for, and return the page."""
        trouble = self._open() if self.drop.dropped != self._seen else ""
        try:
            look = self._look()
        except UnknownAnswer as error:  # such as a column that has the name of one of ours
            look, trouble = None, str(error)
        self._offer(look)
        return self.made.screening_html(look, self.result, self.knowledge, trouble)

    def _open(self) -> str:
        """Take up the file that was dropped, or return what is wrong with it."""
        self._seen = self.drop.dropped
        content, self.drop.content = self.drop.content, b""
        sorry = self.knowledge.say("screening.sorry")
        opened = self.safely(lambda: self._opened(content), lambda: sorry)
        if isinstance(opened, str):
            return opened
        self.table, self.result, self.sheet.value = opened, None, {}
        return ""

    def _opened(self, content: bytes) -> "pd.DataFrame | str":
        """Return the table in a file, or why there is none."""
        try:
            return self.made.open_table(content, self.knowledge)
        except UnreadableFile as error:
            return str(error)

    def _look(self) -> "Look | None":
        """Read the table as the person has put it right, and run it when they ask for that."""
        if self.table is None:
            return None
        made, filled = self.made, self.sheet.value
        names = made.names_given(filled, self.table, self.knowledge)
        table = made.mended(self.table, made.Mending(names))
        look: Look = made.look_at(table, self.knowledge)
        self.sheet.groups = made.groups(self.table, look, names, self.knowledge)
        mending = made.mending_of(filled, names, look, self.knowledge)
        if mending != made.Mending(names):
            table = made.mended(self.table, mending)
            look = made.look_at(table, self.knowledge)
        if mending != self.mending:
            self.mending, self.result = mending, None
        if self.run.value:
            self.result = self._run(table)
        return look

    def _run(self, table: "pd.DataFrame") -> "pd.DataFrame":
        """Return the results, and show how far they are."""
        self.run.value = False

        def tell(done: int) -> None:
            words = self.knowledge.say("screening.progress", done=done, rows=len(table))
            bar = f'<progress max="{len(table)}" value="{done}"></progress>'
            self.progress.value = f"<label>{escape(words)} {bar}</label>"

        tell(0)
        return self.made.run(table, self.as_of, self.knowledge, tell)

    def _offer(self, look: "Look | None") -> None:
        """Offer the run once there is a list, and files once there are results."""
        self.run.layout.display = None if look else "none"
        if self.result is None:
            self.progress.value = ""
        kinds = ["example"] if self.result is None else ["csv", "parquet"]
        if self.result is not None and len(self.result) <= self.made.MOST_EXCEL_ROWS:
            kinds.insert(0, "xlsx")
        self.files.offer([f"screening_{kind}" for kind in kinds])

    def file(self, kind: str) -> File | None:
        """Return the results as a file, or an example of a list; None before there are results.

        Parameters
        ----------
        kind
            `xlsx`, `csv`, `parquet` or `example`.
        """
        if kind == "example":
            content = self.made.example(self.knowledge)
        elif self.result is None:
            return None
        elif kind == "xlsx":
            content = self.made.to_xlsx(self.result, self.knowledge.say("screening.sheet"))
        else:
            content = (self.made.to_csv if kind == "csv" else self.made.to_parquet)(self.result)
        suffix = "csv" if kind == "example" else kind
        stem = "example" if kind == "example" else "results"
        return File(file_name(stem, self.as_of, suffix), _MIMES[kind], content)

    def _file(self, offer: str) -> File | None:
        return self.safely(lambda: self.file(offer.rpartition("_")[2]), lambda: None)

    def apology(self) -> str:
        """Return what to say when something went wrong on our side."""
        return self.knowledge.say("screening.sorry")
