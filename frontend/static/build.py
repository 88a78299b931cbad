"""Write the workbook as a static site: `make static`, or python frontend/static/build.py FOLDER.

Any web host can serve the folder, also below another address. Python and everything it needs are
in it, and run in the visitor's browser. Building needs node and npm.
"""

# ruff: noqa: INP001  (a folder of scripts, not a package)

import ast
import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

from jinja2 import Environment, FileSystemLoader

from secondopinion import load_knowledge

HERE = Path(__file__).resolve().parent
FRONTEND = HERE.parent
ROOT = FRONTEND.parent
TEMPLATE = ROOT / "secondopinion/voila/templates/secondopinion"
MODULES = FRONTEND / "node_modules"
LOCK = ROOT / "requirements/static.txt"
NOTEBOOK = "notebooks/workbook.ipynb"
VIEW = "application/vnd.jupyter.widget-view+json"

BROWSERS_PYTHON = "3.13"
KINDS_OF_WHEEL = ("any", "manylinux2014_x86_64", "manylinux_2_17_x86_64")
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}

NOT_ON_THE_PAGE = {"authoring", "review", "scenarios", "screening", "server", "voila", "cli.py"}
"""Parts of the package that the workbook's page has no use for."""
NOT_IN_A_BROWSER = {
    *("ensurepip", "idlelib", "multiprocessing", "pydoc_data", "_pyrepl", "test", "tkinter"),
    *("turtledemo", "unittest", "venv", "wsgiref", "xmlrpc", "sqlite3", "curses", "dbm"),
    *("antigravity.py", "doctest.py", "ftplib.py", "imaplib.py", "mailbox.py", "pdb.py"),
    *("poplib.py", "pydoc.py", "smtplib.py", "this.py", "turtle.py", "webbrowser.py"),
}
"""Parts of the standard library that a browser cannot use, or that only a programmer would."""
NOT_IMPORTED = {"tests", "fuzzing"}
"""Folders of the libraries that nobody imports here."""
READ = {"tzdata/zones", "tzdata/zoneinfo/UTC"}
"""What is no module and yet read; our days have no other time zone."""


def main(target: Path) -> None:
    """Build everything beside the target, and put it there when it is whole."""
    load_knowledge()  # compiled anew when data/ has changed
    _fetch_packages()
    with TemporaryDirectory() as name:
        parts, site = Path(name), Path(name, "site")
        site.mkdir()
        _write(parts / "workbook.zip", {**_libraries(), **_own()})
        _write(parts / "python_stdlib.zip", _standard_library())
        _run("node", HERE / "bundle.mjs", site)
        _run("node", HERE / "compile.mjs", parts, site)
        shutil.copy(TEMPLATE / "static/shell.css", site)
        _publish(site, target)


# What goes in


def _fetch_packages() -> None:
    """Install what package-lock.json says, unless it is there."""
    digest = sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    note = MODULES / ".locked"
    if not note.is_file() or note.read_text() != digest:
        _run("npm", "ci", "--no-audit", "--no-fund")
        note.write_text(digest)


