"""What a nurse, a lawyer or a navigator sees who reviews what we say, in Excel and on paper."""

import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, NamedTuple

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondopinion import load_knowledge
from secondopinion.authoring.schema import LINES, RULES
from secondopinion.cells import MOST, harmless
from secondopinion.cli import own_data
from secondopinion.readability import reading_grade
from secondopinion.review import Review, Row, passages, read_review, to_booklet, to_sheet
from secondopinion.review.whom import Whom
from secondopinion.widgets import RuleBook

DAY = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
PRINTED = (
    "Kind", "Id", "What it is", "Who it is for", "What the reader sees", "Answer or figure",
    "Source", "Link", "How well we know it", "Checked", "Right? (yes/no)", "What to change",
    "Initials, day",
)  # fmt: skip
ANSWERS = PRINTED[-3:]
ACTING = ("=", "+", "-", "@", "\t")
WIDE = "\uff1d"  # an equals sign as wide as a Chinese character


@cache
def review(day: date = DAY) -> Review:
    return read_review(own_data(), day)


@cache
def sheet_file(day: date = DAY) -> bytes:
    return to_sheet(review(day))


@cache
def book(day: date = DAY) -> Any:
    return openpyxl.load_workbook(BytesIO(sheet_file(day)))


class Line(NamedTuple):
    """A row as an independent program reads it: its cells by their headings."""

    sheet: str
    cells: dict[str, Any]

    def says(self, heading: str) -> Any:
        """Return what stands under a heading."""
        return self.cells[heading].value


@cache
def lines(day: date = DAY) -> tuple[Line, ...]:
    """Return every row of every sheet but the first."""
    return tuple(
        Line(
            sheet.title, {str(head.value): cell for head, cell in zip(sheet[1], cells, strict=True)}
        )
        for sheet in book(day).worksheets[1:]
        for cells in sheet.iter_rows(min_row=2)
    )


def line(name: str, day: date = DAY) -> Line:
    """Return the one row with an id."""
    (found,) = (each for each in lines(day) if each.says("Id") == name)
    return found


def row(name: str, day: date = DAY) -> Row:
    (found,) = (each for each in review(day).rows if each.id == name)
    return found


def links(found: Line) -> list[str]:
    """Return where a row's links lead, in their order."""
    cells = (cell for head, cell in found.cells.items() if head and head.startswith("Link"))
    return [cell.hyperlink.target for cell in cells if cell.hyperlink]


# The sheet: what is on it


def test_every_rule_in_force_has_exactly_one_row():
    found = Counter((each.says("Kind"), each.says("Id")) for each in lines())
    in_force = [
        (KNOWLEDGE.say(f"review.kind.{kind}"), rule.id)
        for kind in RULES
        for rule in KNOWLEDGE.rules(kind)
        if rule.at(DAY) is not None
    ]
    assert len(in_force) > 400
    assert {name: found[name] for name in in_force if found[name] != 1} == {}


@pytest.mark.parametrize("kind", LINES)
def test_every_line_a_person_may_read_has_exactly_one_row(kind):
    title = KNOWLEDGE.say(f"review.kind.{kind}")
    found = sorted(each.says("Id") for each in lines() if each.sheet == title)
    assert found == sorted(entry["id"] for entry in KNOWLEDGE.section(kind))


def test_each_row_says_its_kind():
    assert {each.says("Kind") for each in lines()} == {each.sheet for each in lines()}


def test_an_amount_is_the_one_of_the_day():
    name = "medicare.part_b_deductible"
    amounts = [line(name, day).says("Answer or figure") for day in (date(2025, 6, 1), DAY)]
    assert amounts == ["$257", "$283"]


def test_a_rule_that_is_not_in_force_says_so_and_cites_nothing():
    gone = line("medicare.part_b_deductible", date(2031, 6, 1))
    assert (gone.says("Answer or figure"), gone.says("Source")) == ("no rule in force", None)


def test_a_sentence_shows_the_figures_of_the_day():
    shown = line("medicare_original.cost").says("What the reader sees")
    assert "$283" in shown


def test_no_sentence_is_left_with_a_hole_in_it():
    words = KNOWLEDGE.say("review.kind.phrases")
    texts = (each.says("What the reader sees") or "" for each in lines() if each.sheet != words)
    assert [text for text in texts if "{" in text] == []


def test_a_day_of_the_person_stands_in_brackets():
    shown = [text for each in review().rows for text in each.reads if "[Day of" in text]
    assert shown


