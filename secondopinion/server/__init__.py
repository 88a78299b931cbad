"""Serve the workbook as a page: Voilà with this project's settings, template and manners."""

import sys
from pathlib import Path

__all__ = ["serve"]


def serve(  # noqa: PLR0913  (one for each thing that a person may choose)
    port: int = 8866,
    host: str = "127.0.0.1",
    *,
    open_browser: bool = True,
    notebook: Path | None = None,
    visitors: int = 100,
    public: str = "",
) -> None:
    """Open the workbook at an address on this computer and keep it open until Ctrl+C.

    Parameters
    ----------
    port
        The last part of the address; 0 takes any that is free.
    host
        Who can reach it: 127.0.0.1 is this computer only, 0.0.0.0 is the whole network.
    open_browser
        Whether to open the page in the browser as well.
    notebook
        Another notebook to serve instead of the workbook.
    visitors
        How many pages may be open at once.
    public
        The address that visitors use when a web server stands before this one, such as
        https://workbook.example.org/1/; its last part tells several processes apart.
    """
    # Jupyter checks settings with jsonschema, and this part of it takes a second to load.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from .app import Workbook  # noqa: PLC0415  (visitors' processes need none of it)

    Workbook.open_at(
        port, host, open_browser=open_browser, notebook=notebook, visitors=visitors, public=public
    )
