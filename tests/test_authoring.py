"""Whoever edits `data/` hears of every mistake at once, with its file, its entry and a cure."""

import json
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondopinion import KnowledgeError, load_knowledge
from secondopinion.authoring.check import report
from secondopinion.authoring.compile import compiled, federal_holidays, read_workshop
from secondopinion.authoring.strict_yaml import parse, read
from secondopinion.authoring.version import data_version
from secondopinion.cli import own_data
from secondopinion.knowledge import Knowledge

BROKEN = Path(__file__).parent / "broken"
WHOLE = BROKEN / "_base"
NOVEMBER = date(2026, 11, 24)

each_broken_file = pytest.mark.parametrize(
    "broken", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem
)


def a_whole_base(folder: Path) -> Path:
    """Return a data folder that keeps every promise."""
    return shutil.copytree(WHOLE, folder / "data")


def a_base_with(broken: Path, folder: Path) -> Path:
    """Return a data folder that is whole but for one file."""
    root = a_whole_base(folder)
    shutil.copy(broken, root)
    return root


def a_base_with_text(text: str, folder: Path) -> Path:
    root = a_whole_base(folder)
    (root / "own.yaml").write_text(text, encoding="utf-8")
    return root


def complaints(root: Path) -> list[str]:
    return [str(problem) for problem in read_workshop(root).problems]


def promised(broken: Path) -> list[str]:
    """Return the words that a broken file says its complaints must contain."""
    return re.findall(r"^# says: (.+)$", broken.read_text(encoding="utf-8"), re.MULTILINE)


def advice(*, named: str, saying: str = "Ask what your plan pays.") -> str:
    return f"""advice:
  - id: {named}
    section: before
    title: Call first
    body: {json.dumps(saying)}
    relies_on: [example.appeal.file]
"""


@each_broken_file
def test_a_broken_file_is_refused_in_the_words_it_promises(broken, tmp_path):
    said = complaints(a_base_with(broken, tmp_path))
    assert len(said) == len(promised(broken)), said
    for complaint, words in zip(said, promised(broken), strict=True):
        assert words in complaint


@each_broken_file
def test_every_complaint_names_a_file_and_a_line(broken, tmp_path):
    for complaint in complaints(a_base_with(broken, tmp_path)):
        assert re.match(r"data/\w+\.yaml:\d+: ", complaint)


@each_broken_file
def test_every_complaint_ends_with_a_cure(broken, tmp_path):
    for problem in read_workshop(a_base_with(broken, tmp_path)).problems:
        assert problem.cure
        assert str(problem).endswith(problem.cure)


@each_broken_file
def test_no_complaint_speaks_of_the_inside_of_the_program(broken, tmp_path):
    for complaint in complaints(a_base_with(broken, tmp_path)):
        assert not re.search(r"pydantic|valid dictionary|Decimal|datetime|<class", complaint)


@each_broken_file
def test_a_broken_base_cannot_be_loaded(broken, tmp_path):
    with pytest.raises(KnowledgeError, match=re.escape(broken.name) + "|ties with"):
        load_knowledge(root=a_base_with(broken, tmp_path))


def test_every_mistake_of_a_base_is_told_at_once(tmp_path):
    root = a_whole_base(tmp_path)
    for broken in BROKEN.glob("*.yaml"):
        shutil.copy(broken, root)
    told = "\n".join(complaints(root))
    assert [broken.name for broken in BROKEN.glob("*.yaml") if broken.name not in told] == []


def test_the_refusal_lists_every_mistake(tmp_path):
    root = a_base_with(BROKEN / "unknown_fact.yaml", tmp_path)
    shutil.copy(BROKEN / "missing_source.yaml", root)
    with pytest.raises(KnowledgeError) as refusal:
        load_knowledge(root=root)
    assert str(refusal.value).splitlines() == complaints(root)


def test_two_mistakes_in_one_entry_are_both_told(tmp_path):
    whole = advice(named="call_first")
    text = whole.replace("title: Call first", "title: Just call\n    color: red")
    said = complaints(a_base_with_text(text, tmp_path))
    assert [("'just'" in each, "color" in each) for each in said] == [(True, False), (False, True)]


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    root = a_whole_base(tmp_path)
    (root / "own.yaml").write_bytes("# café".encode("latin-1"))
    assert complaints(root) == ["data/own.yaml: not UTF-8 text; save the file as UTF-8"]


