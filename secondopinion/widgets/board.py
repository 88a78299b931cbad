"""Something to fill in, and beside it what it comes to: the one place that watches widgets."""

import logging
import traceback
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TypeVar

import ipywidgets as ipw

from .parts import static_text

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Board(ipw.VBox):
    """Something to fill in on one side, and on the other what it comes to."""

    def __init__(
        self,
        left: Sequence[ipw.Widget],
        inputs: Iterable[ipw.Widget],
        below: Sequence[ipw.Widget] = (),
    ) -> None:
        self.plan = ipw.HTML()
        self.plan.add_class("so-plan")
        self.form = ipw.VBox(left)
        self.form.add_class("so-form")
        style = ipw.HTML(f"<style>{static_text('notebook.css')}</style>")
        style.layout.display = "none"  # what it says about the others holds all the same
        super().__init__([self.form, self.plan, *below, style])
        self.add_class("so-app")
        self._is_drawing = False
        for widget in inputs:
            widget.observe(self._redraw, names=getattr(widget, "watched", "value"))
        self._redraw()

    def shown(self) -> str:
        """Return the HTML that the answers come to."""
        raise NotImplementedError

    def apology(self) -> str:
        """Return what to say when something went wrong on our side."""
        raise NotImplementedError

    def _redraw(self, _change: object = None) -> None:
        if self._is_drawing:  # it changes fields itself when it puts answers back
            return
        self._is_drawing = True
        try:
            self.plan.value = self.safely(self.shown, self._alert)
        finally:
            self._is_drawing = False

    def _alert(self) -> str:
        return f'<p role="alert">{escape(self.apology())}</p>'

    def safely(self, make: Callable[[], T], otherwise: Callable[[], T]) -> T:
        """Return what is made, or something else when making it fails: the border of the app.

        A person never meets a traceback, and the log never meets an answer.
        """
        try:
            return make()
        except Exception as error:  # noqa: BLE001  (the border)
            _log_without_answers(error)
            return otherwise()


def _log_without_answers(error: Exception) -> None:
    """Log where something failed; its message may hold an answer, so that stays out."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames]
    _log.error("%s at %s", type(error).__name__, " < ".join(reversed(places)))