def test_what_is_said_on_the_phone_is_marked():
    shown = line("medicare_original.second_opinion").says("What the reader sees")
    assert 'On the phone: "I have Original Medicare' in shown


def test_a_limit_says_how_it_is_counted():
    figure = line("medicare_advantage.reconsideration.file").says("Answer or figure")
    assert figure.splitlines()[:3] == [
        "60 days",
        "The clock starts: Date on the first letter that said no",
        "Counted from the day it arrives",
    ]


def test_a_limit_names_the_entries_that_use_it():
    used = line("medicare_claims.redetermination.file").says("Who it is for")
    assert "First look again (redetermination)" in used


def test_an_answer_that_is_shown_weaker_than_it_is_written_says_so():
    figure = line("champva.second_opinion").says("Answer or figure")
    assert figure.startswith("Ask first")
    assert "Our row says: Usually covered" in figure


def test_a_number_that_nobody_confirmed_is_shown_as_hidden():
    hidden = {
        entry["id"]
        for entry in KNOWLEDGE.section("contacts")
        if entry.get("phone_seen") == "unverified"
    }
    figures = {
        each.says("Id"): each.says("Answer or figure")
        for each in lines()
        if each.says("Id") in hidden
    }
    assert figures
    assert all("not shown to anybody yet" in figure for figure in figures.values())


def test_a_rung_of_the_ladder_says_its_limits():
    figure = line("medicare_claims.1").says("Answer or figure")
    assert figure.splitlines() == ["Step 1", "Ask within 120 days", "Answer within 60 days"]


# Who it is for


def test_who_it_is_for_is_said_in_the_words_of_the_answers():
    procedure = "major_procedure"
    assert line("medicare_original.second_opinion.surgery").says("Who it is for").splitlines() == [
        "What insurance do you have? Original Medicare; Original Medicare with a Medigap plan",
        "What did the first doctor advise? Surgery; " + KNOWLEDGE.label("recommended", procedure),
    ]


def test_a_whole_group_of_insurances_is_named_once():
    assert "Bought by myself (every kind)" in line("private.ask.written_no").says("Who it is for")


def test_what_is_for_everybody_says_so():
    assert line("record.drugs").says("Who it is for") == "Everyone"


def test_no_fact_of_the_program_stands_where_a_person_reads():
    whom = [each.whom for each in review().rows if each.has_whom]
    said = "\n".join(each.insurance + each.otherwise for each in whom)
    facts = {fact["id"] for fact in KNOWLEDGE.section("facts")}
    names = {answer for fact in KNOWLEDGE.section("facts") for answer in fact["answers"]}
    codes = {str(name) for name in facts | names if "_" in str(name)}
    assert [name for name in codes if name in said] == []


# Sources, grades, days, places


def test_every_source_with_an_address_can_be_clicked():
    by_id = {(KNOWLEDGE.say(f"review.kind.{each.kind}"), each.id): each for each in review().rows}
    differing = [
        found.says("Id")
        for found in lines()
        if links(found) != list(by_id[found.says("Kind"), found.says("Id")].links)
    ]
    assert differing == []


def test_a_source_names_the_place_in_it():
    assert "42 CFR 422.582" in line("medicare_advantage.reconsideration.file").says("Source")
    assert "(a), (b)" in line("medicare_claims.redetermination.file").says("Source")


def test_every_rule_says_how_well_we_know_it():
    titles = {KNOWLEDGE.say(f"review.kind.{kind}") for kind in RULES}
    said = {each.says("How well we know it") for each in lines() if each.sheet in titles}
    assert said <= {"read in the official text", "read in a summary", "not confirmed"}


def test_what_stands_on_several_rules_is_as_sure_as_the_weakest():
    weak = [each for each in review().rows if each.kind == "advice" and len(each.sources) > 1]
    assert weak
    assert all(each.checked == min(source.checked for source in each.sources) for each in weak)


def test_the_next_look_is_180_days_after_the_last():
    days = [
        (each.says("Checked"), each.says("Check again by"))
        for each in lines()
        if each.says("Checked")
    ]
    assert days
    assert {again - checked for checked, again in days} == {timedelta(days=180)}


def test_the_reading_grade_is_that_of_what_a_person_reads():
    said = next(
        e for e in KNOWLEDGE.section("warnings") if e["id"] == "general.emergency"
    )["text"]  # fmt: skip
    assert line("general.emergency").says("Reading grade") == pytest.approx(reading_grade(said))


def test_a_rule_stands_at_the_line_of_the_row_in_force():
    found = line("medicare.part_b_deductible").says("File and line")
    name, number = found.removeprefix("data/").split(":")
    text = (own_data() / name).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert "since: 2026-01-01" in text


