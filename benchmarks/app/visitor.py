"""A visitor of the workbook without a browser: talks to its kernel as the page does."""

import asyncio
import json
import re
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)

from secondopinion.knowledge import load_knowledge

from .page import Change, Page, StrandedError

__all__ = ["Change", "StrandedError", "Visitor"]

PROTOCOL = "v1.kernel.websocket.jupyter.org"
_PLACE = re.compile(r'data-kernel="([^"]+)" data-base="([^"]+)"')
_FILES = re.compile(r'(?:<script\b[^>]*\bsrc|<link rel="stylesheet" href)="([^"]+)"')
_STATES = re.compile(r"<script[^>]*widget-state[+]json[^>]*>([^<]*)</script>")
_OVER = {"dead", "restarting", "autorestarting"}
_WIDGET = "jupyter.widget"

State = dict[str, Any]


class Visitor(Page):
    """A page of the workbook that is open, as far as the server can tell.

    Entering asks for the page, which tells the state of every widget, and for the files that it
    names, and opens the kernel's WebSocket. Leaving says that the page is gone, as a closing page
    does, and the kernel ends.
    """

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url.rstrip("/") + "/", **options)
        self.kernel_id = ""
        self.states: dict[str, State] = {}  # of each widget by its id, kept up to date
        self._base = "/"
        self._session = uuid.uuid4().hex
        self._sent = 0

    async def change(self, question: str, answer: str) -> Change:
        """Answer a question and return the plan that follows, once the kernel is idle again."""
        text = load_knowledge().named("questions", question)["text"]
        widget = self._found(lambda state: state.get("description") == text)
        state = _said(self.states[widget], question, answer)
        update = {"method": "update", "state": state, "buffer_paths": []}
        begun = time.perf_counter()
        sent = await self._send("comm_msg", {"comm_id": widget, "data": update})
        self.states[widget] |= state
        plan, came = self._plan_id(), 0.0
        async for content in self._until_idle(sent):
            if content.get("comm_id") == plan and "value" in content["data"].get("state", ()):
                came = time.perf_counter()
        if not came:
            message = f"{question} = {answer!r} did not change the plan"
            raise StrandedError(message)
        self.plan = self.states[plan]["value"]
        return Change((came - begun) * 1000, self.plan)

    async def leave(self) -> None:
        """Close the page and say so."""
        if self._socket:
            self._socket.close()
            self._socket = None
        if self.kernel_id:
            kernel, self.kernel_id = self.kernel_id, ""
            await self._fetch(f"{self._base}voila/api/shutdown/{kernel}", method="POST", body="")
        await super().leave()

    async def _enter(self) -> None:
        begun = time.perf_counter()
        page = (await self._fetch("")).decode()
        self.page_ms = (time.perf_counter() - begun) * 1000
        place = _PLACE.search(page)
        if not place:
            message = "the page names no kernel"
            raise StrandedError(message)
        self.kernel_id, self._base = place.groups()
        for states in _STATES.findall(page):
            made = json.loads(states)["state"]
            self.states = {name: widget["state"] for name, widget in made.items()}
        await asyncio.gather(self._meet(), self._fetch_all(_FILES.findall(page)))
        self.plan = self.states[self._plan_id()]["value"]
        self.ready_ms = (time.perf_counter() - begun) * 1000

    async def _meet(self) -> None:
        """Open the socket."""
        channels = f"{self._base}api/kernels/{self.kernel_id}/channels"
        await self._open(f"{channels}?session_id={self._session}", [PROTOCOL])

    # Messages

    async def _send(self, kind: str, content: State) -> str:
        """Send one message to the kernel and return its id."""
        self._sent += 1
        header = {
            "msg_id": f"{self._session}_{self._sent}",
            "msg_type": kind,
            "session": self._session,
            "username": "",
            "version": "5.4",
        }
        parts = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        await self._write(serialize_msg_to_ws_v1(parts, "shell", _packed))  # type: ignore[no-untyped-call]
        return header["msg_id"]

    async def _until_idle(self, sent: str) -> AsyncIterator[State]:
        """Yield the content of every answer to a message, until the kernel is done with it."""
        while True:
            _channel, parts = deserialize_msg_from_ws_v1(await self._read())  # type: ignore[no-untyped-call]
            header, parent, _metadata, content = map(json.loads, parts[:4])
            state = content.get("execution_state")
            if state in _OVER:
                message = f"the kernel is {state}"
                raise StrandedError(message)
            self._take(header["msg_type"], content)
            if parent.get("msg_id") != sent:
                continue
            if state == "idle":
                return
            yield content

    # Widgets

    def _take(self, kind: str, content: State) -> None:
        """Keep up with the widgets as they change and as new ones appear."""
        data = content.get("data", {})
        if kind == "comm_open" and content["target_name"] == _WIDGET:
            self.states[content["comm_id"]] = data["state"]
        elif kind == "comm_close":
            self.states.pop(content["comm_id"], None)
        elif kind == "comm_msg" and data.get("method") == "update":
            self.states.setdefault(content["comm_id"], {}).update(data["state"])

    def _plan_id(self) -> str:
        return self._found(lambda state: "so-plan" in state.get("_dom_classes", ()))

    def _found(self, fits: Callable[[State], bool]) -> str:
        """Return the id of the one widget that fits."""
        found = [name for name, state in self.states.items() if fits(state)]
        if len(found) != 1:
            message = f"{len(found)} widgets where there should be one"
            raise StrandedError(message)
        return found[0]


def _said(state: State, question: str, answer: str) -> State:
    """Return what of a widget's state changes when its question is answered."""
    if "_options_labels" not in state:
        return {"value": answer}
    label = load_knowledge().label(question, answer) if answer else ""
    for index, shown in enumerate(state["_options_labels"]):
        if shown.rpartition(" | ")[2] == label or not (label or index):
            return {"index": index}
    message = f"{answer!r} is not among the answers to {question!r}"
    raise StrandedError(message)


def _packed(part: State) -> bytes:
    return json.dumps(part).encode()
