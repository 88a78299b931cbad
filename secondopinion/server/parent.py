"""The parent of the visitors' processes: it has everything imported, and forks for each of them.

`python -m secondopinion.server.parent ORDERS LIFELINE`, with the numbers of two open files: orders
arrive on the one, and the other closes when the server has ended. The parent runs nobody's
notebook and hears nobody's answers; it starts no thread, because a fork copies only one.
"""

import gc
import json
import os
import random
import selectors
import signal
import socket
import sys
import threading
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path

from secondopinion import Case, build_plan
from secondopinion.render import to_html

from .kernel import prepare, run

LONGEST_ORDER = 2**14  # bytes; an order names a file and a folder
REFUSED = b"refused"
ANY_DAY = date(2026, 1, 1)
# What a notebook and a kernel import late. Imported here it is shared; what is missing is no loss.
SHARED = (
    "secondopinion.widgets",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "encodings.idna",
    "ipykernel.debugger",
    "resource",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
)


def read_ahead() -> None:
    """Load what every visit needs, so that it is loaded once."""
    for module in SHARED:
        with suppress(ImportError):
            import_module(module)
    to_html(build_plan(Case(), ANY_DAY))  # nobody's plan


def serve(orders: socket.socket) -> bytes:
    """Fork for every order, and return the order in the child. In the parent it never returns."""
    with selectors.DefaultSelector() as watched:
        watched.register(orders, selectors.EVENT_READ)
        while True:
            for key, _ in watched.select():
                if key.fileobj is not orders:  # a child has ended
                    os.waitid(os.P_PIDFD, key.fd, os.WEXITED)
                    watched.unregister(key.fd)
                    os.close(key.fd)
                    continue
                order = orders.recv(LONGEST_ORDER)
                if not order:  # the server has ended
                    sys.exit()
                gc.freeze()  # what is there now is never looked through again, and stays shared
                try:
                    child = _fork()
                except OSError:
                    orders.send(REFUSED)
                    continue
                if child is None:
                    return order
                pid, handle = child
                socket.send_fds(orders, [str(pid).encode()], [handle])
                watched.register(handle, selectors.EVENT_READ)


def _fork() -> tuple[int, int] | None:
    """Return the child's number and a handle that stays its own; in the child, None."""
    if not (pid := os.fork()):
        return None
    try:
        return pid, os.pidfd_open(pid)
    except OSError:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise


def leave_home(lifeline: int) -> None:
    """Keep nothing of the parent's but its memory: no open file, no terminal, no chance."""
    os.setsid()
    kept = {0, 1, 2, lifeline}
    for file in {int(name.name) for name in Path("/proc/self/fd").iterdir()} - kept:
        with suppress(OSError):  # the one that was open for listing
            os.close(file)
    random.seed()
    gc.enable()
    threading.Thread(target=_end_with_server, args=(lifeline,), daemon=True).start()


def _end_with_server(lifeline: int) -> None:
    os.read(lifeline, 1)  # nobody writes there: it returns when the server's end is closed
    os._exit(1)


def main() -> None:
    """Get ready, wait for orders, and in each child run a kernel."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server
    gc.disable()
    kernel = prepare()
    read_ahead()
    orders, lifeline = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    connection_file, folder = json.loads(serve(orders))
    orders.detach()
    leave_home(lifeline)
    os.chdir(folder)
    run(kernel, connection_file)


if __name__ == "__main__":
    main()