def test_every_other_entry_stands_at_its_line():
    others = [each for each in review().rows if each.kind not in RULES]
    for each in others:
        name, number = each.where.removeprefix("data/").split(":")
        text = (own_data() / name).read_text(encoding="utf-8").splitlines()[int(number) - 1]
        assert f"id: {each.id}" in text


# A sheet one can work with


@pytest.fixture(params=range(1, 21))
def one_sheet(request: pytest.FixtureRequest) -> Any:
    """Return each sheet of rows in turn."""
    return book().worksheets[request.param]


def test_there_is_a_sheet_for_each_kind_of_entry():
    assert len(book().worksheets) == 26


def test_the_printed_columns_come_first(one_sheet):
    assert tuple(cell.value for cell in one_sheet[1])[: len(PRINTED)] == PRINTED


def test_the_columns_of_the_reviewer_are_empty():
    assert {each.says(heading) for each in lines() for heading in ANSWERS} == {None}


def test_right_is_answered_with_yes_or_no(one_sheet):
    (rule,) = one_sheet.data_validations.dataValidation
    assert (rule.type, rule.formula1) == ("list", '"yes,no"')
    assert str(rule.sqref) == f"K2:K{one_sheet.max_row}"


def test_the_headings_stay_and_can_be_filtered(one_sheet):
    assert one_sheet.freeze_panes == "D2"
    assert one_sheet.auto_filter.ref.startswith("A1:")


def test_a_sheet_prints_across_with_its_headings_on_every_page(one_sheet):
    assert one_sheet.page_setup.orientation == "landscape"
    assert one_sheet.print_title_rows == "$1:$1"
    assert one_sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (one_sheet.page_setup.fitToWidth or 1, one_sheet.page_setup.fitToHeight) == (1, 0)


def test_long_texts_wrap_and_no_row_is_higher_than_excel_allows(one_sheet):
    assert all(cell.alignment.wrap_text for cell in one_sheet[2])
    assert max(each.height or 0 for each in one_sheet.row_dimensions.values()) <= 409


def test_the_first_sheet_says_how_to_review_in_plain_words():
    said = [str(cell.value) for cell in book().worksheets[0]["A"] if cell.value]
    prose = [text for text in said if not re.search(r": \d+$", text)]
    assert said[0] == "How to review"
    assert (reading_grade(*prose) or 99) <= 8
    assert "Tuesday, November 24, 2026" in " ".join(said)
    assert KNOWLEDGE.data_version in " ".join(said)


def test_the_first_sheet_leads_to_all_the_others():
    cells = [cell for cell in book().worksheets[0]["A"] if cell.hyperlink]
    named = [cell.hyperlink.location.split("!")[0].strip("'") for cell in cells]
    assert named == [sheet.title for sheet in book().worksheets[1:]]


def test_the_same_data_on_the_same_day_gives_the_same_sheet():
    assert to_sheet(review()) == sheet_file()


# Nothing on it can act


def formulas(file: bytes) -> list[str]:
    """Return the parts of an Excel file that hold a formula in a cell."""
    with zipfile.ZipFile(BytesIO(file)) as parts:
        inside = {name: parts.read(name) for name in parts.namelist()}
    return [name for name, part in inside.items() if re.search(rb"<f[ >]", part)]


def test_no_cell_of_our_own_sheet_is_a_formula():
    assert formulas(sheet_file()) == []


