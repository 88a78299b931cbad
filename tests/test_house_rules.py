"""What this house keeps to: small parts, one clock, no facts in code, a light way in."""

import ast
import json
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import secondopinion
from secondopinion import load_knowledge

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "secondopinion"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
DOORWAYS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))

MODULE_LINES = 260
LONGER_MODULES = {
    "authoring/schema.py": 440,  # one class for each kind of entry in data/
    "cli.py": 290,  # one function for each command, and what each refuses
    "knowledge.py": 340,  # one class, and the ways to find its base
    "model.py": 340,  # the nouns, nothing else
    "planner/lines.py": 340,  # one short function for each kind of line
}
FUNCTION_LINES = 35
LONGER_FUNCTIONS = {
    "build_plan": 48,  # one line for each part of a plan, and a docstring
    "screen": 49,  # a table and a file: most of both is what the parameters mean
    "screen_file": 58,  # the same
}
FUNCTION_MEDIAN = 7
PUBLIC_NAMES = 10
NOTEBOOK_LINES = 8

CLOCKS = {
    *("date.today", "datetime.now", "datetime.today", "datetime.utcnow"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime"),
}
MAY_ASK_THE_CLOCK = {"cli.py", "server/visits.py"}  # a person's own today, and the server's own day
FACT = re.compile(r"\$ ?\d")
LAW = re.compile(r"\bCFR\b|C\.F\.R\.|\bUSC\b|U\.S\.C\.|§")

BLOCKED = ("pandas", "numpy", "pydantic", "lxml", "yaml", "holidays", "typer")
HEAVY = (*BLOCKED, "jinja2", "ipywidgets", "IPython", "dateutil", "difflib")


class Function(NamedTuple):
    """A function of the package and its length in lines."""

    name: str
    lines: int


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE if PACKAGE in path.parents else ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_in(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = ast.walk(tree(path))
    return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def functions() -> Iterator[Function]:
    for path in MODULES:
        for function in functions_in(path):
            end = function.end_lineno or function.lineno
            yield Function(function.name, end - function.lineno + 1)


def cells(path: Path) -> list[str]:
    """Return the code of a notebook, cell by cell."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def dotted(node: ast.AST) -> str:
    """Return a name with what it is looked up on, such as date.today."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def names_used(path: Path) -> set[str]:
    return {dotted(node) for node in ast.walk(tree(path))}


def texts(path: Path) -> Iterator[str]:
    """Yield the texts in a module's code; what stands alone is a docstring."""
    module = tree(path)
    alone = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


# Small parts


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short_enough_to_read_in_one_sitting(path: Path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGER_MODULES.get(name_of(path), MODULE_LINES)


def test_a_module_that_may_be_longer_needs_to_be():
    short = [
        name
        for name in LONGER_MODULES
        if len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) <= MODULE_LINES
    ]
    assert short == []


def test_a_function_fits_on_a_screen():
    longest = {each for each in functions() if each.lines > FUNCTION_LINES}
    assert [each for each in longest if each.lines > LONGER_FUNCTIONS.get(each.name, 0)] == []


def test_most_functions_are_a_few_lines():
    assert statistics.median(each.lines for each in functions()) <= FUNCTION_MEDIAN


def test_the_front_door_is_narrow():
    assert len(secondopinion.__all__) <= PUBLIC_NAMES


@pytest.mark.parametrize("path", DOORWAYS, ids=name_of)
def test_a_doorway_is_a_few_lines_of_code(path: Path):
    lines = [line for cell in cells(path) for line in cell.splitlines() if line.strip()]
    assert len(lines) <= NOTEBOOK_LINES


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_notebook_decides_nothing(path: Path):
    code = [statement for cell in cells(path) for statement in ast.parse(cell).body]
    plain = (ast.Import, ast.ImportFrom, ast.Assign, ast.Expr)
    assert all(isinstance(statement, plain) for statement in code)
    assert len(code) <= NOTEBOOK_LINES


# One clock, one border


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_doors_know_what_day_it_is(path: Path):
    allowed = CLOCKS if name_of(path) in MAY_ASK_THE_CLOCK else set()
    assert names_used(path) & CLOCKS <= allowed


def test_only_the_border_to_the_screen_catches_everything():
    caught = [
        (name_of(path), dotted(node.type) if node.type else "everything")
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
    ]
    wide = [each for each in caught if each[1] in {"everything", "Exception", "BaseException"}]
    assert wide == [("widgets/board.py", "Exception")]


# No facts in code


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_amount_of_money_is_in_code(path: Path):
    assert [text for text in texts(path) if FACT.search(text)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_law_is_named_in_code(path: Path):
    assert [text for text in texts(path) if LAW.search(text)] == []


# A light way in


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package as it is installed: compiled, and without `data/`."""
    load_knowledge()  # compiles what has changed
    folder = tmp_path_factory.mktemp("installed")
    passing = shutil.ignore_patterns("__pycache__", ".*", "voila")
    shutil.copytree(PACKAGE, folder / "secondopinion", ignore=passing)
    return folder


def told(installed: Path, *code: str) -> Any:
    """Return what some code prints as JSON in a process that has imported nothing yet."""
    script = "\n".join(code)
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=installed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.stderr == ""
    return json.loads(run.stdout)


A_BLOCK = f"""
import json, sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED}:
            raise ImportError(name + " is blocked")

sys.meta_path.insert(0, Block())
"""
A_PLAN = """
import json, sys
from datetime import date
from secondopinion import build_plan, read_case
case = read_case({"coverage": "medicare_original", "recommended": "surgery"})
plan = build_plan(case, date(2026, 11, 24))
"""


def test_the_app_shows_a_plan_without_any_heavy_library(installed: Path):
    said = told(
        installed,
        A_BLOCK,
        "from datetime import date",
        "from secondopinion.widgets import plan_form",
        "form = plan_form(date(2026, 11, 24))",
        "form.fields['coverage'].widget.value = 'medicare_original'",
        "form.fields['recommended'].widget.value = 'surgery'",
        "print(json.dumps(form.plan.value))",
    )
    assert "Yes, a second opinion is covered" in said


def test_a_date_counted_in_months_needs_no_heavy_library(installed: Path):
    said = told(
        installed,
        A_BLOCK,
        "from datetime import date",
        "from secondopinion import build_plan, read_case",
        "from secondopinion.render import to_text",
        "answers = {'coverage': 'individual_aca', 'state': 'TX', 'stage': 'denied',"
        " 'first_denial_upheld': True, 'events': {'final_denial': '2026-10-31'}}",
        "plan = build_plan(read_case(answers), date(2026, 11, 24))",
        "print(json.dumps(to_text(plan)))",
    )
    assert "Monday, March 1, 2027" in said


def test_a_first_plan_loads_no_heavy_library(installed: Path):
    loaded = told(installed, A_PLAN, "print(json.dumps(sorted(sys.modules)))")
    assert {name.partition(".")[0] for name in loaded} & {*HEAVY} == set()


def test_a_first_plan_comes_from_the_compiled_base(installed: Path):
    version = told(installed, A_PLAN, "print(json.dumps(plan.data_version))")
    assert version == load_knowledge().data_version


def test_a_first_plan_needs_no_workshop(installed: Path):
    loaded = told(installed, A_PLAN, "print(json.dumps(sorted(sys.modules)))")
    assert not [name for name in loaded if name.startswith("secondopinion.authoring")]


# The tests themselves


def own_tests(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [each for each in functions_in(path) if each.name.startswith("test_")]


def asks(test: ast.AST) -> bool:
    """Tell whether a test can fail: it asserts, or expects a refusal or a sight on the page."""
    asking = re.compile(r"(pytest\.raises|expect)$")
    return any(
        isinstance(node, ast.Assert) or asking.search(dotted(getattr(node, "func", node)))
        for node in ast.walk(test)
    )


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_every_test_can_fail(path: Path):
    assert [test.name for test in own_tests(path) if not asks(test)] == []


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_the_name_of_a_test_is_a_sentence(path: Path):
    assert [test.name for test in own_tests(path) if test.name.count("_") <= 2] == []


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_no_test_waits_is_left_out_or_puts_something_in_the_place_of_our_code(path: Path):
    words = {word for name in names_used(path) for word in name.split(".")}
    banned = {"sleep", "skip", "skipif", "xfail", "mock", "Mock", "MagicMock", "setattr", "setitem"}
    assert words & banned == set()
