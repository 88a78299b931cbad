"""What a page may say to its process, and what the process may say to the page."""

import json
import struct
from itertools import pairwise
from typing import Any, NamedTuple

LONGEST = 2**20  # bytes of one message; the page keeps a person's file below a quarter of that
CONTROL = "jupyter.widget.control"
FROM_PAGE = {"comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request"}
TO_PAGE = {
    *("comm_open", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply"),
    "status",
}
_FEWEST, _MOST = 6, 64  # numbers in the table: a channel, four parts of JSON, buffers, the end


class Message(NamedTuple):
    """One message of Jupyter's protocol, without its buffers."""

    channel: str
    header: dict[str, Any]
    parent: dict[str, Any]
    metadata: dict[str, Any]
    content: dict[str, Any]

    @property
    def may_pass(self) -> bool:
        """Whether it is something that widgets say; everything else is refused."""
        kind = self.header.get("msg_type")
        opens_another = kind == "comm_open" and self.content.get("target_name") != CONTROL
        return self.channel == "shell" and kind in FROM_PAGE and not opens_another


def read_message(frame: bytes | str) -> Message | None:
    """Return what a frame says, or None when it is no message."""
    if isinstance(frame, str):
        return None
    try:
        (count,) = struct.unpack_from("<Q", frame)
        if not _FEWEST <= count <= _MOST:
            return None
        offsets = struct.unpack_from(f"<{count}Q", frame, 8)
        if offsets[0] != 8 * (count + 1) or offsets[-1] != len(frame) or _goes_back(offsets):
            return None
        channel, *parts = [frame[start:end] for start, end in pairwise(offsets[:6])]
        read = [json.loads(part) for part in parts]
        if not all(isinstance(part, dict) for part in read):
            return None
        return Message(channel.decode(), *read)
    except (struct.error, ValueError, RecursionError):
        return None


def _goes_back(offsets: tuple[int, ...]) -> bool:
    return any(end < start for start, end in pairwise(offsets))


class Allowance:
    """How much a page may still say: it is used up by talking, and grows back with time."""

    MOST = 200.0  # messages; opening a page takes about ten
    BACK = 50.0  # messages a second; nobody types that fast
    SHARE = 2**14  # bytes that count as one more message

    def __init__(self, now: float) -> None:
        self._left = self.MOST
        self._at = now

    def use(self, length: int, now: float) -> bool:
        """Use some of it for a message, and tell whether there was enough."""
        self._left = min(self.MOST, self._left + (now - self._at) * self.BACK)
        self._at = now
        self._left -= 1 + length / self.SHARE
        return self._left >= 0
