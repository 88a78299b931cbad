"""The process behind one open page: it sets itself limits and runs the notebook for one visitor."""

import os
import sys
import tempfile
from contextlib import suppress
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from ipywidgets import register_comm_target
from traitlets.config import Config

MIB = 2**20
LIMITS = {
    "RLIMIT_CORE": 0,  # when it crashes, no copy of its memory is kept
    "RLIMIT_FSIZE": 0,  # it writes no file: what a person answers is never stored
    "RLIMIT_CPU": 600,  # seconds of work; a visit needs about two
    "RLIMIT_DATA": 1024 * MIB,  # a visit needs about 250, most of it never touched
    "RLIMIT_NOFILE": 256,  # it opens about seventy
}
SETTINGS = {
    "HistoryManager": {"enabled": False},
    "IPKernelApp": {"capture_fd_output": False},  # nobody reads what a library prints
    "InteractiveShellApp": {"exec_PYTHONSTARTUP": False},
}


class Kernel(IPKernelApp):
    """What Jupyter calls a kernel, told where to listen by its maker and not by a command line."""

    def parse_command_line(self, argv: Any = None) -> None:
        """Read none: going through all that could stand there takes megabytes."""

    def init_kernel(self) -> None:
        """Take the shell that was made beforehand."""
        super().init_kernel()  # type: ignore[no-untyped-call]
        shell = self.kernel.shell
        shell.parent = shell.kernel = self.kernel

    def init_control(self, context: Any) -> None:
        """Do without a thread for other shells beside the one."""
        super().init_control(context)  # type: ignore[no-untyped-call]
        self.shell_channel_thread = None

    def init_iopub(self, context: Any) -> None:
        """Close the port at which it would hear what processes of its own print: it has none."""
        super().init_iopub(context)  # type: ignore[no-untyped-call]
        if port := getattr(self.iopub_thread, "_pipe_in", None):
            self.iopub_thread.io_loop.add_callback(port.close)

    def init_heartbeat(self) -> None:
        """Beat no heart: the server holds the process itself, and sees when it has ended."""


def prepare() -> Kernel:
    """Return a kernel that has not begun: no thread, no socket, nobody's answers."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # pages need no debugger, and no way in
    kernel = Kernel.instance(config=Config(SETTINGS), default_extensions=[])
    kernel.init_profile_dir()  # type: ignore[no-untyped-call]
    ZMQInteractiveShell.instance(
        parent=kernel,
        profile_dir=kernel.profile_dir,
        user_ns={},
        compiler_class=IPythonKernel.compiler_class.default_value,
    )
    return kernel


def run(kernel: Kernel, connection_file: str) -> None:
    """Run a kernel until it is told to end."""
    kernel.connection_file = connection_file
    kernel.initialize()  # type: ignore[no-untyped-call]
    register_comm_target()  # ipywidgets was imported before there was a kernel to tell
    tempfile.gettempdir()  # finds a folder by writing in it, while it still may
    _keep_to_limits()
    kernel.start()  # type: ignore[no-untyped-call]


def _keep_to_limits() -> None:
    """Let the system stop this process when it does what no visit needs."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415  (not on Windows)

        for name, most in LIMITS.items():
            which = getattr(resource, name)
            _, hard = resource.getrlimit(which)
            limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(which, (limit, limit))


if __name__ == "__main__":
    run(prepare(), os.fspath(sys.argv[1]))
