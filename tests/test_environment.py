"""The places that name what the workbook needs agree, and the locks are whole."""

import re
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = ("app", "bench", "test")
EVERY_LOCK = (*LOCKS, "static")
NEEDED_BY_NOTEBOOKS = [*PROJECT["dependencies"], *EXTRAS["app"], *EXTRAS["authoring"]]
NEEDED = {
    "app": [*NEEDED_BY_NOTEBOOKS, *EXTRAS["files"]],
    "bench": PYPROJECT["dependency-groups"]["bench"],
    "test": [*PROJECT["dependencies"], *chain.from_iterable(EXTRAS.values())],
}


def floors(requirements: list[str]) -> dict[str, str]:
    parsed = map(Requirement, requirements)
    return {canonicalize_name(each.name): str(each.specifier) for each in parsed}


def conda() -> list[Any]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    environment: dict[str, list[Any]] = yaml.safe_load(text)
    return environment["dependencies"]


def locked(name: str) -> list[str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = text.replace("\\\n", "").splitlines()
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def pins(name: str) -> set[tuple[str, str, str]]:
    parsed = (Requirement(line.partition(" --hash")[0]) for line in locked(name))
    return {(each.name, str(each.specifier), str(each.marker or "")) for each in parsed}


def test_the_conda_environment_asks_for_what_the_project_asks_for():
    nbval = [line for line in EXTRAS["dev"] if line.startswith("nbval")]
    wanted = floors([*NEEDED_BY_NOTEBOOKS, *EXTRAS["screening"], *nbval])
    given = floors([each for each in conda() if isinstance(each, str)])
    assert given == {"python": PROJECT["requires-python"], "pip": "", **wanted}


def test_the_conda_environment_installs_the_checkout_itself_and_what_conda_does_not_have():
    assert [each for each in conda() if isinstance(each, dict)] == [{"pip": ["-e .[files]"]}]


def test_the_locks_carry_what_building_needs():
    assert PYPROJECT["dependency-groups"]["build"] == PYPROJECT["build-system"]["requires"]


@pytest.mark.parametrize("name", EVERY_LOCK)
def test_a_lock_names_no_package_index(name: str):
    assert not [line for line in locked(name) if line.startswith("-") or "://" in line]


@pytest.mark.parametrize("name", EVERY_LOCK)
def test_every_locked_package_has_one_version_and_a_hash(name: str):
    whole = re.compile(r"[a-z0-9-]+==\S+( ; .+?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert not [line for line in locked(name) if not whole.fullmatch(line)]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_everything_the_project_names(name: str):
    wanted = floors([*NEEDED[name], *PYPROJECT["build-system"]["requires"]])
    assert wanted.keys() <= {package for package, _, _ in pins(name)}


@pytest.mark.parametrize("name", ["app", "bench", "static"])
def test_the_locks_agree(name: str):
    tested: dict[str, set[str]] = {}
    for package, version, _ in pins("test"):
        tested.setdefault(package, set()).add(version)
    differing = [
        package
        for package, version, _ in pins(name)
        if package in tested and version not in tested[package]
    ]
    assert differing == []
