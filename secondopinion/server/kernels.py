"""The visitors' processes, which Jupyter calls kernels: how they start, and when they end."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets.config import Config

from .nursery import NAME, Nursery, can_fork
from .visits import Visits

_MOST_SOCKETS = 8192  # about eight for each visitor; it would be 1023 otherwise
_LONGEST_NAME = 100  # letters in the name of a socket that is a file; Linux takes 107
_A_SOCKET = "kernel-12345678-1234-1234-1234-123456789012-ipc-5"


def lines_in(folder: str) -> Config:
    """Return how the server talks to its processes, so that nobody else here can listen in.

    Anybody on a computer can open its ports, and one of them would tell the whole plan. So it is
    files that only the server may open, or where they cannot be had, ports with encryption.
    """
    fits = len(str(Path(folder, _A_SOCKET))) <= _LONGEST_NAME
    if sys.platform == "linux" and fits:
        return Config({"KernelManager": {"transport": "ipc"}})
    return Config({"MappingKernelManager": {"transport_encryption": "auto"}})


class Kernels(AsyncMappingKernelManager):
    """Run one Python process per open page."""

    visits: Visits
    nursery: Nursery | None = None

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)  # type: ignore[no-untyped-call]
        self._soon: set[asyncio.Task[None]] = set()
        self.context.set(zmq.MAX_SOCKETS, _MOST_SOCKETS)

    async def start_kernel(self, **options: Any) -> str:  # type: ignore[override]
        """Start a process. Nothing of the request goes with it."""
        # When a widget fails, Python prints what the visitor chose. That belongs in no log.
        options |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return await super().start_kernel(cwd=self.root_dir, **options)

    async def is_running(self, kernel_id: str) -> bool:
        """Tell whether a process is still there, also when nobody has noticed its end yet."""
        return kernel_id in self and await ensure_async(self.get_kernel(kernel_id).is_alive())

    async def end(self, kernel_id: str) -> None:
        """End a process at once, if it is still there: it has nothing to save."""
        with suppress(HTTPError, KeyError):  # it was ended meanwhile
            await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]
        self.visits.forget(kernel_id)

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something without waiting for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._soon.add(task)
        task.add_done_callback(self._soon.discard)

    def remove_kernel(self, kernel_id: str) -> KernelManager:
        """Forget a process that has ended, and the page with it."""
        self.visits.forget(kernel_id)
        return super().remove_kernel(kernel_id)

    def _handle_kernel_died(self, kernel_id: str) -> None:
        """Tidy up after a process that ended by itself or was killed."""
        self.soon(self.end(kernel_id))

    async def cull_kernels(self) -> None:
        """End processes that nobody uses."""
        await super().cull_kernels()  # type: ignore[no-untyped-call]
        self.visits.look_round(time.monotonic())

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a process that has been silent for too long, unless it is waiting for a visitor."""
        if kernel_id in self.visits.open:
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]


class Client(AsyncKernelClient):
    """What runs the notebook in a process."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109  (theirs)
        """Wait until the process answers. Jupyter's own way then waits for silence as well."""
        async with asyncio.timeout(timeout):
            while True:
                self.kernel_info()
                with suppress(Empty):
                    reply = await self.get_shell_msg(timeout=1)
                    await self.get_iopub_msg(timeout=1)
                    return self._handle_kernel_info_reply(reply)
                if not await self.is_alive():
                    raise RuntimeError


class OwnPython(KernelSpecManager):
    """Know one kernel: the very Python that runs this server."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Name it."""
        return {"python3": str(Path(__file__).parent)}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Describe it, whatever name a notebook asks for."""
        metadata: dict[str, Any] = {"supported_encryption": ["curve"]}
        if can_fork():
            metadata["kernel_provisioner"] = {"provisioner_name": NAME}
        return KernelSpec(
            argv=[sys.executable, "-P", "-m", f"{__package__}.kernel", "{connection_file}"],
            display_name=kernel_name,
            language="python",
            name="python3",
            metadata=metadata,
        )
