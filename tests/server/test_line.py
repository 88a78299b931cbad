"""What can be said over the line to a process: what widgets say, by the page that it belongs to."""

import struct
from itertools import accumulate
from typing import Any
from uuid import uuid4

import pytest
from websocket import ABNF, WebSocketBadStatusException

from secondopinion.server.line import Line
from tests.serving import Served
from tests.visitor import Message, Visitor, packed

CHANNELS = ("shell", "control", "stdin", "iopub")
NEVER = (
    "execute_request",
    "inspect_request",
    "complete_request",
    "history_request",
    "is_complete_request",
    "connect_request",
    "usage_request",
    "create_subshell_request",
    "debug_request",
    "input_reply",
    "interrupt_request",
    "shutdown_request",
)
THE_END = {"code": "import os; os._exit(1)", "silent": False, "restart": False}
HEADER = b'{"msg_id": "1", "msg_type": "comm_msg", "session": "1"}'
DEEP = b"[" * 100_000 + b"]" * 100_000
UNREADABLE, NOISE, TOO_LONG = 1007, 1008, 1009
WELL = "Original Medicare"
TO_PAGE = {"comm_open", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply", "status"}


def said_to(visitor: Visitor, message: str) -> list[Message]:
    """Return what was said to a message, by the time the process has answered the next one."""
    visitor.hear_all(visitor.send("kernel_info_request", {}))
    return [each for each in visitor.heard if each.parent.get("msg_id") == message]


def is_well(visitor: Visitor) -> bool:
    """Tell whether the process still makes plans."""
    visitor.choose("TRICARE Prime")
    return WELL in visitor.choose(WELL).plan


def why_closed(visitor: Visitor) -> int:
    """Wait until the line is closed from the other side, and return the code that says why."""
    assert visitor.line
    while True:
        opcode, data = visitor.line.recv_data(control_frame=True)
        if opcode == ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2])


def frame(*parts: bytes) -> bytes:
    """Return a frame of any parts."""
    first = 8 * (len(parts) + 2)
    return table(*accumulate(map(len, parts), initial=first)) + b"".join(parts)


def table(*offsets: int) -> bytes:
    """Return the numbers that say where the parts of a frame are."""
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets)


NONSENSE = {
    "nothing": b"",
    "one byte": b"\0",
    "an empty table": table(),
    "a table of zeros": table(*[0] * 6),
    "a table that points far away": table(*[2**63] * 6),
    "a table that points at itself": table(*[8] * 6),
    "a table that goes back": table(56, 90, 60, 60, 60, 60) + bytes(4),
    "a table cut short": table(*[56] * 6)[:-8],
    "a table longer than the frame": struct.pack("<Q", 2**60) + bytes(64),
    "more than the table says": frame(b"shell", HEADER, b"{}", b"{}", b"{}") + b"more",
    "a part too few": frame(b"shell", HEADER, b"{}", b"{}"),
    "a hundred parts too many": frame(b"shell", HEADER, b"{}", b"{}", b"{}", *[b""] * 100),
    "a header that is no JSON": frame(b"shell", b"not JSON", b"{}", b"{}", b"{}"),
    "a header that is a list": frame(b"shell", b"[1]", b"{}", b"{}", b"{}"),
    "a content that is a number": frame(b"shell", HEADER, b"{}", b"{}", b"5"),
    "a content a hundred thousand deep": frame(b"shell", HEADER, b"{}", b"{}", DEEP),
    "a content that is no text": frame(b"shell", HEADER, b"{}", b"{}", b'"\xff"'),
    "a channel that is no text": frame(b"\xff\xff", HEADER, b"{}", b"{}", b"{}"),
}


def dropdown(visitor: Visitor) -> str:
    """Return a list to choose from."""
    return next(name for name, state in visitor.states.items() if "_options_labels" in state)


# What is said


@pytest.mark.parametrize("kind", NEVER)
def test_what_no_widget_says_is_passed_on_over_no_channel(regular: Visitor, kind: str):
    asked = [regular.send(kind, THE_END, channel) for channel in CHANNELS]
    assert [said_to(regular, each) for each in asked] == [[], [], [], []]
    assert is_well(regular)


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub"])
def test_widgets_talk_over_one_channel_and_over_no_other(regular: Visitor, channel: str):
    assert said_to(regular, regular.send("kernel_info_request", {}, channel)) == []


@pytest.mark.parametrize("target", ["jupyter.widget", "jupyter.widget.version", "", "os.system"])
def test_a_page_makes_no_widgets_of_its_own(regular: Visitor, target: str):
    opening = {"comm_id": uuid4().hex, "target_name": target, "data": {"state": {}}}
    assert said_to(regular, regular.send("comm_open", opening)) == []


def test_what_a_page_shows_at_first_is_what_its_process_would_tell(stranger: Visitor):
    shown = stranger.open().states
    assert any("so-plan" in state.get("_dom_classes", ()) for state in shown.values())
    assert stranger.connect().load().states == shown


# Whose line it is


def test_a_guessed_name_of_a_process_leads_nowhere(stranger: Visitor):
    stranger.kernel = str(uuid4())
    with pytest.raises(WebSocketBadStatusException, match="404"):
        stranger.connect()


def test_a_second_page_cannot_listen_in_even_when_it_knows_the_name(
    visitor: Visitor, stranger: Visitor
):
    stranger.kernel = visitor.kernel
    with pytest.raises(WebSocketBadStatusException, match="403"):
        stranger.connect()


def test_a_page_without_a_session_is_nobodys(stranger: Visitor):
    stranger.open().session = ""
    with pytest.raises(WebSocketBadStatusException, match="403"):
        stranger.connect()