def test_a_file_with_the_wrong_ending_is_not_passed_over(tmp_path):
    root = a_whole_base(tmp_path)
    (root / "own.yml").write_text(advice(named="call_first"), encoding="utf-8")
    assert complaints(root) == [f"{root / 'own.yml'}: nobody reads a .yml file; call it .yaml"]


def test_a_folder_without_data_says_so(tmp_path):
    assert complaints(tmp_path) == [f"{tmp_path}: no .yaml files here; name the data folder"]


def test_an_empty_file_is_no_mistake(tmp_path):
    assert complaints(a_base_with_text("# nothing yet\n", tmp_path)) == []


def test_a_heading_with_nothing_under_it_is_no_mistake(tmp_path):
    assert complaints(a_base_with_text("advice:\n", tmp_path)) == []


@pytest.mark.parametrize(
    "text", ["a: !!int many", "a: !!float many", "a: !!bool maybe", f"a: {'1' * 5000}", "a: \ud800"]
)
def test_what_yaml_cannot_read_is_told_and_not_thrown(text):
    [problem] = parse(text, "own.yaml").problems
    assert str(problem).startswith("own.yaml: not YAML")


def test_a_date_may_start_a_new_version_the_day_after_the_old_one_ends(tmp_path):
    root = a_whole_base(tmp_path)
    amount = load_knowledge(root).rule("example.deductible")
    found = [amount.at(day) for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert [version and version.says["usd"] for version in found] == ["283.10", "290"]


def test_no_version_is_in_force_after_the_last_one_has_ended(tmp_path):
    amount = load_knowledge(a_whole_base(tmp_path)).rule("example.deductible")
    assert amount.at(date(2028, 1, 1)) is None


def test_no_version_is_in_force_before_the_first_one_begins(tmp_path):
    amount = load_knowledge(a_whole_base(tmp_path)).rule("example.deductible")
    assert amount.at(date(2025, 12, 31)) is None


@given(st.decimals(min_value=0, max_value=10_000_000, places=2))
def test_a_figure_keeps_every_digit_it_is_written_with(figure: Decimal):
    [kept] = parse(f"usd: {figure}", "own.yaml").content.values()
    assert str(kept) == str(figure)


def test_a_figure_longer_than_a_float_is_kept_whole(tmp_path):
    long = "283.10000000000000001"
    root = a_whole_base(tmp_path)
    text = (root / "base.yaml").read_text(encoding="utf-8")
    (root / "base.yaml").write_text(text.replace("283.10", long), encoding="utf-8")
    assert load_knowledge(root).rule("example.deductible").history[0].says["usd"] == long


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("false", False),
        ('"no"', "no"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("NO_SUCH", "NO_SUCH"),
        ("~", None),
        ("2026-03-02", date(2026, 3, 2)),
        ("0", 0),
    ],
)
def test_a_word_means_what_it_looks_like(written: str, meant: Any):
    document = parse(f"a: {written}", "own.yaml")
    assert (document.content, document.problems) == ({"a": meant}, [])


def test_compiling_twice_gives_the_same_bytes(tmp_path):
    root = a_whole_base(tmp_path)
    assert compiled(read_workshop(root)) == compiled(read_workshop(root))


def test_the_compiled_base_does_not_depend_on_where_the_folder_lies(tmp_path):
    here, there = a_whole_base(tmp_path / "here"), a_whole_base(tmp_path / "there")
    assert compiled(read_workshop(here)) == compiled(read_workshop(there))


def test_the_compiled_base_says_what_the_files_say(tmp_path):
    shop = read_workshop(a_whole_base(tmp_path))
    knowledge = Knowledge(compiled(shop))
    said = {kind: knowledge.section(kind) for kind in shop.entries}
    files = {
        kind: sorted(entries, key=lambda entry: (entry.get("order", 50), entry["id"]))
        for kind, entries in shop.entries.items()
    }
    assert said == json.loads(json.dumps(files, default=str))


def test_the_workbook_reads_an_illness_as_its_file_says_it():
    written = {entry["id"]: entry for entry in read_workshop(own_data()).entries["conditions"]}
    cancer = json.loads(json.dumps(written["breast_cancer"], default=str))
    assert load_knowledge().condition("breast_cancer") == cancer


@pytest.mark.parametrize("odd", ["\u2028", "\u0085", "\x0b", "\t", "\\n", "é", "“"])
def test_a_text_may_hold_any_character(odd, tmp_path):
    text = f"Ask what your{odd}plan pays."
    root = a_base_with_text(advice(named="call_first", saying=text), tmp_path)
    said = {entry["id"]: entry["body"] for entry in load_knowledge(root).section("advice")}
    assert said["call_first"] == text


