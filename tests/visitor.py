"""A visitor without a browser: asks for the page, talks to its process, changes an answer."""

import http.client
import json
import re
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit
from uuid import uuid4

from websocket import ABNF, WebSocket, WebSocketException, create_connection

PROTOCOL = "v1.kernel.websocket.jupyter.org"
PATIENCE = 60  # seconds for anything
_KERNEL = re.compile(r'data-kernel="([^"]+)" data-base="([^"]+)"')
_STATES = re.compile(r"<script[^>]*widget-state[+]json[^>]*>([^<]*)</script>")


class Reply(NamedTuple):
    """What came back for one request."""

    status: int
    headers: http.client.HTTPMessage
    text: str


class Message(NamedTuple):
    """What a process says, or is told."""

    channel: str
    header: dict[str, Any]
    parent: dict[str, Any]
    content: dict[str, Any]

    @property
    def kind(self) -> str:
        """Its type, such as comm_msg."""
        kind: str = self.header["msg_type"]
        return kind


def packed(channel: str, *parts: object) -> bytes:
    """Return a message in the one binary frame that the page and the server speak."""
    pieces = [channel.encode(), *(json.dumps(part).encode() for part in parts)]
    offsets = [8 * (len(pieces) + 2)]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    table = b"".join(number.to_bytes(8, "little") for number in (len(offsets), *offsets))
    return table + b"".join(pieces)


def unpacked(frame: bytes) -> Message:
    """Read a frame back."""
    numbers = [int.from_bytes(frame[at : at + 8], "little") for at in range(0, len(frame), 8)]
    offsets = numbers[1 : numbers[0] + 1]
    channel, *parts = [frame[start:end] for start, end in pairwise(offsets)]
    header, parent, _, content = map(json.loads, parts[:4])
    return Message(channel.decode(), header, parent, content)


