"""The server: Voilà, less what the workbook does not need."""

import asyncio
import logging
import socket
import webbrowser
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.web import RequestHandler
from tornado.websocket import WebSocketClosedError
from traitlets.config import Config
from voila.app import Voila

from . import nursery
from .kernels import Client, Kernels, OwnPython, lines_in
from .line import Line
from .messages import LONGEST
from .notebook import Notebook
from .pages import (
    TEMPLATE,
    Alive,
    Goodbye,
    Health,
    Metrics,
    NotHere,
    Page,
    Static,
    files_in,
)
from .surroundings import HERE, allow_open_files, find, listen, own_surroundings
from .visits import Visits

_STATIC = f"voila/templates/{TEMPLATE}/static"
_ANYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104  (names them, does not listen there)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_ID = "([0-9a-f-]{36})"
_LONGEST_BODY = 2**16  # bytes; the page sends none
_SLOWEST_BODY = 20  # seconds
_IDLE = 120  # seconds until a connection that asks for nothing is closed
_PACKING = {"compression_level": 4, "mem_level": 5}  # a plan takes a fifth of the time to a phone


class Visitor(IdentityProvider):
    """Take visitors as they come: no account, no name, no cookie."""

    def get_user(self, handler: RequestHandler) -> User:  # noqa: ARG002
        """Return the same nobody for everybody."""
        return User("visitor")


class Workbook(Voila):  # type: ignore[misc]
    """Voilà with this project's settings, template and manners."""

    def __init__(
        self, sockets: list[socket.socket], visitors: int, public: str, **traits: Any
    ) -> None:
        own = {
            "AsyncKernelManager": {"client_factory": Client},
            "Voila": {"identity_provider_class": Visitor},
            "VoilaConfiguration": {
                "kernel_spec_manager_class": OwnPython,
                "multi_kernel_manager_class": Kernels,
                "template": TEMPLATE,
            },
        }
        super().__init__(config=Config(own), port=sockets[0].getsockname()[1], **traits)
        self.sockets = sockets
        self.visitors = visitors
        self._exporter: Any = None
        self.public = urlsplit(public)
        self.base_url = f"/{self.public.path.strip('/')}/".replace("//", "/")

    @classmethod
    def open_at(  # noqa: PLR0913
        cls,
        port: int,
        host: str,
        *,
        open_browser: bool,
        notebook: Path | None,
        visitors: int,
        public: str,
    ) -> None:
        """Open the workbook; `serve` says what the words mean."""
        sockets = listen(port, host)
        allow_open_files()
        path = (notebook or find("notebooks/workbook.ipynb")).resolve()
        with own_surroundings() as scratch:
            app = cls.instance(  # the one that Jupyter's handlers write their log to
                sockets,
                visitors,
                public,
                ip=host,
                open_browser=open_browser,
                notebook_path=str(path),
                root_dir=str(path.parent),
                connection_dir_root=scratch,
                config_file_paths=[str(find("voila.json").parent)],
            )
            app.initialize([])
            app.start()

    def init_settings(self) -> dict[str, Any]:
        """Compress what is sent, log no requests, and answer to our own names only."""
        self.update_config(lines_in(self.connection_dir))
        nursery.register()
        settings: dict[str, Any] = super().init_settings()
        kernels = self.kernel_manager
        kernels.nursery = nursery.Nursery() if nursery.can_fork() else None
        kernels.visits = Visits(kernels, self._renderer, self.visitors)
        named = bool(self.public.hostname) or self.ip in _LOOPBACK
        return settings | {
            "allow_remote_access": not named,
            "local_hostnames": ["localhost", self.public.hostname],
            "compress_response": True,
            "default_handler_class": NotHere,
            "log_function": lambda _handler: None,
            "version": version("secondopinion"),
            "visits": kernels.visits,
            "websocket_compression_options": _PACKING,
            "websocket_max_message_size": LONGEST,
        }

    async def _renderer(self) -> Notebook:
        """Return what turns the notebook into a page."""
        renderer = Notebook(
            voila_configuration=self.voila_configuration,
            traitlet_config=self.config,
            notebook_path=Path(self.notebook_path).name,
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config={},
        )
        await renderer.initialize()
        self._exporter = self._exporter or renderer.exporter
        renderer.exporter = self._exporter  # all share one, whose template is compiled once
        return renderer

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Serve the page, its script and style, and the line to its process. Nothing else."""
        kernel = f"{self.base_url}api/kernels/{_ID}"
        files = {"files": files_in(HERE / _STATIC)}
        return [
            ("/", Page),
            (self.base_url, Page),
            (f"{self.base_url}{_STATIC}/(.*)", Static, files),
            (kernel, Alive),
            (f"{kernel}/channels", Line),
            (f"{self.base_url}voila/api/shutdown/{_ID}", Goodbye),
            ("/healthz", Health),
            ("/metrics", Metrics),
        ]

    def listen(self) -> None:
        """Answer at the port already taken, until Ctrl+C."""
        self._server = HTTPServer(
            self.app,
            max_body_size=_LONGEST_BODY,
            body_timeout=_SLOWEST_BODY,
            idle_connection_timeout=_IDLE,
        )
        self._server.add_sockets(self.sockets)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.kernel_manager.visits.refill)
        asyncio.get_event_loop().set_exception_handler(_hush_closed_pages)
        for noisy in ("tornado.general", "tornado.access"):  # pages not found, and the like
            logging.getLogger(noisy).setLevel(logging.ERROR)
        typer.echo(f"The workbook is open at {self._address} - press Ctrl+C to stop.")
        if self.open_browser:
            self.ioloop.run_in_executor(None, webbrowser.open, self._address)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            typer.echo("\nThe workbook is closed.")
        finally:
            self.stop()

    @property
    def _address(self) -> str:
        name = socket.gethostname() if self.ip in _ANYWHERE else self.ip
        return self.public.geturl() or f"http://{name}:{self.port}"

    def stop(self) -> None:
        """End every process, and leave nothing behind."""
        self.ioloop.run_sync(self._end)

    async def _end(self) -> None:
        self.log.setLevel(logging.CRITICAL)  # what fails from here on fails because we end it
        # First nobody answers any more: a page must not hear that its process is gone for good.
        self._server.stop()
        await self._server.close_all_connections()
        kernels = self.kernel_manager
        await kernels.visits.close()
        if kernels.nursery:
            kernels.nursery.close()


def _hush_closed_pages(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing when a page closes while a message is on its way to it."""
    if not isinstance(context.get("exception"), WebSocketClosedError):
        loop.default_exception_handler(context)
