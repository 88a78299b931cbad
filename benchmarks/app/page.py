"""A page without a browser: what every visitor does before their app's own way of talking."""

import asyncio
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from tornado.httpclient import HTTPError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

PATIENCE = 60.0  # seconds for any one answer
_LARGEST = 64 * 2**20  # bytes of one answer or message


class StrandedError(Exception):
    """The server or what stands behind it did not do what the page needs."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one answer came to: the new plan, and how long it took to arrive."""

    milliseconds: float
    html: str


class Page:
    """A page that is open, as far as the server can tell: `async with Page(url) as page`.

    Whatever does not work raises `StrandedError`.

    Parameters
    ----------
    url
        Where the form is served.
    files
        Whether to fetch the page's scripts and styles too, as a browser with an empty cache does.
    verify
        Whether the server's certificate must be a known one.
    patience
        Seconds to wait for any one answer.
    """

    def __init__(
        self, url: str, *, files: bool = True, verify: bool = True, patience: float = PATIENCE
    ) -> None:
        self.url = url
        self.page_ms = 0.0  # from asking for the page to its last byte, without its files
        self.ready_ms = 0.0  # from asking for the page to the last of what it shows
        self.received = 0  # bytes of the page, its files and its messages, as they were sent
        self.plan = ""  # as it stands, as HTML
        self._files = files
        self._verify = verify
        self._patience = patience
        self._cookies: list[str] = []
        self._socket: WebSocketClientConnection | None = None
        self._http = SimpleAsyncHTTPClient(force_instance=True, max_body_size=_LARGEST)

    async def __aenter__(self) -> Self:
        try:
            await self._enter()
        except BaseException:
            await self.leave()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.leave()

    async def change(self, question: str, answer: str) -> Change:
        """Answer a question and return the plan that follows, once the server is done with it.

        Parameters
        ----------
        question
            The id of a question that is answered from a list or by typing: "coverage", "state".
        answer
            The id of one of its answers, or what is typed; "" for no answer.
        """
        raise NotImplementedError

    async def leave(self) -> None:
        """Close the page."""
        if self._socket:
            self._socket.close()
            self._socket = None
        self._http.close()

    async def _enter(self) -> None:
        """Ask for the page and do what it does when it opens."""
        raise NotImplementedError

    def _request(self, address: str, **options: Any) -> HTTPRequest:
        where = urlsplit(self.url)
        headers = {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(self._cookies),
            "Origin": f"{where.scheme}://{where.netloc}",
        }
        return HTTPRequest(
            urljoin(self.url, address),
            headers=headers,
            connect_timeout=self._patience,
            request_timeout=self._patience,
            decompress_response=False,  # so that the bytes sent can be counted
            validate_cert=self._verify,
            **options,
        )

    async def _fetch(self, address: str, **options: Any) -> bytes:
        try:
            answer = await self._http.fetch(self._request(address, **options))
        except (HTTPError, OSError) as error:
            message = f"{address or self.url}: {error}"
            raise StrandedError(message) from error
        if answer.code not in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
            message = f"{address or self.url}: {answer.code}"
            raise StrandedError(message)
        self._cookies += [one.split(";", 1)[0] for one in answer.headers.get_list("Set-Cookie")]
        self.received += len(answer.body)
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(answer.body) if packed else answer.body

    async def _fetch_all(self, addresses: Iterable[str]) -> None:
        """Fetch the files that the page names, unless this visitor has them already."""
        if self._files:
            await asyncio.gather(*map(self._fetch, addresses))

    async def _open(self, address: str, protocols: list[str]) -> None:
        """Open the page's WebSocket."""
        request = self._request(address)
        request.url = request.url.replace("http", "ws", 1)
        try:
            self._socket = await websocket_connect(
                request,
                subprotocols=protocols,
                compression_options={},  # offered, as browsers do
                max_message_size=_LARGEST,
            )
        except (HTTPError, OSError) as error:
            message = f"the socket did not open: {error}"
            raise StrandedError(message) from error

    async def _write(self, frame: str | bytes) -> None:
        """Send one frame."""
        if self._socket is None:
            message = "nobody is on this page"
            raise StrandedError(message)
        await self._socket.write_message(frame, binary=isinstance(frame, bytes))

    async def _read(self) -> str | bytes:
        """Return the next frame that comes."""
        if self._socket is None:
            message = "nobody is on this page"
            raise StrandedError(message)
        try:
            frame = await asyncio.wait_for(self._socket.read_message(), self._patience)
        except TimeoutError as error:
            message = f"no answer for {self._patience:g} seconds"
            raise StrandedError(message) from error
        if frame is None:
            message = "the socket closed"
            raise StrandedError(message)
        self.received += len(frame)
        return frame