class Visitor:
    """Somebody who comes without a browser.

    Parameters
    ----------
    address
        Where the workbook is.
    trust
        Whose certificate to trust, where there is one.
    place
        The address to come from.
    at
        Where that address really is, when nobody knows its name.
    """

    def __init__(
        self,
        address: str,
        trust: ssl.SSLContext | None = None,
        place: str = "",
        at: tuple[str, int] | None = None,
    ) -> None:
        parts = urlsplit(address)
        self.address = address
        self.trust = trust
        self.place = place
        self.at = at or (parts.hostname or "", parts.port or 0)
        self.session = uuid4().hex
        self.kernel = ""
        self.base = "/"
        self.line: WebSocket | None = None
        self.heard: list[Message] = []
        self.states: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def _socket(self) -> socket.socket:
        bound = (self.place, 0) if self.place else None
        raw = socket.create_connection(self.at, PATIENCE, bound)
        name = urlsplit(self.address).hostname
        return self.trust.wrap_socket(raw, server_hostname=name) if self.trust else raw

    def ask(self, path: str = "/", method: str = "GET", body: bytes = b"", **headers: str) -> Reply:
        """Send one request and return what comes back; `_` in a header's name stands for `-`."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)
        connection.sock = self._socket()
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, named)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read().decode())
        finally:
            connection.close()

    def open(self, path: str = "/") -> Self:
        """Ask for the page; note which process is its own, and the state of every widget."""
        page = self.ask(path)
        found = _KERNEL.search(page.text)
        assert found, f"no workbook, but {page.status}: {page.text[-500:]}"
        self.kernel, self.base = found.groups()
        for made in _STATES.findall(page.text):
            self.states = _states(json.loads(made)["state"])
        return self

    def connect(self, **changes: Any) -> Self:
        """Open the line to the process, anew if there was one."""
        self.hang_up()
        parts = urlsplit(self.address)
        scheme = "wss" if parts.scheme == "https" else "ws"
        path = f"{self.base}api/kernels/{self.kernel}/channels?session_id={self.session}"
        options: dict[str, Any] = {"origin": self.address, "subprotocols": [PROTOCOL]}
        self.wire = self._socket()
        try:
            self.line = create_connection(
                f"{scheme}://{parts.netloc}{path}",
                PATIENCE,
                socket=self.wire,
                **(options | changes),
            )
        except WebSocketException:
            self.wire.close()
            raise
        return self

    def hang_up(self) -> None:
        """Close the line, if there is one."""
        if self.line:
            self.line.close(timeout=1)
            self.wire.close()  # the line leaves it open when it was closed from the other side
        self.line = None

    def send(
        self,
        kind: str,
        content: Mapping[str, object],
        channel: str = "shell",
        metadata: Mapping[str, object] | None = None,
    ) -> str:
        """Send one message and return its id."""
        header = {
            "msg_id": uuid4().hex,
            "msg_type": kind,
            "session": self.session,
            "username": "",
            "version": "5.4",
            "date": "2026-11-24T00:00:00Z",
        }
        self.send_raw(packed(channel, header, {}, metadata or {}, content))
        return header["msg_id"]

    def send_raw(self, frame: bytes, opcode: int = ABNF.OPCODE_BINARY) -> None:
        """Send whatever bytes these are."""
        assert self.line
        self.line.send(frame, opcode)

    def hear(self) -> Message:
        """Wait for the next message."""
        assert self.line
        frame = self.line.recv()
        assert isinstance(frame, bytes), f"the line was closed: {frame!r}"
        self.heard.append(unpacked(frame))
        return self.heard[-1]

    def hear_all(self, of: str) -> list[Message]:
        """Wait until the process has done what a message asked, and return all it said to it."""
        said: list[Message] = []
        while True:
            message = self.hear()
            if message.parent.get("msg_id") != of:
                continue
            said.append(message)
            if message.kind == "status" and message.content["execution_state"] == "idle":
                return said

    def load(self) -> Self:
        """Fetch the state of every widget, as the page does after a break."""
        comm = uuid4().hex
        target = "jupyter.widget.control"
        opening = {"comm_id": comm, "target_name": target, "data": {}}
        self.send("comm_open", opening, metadata={"version": "1.0.0"})
        asked = self.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        said = [message for message in self.hear_all(asked) if message.kind == "comm_msg"]
        self.states = _states(said[0].content["data"]["states"])
        return self

    def choose(self, answer: str) -> "Change":
        """Pick an answer from the list that has it, and wait for the new plan."""
        name, place = self._offer(answer)
        begun = time.perf_counter()
        said = self.hear_all(self.update(name, index=place))
        changes = [each.content["data"]["state"] for each in said if each.kind == "comm_msg"]
        values = [str(each.get("value", "")) for each in changes]
        plan = max(values, key=len, default="")  # the others are headings and remarks
        return Change(plan, (time.perf_counter() - begun) * 1000)

    def update(self, widget: str, **state: object) -> str:
        """Change a widget as the page does, and return the id of the message."""
        data = {"method": "update", "state": state, "buffer_paths": []}
        return self.send("comm_msg", {"comm_id": widget, "data": data})

    def leave(self) -> Reply:
        """Say goodbye, as the page does when it closes."""
        return self.ask(f"{self.base}voila/api/shutdown/{self.kernel}", "POST")

    def _offer(self, answer: str) -> tuple[str, int]:
        """Find the list with an answer, and the answer's place in it."""
        for name, state in self.states.items():
            offered: Sequence[str] = state.get("_options_labels", ())
            for place, text in enumerate(offered):
                if text.replace("\N{NO-BREAK SPACE}", " ").rpartition("|")[2].strip() == answer:
                    return name, place
        message = f"no list offers {answer!r}"
        raise LookupError(message)


def _states(widgets: Mapping[str, Mapping[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return the state of each widget by its name."""
    return {name: each["state"] for name, each in widgets.items()}


class Change(NamedTuple):
    """What a change came to, and how long that took."""

    plan: str
    milliseconds: float
