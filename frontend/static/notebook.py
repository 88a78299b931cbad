"""The notebook in the visitor's browser: its cells run here, and its widgets speak with the page.

It takes the place of ipykernel and IPython. Of these the widgets need little: comms, and a few
names to import.
"""

# ruff: noqa: INP001, S102, S307  (no package; and running a notebook's cells is what it is for)

import ast
import json
import pkgutil
import sys
import traceback
from collections.abc import Callable, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import comm
from comm.base_comm import BaseComm, CommManager
from pyodide.ffi import to_js

Say = Callable[[str, str, Any], None]

NOTEBOOK = ("secondopinion", "notebooks/workbook.ipynb")


class Page:
    """The page that this Python belongs to."""

    def __init__(self) -> None:
        self.say: Say | None = None
        self.parent = ""

    def tell(
        self, what: str, content: Any, metadata: Any = None, buffers: Sequence[Any] = ()
    ) -> None:
        """Send a message; until the page listens, nothing: it then asks for all there is."""
        if self.say:
            text = json.dumps({"type": what, "content": content, "metadata": metadata or {}})
            self.say(self.parent, text, to_js([bytes(each) for each in buffers]))


class Comm(BaseComm):
    """A widget's own line to the page."""

    def publish_msg(
        self,
        msg_type: str,
        data: Any = None,
        metadata: Any = None,
        buffers: Any = None,
        **keys: Any,
    ) -> None:
        """Send a message along this line."""
        content = {"data": data or {}, "comm_id": self.comm_id, **keys}
        page.tell(msg_type, content, metadata, buffers or ())


class Shell:
    """The little that widgets ask of IPython."""

    events = SimpleNamespace(trigger=lambda *_: None)

    def showtraceback(self, *_arguments: Any, **_options: Any) -> None:
        """Write to the browser's console what went wrong."""
        traceback.print_exc()


page = Page()
comms = CommManager()
shell = Shell()


def _stand_in() -> None:
    """Give ipywidgets the comms, and the names that it imports from IPython."""
    comm.create_comm, comm.get_comm_manager = Comm, lambda: comms
    nothing = lambda *_arguments, **_options: None  # noqa: E731
    inside = {
        "IPython": {"get_ipython": lambda: shell},
        "IPython.display": {"display": nothing, "clear_output": nothing},
        "IPython.core": {},
        "IPython.core.interactiveshell": {"InteractiveShell": Shell},
    }
    for name, names in inside.items():
        module = sys.modules[name] = ModuleType(name)
        module.__dict__.update(names, __path__=[])


def run(say: Say) -> None:
    """Run the notebook's cells, and let the page listen to the widgets that they show."""
    _stand_in()
    notebook = json.loads(pkgutil.get_data(*NOTEBOOK) or b"")
    names: dict[str, Any] = {"__name__": "__main__"}
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            _show(_last_of("".join(cell["source"]), names), f"cell-{place}")
    page.say = say


def _last_of(cell: str, names: dict[str, Any]) -> Any:
    """Run a cell, and return what its last line comes to."""
    *first, last = ast.parse(cell).body
    if not isinstance(last, ast.Expr):
        first, last = [*first, last], ast.Expr(ast.Constant(None))
    exec(compile(ast.Module(first, []), "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


def _show(shown: Any, name: str) -> None:
    """Call a widget by the name under which the page waits for it."""
    from ipywidgets.widgets import widget  # noqa: PLC0415  (once it finds our stand-ins)

    if isinstance(shown, widget.Widget):
        before = shown.comm.comm_id
        shown.comm.comm_id = shown._model_id = name  # noqa: SLF001  (no other way to name it)
        comms.comms[name] = comms.comms.pop(before)
        known = widget._instances  # noqa: SLF001  (the same)
        known[name] = known.pop(before)


def take(parent: str, text: str, buffers: Any) -> None:
    """Do what a message from the page asks for."""
    message = json.loads(text)
    page.parent = parent
    what, content = message["type"], message["content"]
    if what == "comm_info_request":
        target = content["target_name"]
        found = {name: {} for name, each in comms.comms.items() if each.target_name == target}
        page.tell("comm_info_reply", {"comms": found})
    elif what in {"comm_open", "comm_msg", "comm_close"}:
        asked = {**message, "buffers": [memoryview(each.to_py()) for each in buffers]}
        getattr(comms, what)(None, None, asked)