def _run(*command: object) -> None:
    """Run something in `frontend/`, and say nothing unless it fails."""
    program = shutil.which(str(command[0]))
    if not program:
        sys.exit(f"{command[0]} is missing: building the static site needs node and npm")
    run = subprocess.run(  # noqa: S603  (our own scripts)
        [program, *map(str, command[1:])],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        sys.exit(run.stdout + run.stderr)


def _wheels() -> Path:
    """Return a folder with the wheels of the lock, fetched once for each lock.

    Some have parts in C, for one kind of machine, beside the same in Python: the browser runs that.
    """
    folder = ROOT / "build/wheels" / sha256(LOCK.read_bytes()).hexdigest()[:12]
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as name:
            kinds = [word for kind in KINDS_OF_WHEEL for word in ("--platform", kind)]
            _run(
                *(sys.executable, "-m", "pip", "--disable-pip-version-check", "download"),
                *("--dest", f"{name}/whole", "--require-hashes", "--requirement", LOCK),
                *("--no-deps", "--only-binary=:all:", "--implementation", "cp", *kinds),
                *("--python-version", BROWSERS_PYTHON),
            )
            Path(name, "whole").rename(folder)
    return folder


def _libraries() -> dict[str, bytes]:
    """Return the modules of every library in the lock, and their licences."""
    found: dict[str, bytes] = {}
    for wheel in sorted(_wheels().glob("*.whl")):
        with ZipFile(wheel) as archive:
            found |= {name: archive.read(name) for name in archive.namelist() if _is_wanted(name)}
    return found


def _is_wanted(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    if name in READ:
        return True
    if ".data/" in name or NOT_IMPORTED & set(folder.split("/")):
        return False
    return file.endswith(".py") or file == "METADATA" or ".dist-info/licenses/" in name


def _own() -> dict[str, bytes]:
    """Return the workbook itself: the package, its templates, the knowledge, the notebook."""
    package = ROOT / "secondopinion"
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file()
        and path.suffix != ".pyc"
        and not path.name.startswith(".")
        and path.relative_to(package).parts[0] not in NOT_ON_THE_PAGE
    }
    files[f"secondopinion/{NOTEBOOK}"] = (ROOT / NOTEBOOK).read_bytes()
    files["notebook.py"] = (HERE / "notebook.py").read_bytes()
    return files


def _standard_library() -> dict[str, bytes]:
    """Return the standard library of the browser's Python, less what no page asks for."""
    with ZipFile(MODULES / "pyodide/python_stdlib.zip") as archive:
        return {
            name: archive.read(name)
            for name in archive.namelist()
            if name.split("/")[0] not in NOT_IN_A_BROWSER and not name.endswith("/")
        }


def _write(path: Path, files: Mapping[str, bytes]) -> None:
    with ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


# What comes out


def _publish(site: Path, target: Path) -> None:
    """Put the parts into a folder that is named after what is in them, and the page beside it.

    A browser that kept the parts of an earlier release never mixes them with those of this one.
    """
    parts = sorted(site.iterdir())
    contents = b"".join(sha256(part.read_bytes()).digest() for part in parts)
    folder = sha256(contents).hexdigest()[:12]
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shutil.copytree(site, target / folder)
    travelling = sum(_packed(part) for part in parts if part.suffix != ".txt")
    (target / "index.html").write_text(_page(folder, travelling), encoding="utf-8")


def _packed(part: Path) -> int:
    """Return how many bytes of a file travel to a browser when the host packs them."""
    return len(gzip.compress(part.read_bytes(), 6, mtime=0))


def _page(folder: str, size: int) -> str:
    """Return the page: the served one, with a place for what each cell of the notebook shows."""
    notebook = json.loads((ROOT / NOTEBOOK).read_text(encoding="utf-8"))
    environment = Environment(  # noqa: S701  (nobody's words but ours are filled in)
        loader=FileSystemLoader([HERE, TEMPLATE])
    )
    return environment.get_template("page.html.j2").render(
        nb=SimpleNamespace(metadata={}),
        kernel_start=lambda _notebook: "tab",
        cell_generator=lambda _notebook, _kernel: _shown_in(notebook),
        resources=SimpleNamespace(
            base_url=f"{folder}/",
            include_url=lambda path: path.replace("static", folder, 1),
        ),
        policy="; ".join(f"{what} {where}" for what, where in POLICY.items()),
        megabytes=round(size / 1_000_000),
    )


def _shown_in(notebook: Mapping[str, Any]) -> Iterator[SimpleNamespace]:
    """Yield each cell that ends in something to show, under the name that notebook.py gives it."""
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        if isinstance(ast.parse("".join(cell["source"])).body[-1], ast.Expr):
            output = SimpleNamespace(
                output_type="display_data", data={VIEW: {"model_id": f"cell-{place}"}}
            )
            yield SimpleNamespace(outputs=[output])


if __name__ == "__main__":
    os.umask(0o022)  # a web host must be able to read what is made here
    main(Path(sys.argv[1]).resolve())
