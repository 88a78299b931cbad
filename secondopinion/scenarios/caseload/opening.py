"""Open a file of cases that somebody dropped: a few kinds, of bounded size, and nothing that acts.

What a file is shows in its first bytes; its name is not asked. Nothing is written to a disk.
"""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, NoReturn

import pandas as pd

from secondopinion.errors import UnreadableFile
from secondopinion.knowledge import Knowledge

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 200_000
"""More rows are work for `secondopinion screen`, which reads them from a disk in batches."""
MOST_COLUMNS = 200
_MOST_UNPACKED = 8 * MOST_BYTES
"""A file that is packed may not grow beyond this, whatever it says of itself."""

_MEGABYTES = MOST_BYTES // (1024 * 1024)

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # and a workbook behind a password
_ZIP = b"PK\x03\x04"
_PARQUET = b"PAR1"
_DELIMITERS = ",;\t|"
_SAMPLE = 64 * 1024
_PIECE = 1024 * 1024
_WHAT_AN_ARCHIVE_THAT_IS_NONE_DOES = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,  # packed in a way that Python does not know
    RuntimeError,  # behind a password
    ValueError,
    struct.error,
)
_WHAT_A_WORKBOOK_THAT_IS_NONE_DOES = (
    *_WHAT_AN_ARCHIVE_THAT_IS_NONE_DOES,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    SyntaxError,  # which XML that is none is called
    OverflowError,
)


def open_table(content: bytes, knowledge: Knowledge) -> pd.DataFrame:
    """Return the table that a file holds: CSV, Excel or Parquet.

    Parameters
    ----------
    content
        The bytes of the file.
    knowledge
        Where the words come from that refuse a file.

    Raises
    ------
    UnreadableFile
        When it is none of these, too large or damaged. The message is for the person.
    """
    opener = _Opener(knowledge)
    if len(content) > MOST_BYTES:
        opener.refuse("long", most=_MEGABYTES)
    frame = opener.opened(content)
    opener.check(frame)
    return frame


class _Opener:
    """Opens one file, or refuses it in words."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def refuse(self, why: str, most: object = "", names: str = "") -> NoReturn:
        """Say why a file cannot be read, and what to do."""
        raise UnreadableFile(self.knowledge.say(f"screening.bad.{why}", most=most, names=names))

    def opened(self, content: bytes) -> pd.DataFrame:
        """Return the table in a file, by the kind that its first bytes show."""
        if content.startswith(_OLD_EXCEL):
            self.refuse("old_excel")
        if content.startswith(_ZIP):
            return self._excel(content)
        if content.startswith(_PARQUET):
            return self._parquet(content)
        return self._text(content)

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse a table that is empty or too large to look at."""
        if frame.empty:
            self.refuse("empty")
        if len(frame) > MOST_ROWS:
            self.refuse("rows", most=f"{MOST_ROWS:,}")
        if len(frame.columns) > MOST_COLUMNS:
            self.refuse("columns", most=MOST_COLUMNS)

    # Text

    def _text(self, content: bytes) -> pd.DataFrame:
        text = self._decoded(content)
        if "\0" in text:
            self.refuse("kind")
        delimiter = _delimiter(text)
        try:
            names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
            table = pd.read_csv(
                io.StringIO(text),
                sep=delimiter,
                dtype=str,
                keep_default_na=False,
                na_values=[""],
                nrows=MOST_ROWS + 1,
            )
        except pd.errors.EmptyDataError:
            self.refuse("empty")
        except (ValueError, csv.Error):  # of which pandas makes its own
            self.refuse("damaged")
        self._each_once(names)
        if not isinstance(table.index, pd.RangeIndex):  # rows that are longer than the first one
            self.refuse("damaged")
        return table

    def _decoded(self, content: bytes) -> str:
        """Read bytes as Unicode, or as the Windows letters that older Excel writes."""
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16", errors="replace")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("cp1252", errors="replace")

    def _each_once(self, names: list[Any]) -> None:
        twice = sorted({str(name) for name in names if names.count(name) > 1})
        if twice:
            self.refuse("twice", names=", ".join(twice[:5]))

    # Excel

    def _excel(self, content: bytes) -> pd.DataFrame:
        self._unpack(content)
        try:
            frame = pd.read_excel(
                io.BytesIO(content),
                engine="openpyxl",
                dtype=object,
                header=None,
                keep_default_na=False,
                na_values=[""],
                nrows=MOST_ROWS + 2,
            )
        except _WHAT_A_WORKBOOK_THAT_IS_NONE_DOES:
            self.refuse("damaged")
        if frame.empty:
            self.refuse("empty")
        names = [str(name).strip() for name in frame.iloc[0]]
        self._each_once(names)
        return frame.iloc[1:].set_axis(names, axis="columns").reset_index(drop=True)

    def _unpack(self, content: bytes) -> None:
        """Refuse an archive that is no workbook, grows too large, or carries a trap for XML."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = archive.namelist()
                why = "" if "xl/workbook.xml" in names else "kind"
                why = why or _trap_in(archive)
        except _WHAT_AN_ARCHIVE_THAT_IS_NONE_DOES:
            why = "damaged"
        if why:
            self.refuse(why, most=_MEGABYTES)

    # Parquet

    def _parquet(self, content: bytes) -> pd.DataFrame:
        import pyarrow as pa  # noqa: PLC0415  (only Parquet)
        import pyarrow.parquet as pq  # noqa: PLC0415

        try:
            file = pq.ParquetFile(io.BytesIO(content))
            about, names = file.metadata, file.schema_arrow.names
            size = sum(
                about.row_group(place).total_byte_size for place in range(about.num_row_groups)
            )
            small = about.num_rows <= MOST_ROWS and about.num_columns <= MOST_COLUMNS
            table = file.read() if small and size <= _MOST_UNPACKED else None
            frame = table.to_pandas(ignore_metadata=True) if table else None
        except (pa.ArrowException, OSError):
            self.refuse("damaged")
        self._each_once(names)
        if about.num_rows > MOST_ROWS:
            self.refuse("rows", most=f"{MOST_ROWS:,}")
        if about.num_columns > MOST_COLUMNS:
            self.refuse("columns", most=MOST_COLUMNS)
        if frame is None:
            self.refuse("long", most=_MEGABYTES)
        return frame


def _delimiter(text: str) -> str:
    """Return what stands between the cells of a line."""
    try:
        return csv.Sniffer().sniff(text[:_SAMPLE].partition("\n")[0], _DELIMITERS).delimiter
    except csv.Error:
        return ","


def _trap_in(archive: zipfile.ZipFile) -> str:
    """Return why an archive may not be read any further, or nothing."""
    left = _MOST_UNPACKED
    for piece in _pieces(archive):
        left -= len(piece)
        if left < 0:
            return "long"
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            return "damaged"
    return ""


def _pieces(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """Yield what an archive unpacks to, piece by piece, so that a trap fills no memory."""
    for name in archive.namelist():
        with archive.open(name) as part:
            while piece := part.read(_PIECE):
                yield piece
