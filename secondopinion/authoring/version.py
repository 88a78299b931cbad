"""Name a state of the data, by what it says and by a glance at its files."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 3
"""Goes up when the compiled form changes, so that an old one is made anew."""

Glance = list[list[str | int]]


def data_files(root: "str | Path") -> "list[Path]":
    """Return the files of a knowledge base, in a fixed order."""
    from pathlib import Path  # noqa: PLC0415  (4 ms; a glance does without)

    return sorted(Path(root).rglob("*.yaml"))


def data_version(root: "str | Path") -> str:
    """Return a short hash of everything a knowledge base says."""
    import hashlib  # noqa: PLC0415  (3 ms; a glance is enough while nothing changes)

    digest = hashlib.sha256()
    for path in data_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _seen(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _seen(entry.path)
            elif entry.name.endswith(".yaml"):
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns


def glance(root: "str | Path") -> Glance:
    """Return the names, sizes and times of the files: while they stay, so does what they say."""
    if not os.path.isdir(root):
        return []
    start = len(str(root)) + 1
    return [[path[start:], size, time] for path, size, time in sorted(_seen(str(root)))]


def is_made_from(root: "str | Path", header: Mapping[str, Any]) -> bool:
    """Tell whether a compiled base says what the files say today."""
    if header.get("format") != FORMAT:
        return False
    return bool(header["glance"] == glance(root) or header["data_version"] == data_version(root))


def write_whole(target: "str | Path", text: str) -> None:
    """Write a file so that nobody ever reads half of it; leave it be where writing is forbidden."""
    import tempfile  # noqa: PLC0415  (5 ms; only after a change)

    folder, name = os.path.split(target)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=folder, prefix=f".{name}.", delete=False
        ) as file:
            file.write(text)
        os.chmod(file.name, 0o644)
        os.replace(file.name, target)
    except OSError:
        return
