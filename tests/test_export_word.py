"""What a person finds who opens our Word files."""

import io
import zipfile
from collections import Counter
from datetime import date
from typing import Any

import pytest

from secondopinion.export import to_docx
from secondopinion.papers import Heading, Items, Paper, Paragraph, Span, Table, ToWrite, words

from .handed import AS_OF, CASES, file
from .opened import W, word_paragraphs, word_part, word_text

KINDS = ("plan_docx", "letters_docx", "opinions_docx")
EVERY = [(name, kind) for name in CASES for kind in KINDS]
DC = "{http://purl.org/dc/elements/1.1/}"


def content(name: str, kind: str) -> bytes:
    return file(name, kind).content


def sheet(*blocks: Any) -> bytes:
    return to_docx([Paper("sheet", "A sheet", "", blocks)], "A sheet", AS_OF)


@pytest.mark.parametrize("name", CASES)
def test_a_plan_has_real_headings_to_jump_between(name: str):
    styles = Counter(style for style, _ in word_paragraphs(content(name, "plan_docx")))
    assert styles["Heading1"] == 1
    assert styles["Heading2"] > 5
    assert styles["Heading3"] > 5


@pytest.mark.parametrize("name", CASES)
def test_a_step_has_a_box_that_can_be_ticked(name: str):
    boxes = word_part(content(name, "plan_docx")).iter(f"{W}sdtContent")
    assert {"".join(box.itertext()) for box in boxes} == {"☐"}


def test_a_table_repeats_its_header_on_every_page():
    table = next(word_part(content("hmo_gap", "letters_docx")).iter(f"{W}tbl"))
    rows = list(table.iter(f"{W}tr"))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False]


def test_a_subject_is_a_heading():
    styles = word_part(content("hmo_gap", "letters_docx"), "word/styles.xml").iter(f"{W}style")
    (subject,) = [style for style in styles if style.get(f"{W}styleId") == "Subject"]
    based_on = subject.find(f"{W}basedOn")
    assert based_on is not None
    assert based_on.get(f"{W}val") == "Heading1"


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_a_file_tells_its_title_and_language_and_nobody_but_its_maker(name: str, kind: str):
    about = word_part(content(name, kind), "docProps/core.xml")
    said = {node.tag: node.text for node in about}
    assert said[f"{DC}title"]
    assert said[f"{DC}language"] == "en-US"
    assert said[f"{DC}creator"] == "Second Opinion Workbook"
    assert "python" not in "".join(about.itertext())
    assert "cancer" not in "".join(about.itertext()).casefold()


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_a_file_holds_no_picture_and_no_name_of_a_machine(name: str, kind: str):
    with zipfile.ZipFile(io.BytesIO(content(name, kind))) as whole:
        names = whole.namelist()
    assert not [each for each in names if "thumbnail" in each or "app.xml" in each]


def test_the_words_are_in_american_english_and_in_a_font_that_is_everywhere():
    styles = word_part(content("hmo_gap", "plan_docx"), "word/styles.xml")
    (language,) = styles.iter(f"{W}lang")
    assert language.get(f"{W}val") == "en-US"
    named = [style.find(f"{W}rPr/{W}rFonts") for style in styles.iter(f"{W}style")]
    assert {fonts.get(f"{W}ascii") for fonts in named if fonts is not None} == {"Arial"}


def test_an_open_place_stands_out_in_yellow_and_brackets():
    made = sheet(Paragraph((Span("Dear "), Span("name of the doctor", blank=True))))
    marked = [
        run for run in word_part(made).iter(f"{W}r") if run.find(f"{W}rPr/{W}highlight") is not None
    ]
    assert ["".join(run.itertext()) for run in marked] == ["[name of the doctor]"]


def test_each_paper_starts_on_a_page_of_its_own():
    made = to_docx([Paper("a", "A", "", ()), Paper("b", "B", "", ())], "Two", AS_OF)
    sections = list(word_part(made).iter(f"{W}sectPr"))
    assert len(sections) == 2
    assert all(section.find(f"{W}pgNumType").get(f"{W}start") == "1" for section in sections)  # type: ignore[union-attr]


def test_lists_count_from_one_again():
    made = sheet(Items((words("a"), words("b")), "numbers"), Items((words("c"),), "numbers"))
    numbers = [node.get(f"{W}val") for node in word_part(made).iter(f"{W}numId")]
    assert numbers[0] == numbers[1] != numbers[2]


def test_a_source_can_be_clicked():
    made = sheet(Paragraph(words("See https://www.ecfr.gov/current/title-42, and ask.")))
    (link,) = word_part(made).iter(f"{W}hyperlink")
    assert "".join(link.itertext()) == "https://www.ecfr.gov/current/title-42"


def test_there_is_room_to_write_after_a_label():
    assert list(word_paragraphs(sheet(ToWrite("Fee", 2))))[1:] == [
        ("Field", "Fee \n"), ("Field", "\n"),
    ]  # fmt: skip


def test_every_text_of_a_paper_is_in_the_file():
    blocks = (
        Heading(words("High"), 2),
        Paragraph(words("One\nTwo"), "lead"),
        Items((words("Dots"),)),
        Items((words("Boxes\nfor what"),), "boxes"),
        Table("Caption", ("Day", "Answer"), (("Monday", ""),)),
    )
    assert word_text(sheet(*blocks)).split() == [
        *("A", "sheet", "High", "One", "Two", "Dots", "☐", "Boxes", "for", "what"),
        *("Caption", "Day", "Answer", "Monday"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_plan_gives_the_same_file(kind: str):
    file.cache_clear()
    first = content("hmo_gap", kind)
    file.cache_clear()
    assert content("hmo_gap", kind) == first


def test_a_file_carries_the_day_of_the_plan_and_no_other():
    made = to_docx([Paper("a", "A", "", ())], "A", date(2026, 2, 3))
    with zipfile.ZipFile(io.BytesIO(made)) as whole:
        assert {entry.date_time for entry in whole.infolist()} == {(2026, 2, 3, 0, 0, 0)}
    text = "".join(word_part(made, "docProps/core.xml").itertext())
    assert text.count("2026-02-03T00:00:00Z") == 2