def test_the_same_page_may_come_back_and_finds_its_answers(visitor: Visitor):
    visitor.choose("TRICARE Prime")
    visitor.connect().load()
    assert any("TRICARE Prime" in str(state.get("value")) for state in visitor.states.values())


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1"])
def test_another_web_sites_page_gets_no_line(stranger: Visitor, origin: str):
    stranger.open()
    with pytest.raises(WebSocketBadStatusException, match="403"):
        stranger.connect(origin=origin)


def test_another_web_site_that_tries_takes_nothing_from_the_page_itself(stranger: Visitor):
    stranger.open()
    with pytest.raises(WebSocketBadStatusException, match="403"):
        stranger.connect(origin="https://elsewhere.example")
    assert is_well(stranger.connect().load())


def test_only_the_protocol_that_the_page_speaks_is_spoken(stranger: Visitor):
    stranger.open()
    with pytest.raises(WebSocketBadStatusException, match="400"):
        stranger.connect(subprotocols=["v0.something"])


# Nonsense


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_what_is_no_message_ends_the_line_and_nothing_else(visitor: Visitor, nonsense: str):
    visitor.send_raw(NONSENSE[nonsense])
    assert why_closed(visitor) == UNREADABLE
    assert is_well(visitor.connect().load())


def test_text_where_bytes_belong_ends_the_line_and_nothing_else(visitor: Visitor):
    visitor.send_raw(b'{"header": {"msg_type": "execute_request"}}', ABNF.OPCODE_TEXT)
    assert why_closed(visitor) == UNREADABLE
    assert is_well(visitor.connect().load())


def test_a_message_longer_than_any_page_sends_ends_the_line_and_nothing_else(visitor: Visitor):
    visitor.wire.sendall(b"\x82\xff" + struct.pack("!Q", 2**20 + 1) + bytes(4))  # it announces one
    assert why_closed(visitor) == TOO_LONG
    assert is_well(visitor.connect().load())


def test_a_page_that_never_stops_talking_is_hung_up_on(visitor: Visitor):
    for _ in range(1000):
        visitor.send_raw(packed("shell", {"msg_type": "history_request"}, {}, {}, {}))
    assert why_closed(visitor) == NOISE
    assert is_well(visitor.connect().load())


def test_bytes_that_no_browser_sends_end_the_line_and_nothing_else(visitor: Visitor):
    visitor.wire.sendall(b"\xff\xff" + bytes(100))  # not a frame of any WebSocket
    while visitor.wire.recv(2**16):
        pass
    assert is_well(visitor.connect().load())


# Impossible answers


@pytest.mark.parametrize("index", [9999, -9999, 1.5, "1", None, True, [], {"a": 1}, 1e308])
def test_an_impossible_answer_gives_no_traceback_and_harms_nobody(regular: Visitor, index: Any):
    said = regular.hear_all(regular.update(dropdown(regular), index=index))
    assert {message.kind for message in said} <= {"status", "comm_msg"}
    assert "Traceback" not in str(said)
    assert is_well(regular)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"comm_id": "nobody", "data": {"method": "update", "state": {}}},
        {"comm_id": None, "data": None},
        {"data": {"method": "update"}},
    ],
)
def test_talking_to_no_widget_gives_no_traceback_and_harms_nobody(
    regular: Visitor, content: dict[str, Any]
):
    said = regular.hear_all(regular.send("comm_msg", content))
    assert {message.kind for message in said} == {"status"}
    assert is_well(regular)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"method": "no such method"},
        {"method": "update"},
        {"method": "update", "state": {"no_such_trait": 1}, "buffer_paths": []},
        {"method": "update", "state": {"index": 1}, "buffer_paths": [["index"], ["x", 5]]},
        {"method": "update", "state": {"_options_labels": 5}, "buffer_paths": []},
        {"method": "update", "state": {"layout": "IPY_MODEL_nobody"}, "buffer_paths": []},
        {"method": "custom", "content": {"event": "click"}},
    ],
)
def test_telling_a_widget_nonsense_gives_no_traceback_and_harms_nobody(visitor: Visitor, data: Any):
    said = visitor.hear_all(visitor.send("comm_msg", {"comm_id": dropdown(visitor), "data": data}))
    assert {message.kind for message in said} <= {"status", "comm_msg"}
    assert "Traceback" not in str(said)
    visitor.load()
    assert is_well(visitor)


def test_whoever_changes_what_a_page_shows_changes_their_own_page_only(
    visitor: Visitor, regular: Visitor
):
    plan = max(visitor.states, key=lambda name: len(str(visitor.states[name].get("value", ""))))
    visitor.hear_all(visitor.update(plan, value="<img src=x onerror=alert(1)>"))
    assert "onerror" in str(visitor.load().states)
    assert "onerror" not in str(regular.load().states)


def test_what_comes_when_the_line_has_closed_is_told_to_nobody():
    closed = Line.__new__(Line)  # as it is when there is no page any more
    closed.write_message('{"header": {"msg_type": "status"}}')
    assert vars(closed) == {}


def test_a_page_hears_what_widgets_say_and_nothing_else(regular: Visitor):
    assert {message.kind for message in regular.heard} <= TO_PAGE


def test_a_plan_is_packed_for_a_browser_that_can_unpack_it(stranger: Visitor):
    stranger.open().connect(header={"Sec-WebSocket-Extensions": "permessage-deflate"})
    assert stranger.line
    assert "permessage-deflate" in (stranger.line.getheaders() or {})["sec-websocket-extensions"]


def test_the_server_has_said_nothing_about_all_this(workbook: Served):
    assert workbook.said == ""
