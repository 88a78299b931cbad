"""What a person sees who uses the command line."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from secondopinion.cli import own_data

DENIED = """coverage: medicare_advantage_hmo
stage: denied
denied: prior_authorization
events: {denial: 2026-03-02}
"""
MARCH_10 = "2026-03-10"


class Answered(NamedTuple):
    """What the command line answered: its exit status, its output, and what it complained of."""

    status: int
    output: str
    complaint: str


def secondopinion(*arguments: object, given: str | bytes = "") -> Answered:
    """Run the command line as a person does, in a terminal 100 wide."""
    done = subprocess.run(
        [sys.executable, "-m", "secondopinion", *map(str, arguments)],
        input=given.encode() if isinstance(given, str) else given,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    return Answered(done.returncode, done.stdout.decode(), done.stderr.decode())


@cache
def plan(case: str | bytes, *options: str) -> Answered:
    return secondopinion("plan", "-", "--as-of", MARCH_10, *options, given=case)


def case_file(folder: Path, text: str, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def copied_data(tmp_path: Path) -> Path:
    """Return a copy of our own data, to make mistakes in."""
    return shutil.copytree(own_data(), tmp_path / "data")


def test_a_plan_is_shown_as_text_when_nothing_else_is_asked():
    answered = plan(DENIED)
    assert (answered.status, answered.complaint) == (0, "")
    assert answered.output.startswith("YOUR SECOND-OPINION PLAN")


def test_a_plan_tells_the_day_to_file_by():
    assert "Wednesday, May 6, 2026" in plan(DENIED).output


def test_a_plan_ends_with_a_whole_line():
    assert plan(DENIED).output.splitlines(keepends=True)[-1].startswith("Data version ")
    assert plan(DENIED).output.endswith("\n")


def test_a_plan_is_made_for_the_day_asked():
    assert "This plan was made for Tuesday, March 10, 2026." in plan(DENIED).output


def test_a_plan_is_written_as_json():
    document = json.loads(plan(DENIED, "--format", "json").output)
    assert (document["schema"], document["as_of"]) == ("secondopinion.plan/1", MARCH_10)


def test_a_plan_is_written_as_a_whole_page():
    output = plan(DENIED, "--format", "html").output
    assert output.casefold().startswith("<!doctype html>")
    assert output.rstrip().endswith("</html>")


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_a_plan_in_a_file_is_what_the_screen_would_show(form, tmp_path):
    file = tmp_path / "plan"
    assert plan(DENIED, "--format", form, "-o", str(file)) == Answered(0, "", "")
    assert file.read_text(encoding="utf-8") == plan(DENIED, "--format", form).output


def test_a_case_is_read_from_a_file(tmp_path):
    file = case_file(tmp_path, DENIED)
    assert secondopinion("plan", file, "--as-of", MARCH_10) == plan(DENIED)


def test_a_case_may_be_json(tmp_path):
    text = json.dumps(
        {
            "coverage": "medicare_advantage_hmo",
            "stage": "denied",
            "denied": "prior_authorization",
            "events": {"denial": "2026-03-02"},
        }
    )
    file = case_file(tmp_path, text, "case.json")
    assert secondopinion("plan", file, "--as-of", MARCH_10) == plan(DENIED)


def test_a_case_that_says_nothing_still_gives_a_plan():
    answered = plan("{}")
    assert (answered.status, answered.complaint) == (0, "")
    assert "WHAT TO DO, IN ORDER" in answered.output


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        ("coverge: fehb", "-:\ncoverge is not something we ask; did you mean coverage?\n"),
        (
            "network_type: hmoo",
            (
                "-:\nnetwork_type cannot be 'hmoo' (did you mean hmo?); "
                "use one of: hmo, epo, pos, ppo, indemnity\n"
            ),
        ),
        (
            "events: {denial: 2026-02-30}",
            "-:1: there is no such day as 2026-02-30; write a day of the calendar\n",
        ),
        (
            "stage: denied\nstage: after",
            "-:2: the key 'stage' stands twice; keep one of the two\n",
        ),
        (
            "urgent: yes",
            (
                "-:1: a bare 'yes' can be read as true or false; "
                'write "yes" in quotes if it is a word, or true / false if it is a yes or no\n'
            ),
        ),
        ("", "-:\na case is a list of names and values, such as coverage: medicare_original\n"),
    ],
)
def test_a_bad_case_is_refused_with_one_clear_message(case, complaint):
    assert plan(case) == Answered(2, "", complaint)


def test_everything_wrong_with_a_case_is_told_at_once():
    complaint = plan("coverge: fehb\nstage: appealing\ncosts: {copay: -5}").complaint
    assert [line.split()[0] for line in complaint.splitlines()] == [
        "-:", "coverge", "stage", "costs.copay",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "case", ["coverage: [fehb", "a: &a [*a]", "a: !!int many", "[" * 3000 + "]" * 3000, b"a: \xff"]
)
def test_what_is_no_case_at_all_is_refused_without_a_traceback(case):
    answered = plan(case)
    assert (answered.status, answered.output) == (2, "")
    assert answered.complaint.startswith("-")
    assert "Traceback" not in answered.complaint


def test_a_complaint_names_the_file_and_the_line_of_a_slip_in_yaml(tmp_path):
    file = case_file(tmp_path, "stage: denied\n\tcoverage: fehb\n")
    assert secondopinion("plan", file).complaint.startswith(f"{file}:2: not YAML (")


def test_a_slip_in_json_is_told_with_its_place(tmp_path):
    file = case_file(tmp_path, '{"stage": "denied",}', "case.json")
    answered = secondopinion("plan", file)
    assert answered.status == 2
    assert answered.complaint.startswith(f"{file} is not JSON: ")
    assert "line 1 column 20" in answered.complaint


def test_an_answer_given_twice_in_json_is_refused_as_in_yaml(tmp_path):
    file = case_file(tmp_path, '{"stage": "denied", "stage": "after"}', "case.json")
    answered = secondopinion("plan", file)
    assert answered.status == 2
    assert "the key 'stage' stands twice" in answered.complaint


def test_json_without_end_is_refused(tmp_path):
    file = case_file(tmp_path, "[" * 100_000, "case.json")
    answered = secondopinion("plan", file)
    assert (answered.status, answered.complaint.startswith(f"{file} is not JSON: ")) == (2, True)


def test_a_missing_file_is_named(tmp_path):
    file = tmp_path / "no such case.yaml"
    assert secondopinion("plan", file) == Answered(
        2, "", f"{file} cannot be read: No such file or directory\n"
    )


def test_a_folder_is_no_case(tmp_path):
    assert secondopinion("plan", tmp_path) == Answered(
        2, "", f"{tmp_path} cannot be read: Is a directory\n"
    )


def test_a_case_that_is_no_text_is_refused(tmp_path):
    file = tmp_path / "case.yaml"
    file.write_bytes(b"\x89PNG\r\n")
    assert secondopinion("plan", file) == Answered(
        2, "", f"{file} cannot be read: it is not a text file\n"
    )


def test_a_plan_that_cannot_be_written_is_told(tmp_path):
    file = tmp_path / "no such folder" / "plan.txt"
    assert plan(DENIED, "-o", str(file)) == Answered(
        2, "", f"{file} cannot be written: No such file or directory\n"
    )


def test_a_day_that_is_none_is_refused_with_how_to_write_one():
    answered = secondopinion("plan", "-", "--as-of", "March 10")
    assert (answered.status, answered.output) == (2, "")
    assert "'March 10' is no day; write it as 2026-03-02" in answered.complaint


def test_a_format_that_we_do_not_write_is_refused_with_those_we_do():
    answered = plan(DENIED, "--format", "gif")
    assert answered.status == 2
    assert all(form in answered.complaint for form in ("text", "json", "html"))


def test_our_own_data_passes_the_check():
    answered = secondopinion("check", "--as-of", "2026-11-24")
    assert (answered.status, answered.complaint) == (0, "")
    assert answered.output.endswith("\nbroken promises: 0\n")


def test_a_slip_in_the_data_is_told_with_its_file_its_entry_and_a_cure(copied_data):
    (copied_data / "slip.yaml").write_text(
        "contacts:\n"
        "  - id: example.office\n"
        "    name: Example office\n"
        "    why: They help.\n"
        "    phnoe: 1-800-555-0100\n"
        "    cite: {source: project_notes}\n"
        "    seen: unverified\n"
        "    checked: 2026-11-24\n",
        encoding="utf-8",
    )
    answered = secondopinion("check", copied_data)
    assert answered.output.startswith(
        "data/slip.yaml:2: contacts example.office: unknown key phnoe; did you mean 'phone'?\n"
    )
    assert answered.output.endswith("\nbroken promises: 1\n")
    assert answered.status == 1


def test_a_slip_in_one_of_our_own_files_is_told(copied_data):
    file = copied_data / "coverages.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("program: medicare,", "program: medicar,", 1), encoding="utf-8")
    answered = secondopinion("check", copied_data)
    assert answered.status == 1
    assert answered.output.startswith("data/coverages.yaml:")
    assert "program is never 'medicar'; use one of chip, federal_employee," in answered.output


@pytest.mark.parametrize("name", ["no such folder", "case.yaml"])
def test_what_is_no_data_folder_is_told(name, tmp_path):
    case_file(tmp_path, DENIED)
    answered = secondopinion("check", tmp_path / name)
    assert (answered.status, answered.complaint) == (1, "")
    assert answered.output.startswith(
        f"{tmp_path / name}: no .yaml files here; name the data folder\n"
    )


def test_years_later_every_entry_is_stale():
    output = secondopinion("check", "--as-of", "2036-01-01").output
    first, listed, *_ = output.splitlines()
    count = int(first.removeprefix("stale, the plan no longer counts on them: "))
    assert count > 100
    assert "checked 20" in listed
    assert "look again 20" in listed


def test_what_is_stale_breaks_no_promise():
    assert secondopinion("check", "--as-of", "2036-01-01").status == 0


def test_years_later_a_plan_no_longer_counts_on_what_was_read():
    answered = secondopinion(
        "plan",
        "-",
        "--as-of",
        "2036-01-01",
        "--format",
        "json",
        given="coverage: medicare_original",
    )
    verdict = json.loads(answered.output)["verdict"]
    assert (verdict["answer"], verdict["freshness"]) == ("ask", "stale")


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_the_first_page_of_help_says_what_this_is_for(arguments):
    said = secondopinion(*arguments)
    page = " ".join((said.output + said.complaint).split())
    assert "Help a person get a second medical opinion" in page
    assert "Nothing you enter is stored or sent anywhere." in page


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("app", "Open the workbook in your browser."),
        ("plan", "Make the plan for one case."),
        ("check", "List every broken promise of the knowledge base"),
    ],
)
def test_each_command_says_in_a_sentence_what_it_does(command, sentence):
    assert sentence in " ".join(secondopinion("--help").output.split())
    assert sentence in " ".join(secondopinion(command, "--help").output.split())


@pytest.mark.parametrize("command", ["app", "plan", "check"])
def test_help_speaks_no_jargon(command):
    page = secondopinion(command, "--help").output.casefold()
    assert [word for word in ("stdin", "stdout", "parse", "localhost", "null", "typer") if
            word in page] == []  # fmt: skip


def test_the_workbook_is_open_to_this_machine_only_unless_asked():
    assert "127.0.0.1" in secondopinion("app", "--help").output
