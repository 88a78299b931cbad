"""Store anew what the worked cases show, after a change of data: python tests/refresh_worked.py."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

WORKED = Path(__file__).resolve().parent.parent / "notebooks" / "worked"


def refresh(path: Path) -> None:
    """Run one notebook and write it back with its outputs, and with nothing that differs by run."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3", record_timing=False).execute()
    notebook.metadata.language_info = {"name": "python"}
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def main() -> None:
    """Refresh every worked case."""
    for path in sorted(WORKED.glob("*.ipynb")):
        refresh(path)


if __name__ == "__main__":
    main()
