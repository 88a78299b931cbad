"""A file of cases in, a file of results out, as the command line does it."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest

from secondopinion import screen
from secondopinion.errors import UnreadableFile
from secondopinion.screening import Progress, Summary, result_schema, screen_file
from secondopinion.screening.table import RESULTS

from .caseload import any_cases, as_table, differing, each_row

NOVEMBER = date(2026, 11, 24)
KINDS = ("csv", "parquet", "xlsx")
CASES = any_cases(120, seed=21)
ROWS = 300_000  # more than one batch


def written(frame: pd.DataFrame, path: Path) -> Path:
    """Write a table to a file of the kind that its name says."""
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".xlsx":
        frame.astype({name: float for name in frame if name.startswith("costs.")}).to_excel(
            path, index=False
        )
    else:
        pa_parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file, as the texts that a person sees; nothing is an empty text."""
    readers: dict[str, Any] = {
        ".csv": lambda: pd.read_csv(path, dtype=str, keep_default_na=False),
        ".xlsx": lambda: pd.read_excel(path, dtype=str, keep_default_na=False),
        ".parquet": lambda: pa_parquet.read_table(path).to_pandas(),
    }
    return [
        {name: seen(cell) for name, cell in row.items()} for row in each_row(readers[path.suffix]())
    ]


def seen(cell: Any) -> str:
    text = "" if cell is None else str(cell).removesuffix(" 00:00:00")
    is_number = text.replace(".", "", 1).isdigit()
    return f"{float(text):.2f}" if is_number else text


