"""What can be asked for over the web: the page, its files, its goodbye. Nothing else."""

import gzip
import json
import mimetypes
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, NamedTuple

from jupyter_server.base.handlers import JupyterHandler
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from voila.utils import include_url

from secondopinion import load_knowledge

from .visits import FullError, Visit, Visits

TEMPLATE = "secondopinion"
ALLOWED = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in ALLOWED.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Sealed(JupyterHandler):
    """Whatever is asked for: the same headers, no cookie, no word of how it is made."""

    @property
    def visits(self) -> Visits:
        """Everybody who is here."""
        visits: Visits = self.settings["visits"]
        return visits

    def set_default_headers(self) -> None:
        """Send our headers with every answer, and no name of a server."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def check_xsrf_cookie(self) -> None:
        """Need no cookie: what can be changed here has a name that only its own page knows."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in plain words what is wrong, and when to try again."""
        _, error, _ = kwargs.get("exc_info", (None, None, None))
        wait = error.wait if isinstance(error, FullError) else 0
        if wait:
            self.set_header("Retry-After", str(wait))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        template = self.settings["voila_jinja2_env"].get_template("error.html")
        self.finish(
            template.render(
                status_code=status_code,
                retry_after=wait,
                base_url=self.base_url,
                include_url=partial(include_url, TEMPLATE, self.base_url),
            )
        )

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Log what failed and where; the request and the error's words may hold an answer."""
        if typ and not isinstance(value, HTTPError):
            places = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(tb)]
            self.log.error("%s at %s", typ.__name__, " < ".join(reversed(places)))


class Page(Sealed):
    """The workbook, which has one address."""

    visit: Visit | None = None

    async def get(self) -> None:
        """Send the page while it is written. What follows a question mark is not looked at."""
        if self._asked_by_another_page:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        self.visit = await self.visits.welcome()
        self.set_header("Content-Type", "text/html; charset=utf-8")
        with suppress(StreamClosedError):  # nobody waits for it any more
            async for text in self.visit.read():
                self.write(text)
                await self.flush()

    @property
    def _asked_by_another_page(self) -> bool:
        """Whether another web site asks, to show us in it or to keep us busy; links are welcome."""
        headers = self.request.headers
        return (
            headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
            and headers.get("Sec-Fetch-Dest") != "document"
        )

    def on_connection_close(self) -> None:
        """End what was begun for somebody who did not wait for it."""
        super().on_connection_close()
        if self.visit:
            self.visit.end()


class Alive(Sealed):
    """Whether a page's process still lives. It is asked by that page, when its line breaks."""

    async def get(self, kernel_id: str) -> None:
        """Answer with nothing: that it is there is the answer."""
        visit = self.visits.open.get(kernel_id)
        if visit is None or not await visit.is_alive:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.set_status(HTTPStatus.NO_CONTENT)


class Goodbye(Sealed):
    """Forget everything about a page when it closes."""

    async def post(self, kernel_id: str) -> None:
        """End its process."""
        visit = self.visits.open.get(kernel_id)
        if visit is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        visit.end()
        self.set_status(HTTPStatus.NO_CONTENT)


class File(NamedTuple):
    """One of the page's files, as it is sent."""

    kind: str
    content: bytes
    packed: bytes
    etag: str


def files_in(folder: Path) -> dict[str, File]:
    """Read the page's files once, by the names they are asked for by: nothing else can be had."""
    return {
        path.relative_to(folder).as_posix(): _read(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _read(path: Path) -> File:
    content = path.read_bytes()
    kind = {".js": "text/javascript"}.get(path.suffix) or mimetypes.guess_type(path)[0]
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    return File(kind or "application/octet-stream", content, gzip.compress(content), etag)


class Static(Sealed):
    """The page's script and style."""

    def initialize(self, files: Mapping[str, File]) -> None:
        """Take the files to choose from."""
        self.files = files

    async def get(self, name: str) -> None:
        """Send one, unless the visitor has it already."""
        if (file := self.files.get(name)) is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        # A name that ends in ?v= and a sum of the content never stands for another content.
        lasting = "v" in self.request.arguments
        self.set_header("Cache-Control", "max-age=31536000, immutable" if lasting else "no-cache")
        self.set_header("Etag", file.etag)
        self.set_header("Vary", "Accept-Encoding")
        if self.check_etag_header():
            self.set_status(HTTPStatus.NOT_MODIFIED)
            return
        self.set_header("Content-Type", file.kind)
        packed = "gzip" in self.request.headers.get("Accept-Encoding", "")
        if packed:
            self.set_header("Content-Encoding", "gzip")
        self.write(file.packed if packed else file.content)


def comes_from_here(address: str) -> bool:
    """Tell whether somebody on this very computer asks."""
    try:
        found = ip_address(address)
    except ValueError:  # a socket that is a file has none
        return False
    return bool(found.is_loopback or (getattr(found, "ipv4_mapped", None) or found).is_loopback)


class ForTheKeeper(Sealed):
    """What only somebody on this computer may ask."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Be not there for anybody else."""
        await super().prepare()
        if not comes_from_here(self.request.remote_ip or ""):
            raise HTTPError(HTTPStatus.NOT_FOUND)


class Health(ForTheKeeper):
    """Whether all is well."""

    async def get(self) -> None:
        """Say so, or say that the last page could not be made."""
        visits = self.visits
        if visits.last_failed:
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_header("Content-Type", "application/json")
        said = {
            "ok": not visits.last_failed,
            "version": self.settings["version"],
            "data_version": load_knowledge().data_version,
            "open": len(visits.open),
            "most": visits.most,
        }
        self.write(json.dumps(said))


class Metrics(ForTheKeeper):
    """What has been counted."""

    async def get(self) -> None:
        """Give the figures to Prometheus."""
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.write(self.visits.counts.as_text())


class NotHere(Sealed):
    """Everything else."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Say that it is not here, however it was asked for."""
        raise HTTPError(HTTPStatus.NOT_FOUND)
