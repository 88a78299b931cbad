"""Files that are made when somebody asks for one: the buttons, and the answer to a click."""

from collections.abc import Callable, Sequence
from typing import Any

from secondopinion.export import File
from secondopinion.knowledge import Knowledge

from .parts import Files

_SAID = ("making", "done", "failed")

Make = Callable[[str], File | None]


class Downloads(Files):
    """A button for each kind of file. The file is made at the click and goes to that page alone.

    Parameters
    ----------
    kinds
        The kinds of files; the words on each button are the phrase `make.<kind>`.
    make
        Makes one, or returns None where it cannot be made.
    knowledge
        Where the words come from.
    """

    def __init__(self, kinds: Sequence[str], make: Make, knowledge: Knowledge) -> None:
        self.make = make
        self.knowledge = knowledge
        super().__init__(words={name: knowledge.say(f"files.{name}") for name in _SAID})
        self.on_msg(self._asked)
        self.offer(kinds)

    def offer(self, kinds: Sequence[str]) -> None:
        """Offer these kinds of files and no others."""
        say = self.knowledge.say
        self.kinds = tuple(kinds)
        self.offers = [
            {"id": kind, "label": say(f"make.{kind}"), "help": say(f"make.{kind}.help")}
            for kind in kinds
        ]

    def _asked(self, _files: object, message: Any, _buffers: object) -> None:
        """Hand over the file that was asked for, or say that it could not be made."""
        kind = message.get("make") if isinstance(message, dict) else None
        if kind in self.kinds:
            file = self.make(kind)
            if file is None:
                self.send({"name": ""})
            else:
                self.send({"name": file.name, "mime": file.mime}, [file.content])