def results(path: Path) -> list[list[str]]:
    return [[row[name] for name in RESULTS] for row in read(path)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the same cases in a file of every kind."""
    made = tmp_path_factory.mktemp("cases")
    frame = as_table(CASES).assign(id=[f"{number:03}" for number in range(len(CASES))])
    for kind in KINDS:
        written(frame, made / f"cases.{kind}")
    return made


@pytest.mark.parametrize("given", KINDS)
@pytest.mark.parametrize("wanted", KINDS)
def test_every_kind_of_file_gives_the_same_results(folder: Path, given: str, wanted: str):
    target = folder / f"{given}.out.{wanted}"
    summary = screen_file(folder / f"cases.{given}", target, NOVEMBER)
    frame = screen(as_table(CASES), NOVEMBER)
    usual = [[seen(row[name]) for name in RESULTS] for row in each_row(frame)]
    assert results(target) == usual
    assert summary.rows == len(CASES)


@pytest.mark.parametrize("wanted", KINDS)
def test_own_columns_come_back_as_they_were(folder: Path, wanted: str):
    target = folder / f"own.{wanted}"
    screen_file(folder / "cases.csv", target, NOVEMBER)
    own = list(_column(target, "id"))
    assert own == [f"{number:03}" for number in range(len(CASES))]


def lines_of(path: Path) -> list[dict[str, str]]:
    """Return the lines of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _column(path: Path, name: str) -> Iterator[Any]:
    if path.suffix == ".xlsx":
        lines = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        place = next(lines).index(name)
        return (line[place] for line in lines)
    if path.suffix == ".csv":
        return (row[name] for row in lines_of(path))
    return iter(pa_parquet.read_table(path)[name].to_pylist())


# Long files


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of several batches, in which some rows cannot be understood."""
    frame = pd.concat([as_table(CASES)] * (ROWS // len(CASES)), ignore_index=True)
    frame["number"] = range(len(frame))
    frame["stage"] = frame["stage"].astype(object)
    frame.loc[frame["number"] % 1000 == 999, "stage"] = "lost"
    return written(frame, tmp_path_factory.mktemp("long") / "cases.parquet")


@pytest.fixture(scope="module")
def long_result(long_file: Path) -> tuple[Path, Summary, list[Progress]]:
    """Return the results of the long file, and what was told on the way."""
    told: list[Progress] = []
    target = long_file.with_name("results.parquet")
    problems = long_file.with_name("problems.csv")
    summary = screen_file(long_file, target, NOVEMBER, problems=problems, progress=told.append)
    return target, summary, told


def test_a_long_file_keeps_every_row_in_its_place(
    long_result: tuple[Path, Summary, list[Progress]],
):
    target, summary, _ = long_result
    numbers = pa_parquet.read_table(target, columns=["number"])["number"].to_numpy()
    assert (numbers == range(ROWS)).all()
    assert summary.rows == ROWS


def test_a_long_file_says_of_each_row_what_its_plan_says(
    long_result: tuple[Path, Summary, list[Progress]],
):
    frame = pa_parquet.read_table(long_result[0]).to_pandas()
    last = frame.iloc[ROWS - len(CASES) : ROWS - 1]
    assert differing(CASES[:-1], last, NOVEMBER) == []
    assert frame["verdict"].value_counts().to_dict() == long_result[1].verdicts


def test_every_batch_of_a_long_file_agrees_with_the_others(
    long_result: tuple[Path, Summary, list[Progress]],
):
    frame = pa_parquet.read_table(long_result[0]).to_pandas()
    good = frame[frame["problems"].isna()]
    kinds = good.groupby(good["number"] % len(CASES), sort=True)
    for name in ("verdict", "actions", "rules", "warnings", "cost_high", "safe_date", "gaps"):
        assert kinds[name].nunique(dropna=False).max() == 1, name


def test_a_long_file_tells_how_far_it_has_come(long_result: tuple[Path, Summary, list[Progress]]):
    told = long_result[2]
    assert len(told) > 1
    assert told == sorted(told)
    assert told[0].share < told[-1].share
    assert told[-1] == Progress(ROWS, 1.0)


def test_every_cell_that_was_not_understood_is_in_the_table_of_problems(
    long_file: Path, long_result: tuple[Path, Summary, list[Progress]]
):
    problems = pd.read_csv(long_file.with_name("problems.csv"))
    assert problems["row"].tolist() == list(range(1000, ROWS + 1, 1000))
    assert set(problems["column"]) == {"stage"}
    assert set(problems["value"]) == {"lost"}
    assert problems["what_to_write"].str.contains("use one of: deciding").all()
    assert long_result[1].problem_rows == len(problems)


def test_the_columns_of_the_result_are_of_the_kinds_that_are_promised(
    long_file: Path, long_result: tuple[Path, Summary, list[Progress]]
):
    promised = result_schema(pa_parquet.read_schema(long_file))
    found = pa_parquet.read_schema(long_result[0])
    assert found.names == promised.names
    assert found.types[-len(RESULTS) :] == promised.types[-len(RESULTS) :]


# Files that are opened elsewhere

ACTING = ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "|calc", "＝1"]  # noqa: RUF001
HARMLESS = ["-5", "+12.50", "a=b", "O'Neil", ""]


@pytest.mark.parametrize("cell", ACTING)
def test_no_text_in_a_csv_file_acts_as_a_formula(tmp_path: Path, cell: str):
    frame = pd.DataFrame({"coverage": ["medicare_original"], "note": [cell], cell: ["x"]})
    target = tmp_path / "out.csv"
    screen_file(written(frame, tmp_path / "in.parquet"), target, NOVEMBER)
    first = lines_of(target)[0]
    assert first["note"].startswith("'")
    assert not [name for name in first if name.startswith(cell[0])]


@pytest.mark.parametrize("cell", HARMLESS)
def test_other_texts_in_a_csv_file_stay_as_they_are(tmp_path: Path, cell: str):
    frame = pd.DataFrame({"coverage": ["medicare_original"], "note": [cell]})
    target = tmp_path / "out.csv"
    screen_file(written(frame, tmp_path / "in.parquet"), target, NOVEMBER)
    assert list(_column(target, "note")) == [cell]


@pytest.mark.parametrize("cell", ACTING[:4])
def test_every_text_in_a_sheet_is_a_text(tmp_path: Path, cell: str):
    frame = pd.DataFrame({"coverage": ["medicare_original"], "note": [cell]})
    target = tmp_path / "out.xlsx"
    screen_file(written(frame, tmp_path / "in.parquet"), target, NOVEMBER)
    found = openpyxl.load_workbook(target).active["B2"]
    assert (found.data_type, str(found.value).lstrip("'")) == ("s", cell)


def test_the_table_of_problems_cannot_act_either(tmp_path: Path):
    frame = pd.DataFrame({"coverage": ["=cmd()"]})
    source, problems = written(frame, tmp_path / "in.parquet"), tmp_path / "problems.csv"
    screen_file(source, tmp_path / "out.csv", NOVEMBER, problems=problems)
    assert list(_column(problems, "value")) == ["'=cmd()"]


# Files that are no tables of cases


def refused(source: Path, target: Path) -> str:
    with pytest.raises((UnreadableFile, ValueError)) as why:
        screen_file(source, target, NOVEMBER)
    return str(why.value)


@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, kind: str):
    source = tmp_path / f"in.{kind}"
    source.write_text("coverage\nmedicare_original\n", encoding="utf-8")
    assert f"cannot be read as {kind}" in refused(source, tmp_path / "out.csv")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2,SECRET\n", b"a\n\xff\n"])
def test_a_broken_csv_file_is_refused_without_showing_what_is_in_it(tmp_path: Path, content: bytes):
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    said = refused(source, tmp_path / "out.csv")
    assert str(source) in said
    assert "SECRET" not in said


def test_a_kind_of_file_nobody_knows_is_refused_with_those_we_know(tmp_path: Path):
    source = written(pd.DataFrame({"coverage": ["va_health_care"]}), tmp_path / "in.csv")
    assert ".csv, .parquet, .xlsx" in refused(source, tmp_path / "out.txt")
    assert ".csv, .parquet, .xlsx" in refused(tmp_path / "in.txt", tmp_path / "out.csv")


def test_the_cases_are_never_written_over(tmp_path: Path):
    source = written(pd.DataFrame({"coverage": ["va_health_care"]}), tmp_path / "in.csv")
    assert "write another file" in refused(source, source)


def test_a_result_that_cannot_be_finished_leaves_nothing_behind(tmp_path: Path):
    source = tmp_path / "in.csv"
    source.write_text("coverage,note\nmedicare_original,x\nmedicare_original\n", encoding="utf-8")
    refused(source, tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


# The command line


class Answered(NamedTuple):
    """What the command line answered."""

    status: int
    output: str
    complaint: str


def command(*arguments: object) -> Answered:
    done = subprocess.run(
        [sys.executable, "-m", "secondopinion", "screen", *map(str, arguments)],
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        check=False,
        text=True,
    )
    return Answered(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_has_only_the_columns_that_are_wanted(folder: Path, kind: str):
    every, some = folder / f"every.{kind}", folder / f"some.{kind}"
    wanted = ["safe_date", "cost_high", "third_opinion"]
    summary = screen_file(folder / f"cases.{kind}", every, NOVEMBER)
    assert screen_file(folder / f"cases.{kind}", some, NOVEMBER, columns=wanted) == summary
    named = [name for name in RESULTS if name in (*wanted, "problems")]
    assert [name for name in read(some)[0] if name in RESULTS] == named
    assert [[row[name] for name in named] for row in read(some)] == [
        [row[name] for name in named] for row in read(every)
    ]


def test_the_command_line_takes_the_columns_that_are_wanted(folder: Path):
    done = command(folder / "cases.csv", "-o", folder / "two.csv", "--columns", "verdict, gaps")
    assert (done.status, list(read(folder / "two.csv")[0])[-3:]) == (
        0,
        ["verdict", "gaps", "problems"],
    )


def test_the_command_line_ends_with_2_for_a_column_that_does_not_exist(folder: Path):
    done = command(folder / "cases.csv", "-o", folder / "no.csv", "--columns", "verdikt")
    assert (done.status, "no column named verdikt" in done.complaint) == (2, True)
    assert not (folder / "no.csv").exists()


def test_the_command_line_says_how_many_rows_got_which_verdict(folder: Path):
    done = command(folder / "cases.csv", "-o", folder / "said.csv", "--as-of", NOVEMBER)
    frame = screen(as_table(CASES), NOVEMBER)
    assert done.status == 0
    assert f"rows: {len(CASES)}" in done.output
    for verdict, count in frame["verdict"].value_counts().items():
        assert f"{verdict}: {count}" in done.output


def test_the_command_line_ends_with_1_when_some_rows_were_not_understood(tmp_path: Path):
    frame = pd.DataFrame({"coverage": ["va_health_care", "hmo"]})
    source, problems = written(frame, tmp_path / "in.csv"), tmp_path / "problems.csv"
    done = command(source, "-o", tmp_path / "out.csv", "--problems", problems)
    assert (done.status, "rows that were not understood: 1" in done.output) == (1, True)
    assert list(_column(problems, "row")) == ["2"]


@pytest.mark.parametrize("missing", ["cases", "folder"])
def test_the_command_line_ends_with_2_for_what_is_not_there(folder: Path, missing: str):
    source = folder / ("none.csv" if missing == "cases" else "cases.csv")
    target = folder / "none" / "out.csv" if missing == "folder" else folder / "out.csv"
    done = command(source, "-o", target)
    assert (done.status, "none" in done.complaint, "Traceback" in done.complaint) == (
        2,
        True,
        False,
    )


def test_the_command_line_ends_with_2_for_a_table_with_our_own_columns(folder: Path):
    screen_file(folder / "cases.csv", folder / "again.csv", NOVEMBER)
    done = command(folder / "again.csv", "-o", folder / "twice.csv")
    assert (done.status, "already has a column named verdict" in done.complaint) == (2, True)
