"""The files a person takes away: which there are, what they are called, and what is in the zip."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Collection

import pytest

from secondopinion.export import (
    KINDS,
    STAND_INS,
    file_name,
    kinds_available,
    make_file,
    to_mail,
    to_zip,
)
from secondopinion.notes import Notes
from secondopinion.papers import Items, Paper, Paragraph, Span, Table, ToWrite, words

from .handed import AS_OF, CASES, NOTES, file, person
from .opened import readable

IN_THE_FOLDER = [
    "README.txt",
    "plan-2026-11-24.pdf",
    "plan-2026-11-24.docx",
    "letters-2026-11-24.docx",
    "letters-2026-11-24.pdf",
    "letters-2026-11-24.txt",
    "calls-2026-11-24.pdf",
    "opinions-2026-11-24.docx",
    "calendar-2026-11-24.ics",
    "contacts-2026-11-24.vcf",
    "plan-2026-11-24.txt",
]
WITHOUT = """
import json, sys
from datetime import date

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked}:
            raise ModuleNotFoundError(name + " is blocked", name=name)

sys.meta_path.insert(0, Block())
from secondopinion import build_plan, read_case
from secondopinion.export import kinds_available, make_file
loaded = sorted({{name.partition(".")[0] for name in sys.modules}})
plan = build_plan(read_case({{"coverage": "fehb"}}), date(2026, 11, 24))
"""


def asked(blocked: Collection[str], *code: str) -> object:
    """Return what some code prints in a process that lacks some libraries."""
    script = WITHOUT.format(blocked=sorted(blocked)) + "\n".join(code)
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert run.stderr == ""
    return json.loads(run.stdout)


# Which there are


def test_every_kind_can_be_made_where_every_library_is():
    assert kinds_available() == tuple(kind for kind in KINDS if kind not in STAND_INS.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CASES)
def test_every_kind_is_made_for_everybody(name: str, kind: str):
    made = file(name, kind, letter="records_request")
    assert made.name.endswith(f"-2026-11-24.{KINDS[kind].suffix}")
    assert len(made.content) > 300


def test_without_word_and_typst_the_other_kinds_are_offered():
    found = asked(["lxml", "typst"], "print(json.dumps(kinds_available()))")
    assert found == [
        *("letters_text", "calendar", "contacts", "mail", "everything"),
        *("plan_html", "letter_text", "calls_text", "opinions_text"),
    ]


def test_in_a_browser_the_folder_holds_the_plan_as_a_page_to_print():
    names = asked(
        ["lxml", "docx", "typst"],
        "import io, zipfile",
        "made = make_file('everything', plan)",
        "print(json.dumps(zipfile.ZipFile(io.BytesIO(made.content)).namelist()))",
    )
    assert names == [
        "README.txt", "letters-2026-11-24.txt", "calendar-2026-11-24.ics",
        "contacts-2026-11-24.vcf", "plan-2026-11-24.txt", "plan-2026-11-24.html",
        "calls-2026-11-24.txt", "opinions-2026-11-24.txt",
    ]  # fmt: skip


def test_a_page_that_offers_files_has_loaded_none_of_their_libraries():
    loaded = asked([], "print(json.dumps(loaded))")
    assert isinstance(loaded, list)
    assert {"docx", "lxml", "typst", "icalendar", "jinja2"} & {*loaded} == set()


# What they are called


def test_a_name_tells_the_day_and_nothing_of_the_illness():
    assert file_name("plan", AS_OF, "pdf") == "plan-2026-11-24.pdf"
    names = {make_file(kind, person("hmo_gap").plan).name for kind in KINDS}
    assert not [name for name in names if "lymphoma" in name or "hmo" in name]


# Everything in one


@pytest.mark.parametrize("name", CASES)
def test_the_folder_holds_every_file_and_a_list_of_them(name: str):
    with zipfile.ZipFile(io.BytesIO(file(name, "everything").content)) as whole:
        assert whole.testzip() is None
        assert whole.namelist() == IN_THE_FOLDER
        listed = whole.read("README.txt").decode()
    assert all(name in listed for name in IN_THE_FOLDER[1:])


def test_a_file_in_the_folder_is_the_file_alone():
    with zipfile.ZipFile(io.BytesIO(file("hmo_gap", "everything").content)) as whole:
        assert whole.read("calls-2026-11-24.pdf") == file("hmo_gap", "calls_pdf").content


def test_the_same_plan_gives_the_same_folder():
    plan, notes = person("employer_appeal")
    assert to_zip(plan, notes) == to_zip(plan, notes)


def test_what_a_person_wrote_stands_in_the_letters_and_on_the_calls():
    files = readable(file("hmo_gap", "everything").content)
    for letter in ("letters-2026-11-24.docx", "letters-2026-11-24.pdf", "letters-2026-11-24.txt"):
        assert NOTES.words["my_name"] in files[letter]
        assert "R-4410" in files[letter]
    assert "A-0099" in files["calls-2026-11-24.pdf"]
    assert "Stage 2, grade 3" in files["opinions-2026-11-24.docx"]


def test_the_letters_begin_with_a_page_that_tells_what_is_still_open():
    said = make_file("letters_text", person("hmo_gap").plan, Notes()).content.decode()
    cover = said.partition("=" * 72)[0]
    assert "[ ] Name of the plan" in cover
    assert "[ ] Ask for a network gap exception" in cover


def test_one_letter_can_be_had_alone():
    alone = file("hmo_gap", "letter_pdf", letter="gap_exception")
    assert alone.name == "letter-2026-11-24.pdf"
    assert len(alone.content) < len(file("hmo_gap", "letters_pdf").content)


def test_a_letter_that_is_not_among_them_says_so():
    made = make_file("letter_docx", person("hmo_gap").plan, letter="no_such_letter")
    assert b"word/document.xml" in made.content


# For an e-mail


def test_a_mail_has_short_lines_and_leaves_addresses_whole():
    address = f"https://example.org/{'a' * 90}"
    text = to_mail([Paper("a", "A", "", (Paragraph(words(f"{'many words ' * 30}{address}")),))])
    assert address in text.splitlines()
    assert max(len(line) for line in text.splitlines() if address not in line) <= 72


def test_a_mail_shows_open_places_boxes_and_room_to_write():
    blocks = (
        Paragraph((Span("Dear "), Span("name", blank=True))),
        Items((words("Ask\nwhy"),), "boxes"),
        Items((words("one"), words("two")), "numbers"),
        Table("Calls", ("Day", "Answer"), (("Monday", "No"),)),
        ToWrite("Fee"),
    )
    assert to_mail([Paper("a", "A sheet", "", blocks)]).split("\n\n") == [
        "A SHEET",
        "Dear [name]",
        "[ ] Ask\n    why",
        "1. one\n2. two",
        "Calls\n- Day: Monday; Answer: No",
        "Fee: ____________________\n",
    ]
