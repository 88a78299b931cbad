"""A list of cases in a notebook: opened, put right, run, drawn and taken away."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from secondopinion import load_knowledge
from secondopinion.errors import UnreadableFile
from secondopinion.export import File
from secondopinion.scenarios import caseload
from secondopinion.scenarios.caseload.mending import rewritten
from secondopinion.screening import screen
from secondopinion.widgets import Screening

from .test_render import HOSTILE, Page

KNOWLEDGE = load_knowledge()
DAY = date(2026, 11, 24)
CASES = pd.DataFrame(
    {
        "patient": ["A-1", "A-2", "A-3", "A-4"],
        "coverage": ["medicare_original", "Medicare Adv", "Medicare Adv", "uninsured_self_pay"],
        "State": ["TX", "CA", "FL", "OH"],
        "recommended": ["surgery", "surgery", "surgery", "test"],
        "stage": ["denied", "denied", "denied", None],
        "events.denial": ["2026-11-02", "11/2/2026", "10/20/2026", None],
        "costs.visit_price": ["400", "$1,250.50", "300", "275"],
    }
)
PUT_RIGHT = {
    "column State": "state",
    "value coverage Medicare Adv": "medicare_advantage_hmo",
    "writing events.denial": "month_first",
    "writing costs.visit_price": "signs",
}
MEANT = CASES.rename(columns={"State": "state"}).assign(
    **{
        "coverage": [
            *("medicare_original", "medicare_advantage_hmo"),
            *("medicare_advantage_hmo", "uninsured_self_pay"),
        ],
        "events.denial": ["2026-11-02", "2026-11-02", "2026-10-20", None],
        "costs.visit_price": ["400", "1250.50", "300", "275"],
    }
)


def csv_of(frame: pd.DataFrame, sep: str = ",") -> bytes:
    return bytes(frame.to_csv(index=False, sep=sep).encode())


def xlsx_of(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_excel(file, index=False)
    return file.getvalue()


def parquet_of(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file, index=False)
    return file.getvalue()


def opened(content: bytes) -> pd.DataFrame:
    return caseload.open_table(content, KNOWLEDGE)


def cells(frame: pd.DataFrame) -> list[list[Any]]:
    plain = frame.astype(object)
    listed: list[list[Any]] = plain.where(plain.notna(), None).to_numpy().tolist()
    return listed


# Opening a file


@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
def test_a_csv_file_opens_whatever_stands_between_its_cells(sep: str):
    assert cells(opened(csv_of(CASES, sep))) == cells(CASES)


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_name_with_an_accent_is_read_in_every_usual_writing(code: str):
    assert opened("patient,state\nJosé,TX\n".encode(code)).loc[0, "patient"] == "José"


def test_an_excel_file_opens_and_its_days_are_days():
    table = CASES.assign(**{"events.denial": pd.to_datetime(["2026-11-02"] * 4)})
    read = opened(xlsx_of(table))
    assert list(read) == list(CASES)
    assert read.loc[0, "events.denial"].date() == date(2026, 11, 2)


def test_a_parquet_file_opens_as_it_is():
    assert cells(opened(parquet_of(CASES))) == cells(CASES)


def test_a_number_with_a_nought_before_it_keeps_it():
    assert opened(b"record,state\n00123,TX\n").loc[0, "record"] == "00123"


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def with_a_trap(workbook: bytes) -> bytes:
    """Return a workbook with an entity that would grow when it is read."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(file, "w") as made:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/workbook.xml":
                text = b'<!DOCTYPE a [<!ENTITY b "c">]>' + text
            made.writestr(name, text)
    return file.getvalue()


REFUSED = {
    "nothing at all": (b"", "There is no row in this file"),
    "names and no row": (b"coverage,state\n", "There is no row in this file"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "We cannot read this kind of file"),
    "an archive of something else": (archive(a=b"b"), "We cannot read this kind of file"),
    "an Excel file of long ago": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file"),
    "half an Excel file": (xlsx_of(CASES)[:2000], "We could not read this file"),
    "an Excel file without sheets": (archive(xl__workbook_xml=b"<a/>"), "could not read this file"),
    "an Excel file with a trap": (with_a_trap(xlsx_of(CASES)), "We could not read this file"),
    "half a Parquet file": (parquet_of(CASES)[:200], "We could not read this file"),
    "rows of different lengths": (b"a,b\n1,2,3,4\n5\n", "We could not read this file"),
    "a column that stands twice": (b"state,state\nTX,CA\n", "These columns stand twice"),
    "too many rows": (b"state\n" + b"TX\n" * (caseload.MOST_ROWS + 1), "more than 200,000 rows"),
    "too many columns": (
        b",".join(b"c%d" % n for n in range(300)) + b"\n1",
        "more than 200 columns",
    ),
    "too many bytes": (b"a" * (caseload.MOST_BYTES + 1), "larger than 50 MB"),
    "an archive that grows and grows": (
        archive(xl__workbook_xml=b"<a/>", big=b"\0" * (9 * caseload.MOST_BYTES)),
        "larger than 50 MB once it is unpacked",
    ),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_cannot_be_read_is_refused_in_kind_words(content: bytes, words: str):
    with pytest.raises(UnreadableFile, match=words) as refused:
        opened(content)
    assert "has not changed" in str(refused.value)


@given(
    st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"coverage,state\n", b"\xff\xfe"]),
    st.binary(max_size=200),
)
@example(b"PAR1", b"PAR1")
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_table_or_are_refused(start: bytes, rest: bytes):
    assert is_table_or_refused(start + rest)


