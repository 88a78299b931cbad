"""Parts of the page that ipywidgets does not have, or not well enough for a screen reader.

Each has a small script of its own in `static/`. JupyterLab runs it through anywidget; the served
page has it in its bundle.
"""

from importlib.resources import files
from typing import Any

import anywidget
import traitlets as t


def static_text(name: str) -> str:
    """Return one of the files in `static/`."""
    return files("secondopinion.widgets").joinpath("static", name).read_text(encoding="utf-8")


class Part(anywidget.AnyWidget):
    """A part of the page with its own script, `static/<name>.js`."""

    name = ""
    has_style = True
    watched: tuple[str, ...] = ("value",)
    """The traits that a person changes."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(_anywidget_id=f"secondopinion.{self.name}", **traits)

    def __init_subclass__(cls, **options: Any) -> None:
        """Read the script once, when the kind of part is defined."""
        if "name" in cls.__dict__:  # and not again for the class that anywidget makes of each one
            cls._esm = static_text(f"{cls.name}.js")
            cls._css = static_text(f"{cls.name}.css") if cls.has_style else ""
        super().__init_subclass__(**options)


class Choices(Part):
    """A question with any number of answers: a fieldset with its legend, and a box for each."""

    name = "choices"
    legend = t.Unicode().tag(sync=True)
    help = t.Unicode().tag(sync=True)
    """What to know before ticking; it stands above the boxes."""
    options: t.List[Any] = t.List().tag(sync=True)
    """Each choice as its id and its label."""
    value: t.List[Any] = t.List().tag(sync=True)
    """The ids that are ticked, in the order offered."""


class Sheet(Part):
    """A sheet of blanks to fill in, in groups; a group can be one that repeats, such as calls.

    `groups` says what to ask: `{"id", "legend", "help", "fields", "add", "remove", "row"}`, each
    field `{"id", "label", "help", "kind", "autocomplete", "options"}` with kind line, text, day,
    phone or choice. With `add` (the words on its button) a group repeats, and each of its rows is
    called by `row` and its number.
    """

    name = "sheet"
    groups: t.List[Any] = t.List().tag(sync=True)
    value = t.Dict().tag(sync=True)
    """What was written: a text by the id of its field, or a list of such mappings by the group."""


class Files(Part):
    """Buttons that hand files to the browser, made only when somebody asks for one.

    `offers` are `{"id", "label", "help"}`. The page sends the id; the answer is the file itself.
    """

    name = "files"
    watched = ("opened",)
    offers: t.List[Any] = t.List().tag(sync=True)
    opens = t.Unicode().tag(sync=True)
    """The words on the button that opens a file; empty where none can be opened."""
    opened = t.Unicode().tag(sync=True)
    """The text of the file that the person opened."""
    words = t.Dict().tag(sync=True)
    """What the page says while it makes a file, when it is done, and when it cannot."""
    said = t.Unicode().tag(sync=True)
    """What came of opening a file, as HTML."""


class Keeper(Part):
    """What the page remembers of the person, in its own memory only, to go on after a break."""

    name = "keeper"
    has_style = False
    watched = ("restore", "ticks")
    kept = t.Unicode().tag(sync=True)
    """The person's file as it would be saved now."""
    restore = t.Unicode().tag(sync=True)
    """The file that the page hands to a new process."""
    ticks: t.List[Any] = t.List().tag(sync=True)
    """What is ticked in the plan."""