hostile = st.builds(
    "{}{}".format,
    st.sampled_from(["", *ACTING, "\r", "\n=", " =", WIDE, "{=", "'", "_x003D_", "http://", "x:"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
)


def with_texts(text: str) -> Review:
    """Return a review of one entry that says a text everywhere."""
    entry = row("general.emergency")._replace(
        id=text, what=text, whom=Whom(text), reads=(text,), value=text, links=(text,), where=text,
        kind="questions",
    )  # fmt: skip
    return review()._replace(rows=(entry,))


def cells_with(text: str) -> Iterator[Any]:
    file = to_sheet(with_texts(text))
    assert formulas(file) == []
    sheet = openpyxl.load_workbook(BytesIO(file)).worksheets[1]
    heads = [cell.value for cell in sheet[1]]
    told = ("Id", "What it is", "Who it is for", "What the reader sees", "File and line")
    yield from (sheet.cell(2, heads.index(head) + 1) for head in told)


@given(hostile)
@settings(deadline=None)
def test_a_hostile_text_stays_a_text(text):
    for cell in cells_with(text):
        assert cell.data_type in {"s", "n"}
        assert cell.value in {harmless(text), harmless(text) or None}


@given(hostile)
def test_a_text_copied_elsewhere_still_cannot_act(text):
    assert not harmless(text).lstrip().startswith(ACTING)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1"])
def test_a_text_that_would_act_gets_an_apostrophe(text):
    assert harmless(text).startswith("'")


def test_a_plain_text_is_left_as_it_is():
    assert harmless("Ask: is 1 + 1 = 2?") == "Ask: is 1 + 1 = 2?"


def test_a_text_too_long_for_a_cell_is_cut_where_one_can_see_it():
    (shown, *_) = cells_with("word " * 10_000)
    assert shown.value == f"{('word ' * 10_000)[:MOST]}…"


def test_a_link_to_anything_but_a_web_page_is_a_text():
    file = to_sheet(with_texts("javascript:alert(1)"))
    sheet = openpyxl.load_workbook(BytesIO(file)).worksheets[1]
    assert [cell.value for cell in sheet[2] if cell.hyperlink] == []


# The booklet


class Page(HTMLParser):
    """The headings of a page, its words, and what it would fetch or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.fetched: list[str] = []
        self.ids: set[str] = set()
        self.jumps: set[str] = set()
        self._heading = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._heading = tag == "h2"
        self.ids.add(found.get("id") or "")
        if tag in {"script", "link", "img", "iframe", "object"} or "src" in found:
            self.fetched.append(tag)
        if tag == "a" and (found.get("href") or "").startswith("#"):
            self.jumps.add((found["href"] or "")[1:])

    def handle_data(self, data: str) -> None:
        if self._heading:
            self.headings.append(data)
            self._heading = False


@cache
def booklet() -> str:
    return to_booklet(review())


def chapter(coverage: str) -> str:
    """Return the part of the booklet about one kind of insurance."""
    return booklet().split(f'<h2 id="{coverage}">')[1].split("<h2 ")[0]


def test_the_booklet_has_a_chapter_for_every_kind_of_insurance():
    names = [kind["name"] for kind in KNOWLEDGE.section("coverages")]
    assert Page(booklet()).headings == [
        "For every kind of insurance",
        *names,
        "Offices of the states",
    ]


def test_the_contents_of_the_booklet_lead_to_its_chapters():
    page = Page(booklet())
    assert len(page.jumps) > 40
    assert page.jumps <= page.ids


def test_a_chapter_tells_what_is_covered_what_comes_first_what_it_costs_and_the_ladder():
    told = chapter("medicare_advantage_hmo")
    sections = re.findall(r"<h3>(.*?)</h3>", told)
    assert sections == [
        "Is a second or third opinion covered?", "What must come first", "What it may cost",
        "The ladder of appeals", "Warnings", "Who can help",
    ]  # fmt: skip


def test_the_ladder_in_the_booklet_climbs_and_shows_its_limits():
    told = chapter("medicare_original")
    steps = [int(number) for number in re.findall(r"Step (\d)", told)]
    assert steps == [1, 2, 3, 4, 5]
    assert "Ask within 120 days" in told


def test_every_entry_of_the_booklet_says_how_well_we_know_it_and_since_when():
    entries = booklet().split('<article class="row">')[1:]
    unsure = [each for each in entries if "checked 20" not in each or "data/" not in each]
    assert len(entries) > 1000
    assert unsure == []


def test_every_verdict_stands_in_the_booklet():
    missing = [rule.what for rule in KNOWLEDGE.rules("verdicts") if f"{rule.id}" and
               row(rule.id).where not in booklet()]  # fmt: skip
    assert missing == []


def test_the_office_of_a_state_stands_in_the_booklet_once():
    office = row("state.CA.dmhc")
    assert booklet().count(f"<code>{office.where}</code>") == 1


def test_the_booklet_fetches_nothing():
    assert Page(booklet()).fetched == []
    assert re.findall(r"@import|url\(", booklet()) == []


def test_each_chapter_of_the_booklet_starts_on_a_new_page_on_paper():
    assert "@media print" in booklet()
    assert "h2 { break-before: page;" in booklet()


def test_the_booklet_says_how_to_review_in_plain_words():
    lead = booklet().split("</h1>")[1].split("<nav")[0]
    assert (reading_grade(*re.findall(r"<p>(.*?)</p>", lead)) or 99) <= 8


@pytest.mark.parametrize("text", ["<script>", "<img src=x>", "</p><link>"])
def test_a_hostile_text_shows_as_it_is_written_in_the_booklet(text):
    rows = tuple(
        each._replace(reads=(text,)) if each.id == "general.second_opinion" else each
        for each in review().rows
    )
    page = to_booklet(review()._replace(rows=rows))
    assert Page(page).fetched == []


# The command


def secondopinion(*arguments: object, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, after some code."""
    words = ["secondopinion", *map(str, arguments)]
    code = f"import sys\n{before}\nsys.argv = {words!r}\nfrom secondopinion.cli import main\nmain()"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_command_writes_the_sheet(tmp_path):
    done = secondopinion("review", "-o", tmp_path / "sheet.xlsx", "--as-of", DAY)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "sheet.xlsx").read_bytes() == sheet_file()


def test_the_command_writes_the_booklet(tmp_path):
    done = secondopinion("review", "-o", tmp_path / "booklet.html", "--as-of", DAY)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "booklet.html").read_text(encoding="utf-8") == booklet()