@given(st.lists(st.tuples(st.integers(0, 8000), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_a_damaged_excel_file_is_a_table_or_is_refused(damage: list[tuple[int, int]]):
    content = bytearray(xlsx_of(CASES))
    for place, byte in damage:
        content[place % len(content)] = byte
    assert is_table_or_refused(bytes(content))


def is_table_or_refused(content: bytes) -> bool:
    try:
        return len(opened(content)) > 0
    except UnreadableFile as refused:
        return bool(str(refused))


# Putting it right


def test_what_is_not_understood_is_listed_once_with_how_many_rows_have_it():
    look = caseload.look_at(CASES)
    found = {(each.column, each.value): each.rows for each in look.unknown}
    assert found[("coverage", "Medicare Adv")] == 2
    assert look.understood.problem_rows == 2


def test_a_column_that_looks_like_ours_is_pointed_out_and_not_taken():
    look = caseload.look_at(CASES)
    assert look.understood.misspelt == {"State": "state"}
    assert "state" not in look.understood.fields


def put_right(frame: pd.DataFrame, filled: dict[str, str]) -> pd.DataFrame:
    names = caseload.names_given(filled, frame, KNOWLEDGE)
    look = caseload.look_at(caseload.mended(frame, caseload.Mending(names)))
    return caseload.mended(frame, caseload.mending_of(filled, names, look, KNOWLEDGE))


def test_a_table_put_right_is_the_table_that_was_meant():
    assert cells(put_right(CASES, PUT_RIGHT)) == cells(MEANT)
    assert list(put_right(CASES, PUT_RIGHT)) == list(MEANT)


def test_nothing_is_put_right_by_itself():
    assert cells(put_right(CASES, {})) == cells(CASES)


def test_a_value_can_count_as_not_known():
    table = put_right(CASES, {"value coverage Medicare Adv": caseload.LEAVE_OPEN})
    assert table["coverage"].isna().tolist() == [False, True, True, False]


def test_an_answer_that_we_did_not_offer_is_not_taken():
    filled = {"value coverage Medicare Adv": "=1+1", "column State": "nonsense"}
    assert cells(put_right(CASES, filled)) == cells(CASES)


def test_two_columns_cannot_have_one_name():
    filled = {"column State": "state", "column patient": "state"}
    assert list(put_right(CASES, filled))[:3] == ["state", "coverage", "State"]


def test_what_is_asked_has_a_way_to_leave_it_as_it_is():
    look = caseload.look_at(CASES)
    groups = caseload.groups(CASES, look, {}, KNOWLEDGE)
    assert [group["id"] for group in groups] == ["columns", "writings", "values"]
    fields = [field for group in groups for field in group["fields"]]
    assert fields
    assert all(field["options"][0][0] == "" for field in fields)


def test_a_column_that_was_given_a_name_can_be_given_another():
    names = {"State": "state"}
    look = caseload.look_at(caseload.mended(CASES, caseload.Mending(names)))
    groups = caseload.groups(CASES, look, names, KNOWLEDGE)
    [field] = [each for each in groups[0]["fields"] if each["label"] == "State"]
    assert "state" in dict(field["options"])
    assert "condition" in dict(field["options"])


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from("/-."))
def test_a_day_written_month_first_is_that_day(day: date, sign: str):
    written = sign.join(map(str, (day.month, day.day, day.year)))
    assert rewritten(written, "month_first") == day.isoformat()


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_written_day_first_is_that_day(day: date):
    assert rewritten(f"{day:%d/%m/%Y}", "day_first") == day.isoformat()


@pytest.mark.parametrize("text", ["13/13/2026", "2026-11-02", "soon", "2/30/2026", ""])
def test_a_day_that_is_none_in_that_writing_stays_as_it_is(text: str):
    assert rewritten(text, "month_first") == text


@pytest.mark.parametrize(
    ("written", "read"), [("$1,250.50", "1250.50"), ("20%", "20"), ("about $400", "about $400")]
)
def test_an_amount_loses_its_signs_and_nothing_else(written: str, read: str):
    assert rewritten(written, "signs") == read


# Running it


def test_a_list_run_in_batches_says_what_screening_says():
    rows = 20_050
    table = pd.concat([MEANT] * (rows // len(MEANT) + 1), ignore_index=True).head(rows)
    done: list[int] = []
    result = caseload.run(table, DAY, KNOWLEDGE, done.append)
    assert done == [20_000, rows]
    assert cells(result.tail(4)) == cells(screen(table, DAY).tail(4))
    assert len(result) == rows


def test_every_row_comes_back_in_its_place_with_its_own_columns():
    result = caseload.run(CASES, DAY, KNOWLEDGE, lambda _: None)
    assert cells(result[list(CASES)]) == cells(CASES)
    assert result["verdict"].isna().tolist() == [False, True, True, False]


# Pictures


def test_the_answers_drawn_are_the_answers_given():
    result = screen(MEANT, DAY)
    drawn = caseload.tally(result, KNOWLEDGE)
    assert (drawn.rows, drawn.done) == (4, 4)
    assert sum(count for _, count in drawn.counts) == 4
    groups = {group.name: group.people for group in drawn.groups}
    assert groups["Medicare Advantage HMO"] == 2


def test_the_pieces_of_a_bar_fill_it():
    for group in caseload.tally(screen(MEANT, DAY), KNOWLEDGE).groups:
        assert sum(float(share.width) for share in group.shares) == pytest.approx(100, abs=0.05)


def test_every_day_to_act_by_is_in_a_week_or_later():
    result = screen(MEANT, DAY)
    drawn = caseload.tally(result, KNOWLEDGE)
    assert (
        sum(week.people for week in drawn.weeks) + drawn.later == result["safe_date"].notna().sum()
    )


def test_the_costs_drawn_run_from_the_least_to_the_most_of_a_group():
    drawn = caseload.tally(screen(MEANT, DAY), KNOWLEDGE)
    [mine] = [cost for cost in drawn.costs if cost.name == "No insurance, or I pay myself"]
    assert (mine.words, mine.people) == ("$0 to $275", 1)


def test_a_list_without_insurance_days_and_costs_can_be_drawn_too():
    drawn = caseload.tally(screen(pd.DataFrame({"state": ["TX"]}), DAY), KNOWLEDGE)
    assert (drawn.weeks, drawn.costs) == ((), ())
    assert [group.name for group in drawn.groups] == ["Left open"]


# The page


def test_the_page_is_well_made_at_every_stage():
    look, result = caseload.look_at(CASES), screen(CASES, DAY)
    stages = [(None, None), (look, None), (look, result), (caseload.look_at(MEANT), None)]
    assert [Page(caseload.screening_html(*stage)).faults for stage in stages] == [[], [], [], []]


def test_hostile_text_in_a_file_stays_text():
    hostile = CASES.assign(patient=HOSTILE, coverage=HOSTILE).rename(columns={"State": HOSTILE})
    page = Page(caseload.screening_html(caseload.look_at(hostile), screen(hostile, DAY)))
    assert not page.all("script", "img")
    assert HOSTILE in page.words


def test_the_page_says_which_row_and_column_was_not_understood_and_what_to_write():
    page = Page(caseload.screening_html(caseload.look_at(CASES), None)).words
    assert "Rows with a cell that we did not understand: 2." in page
    assert re.search(r"2\s*coverage\s*Medicare Adv\s*coverage cannot be", page)


# Taking it away


def test_no_cell_of_a_file_can_act():
    hostile = CASES.assign(patient=["=1+1", "@x", "+1", "-1"]).rename(columns={"patient": "=A1"})
    result = screen(hostile, DAY)
    sheet = openpyxl.load_workbook(io.BytesIO(caseload.to_xlsx(result, "Results"))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    text = caseload.to_csv(result).decode("utf-8-sig")
    assert text.startswith("'=A1,")
    assert all(line.startswith("'") for line in text.splitlines())


def test_the_excel_file_holds_days_as_days_and_money_as_money():
    content = caseload.to_xlsx(screen(MEANT, DAY), "Results")
    read = pd.read_excel(io.BytesIO(content))
    assert read.loc[0, "safe_date"] == pd.Timestamp(2027, 3, 2)
    assert read.loc[0, "cost_high"] == 306.4


def test_the_parquet_file_is_the_result():
    result = screen(MEANT, DAY)
    read = pd.read_parquet(io.BytesIO(caseload.to_parquet(result)))
    assert cells(read) == cells(result)


def test_the_parquet_file_takes_a_column_of_many_kinds():
    mixed = MEANT.assign(patient=[1, "two", None, 4.5])
    read = pd.read_parquet(io.BytesIO(caseload.to_parquet(screen(mixed, DAY))))
    assert cells(read[["patient"]]) == [["1"], ["two"], [None], ["4.5"]]


def test_the_example_is_understood_from_end_to_end():
    look = caseload.look_at(opened(caseload.example(KNOWLEDGE)))
    assert look.understood.extra == ()
    assert look.understood.problem_rows == 0


# The instrument


@pytest.fixture
def screening() -> Screening:
    """Return the notebook as it opens."""
    return Screening(DAY)


def drop(screening: Screening, content: bytes, pieces: int = 1) -> None:
    """Hand over a file as the page does, in pieces."""
    size = -(-len(content) // pieces) or 1
    parts = [content[begin : begin + size] for begin in range(0, len(content) or 1, size)]
    for number, part in enumerate(parts):
        ends = {"first": number == 0, "last": number == len(parts) - 1}
        screening.drop._handle_custom_msg(ends, [memoryview(part)])  # noqa: SLF001  (as a page calls)


def made_by(screening: Screening, kind: str) -> File:
    file = screening.file(kind)
    assert file
    return file


def offered(screening: Screening) -> list[str]:
    return list(screening.files.kinds)


def words_of(screening: Screening) -> str:
    return Page(screening.plan.value).words


def test_the_notebook_opens_with_what_a_file_can_hold(screening: Screening):
    assert "What a file can hold" in words_of(screening)
    assert screening.run.layout.display == "none"


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_dropped_file_is_looked_over_before_anything_is_run(screening: Screening, pieces: int):
    drop(screening, csv_of(CASES), pieces)
    assert "Rows: 4." in words_of(screening)
    assert "Rows with an answer" not in words_of(screening)
    assert screening.run.layout.display is None


@pytest.mark.parametrize("make", [csv_of, xlsx_of, parquet_of])
def test_from_a_file_to_its_results(screening: Screening, make: Any):
    drop(screening, make(CASES))
    screening.sheet.value = PUT_RIGHT
    screening.run.value = True
    assert "Rows with an answer: 4 of 4." in words_of(screening)
    read = pd.read_parquet(io.BytesIO(made_by(screening, "parquet").content))
    assert cells(read) == cells(screen(MEANT, DAY))


def test_a_run_shows_how_far_it_is_and_can_be_asked_for_again(screening: Screening):
    drop(screening, csv_of(CASES))
    screening.run.value = True
    assert "Rows done: 4 of 4" in screening.progress.value
    assert '<progress max="4" value="4">' in screening.progress.value
    assert screening.run.value is False


def test_a_correction_takes_results_away_that_are_not_true_any_more(screening: Screening):
    drop(screening, csv_of(CASES))
    screening.run.value = True
    screening.sheet.value = PUT_RIGHT
    assert "Rows with an answer" not in words_of(screening)
    assert screening.file("csv") is None


def test_a_file_that_cannot_be_read_leaves_the_list_as_it_is(screening: Screening):
    drop(screening, csv_of(CASES))
    screening.run.value = True
    drop(screening, b"\x89PNG\r\n\x1a\n\0")
    assert "We cannot read this kind of file" in words_of(screening)
    assert "Rows with an answer: 2 of 4." in words_of(screening)


def test_a_column_that_has_the_name_of_a_result_is_refused_in_words(screening: Screening):
    drop(screening, csv_of(CASES.assign(verdict="yes")))
    assert "verdict" in words_of(screening)
    assert "Traceback" not in screening.plan.value


def test_a_new_file_starts_afresh(screening: Screening):
    drop(screening, csv_of(CASES))
    screening.sheet.value = PUT_RIGHT
    drop(screening, csv_of(MEANT))
    assert screening.sheet.value == {}
    assert "We understood every cell." in words_of(screening)


def test_files_are_offered_once_there_are_results(screening: Screening):
    assert offered(screening) == ["screening_example"]
    drop(screening, csv_of(MEANT))
    screening.run.value = True
    assert offered(screening) == ["screening_xlsx", "screening_csv", "screening_parquet"]
    names = [made_by(screening, kind).name for kind in ("xlsx", "csv", "parquet")]
    assert names == [f"results-{DAY}.{kind}" for kind in ("xlsx", "csv", "parquet")]


def test_pieces_that_never_end_are_forgotten(screening: Screening):
    piece = memoryview(bytes(caseload.MOST_BYTES // 2 + 1))
    for _ in range(5):
        screening.drop._handle_custom_msg({}, [piece])  # noqa: SLF001  (as a page calls)
    assert screening.drop.dropped == 0
    assert "What a file can hold" in words_of(screening)


def test_nothing_is_written_to_the_disk(
    screening: Screening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    drop(screening, xlsx_of(CASES))
    screening.run.value = True
    assert all(screening.file(kind) for kind in ("xlsx", "csv", "parquet"))
    assert list(tmp_path.iterdir()) == []
