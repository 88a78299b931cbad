"""A visitor of the same form in Panel, without a browser: talks to Bokeh's server as pages do."""

import asyncio
import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any

from bokeh.protocol import Protocol
from bokeh.protocol.message import Message
from bokeh.protocol.messages.patch_doc import patch_doc
from bokeh.protocol.messages.pull_doc_req import pull_doc_req
from bokeh.protocol.receiver import Receiver

from .page import Change, Page, StrandedError
from .same_form import QUESTIONS

_TOKEN = re.compile(r'"token":"([^"]+)"')
_FILES = re.compile(r'<script\b[^>]*\bsrc="([^"]+)"')
_TEXTS = {question.id: question.text for question in QUESTIONS}


class PanelVisitor(Page):
    """A page of `panel_app.py` that is open, as far as the server can tell."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url, **options)
        self._protocol = Protocol()
        self._receiver = Receiver(self._protocol)
        self._fields: dict[str, str] = {}  # the model that asks, by what it asks
        self._plan_id = ""

    async def change(self, question: str, answer: str) -> Change:
        """Answer a question that is answered from a list and return the plan that follows."""
        field = {"id": self._fields[_TEXTS[question]]}
        event: Any = {"kind": "ModelChanged", "model": field, "attr": "value", "new": answer}
        begun = time.perf_counter()
        await self._send(patch_doc(patch_doc.create_header(), {}, {"events": [event]}))
        while True:
            message = await self._message("PATCH-DOC")
            for change in message.content["events"]:
                if change.get("attr") == "text" and change["model"]["id"] == self._plan_id:
                    self.plan = unescape(change["new"])
                    return Change((time.perf_counter() - begun) * 1000, self.plan)

    async def _enter(self) -> None:
        begun = time.perf_counter()
        page = (await self._fetch("")).decode()
        self.page_ms = (time.perf_counter() - begun) * 1000
        token = _TOKEN.search(page)
        if not token:
            message = "the page has no token"
            raise StrandedError(message)
        await asyncio.gather(self._meet(token[1]), self._fetch_all(_FILES.findall(page)))
        self.ready_ms = (time.perf_counter() - begun) * 1000

    async def _meet(self, token: str) -> None:
        """Open the socket and fetch all that the page shows."""
        await self._open(self.url.rstrip("/") + "/ws", ["bokeh", token])
        await self._message("ACK")
        await self._send(pull_doc_req.create())
        reply = await self._message("PULL-DOC-REPLY")
        for model in _models(reply.content):
            shown = model["attributes"]
            if "title" in shown:
                self._fields[shown["title"]] = model["id"]
            if "so-doc" in shown.get("text", ""):
                self._plan_id, self.plan = model["id"], unescape(shown["text"])

    async def _send(self, message: Message[Any]) -> None:
        for part in (message.header_json, message.metadata_json, message.content_json):
            await self._write(part)

    async def _message(self, kind: str) -> Message[Any]:
        """Return the next message of a kind."""
        while True:
            message = await self._receiver.consume(await self._read())
            if message is None:
                continue  # a part of one
            if message.msgtype == "ERROR":
                raise StrandedError(message.content["text"])
            if message.msgtype == kind:
                return message


def _models(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every model of a document, however deep."""
    if isinstance(part, dict):
        if "attributes" in part and "id" in part:
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _models(inner)
