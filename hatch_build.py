"""Compile the knowledge base while the package is built, so that nobody waits for it later."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BESIDE_THE_PACKAGE = ("data", "notebooks", "voila.json")


class KnowledgeBaseHook(BuildHookInterface[Any]):
    """Put the compiled base into the package, and what a checkout has beside it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile `data/`, and copy what stands beside the package; a checkout has it already.

        Parameters
        ----------
        version
            Which wheel hatchling builds: "standard" or "editable".
        build_data
            What hatchling puts into the wheel; changed in place.
        """
        sys.path.insert(0, self.root)
        from secondopinion.authoring.compile import write_base  # noqa: PLC0415  (needs the path)

        root = Path(self.root)
        write_base(root / "data", root / "secondopinion" / "base.jsonl")
        if version == "standard":
            build_data["force_include"] |= {
                name: f"secondopinion/{name}" for name in BESIDE_THE_PACKAGE
            }
