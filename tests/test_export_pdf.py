"""What a person reads, prints or hears of our PDF files."""

import io
from datetime import date
from typing import Any

import pikepdf
import pytest

from secondopinion.export import to_pdf
from secondopinion.papers import Heading, Items, Paper, Paragraph, Span, Table, ToWrite, words

from .handed import AS_OF, CASES, file
from .opened import pdf_pages, pdf_text, squeezed, tags, untagged

KINDS = ("plan_pdf", "letters_pdf", "calls_pdf")
EVERY = [(name, kind) for name in CASES for kind in KINDS]
UA = "{http://www.aiim.org/pdfua/ns/id/}part"


def content(name: str, kind: str) -> bytes:
    return file(name, kind).content


def sheet(*blocks: Any) -> bytes:
    return to_pdf([Paper("sheet", "A sheet", "", blocks)], "A sheet", AS_OF)


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_a_file_says_that_it_is_made_for_everybody(name: str, kind: str):
    with pikepdf.open(io.BytesIO(content(name, kind))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-US"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.open_metadata()[UA] == "1"


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_everything_on_a_page_is_tagged_or_decoration(name: str, kind: str):
    assert untagged(content(name, kind)) == []


@pytest.mark.parametrize("name", CASES)
def test_headings_and_lists_are_heard_as_such(name: str):
    heard = tags(content(name, "plan_pdf"))
    assert heard.count("/H1") == 1
    assert {"/H2", "/H3", "/L", "/LI", "/Lbl", "/LBody", "/P", "/Link"} <= {*heard}


def test_a_table_is_heard_with_its_header():
    heard = tags(content("hmo_gap", "letters_pdf"))
    assert {"/Table", "/TR", "/TH", "/TD", "/Caption"} <= {*heard}


def test_every_letter_has_its_subject_as_a_heading():
    heard = tags(content("employer_appeal", "letters_pdf"))
    assert heard.count("/H1") == len(pdf_pages(content("employer_appeal", "letters_pdf")))


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_a_file_has_bookmarks_and_a_title_without_the_illness(name: str, kind: str):
    with pikepdf.open(io.BytesIO(content(name, kind))) as pdf, pdf.open_outline() as outline:
        assert len(outline.root) > 0
        about = " ".join(str(value) for value in pdf.docinfo.values())
    assert "cancer" not in about.casefold()
    assert "lymphoma" not in about.casefold()


@pytest.mark.parametrize("name", CASES)
def test_a_letter_is_one_page(name: str):
    pages = pdf_pages(content(name, "letters_pdf"))
    assert [page.count("Sincerely") for page in pages] == [0] + [1] * (len(pages) - 1)


@pytest.mark.parametrize("name", CASES)
def test_a_call_is_one_page(name: str):
    pages = pdf_pages(content(name, "calls_pdf"))
    assert [page.startswith("Call") for page in pages] == [True] * len(pages)


def test_a_letter_with_a_long_log_is_still_one_page():
    row = ("Monday, November 2, 2026", "Office of many words", "Kim", "R-4410", "No visit at all.")
    blocks = (
        Paragraph(words("Somebody\nSomewhere"), "address"),
        Paragraph(words("About a gap"), "subject"),
        *(Paragraph(words("We called every office on the list. " * 4)) for _ in range(6)),
        Table("Calls", ("Day", "Office", "Who answered", "Number", "Answer"), (row,) * 8),
        Paragraph(words("Sincerely,"), "closing"),
    )
    assert len(pdf_pages(sheet(*blocks))) == 1


def test_pages_of_a_long_paper_are_numbered_and_a_letter_is_not():
    pages = pdf_pages(content("medicare_third", "plan_pdf"))
    assert f"Page 2 of {len(pages)}" in pages[1]
    assert "Page" not in pdf_pages(content("medicare_third", "letters_pdf"))[1]


def test_an_open_place_stands_in_brackets():
    made = sheet(Paragraph((Span("Dear "), Span("name of the doctor", blank=True), Span(","))))
    assert "Dear [name of the doctor]," in pdf_text(made)


def test_a_source_can_be_clicked():
    with pikepdf.open(io.BytesIO(content("medicare_third", "plan_pdf"))) as pdf:
        aims = {
            str(note.A.URI)
            for page in pdf.pages
            for note in page.get("/Annots", [])
            if "/URI" in note.A
        }
        told = ["/Contents" in note for page in pdf.pages for note in page.get("/Annots", [])]
    assert all(aim.startswith(("https://", "http://")) for aim in aims)
    assert all(told)
    assert any("ecfr.gov" in aim for aim in aims)


def test_lines_to_write_on_are_decoration_and_their_label_is_text():
    made = sheet(ToWrite("Reference number", 3))
    assert "Reference number" in pdf_text(made)
    assert untagged(made) == []


def test_headings_go_down_one_level_at_a_time():
    made = sheet(Heading(words("Deep"), 3), Heading(words("High"), 2), Heading(words("Low"), 3))
    assert [tag for tag in tags(made) if tag.startswith("/H")] == ["/H1", "/H2", "/H2", "/H3"]


def test_lists_count_from_one_again():
    made = sheet(Items((words("a"), words("b")), "numbers"), Items((words("c"),), "numbers"))
    assert squeezed(pdf_text(made)).count("1.") == 2


def test_a_letter_of_another_script_is_kept_and_the_file_stays_tagged():
    made = sheet(Paragraph(words("My name is 山田花子, born in 1961.")))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert UA not in pdf.open_metadata()  # it would promise that every letter can be seen
    assert "born in 1961" in pdf_text(made)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_plan_gives_the_same_file(kind: str):
    file.cache_clear()
    first = content("hmo_gap", kind)
    file.cache_clear()
    assert content("hmo_gap", kind) == first


def test_a_file_carries_the_day_of_the_plan():
    made = to_pdf([Paper("a", "A", "", ())], "A", date(2026, 2, 3))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20260203")
