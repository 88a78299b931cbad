"""A workbook that can be stopped and opened again, and the ways in which it can break."""

import json
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Self

import psutil
from playwright.sync_api import Page

from tests.serving import Served, still_running, stop
from tests.visitor import Visitor


class House(Served):
    """A workbook that can be closed and opened again at the same address."""

    def open(self) -> None:
        """Serve again, unless it still does."""
        if self.process.poll() is not None:
            self.__enter__()

    def stop(self) -> None:
        """Tell the server to stop, as a machine does that is shut down."""
        self.process.terminate()

    def close(self) -> None:
        """Stop serving, and wait until it has."""
        stop(self.process)

    def process_behind(self, page: Page) -> psutil.Process:
        """Return the process that answers a page."""
        return self.process_of(kernel_of(page))

    def await_room(self) -> None:
        """Wait until everybody has gone."""
        while json.loads(Visitor(self.address).ask("/healthz").text)["open"]:
            assert still_running(self.process)

    def cull(self, page: Page) -> None:
        """End a page's process in good order, as the server does when it has not been used."""
        goodbye = Visitor(self.address).ask(f"/voila/api/shutdown/{kernel_of(page)}", "POST")
        assert goodbye.status == HTTPStatus.NO_CONTENT


def kernel_of(page: Page) -> str:
    """Return the name of the process that a page has."""
    name = page.locator("[data-kernel]").get_attribute("data-kernel")
    assert name
    return name


def kill(process: psutil.Process) -> None:
    """End a process at once, as a machine does that has run out of memory."""
    process.send_signal(signal.SIGKILL)


class Cable:
    """A network between a browser and a server, which can go dead without a word."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.alive = threading.Event()
        self.alive.set()
        self.ends: list[socket.socket] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._in_background(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.alive.set()
        for end in (self.socket, *self.ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self) -> None:
        """Let nothing through any more."""
        self.alive.clear()

    def mend(self) -> None:
        """Let everything through again, also what was held up."""
        self.alive.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.socket.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
                self.ends += (near, far)
                self._in_background(self._carry, near, far)
                self._in_background(self._carry, far, near)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.alive.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    @staticmethod
    def _in_background(act: Callable[..., None], *arguments: Any) -> None:
        threading.Thread(target=act, args=arguments, daemon=True).start()
