"""Files from the command line."""

import io
import os
import pty
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .opened import calendar, cards, pdf_text, word_text

CASE = """coverage: medicare_advantage_hmo
stage: denied
denied: prior_authorization
events: {denial: 2026-03-02}
"""
COMMAND = [sys.executable, "-m", "secondopinion", "plan", "-", "--as-of", "2026-03-10"]
FORMATS = ["pdf", "docx", "ics", "vcf", "zip"]


def plan(*options: str) -> bytes:
    """Return what the command line writes to another program."""
    done = subprocess.run(
        [*COMMAND, *options], input=CASE.encode(), capture_output=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def in_a_terminal(*options: str) -> tuple[int, str]:
    """Return the exit status and what a person at a terminal reads."""
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*COMMAND, *options],
        input=CASE.encode(),
        stdout=theirs,
        stderr=theirs,
        check=False,
        timeout=120,
    )
    os.close(theirs)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    return done.returncode, said


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_written_where_it_was_asked_for(form: str, tmp_path: Path):
    file = tmp_path / f"plan.{form}"
    assert plan("--format", form, "-o", str(file)) == b""
    assert file.read_bytes() == plan("--format", form) == plan("--format", form, "-o", "-")


def test_each_file_is_what_its_ending_says():
    assert "Wednesday, May 6, 2026" in pdf_text(plan("--format", "pdf"))
    assert "Wednesday, May 6, 2026" in word_text(plan("--format", "docx"))
    summaries = [event.summary.value for event in calendar(plan("--format", "ics"))]
    assert "Appeal: send by this day" in summaries
    assert cards(plan("--format", "vcf"))
    assert zipfile.ZipFile(io.BytesIO(plan("--format", "zip"))).testzip() is None


@pytest.mark.parametrize("form", ["pdf", "docx", "zip"])
def test_a_terminal_is_spared_what_nobody_can_read(form: str):
    status, said = in_a_terminal("--format", form)
    assert status == 2
    assert said.strip() == f"a {form} file is no text to read here; write it: -o plan.{form}"


def test_a_calendar_can_be_read_in_a_terminal():
    status, said = in_a_terminal("--format", "ics")
    assert status == 0
    assert said.startswith("BEGIN:VCALENDAR")


def test_a_missing_library_is_named_with_its_cure(tmp_path: Path):
    (tmp_path / "typst.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'typst'\", name='typst')", encoding="utf-8"
    )
    done = subprocess.run(
        [*COMMAND, "--format", "pdf"],
        input=CASE.encode(),
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert done.stderr.decode() == ("typst is missing; run: pip install 'secondopinion[files]'\n")
