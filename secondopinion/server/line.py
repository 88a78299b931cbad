"""The line from a page to its process: who may use it, and what may be said."""

from http import HTTPStatus

from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import (
    VoilaKernelWebsocketHandler,
    read_header_from_binary_message,
)

from .messages import TO_PAGE, Allowance, read_message
from .pages import Sealed
from .visits import Visit

PROTOCOL = "v1.kernel.websocket.jupyter.org"
UNREADABLE, TOO_MUCH = 1007, 1008  # codes of the WebSocket standard


class Line(Sealed, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """One page's WebSocket."""

    visit: Visit
    allowance: Allowance

    async def get(self, kernel_id: str) -> None:
        """Let the page in whose process this is, and nobody else."""
        visit = self.visits.open.get(kernel_id)
        if visit is None or kernel_id not in self.kernel_manager or not await visit.is_alive:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        if PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        if not self.check_origin() or not visit.admits(self.get_argument("session_id", "")):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        self.visit = visit
        self.allowance = Allowance(IOLoop.current().time())
        await super().get(kernel_id=kernel_id)  # type: ignore[misc]  # its decorator hides it

    async def open(self, kernel_id: str) -> None:
        """Open the line."""
        self.visit.connect(self)
        self.set_nodelay(True)  # a plan must not wait for the last one to be acknowledged
        await super().open(kernel_id)

    def on_close(self) -> None:
        """Note that it has closed; the page may come back."""
        self.visit.disconnect(self)
        super().on_close()

    def on_message(self, frame: bytes | str) -> None:
        """Pass on what widgets say, ignore what they never say, and hang up on noise."""
        if not self.allowance.use(len(frame), IOLoop.current().time()):
            self.close(TOO_MUCH)
        elif (message := read_message(frame)) is None:
            self.close(UNREADABLE)
        elif message.may_pass:
            super().on_message(frame)

    def write_message(self, message: bytes | str, binary: bool = True) -> None:  # noqa: FBT002  (theirs)
        """Tell the page what widgets say; what Python prints stays here, and so do its errors."""
        if isinstance(message, str):  # Jupyter makes text of it when the line has closed meanwhile
            return
        header = read_header_from_binary_message(message) or {}
        if header.get("msg_type") in TO_PAGE:
            super().write_message(message, binary)
