"""Run nginx as we deploy it; `python -m tests.server.nginx` finds one, or installs Debian's."""

import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tests.serving import Served, await_answer, free_port, stop
from tests.visitor import Visitor

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
NAME = "workbook.example.org"
PACKAGES = ("nginx-light", "openssl")
NUMBERS = (1, 2)
MAIN = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.txt;
events {{ worker_connections 2048; }}
http {{
    include {folder}/workbook.conf;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
}}
"""


def found(program: str) -> str | None:
    """Return where a program is; Debian keeps nginx where only root looks."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def install() -> None:
    """Install Debian's nginx, if that is open to this person."""
    apt_get = shutil.which("apt-get")
    if apt_get is None or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        subprocess.run([apt_get, "-qq", *words], env=environment, check=False)


def certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate for our made-up name, and return what trusts it and nothing else."""
    subject = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}")
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem"))
    openssl = found("openssl") or "openssl"
    subprocess.run([openssl, "req", *kind, *files, *subject], check=True, capture_output=True)
    return ssl.create_default_context(cafile=folder / "fullchain.pem")


def options(number: int, address: str) -> list[str]:
    """Return what the systemd unit starts a process with."""
    unit = (DEPLOY / "secondopinion@.service").read_text(encoding="utf-8")
    (command,) = re.findall("^ExecStart=(.*)$", unit, re.MULTILINE)
    named = {"${ADDRESS}": address, "${VISITORS}": "60", "%i": str(number)}
    for name, value in named.items():
        command = command.replace(name, value)
    _, app, *rest = shlex.split(command)
    assert app == "app"
    return rest


class Deployed:
    """Two processes behind nginx, set up by the files in deploy/ but for ports and folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plain, self.secure = free_port(), free_port()
        self.address = f"https://{NAME}:{self.secure}"
        self.workbooks = [
            Served(self._folder(number), *options(number, self.address)) for number in NUMBERS
        ]

    def _folder(self, number: int) -> Path:
        folder = self.folder / str(number)
        folder.mkdir()
        return folder

    def _configure(self) -> None:
        """Write what nginx reads: our own file with other ports and folders."""
        text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        ports = {number: each.port for number, each in zip(NUMBERS, self.workbooks, strict=True)}
        changes = {
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 80;": f"listen 127.0.0.1:{self.plain};",
            "listen 443 ": f"listen 127.0.0.1:{self.secure} ",
            "/etc/ssl/workbook": str(self.folder),
            "/var/log/nginx": str(self.folder),
            **{f"127.0.0.1:887{number}": f"127.0.0.1:{port}" for number, port in ports.items()},
        }
        for before, after in changes.items():
            assert before in text
            text = text.replace(before, after)
        (self.folder / "workbook.conf").write_text(text, encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        main = MAIN.format(folder=self.folder, user=user)
        (self.folder / "nginx.conf").write_text(main, encoding="utf-8")

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        with self._stack:
            self.trust = certificate(self.folder)
            for workbook in self.workbooks:
                self._stack.enter_context(workbook)
            self._configure()
            log = self.folder / "nginx.txt"
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [found("nginx") or "nginx", "-c", str(self.folder / "nginx.conf")],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            self._stack.callback(stop, process)
            await_answer(process, self.plain, log)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def visitor(self, place: str = "127.0.0.1") -> Visitor:
        """Return somebody who comes over the web server from a given address."""
        return Visitor(self.address, self.trust, place, at=("127.0.0.1", self.secure))


def main() -> int:
    """Print the path of nginx, installed if need be."""
    if not all(map(found, ("nginx", "openssl"))):
        install()
    path = found("nginx")
    said = path or "no nginx, and none could be installed: install nginx and openssl, try again"
    print(said)  # noqa: T201  (it prints: that is its work)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
