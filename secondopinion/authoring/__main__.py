"""Compile `data/` into the fast form that the package reads."""

import sys
from pathlib import Path

from secondopinion.errors import KnowledgeError

from .compile import write_base

PACKAGE = Path(__file__).resolve().parent.parent


def main() -> int:
    """Compile the knowledge base beside this package, or say what is wrong with it."""
    try:
        write_base(PACKAGE.parent / "data", PACKAGE / "base.jsonl")
    except KnowledgeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
