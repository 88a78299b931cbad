"""Where the visitors' processes come from: a warmed parent that forks, where that can be done.

Starting Python and importing everything anew takes each process half a second and 50 MiB. A fork
of a parent that has done it takes a tenth of the time, and shares what it does not change.
Decision 0010 tells more.
"""

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

NAME = "secondopinion-forked"
PATIENCE = 10.0  # seconds; the parent is ready after one, and a fork takes milliseconds
_REPLY = 64  # bytes
# Hundreds of processes that mostly wait should not keep memory which they have given back.
_FRUGAL = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "65536",
}


def can_fork() -> bool:
    """Tell whether processes can be forked and held here: on Linux, unless it is forbidden."""
    if sys.platform != "linux" or os.environ.get("SECONDOPINION_FORK") == "no":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


class Child:
    """A process that is a child of the parent's, held by a handle that is never another's."""

    stdin = stdout = stderr = None
    returncode: int | None = None

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self._handle = handle
        self._watch = select.poll()
        self._watch.register(handle, select.POLLIN)

    def poll(self) -> int | None:
        """Return 0 once it has ended. How it ended only its parent learns, and nobody asks."""
        if self.returncode is None and self._watch.poll(0):
            os.close(self._handle)
            self.returncode = 0
        return self.returncode

    def wait(self) -> int:
        """Wait until it has ended."""
        if self.returncode is None:
            self._watch.poll()
        return self.poll() or 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it is still there."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class Parent:
    """The warmed process that forks, and the wire over which it is told to."""

    def __init__(self, lifeline: int) -> None:
        self._wire, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._wire.settimeout(0)
        passed = (theirs.fileno(), lifeline)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (this very Python)
                [sys.executable, "-P", "-m", f"{__package__}.parent", *map(str, passed)],
                pass_fds=passed,
                env=os.environ | _FRUGAL,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    async def fork(self, order: bytes) -> Child | None:
        """Return a new child, or None when the parent could not have one."""
        self._wire.send(order)
        await _something_to_read(self._wire)
        return self._child()

    def _child(self) -> Child | None:
        """Take what the parent hands over."""
        reply, handles, _, _ = socket.recv_fds(self._wire, _REPLY, 1)
        if not reply:
            raise ConnectionResetError
        return Child(int(reply), handles[0]) if handles else None

    def end(self) -> None:
        """End it. Its children live on, but for one that nobody has taken."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            while child := self._child():
                child.kill()
        self._wire.close()


class Nursery:
    """A parent, and another one when it has ended."""

    def __init__(self) -> None:
        # The server alone holds the second end. When it is gone, parent and children go.
        self._lifeline, self._our_end = os.pipe()
        self._one_at_a_time = asyncio.Lock()
        self._parent = Parent(self._lifeline)

    async def fork(self, connection_file: str, folder: str) -> Child | None:
        """Return a new process that runs a kernel, or None when it cannot be had this way."""
        order = json.dumps([connection_file, folder]).encode()
        async with self._one_at_a_time:
            for _ in range(2):  # the second time with a new parent
                try:
                    return await asyncio.wait_for(self._parent.fork(order), PATIENCE)
                except OSError:  # it has ended, or it hangs
                    self._renew()
                except asyncio.CancelledError:  # nobody wants the answer: it must not be the next's
                    self._renew()
                    raise
        return None

    def _renew(self) -> None:
        self._parent.end()
        self._parent = Parent(self._lifeline)

    def close(self) -> None:
        """End the parent and all its children."""
        self._parent.end()
        os.close(self._our_end)
        os.close(self._lifeline)


async def _something_to_read(line: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_reader(line, arrived.set)
    try:
        await arrived.wait()
    finally:
        loop.remove_reader(line)


class Forked(LocalProvisioner):
    """Get a kernel from the nursery, or start an ordinary one when the nursery cannot help."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Start it, and return where it listens."""
        nursery: Nursery = self.parent.parent.nursery  # type: ignore[union-attr]
        child = await nursery.fork(cmd[-1], options["cwd"])
        if child is None:
            return await super().launch_kernel(cmd, **options)
        self.process = child  # type: ignore[assignment]  # it does what is asked of a Popen
        self.pid = child.pid
        return self.connection_info


def register() -> None:
    """Tell Jupyter by what name a kernel can ask for the nursery."""
    group = KernelProvisionerFactory.GROUP_NAME
    entry = EntryPoint(NAME, f"{__name__}:{Forked.__name__}", group)
    KernelProvisionerFactory.provisioners[NAME] = entry