def test_the_compiled_base_carries_the_legal_holidays(tmp_path):
    legal = federal_holidays(observed=False)
    assert load_knowledge(a_whole_base(tmp_path)).holidays == frozenset(legal)


def test_the_compiled_base_carries_the_days_on_which_offices_are_closed(tmp_path):
    closed = federal_holidays(observed=True)
    assert load_knowledge(a_whole_base(tmp_path)).closed_days == frozenset(closed)


def test_the_compiled_base_carries_the_data_version(tmp_path):
    root = a_whole_base(tmp_path)
    assert load_knowledge(root).data_version == data_version(root)


@given(st.integers(min_value=0), st.integers(0, 255))
def test_the_data_version_changes_with_any_byte(tmp_path_factory, place: int, byte: int):
    root = a_whole_base(tmp_path_factory.mktemp("version"))
    before = data_version(root)
    content = bytearray((root / "base.yaml").read_bytes())
    changed = content[place % len(content)] != byte
    content[place % len(content)] = byte
    (root / "base.yaml").write_bytes(content)
    assert (data_version(root) != before) == changed


def test_the_data_version_changes_when_a_file_is_renamed(tmp_path):
    root = a_whole_base(tmp_path)
    before = data_version(root)
    (root / "base.yaml").rename(root / "basis.yaml")
    assert data_version(root) != before


def test_the_data_version_does_not_change_with_a_note_that_nobody_reads(tmp_path):
    root = a_whole_base(tmp_path)
    before = data_version(root)
    (root / "README.md").write_text("How to write.", encoding="utf-8")
    assert data_version(root) == before


def test_our_own_data_keeps_every_promise():
    assert complaints(own_data()) == []


def test_our_own_data_has_no_entry_of_which_nobody_knows_the_line():
    assert [where for where in read_workshop(own_data()).places.values() if "?" in where] == []


def a_base_checked_on(day: date, folder: Path) -> Path:
    root = a_whole_base(folder)
    text = (root / "base.yaml").read_text(encoding="utf-8")
    (root / "base.yaml").write_text(text.replace("2026-10-01", f"{day}"), encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("as_of", "standing"),
    [
        (date(2026, 10, 1), (0, 0, 0)),
        (date(2027, 2, 27), (0, 0, 0)),
        (date(2027, 2, 28), (0, 0, 4)),
        (date(2027, 3, 30), (0, 0, 4)),
        (date(2027, 3, 31), (0, 4, 0)),
        (date(2027, 9, 26), (0, 4, 0)),
        (date(2027, 9, 27), (4, 0, 0)),
        (date(9999, 12, 31), (4, 0, 0)),
    ],
)
def test_what_was_checked_is_fresh_for_180_days_and_due_until_360(as_of, standing, tmp_path):
    found = report(a_base_checked_on(date(2026, 10, 1), tmp_path), as_of)
    assert (len(found.stale), len(found.due), len(found.soon)) == standing


def test_an_entry_is_as_fresh_as_the_newest_row_of_its_history(tmp_path):
    root = a_whole_base(tmp_path)
    text = (root / "base.yaml").read_text(encoding="utf-8")
    old, new = text.split("usd: 290", 1)
    (root / "base.yaml").write_text(
        f"{old}usd: 290{new.replace('2026-10-01', '2027-10-01', 1)}", encoding="utf-8"
    )
    stale = {look.id for look in report(root, date(2027, 12, 1)).stale}
    assert stale == {"example.appeal.file", "example.second", "helpline"}


def test_the_report_counts_what_was_read_in_the_official_text(tmp_path):
    assert report(a_whole_base(tmp_path), NOVEMBER).primary == {
        "verdicts": "1 of 1",
        "limits": "1 of 1",
    }


def test_every_broken_file_says_what_is_wrong_with_it():
    assert [broken.name for broken in BROKEN.glob("*.yaml") if not promised(broken)] == []


def test_the_base_beside_the_broken_files_is_whole():
    assert complaints(WHOLE) == []


def test_a_file_can_be_read_from_within_its_own_folder(tmp_path, monkeypatch):
    root = a_base_with(BROKEN / "unknown_fact.yaml", tmp_path)
    monkeypatch.chdir(root)
    assert complaints(Path())[0].startswith("data/unknown_fact.yaml:3: ")


def test_a_file_is_read_as_it_is_parsed(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    assert read(path, "own.yaml").content == {"a": 1}