def test_another_ending_is_refused_with_those_we_write(tmp_path):
    done = secondopinion("review", "-o", tmp_path / "sheet.ods")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("sheet.ods cannot be written: end its name in .xlsx or .html\n")


def test_a_sheet_that_cannot_be_written_is_told(tmp_path):
    file = tmp_path / "no such folder" / "sheet.xlsx"
    done = secondopinion("review", "-o", file)
    complaint = f"{file} cannot be written: No such file or directory\n"
    assert (done.returncode, done.stderr) == (2, complaint)


@pytest.mark.parametrize("library", ["xlsxwriter", "holidays"])
def test_a_missing_library_is_named_with_how_to_get_it(library, tmp_path):
    blocked = f"sys.modules[{library!r}] = None"
    done = secondopinion("review", "-o", tmp_path / "sheet.xlsx", before=blocked)
    cure = "run: pip install 'secondopinion[authoring,review]'"
    assert (done.returncode, done.stderr) == (2, f"{library} is missing; {cure}\n")


def test_the_booklet_needs_no_library_for_sheets(tmp_path):
    blocked = "sys.modules['xlsxwriter'] = None"
    done = secondopinion("review", "-o", tmp_path / "booklet.html", before=blocked)
    assert done.returncode == 0


def test_broken_data_is_told_before_anybody_reviews_it(tmp_path):
    (tmp_path / "slip.yaml").write_text("advices: []\n", encoding="utf-8")
    done = secondopinion("review", tmp_path, "-o", tmp_path / "sheet.xlsx")
    assert done.returncode == 1
    assert "nothing is called 'advices' here" in done.stderr


def test_the_help_says_what_the_command_is_for():
    said = " ".join(secondopinion("review", "--help").stdout.split())
    assert "Write all we say as a sheet to mark, or as a booklet to print" in said


# The rule book in the notebook


def rules_shown(rules: RuleBook) -> int:
    return str(rules.plan.value).count("<tr>") - 1


@pytest.mark.parametrize("seen", ["primary", "secondary", "unverified"])
def test_the_rule_book_shows_what_is_known_so_well_and_no_more(seen):
    rules = RuleBook(DAY)
    rules.seen.value = seen
    versions = (rule.at(DAY) for kind in RULES for rule in KNOWLEDGE.rules(kind))
    assert rules_shown(rules) == sum(
        version is not None and version.seen == seen for version in versions
    )


@pytest.mark.parametrize(
    ("years", "age"), [(0, "fresh"), (1, "stale")]
)  # fmt: skip
def test_the_rule_book_shows_what_was_checked_so_long_ago(years, age):
    rules = RuleBook(date(2026 + 2 * years, 11, 24))
    rules.age.value = age
    assert rules_shown(rules) > 200
    rules.age.value = "due"
    assert rules_shown(rules) == 0


def test_the_filters_of_the_rule_book_work_together():
    rules = RuleBook(DAY)
    rules.coverage.value = "tricare_prime"
    rules.seen.value = "primary"
    assert rules_shown(rules) > 0
    assert "read in a summary" not in rules.plan.value
    assert "medicare_original.second_opinion" not in rules.plan.value


def test_without_filters_the_rule_book_also_shows_what_is_not_in_force():
    rules = RuleBook(date(2031, 6, 1))
    assert "no rule in force" in rules.plan.value
    rules.seen.value = "primary"
    assert "no rule in force" not in rules.plan.value


def test_the_passages_of_an_entry_know_their_fields():
    entry = {"title": "Ask", "body": "Ask today.", "section": "before"}
    assert [(each.field, each.text) for each in passages("advice", entry)] == [
        ("title", "Ask"), ("body", "Ask today."),
    ]  # fmt: skip
