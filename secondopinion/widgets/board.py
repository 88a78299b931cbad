"""Something to fill in, and beside it what it comes to: the one place that watches widgets."""

import logging
import traceback
from collections.abc import Iterable, Sequence
from html import escape

import ipywidgets as ipw

_log = logging.getLogger(__name__)


class Board(ipw.VBox):
    """Something to fill in on one side, and on the other what it comes to."""

    def __init__(self, left: Sequence[ipw.Widget], inputs: Iterable[ipw.Widget]) -> None:
        self.plan = ipw.HTML()
        self.plan.add_class("so-plan")
        self.form = ipw.VBox(left)
        self.form.add_class("so-form")
        super().__init__([self.form, self.plan])
        self.add_class("so-app")
        for widget in inputs:
            widget.observe(self._redraw, names="value")
        self._redraw()

    def shown(self) -> str:
        """Return the HTML that the answers come to."""
        raise NotImplementedError

    def apology(self) -> str:
        """Return what to say when something went wrong on our side."""
        raise NotImplementedError

    def _redraw(self, _change: object = None) -> None:
        try:
            self.plan.value = self.shown()
        except Exception as error:  # noqa: BLE001  (the border: a person never meets a traceback)
            _log_without_answers(error)
            self.plan.value = f'<p role="alert">{escape(self.apology())}</p>'


def _log_without_answers(error: Exception) -> None:
    """Log where something failed; its message may hold an answer, so that stays out."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames]
    _log.error("%s at %s", type(error).__name__, " < ".join(reversed(places)))
