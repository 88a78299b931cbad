"""What running the notebooks cannot see: how they are stored, and what they end in."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
DOORWAYS = sorted(NOTEBOOKS.glob("*.ipynb"))
WORKED = sorted((NOTEBOOKS / "worked").glob("*.ipynb"))

doorway = pytest.mark.parametrize("path", DOORWAYS, ids=lambda path: path.stem)
worked = pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
either = pytest.mark.parametrize("path", [*DOORWAYS, *WORKED], ids=lambda path: path.stem)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def code_of(path: Path) -> list[Any]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def shown_by(path: Path) -> str:
    """Return the HTML that the last cell of a notebook ends in."""
    [output] = code_of(path)[-1].outputs
    html: str = output.data["text/html"]
    return html


@either
def test_a_notebook_keeps_to_the_format(path: Path):
    nbformat.validate(read(path))
    assert read(path).nbformat == 4


@either
def test_a_notebook_asks_for_any_python_3(path: Path):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    assert read(path).metadata.kernelspec == kernel


@either
def test_a_notebook_does_not_say_whose_computer_it_ran_on(path: Path):
    notebook = read(path)
    assert notebook.metadata.keys() == {"kernelspec", "language_info"}
    assert notebook.metadata.language_info == {"name": "python"}
    assert [cell.metadata for cell in notebook.cells if cell.metadata] == []


@either
def test_a_notebook_opens_with_a_title_for_its_reader(path: Path):
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")


@doorway
def test_a_doorway_is_stored_without_what_it_showed(path: Path):
    cells = code_of(path)
    assert [cell.outputs for cell in cells] == [[] for _ in cells]
    assert {cell.execution_count for cell in cells} == {None}


@doorway
def test_a_doorway_takes_the_day_from_its_reader(path: Path):
    assert "as_of=date.today()" in code_of(path)[-1].source


@worked
def test_a_worked_case_has_a_day_of_its_own(path: Path):
    source = "\n".join(cell.source for cell in code_of(path))
    assert "as_of=date(2026, " in source
    assert "today" not in source


@worked
def test_a_worked_case_ends_in_what_a_person_reads(path: Path):
    assert '<article class="so-doc' in shown_by(path)


def test_what_each_worked_case_is_about_stands_in_its_plan():
    said = {
        "compare_coverages": "Original Medicare",
        "hmo_no_specialist_denied": "gap exception",
        "medicaid_plan": "Florida",
        "medicare_third_opinion": "Yes, a third opinion is covered",
        "screen_a_list": "medicare advantage",
        "tricare_prime": "primary care manager",
    }
    assert [
        name for name in said if said[name] not in shown_by(NOTEBOOKS / f"worked/{name}.ipynb")
    ] == []
