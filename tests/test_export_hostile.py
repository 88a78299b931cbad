"""Whatever somebody types arrives as text, or is dropped the same way in every file."""

import io
import re
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion.export import make_file, to_calendar, to_contacts, to_docx, to_mail, to_pdf
from secondopinion.export.characters import clean
from secondopinion.notes import Call, Notes
from secondopinion.papers import Heading, Items, Paper, Paragraph, Span, Table, ToWrite, words

from .handed import AS_OF, person
from .opened import calendar, cards, pdf_files, pdf_text, readable, squeezed, untagged, word_text

HOSTILE = (
    "\x00\x01\x08\x0b\x1b[31m controls \x7f\x85\x9f",
    "half of a pair \ud83d\udc00 and \udfff",
    "no characters \ufffe\uffff\ufdd0\U0001fffe\U0010ffff",
    "turned \u202etxet\u202c around \u2066here\u2069",
    "lines\rand\r\nmore\u2028and\u2029all\x0bof\x0cthem",
    "A" * 10_000,
    "long words " * 900,
    "=cmd|' /C calc'!A0",
    "+1+1; @SUM(A1), -2",
    "</w:t></w:r></w:p><w:p/> &amp; &lt; ]]> <!-- <?xml",
    '#import "evil.typ": * #sys.inputs #read("/etc/passwd")',
    "*bold* _it_ `code` $x^2$ @label <label> [x] = Title - list / term: \\ //",
    "/* note */ ~ --- ... 'q' \"q\"",
    "a;b,c\\d\\n:e\nf",
    "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VEVENT\nSUMMARY:evil",
    "END:VCARD\nBEGIN:VCARD\nFN:evil",
    "{{ 7 * 7 }} {% raw %} {0} {name} %s %(x)s",
    "<script>alert(1)</script> javascript:alert(1)",
    'https://example.org/"onclick="x https://example.org/a)b(c',
)
TYPED = st.text(
    st.characters(categories=("L", "M", "N", "P", "S", "Z", "C")), max_size=120
) | st.text(st.sampled_from("\n\r\t ;,:\\\"'<>[]{}#*_$@=-/&%\x00\u202e\ud800Aé☐"), max_size=60)
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=["Cc"]))


def sheet(text: str) -> Paper:
    """Return a paper with a text in every place that can hold one."""
    blocks = (
        Heading(words(text), 2),
        Paragraph((Span(text), Span(text, blank=True)), "address"),
        Items((words(text), words(f"name\n{text}")), "boxes"),
        Table(text, (text, "header"), ((text, ""),)),
        ToWrite(text),
    )
    return Paper("sheet", text, text, blocks)


def hostile_plan(text: str) -> Any:
    """Return a plan with a text in every place that a calendar or an address book shows."""
    plan = person("employer_appeal").plan
    levels = tuple(level._replace(name=text) for level in plan.appeals)
    contacts = tuple(each._replace(name=text, why=text) for each in plan.contacts)
    return plan._replace(appeals=levels, contacts=contacts)


def arrived(text: str) -> str:
    return squeezed(clean(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_arrives_in_word_as_it_was_typed(text: str):
    found = squeezed(word_text(to_docx([sheet(text)], text, AS_OF)))
    assert found.count(arrived(text)) >= 8


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_arrives_in_a_pdf_as_it_was_typed(text: str):
    made = to_pdf([sheet(text)], text, AS_OF)
    found = re.sub(r"Page\d+of\d+", "", squeezed(pdf_text(made)))
    assert found.count(arrived(text)) >= 8
    assert untagged(made) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_arrives_in_a_mail_as_it_was_typed(text: str):
    assert squeezed(to_mail([sheet(text)])).casefold().count(arrived(text).casefold()) >= 8


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_arrives_in_a_calendar_and_makes_no_entry(text: str):
    plan = hostile_plan(text)
    honest = calendar(to_calendar(person("employer_appeal").plan))
    found = calendar(to_calendar(plan))
    assert [event.summary.value for event in found] == [event.summary.value for event in honest]
    assert any(arrived(text) in squeezed(event.description.value) for event in found)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_arrives_on_a_card_and_makes_no_card(text: str):
    plan = hostile_plan(text)
    found = cards(to_contacts(plan))
    reached = [each for each in plan.contacts if each.phone or each.url]
    assert len(found) == len(reached)
    assert {squeezed(card.fn.value) for card in found} == {arrived(text)}
    assert {squeezed(card.note.value) for card in found} == {arrived(text)}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_file_of_a_folder_breaks_on_what_somebody_typed(text: str):
    blanks = ("my_name", "diagnosis", "plan_name", "member_id", "first_diagnosis", "second_doctor")
    some = text[:600]  # a reader of PDF takes minutes for the longest ones
    call = Call("network_doctor", AS_OF, some, some, some, some)
    notes = Notes(dict.fromkeys(blanks, some), (call,))
    whole = make_file("everything", person("hmo_gap").plan, notes).content
    start = arrived(some)[:40]
    files = readable(whole, but=".pdf")
    holding = [name for name, found in files.items() if start in squeezed(found)]
    assert {"letters-2026-11-24.docx", "letters-2026-11-24.txt"} <= {*holding}
    assert all(untagged(each) == [] for each in pdf_files(whole))


@settings(deadline=None, max_examples=80)
@given(text=TYPED)
def test_any_text_arrives_the_same_in_word_mail_calendar_and_card(text: str):
    paper = Paper("sheet", "sheet", "", (Paragraph(words(f"from {text} to")),))
    expected = f"from{arrived(text)}to"
    assert expected in squeezed(word_text(to_docx([paper], "sheet", AS_OF)))
    assert expected in squeezed(to_mail([paper]))
    plan = hostile_plan(f"from {text} to")
    assert any(
        expected in squeezed(event.description.value) for event in calendar(to_calendar(plan))
    )
    assert {squeezed(card.note.value) for card in cards(to_contacts(plan))} == {expected}


@settings(deadline=None, max_examples=80)
@given(text=TYPED)
def test_any_text_makes_a_whole_pdf(text: str):
    made = to_pdf([sheet(text)], "sheet", AS_OF)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
    assert untagged(made) == []


@settings(deadline=None, max_examples=80)
@given(text=LATIN)
def test_any_western_text_arrives_in_a_pdf(text: str):
    paper = Paper("sheet", "sheet", "", (Paragraph(words(f"from {text} to")),))
    assert f"from{arrived(text)}to" in squeezed(pdf_text(to_pdf([paper], "sheet", AS_OF)))
