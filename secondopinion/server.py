"""Serve the workbook as a page: Voilà with this project's settings, template and manners."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typer
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import HTTPError, RequestHandler, StaticFileHandler
from tornado.websocket import WebSocketClosedError
from traitlets import Integer
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

_HERE = Path(__file__).parent
_STATIC = "voila/templates/secondopinion/static"
_ANYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104  (names them, does not listen there)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def serve(
    port: int = 8866,
    host: str = "127.0.0.1",
    *,
    open_browser: bool = True,
    notebook: Path | None = None,
) -> None:
    """Open the workbook at an address on this computer and keep it open until Ctrl+C.

    Parameters
    ----------
    port
        The last part of the address; 0 takes any that is free.
    host
        Who can reach it: 127.0.0.1 is this computer only, 0.0.0.0 is the whole network.
    open_browser
        Whether to open the page in the browser as well.
    notebook
        Another notebook to serve instead of the workbook.
    """
    sockets = _listen(port, host)
    with _own_surroundings():
        app = Workbook.instance(  # the one that Jupyter's handlers write their log to
            sockets,
            ip=host,
            open_browser=open_browser,
            notebook_path=str(notebook or _find("notebooks/workbook.ipynb")),
            config_file_paths=[str(_find("voila.json").parent)],
        )
        app.initialize([])
        app.start()


def _find(name: str) -> Path:
    """Find a file in the installed package or, in a checkout, beside it."""
    for root in (_HERE, _HERE.parent):
        if (path := root / name).exists():
            return path
    message = f"{name} is missing: it is neither in {_HERE} nor beside it."
    raise SystemExit(message)


def _listen(port: int, host: str) -> list[socket.socket]:
    """Take the port before anything else starts, and say plainly when it cannot be had."""
    try:
        return bind_sockets(port, host)
    except OSError as error:
        message = (
            f"The workbook cannot open on port {port} of {host}: {error.strerror}.\n"
            "It may be open in another window already. Use that one, or choose another port:\n"
            f"  secondopinion app --port {port + 1}"
        )
        raise SystemExit(message) from error


@contextmanager
def _own_surroundings() -> Iterator[None]:
    """Keep this person's own Jupyter and IPython settings and histories out of it."""
    before = dict(os.environ)
    with TemporaryDirectory(prefix="secondopinion_", ignore_cleanup_errors=True) as scratch:
        os.environ |= {
            "JUPYTER_PATH": str(_HERE),  # where Voilà finds voila/templates/secondopinion
            "JUPYTER_CONFIG_DIR": scratch,
            "JUPYTER_DATA_DIR": scratch,
            "IPYTHONDIR": scratch,
        }
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _hush_closed_pages(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing when a page closes while a message is on its way to it."""
    if not isinstance(context.get("exception"), WebSocketClosedError):
        loop.default_exception_handler(context)


class Kernels(AsyncMappingKernelManager):
    """Run one Python process per open page, up to a limit, and keep a fresh one waiting."""

    max_kernels = Integer(100, help="How many pages may be open at once.").tag(config=True)
    _day = date.today()  # noqa: DTZ011  (the server's own day, as the notebook takes it)

    # Voilà mixes these in, with the pool of waiting processes.
    _pools: dict[str, list[asyncio.Task[dict[str, Any]]]]
    notebook_path: str
    fill_if_needed: Callable[..., None]

    async def start_kernel(self, **options: Any) -> str:  # type: ignore[override]
        """Start a process, unless the house is full."""
        if len(self) >= self.max_kernels:
            raise HTTPError(503)
        # When a widget fails, Python prints what the visitor chose. That belongs in no log.
        options |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return await super().start_kernel(**options)

    async def cull_kernels(self) -> None:
        """Stop processes that nobody uses, and those in waiting that think it is yesterday."""
        await super().cull_kernels()  # type: ignore[no-untyped-call]
        if not hasattr(self, "_pools"):  # voila.json says not to preheat
            return
        if self._day != (today := date.today()):  # noqa: DTZ011
            self._day = today
            for kernel_id in self._in_waiting():
                await self.shutdown_kernel(kernel_id)  # type: ignore[no-untyped-call]
        self.fill_if_needed(delay=0, notebook_name=self.notebook_path)

    def _in_waiting(self) -> list[str]:
        pool = self._pools[self.notebook_path]
        return [task.result()["kernel_id"] for task in pool if task.done() and not task.exception()]


class OwnPython(KernelSpecManager):
    """Know one kernel: the very Python that runs this server."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Name it."""
        return {"python3": str(_HERE)}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Describe it, whatever name a notebook asks for."""
        launch = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
        no_history = "--HistoryManager.enabled=False"
        return KernelSpec(
            argv=[sys.executable, *launch, no_history],
            display_name=kernel_name,
            language="python",
            name="python3",
        )


class Visitor(IdentityProvider):
    """Take visitors as they come: no account, no name, no cookie."""

    def get_user(self, handler: RequestHandler) -> User:  # noqa: ARG002
        """Return the same nobody for everybody."""
        return User("visitor")


class Page(TornadoVoilaHandler):  # type: ignore[misc]
    """Show the workbook, which has one address."""

    @property
    def template_namespace(self) -> dict[str, Any]:
        """Give an error page what it shows. Jupyter's own list would also set a cookie."""
        return {"base_url": self.base_url}

    def redirect_to_file(self, path: str) -> None:  # noqa: ARG002
        """Say that there is nothing else here: no file is served by name."""
        raise HTTPError(404)


class Goodbye(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """Forget everything about a page when it closes."""

    def check_xsrf_cookie(self) -> None:
        """Need no cookie: only the page itself knows the name of its process."""


class Static(StaticFileHandler):
    """Send the page's script and style with the same headers as the page."""

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002
        """Add the headers that voila.json lists."""
        for name, value in self.settings["headers"].items():
            self.set_header(name, value)


class Workbook(Voila):  # type: ignore[misc]
    """Voilà, less what the workbook does not need."""

    def __init__(self, sockets: list[socket.socket], **traits: Any) -> None:
        own = {
            "Voila": {"identity_provider_class": Visitor},
            "VoilaConfiguration": {
                "kernel_spec_manager_class": OwnPython,
                "multi_kernel_manager_class": Kernels,
            },
        }
        super().__init__(config=Config(own), port=sockets[0].getsockname()[1], **traits)
        self.sockets = sockets

    def init_settings(self) -> dict[str, Any]:
        """Compress what is sent, log no requests, and on this computer answer to no other name."""
        settings: dict[str, Any] = super().init_settings()
        return settings | {
            "allow_remote_access": self.ip not in _LOOPBACK,
            "compress_response": True,
            "log_function": lambda _handler: None,
        }

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Serve the page, its script and style, and the line to its process. Nothing else."""
        mine = {TornadoVoilaHandler: Page, VoilaShutdownKernelHandler: Goodbye}
        served = {KernelHandler, VoilaKernelWebsocketHandler, *mine}
        handlers = [
            (pattern, mine.get(handler, handler), *options)
            for pattern, handler, *options in super().init_handlers()
            if handler in served
        ]
        static = f"{self.server_url}{_STATIC}/(.*)"
        return [(static, Static, {"path": str(_HERE / _STATIC)}), *handlers]

    def listen(self) -> None:
        """Answer at the port already taken, until Ctrl+C."""
        HTTPServer(self.app).add_sockets(self.sockets)
        self.ioloop = IOLoop.current()
        asyncio.get_event_loop().set_exception_handler(_hush_closed_pages)
        logging.getLogger("tornado.general").setLevel(
            logging.ERROR
        )  # pages not found, and the like
        name = socket.gethostname() if self.ip in _ANYWHERE else self.ip
        address = f"http://{name}:{self.port}{self.base_url}".rstrip("/")
        typer.echo(f"The workbook is open at {address} - press Ctrl+C to stop.")
        if self.open_browser:
            self.ioloop.run_in_executor(None, webbrowser.open, address)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            typer.echo("\nThe workbook is closed.")
        finally:
            self.stop()
