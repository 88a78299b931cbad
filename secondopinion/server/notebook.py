"""The notebook becoming a page: what its widgets look like at first goes with it."""

from collections.abc import AsyncIterator
from typing import Any

from voila.notebook_renderer import NotebookRenderer


class Notebook(NotebookRenderer):  # type: ignore[misc]
    """Run the notebook, and put the first state of every widget into the page.

    The page is made before anybody asks for it. So the visitor's browser need not wait until the
    process has told it what to show, and the process need not say it while somebody waits.
    """

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        """Run each cell, and note on the notebook what the widgets said of themselves."""
        async for cell in super()._jinja_cell_generator(nb, kernel_id):
            yield cell
        self.executor.set_widgets_metadata()
