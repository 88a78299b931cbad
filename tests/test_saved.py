"""The person's own file: saved, opened again, and refused kindly when it is something else."""

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondopinion import load_knowledge
from secondopinion.errors import UnreadableFile
from secondopinion.notes import Call, Notes
from secondopinion.saved import MOST_BYTES, Saved, read_saved, write_saved

KNOWLEDGE = load_knowledge()
DAY = date(2026, 11, 24)
EXAMPLES = Path(__file__).parent / "saved"
FULL = Saved(
    answers={
        "coverage": "medicare_advantage_hmo",
        "condition": "breast_cancer",
        "reasons": ["why.confirm", "why.complex"],
        "urgent": False,
        "events.denial": "2026-03-02",
        "costs.visit_price": "about 400",
    },
    ticks=("step:before.choose", "record:pathology"),
    notes=Notes(
        words={"patient_name": "María “Lou” O'Neil", "claim_number": "=1+1"},
        calls=(Call("insurer", date(2026, 3, 5), "Plan", "Ms. Roe", "R-77", "No\nanswer"),),
    ),
    left_out=("costs",),
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WORDS = st.dictionaries(TEXT, TEXT, max_size=5)
CALLS = st.builds(Call, to=TEXT, day=st.none() | st.dates(), office=TEXT, answer=TEXT)


def text_of(saved: Saved) -> str:
    return write_saved(saved, DAY, KNOWLEDGE)


def refusal_of(file: str | bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_saved(file, KNOWLEDGE)
    return str(refused.value)


def changed(**parts: Any) -> str:
    """Return the full file with something in it changed afterwards."""
    return json.dumps({**json.loads(text_of(FULL)), **parts})


# Saving and opening


def test_a_file_opens_to_everything_that_was_saved():
    assert read_saved(text_of(FULL), KNOWLEDGE).saved == FULL


def test_a_file_opens_from_its_bytes_as_well():
    assert read_saved(text_of(FULL).encode(), KNOWLEDGE).saved == FULL


def test_a_file_whose_layout_was_changed_still_opens():
    assert read_saved(json.dumps(json.loads(text_of(FULL))), KNOWLEDGE).saved == FULL


def test_what_nobody_needs_to_look_at_again_is_not_listed():
    assert read_saved(text_of(FULL), KNOWLEDGE).second_look == ()


def test_nothing_said_is_a_file_too():
    assert read_saved(text_of(Saved()), KNOWLEDGE).saved == Saved()


@given(words=WORDS, calls=st.lists(CALLS, max_size=3))
def test_whatever_a_person_writes_comes_back_as_it_was(words: dict[str, str], calls: list[Call]):
    saved = Saved(notes=Notes(words=words, calls=tuple(calls)))
    assert read_saved(text_of(saved), KNOWLEDGE).saved == saved


def test_a_file_says_its_format_and_the_data_it_was_made_with():
    content = json.loads(text_of(FULL))
    assert content["schema"] == "secondopinion.saved/1"
    assert content["data_version"] == KNOWLEDGE.data_version


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_a_file_of_every_earlier_workbook_still_opens(path: Path):
    opened = read_saved(path.read_bytes(), KNOWLEDGE)
    assert opened.saved.answers["coverage"] == "medicare_advantage_hmo"
    assert opened.saved.answers["events.denial"] == "2026-03-02"
    assert opened.second_look == ()


# A second look


def test_an_answer_that_no_longer_exists_is_listed_and_left_open():
    case = json.dumps({"coverage": "plan_of_the_moon", "state": "TX"})
    opened = read_saved(case, KNOWLEDGE)
    assert opened.saved.answers == {"state": "TX"}
    (line,) = opened.second_look
    assert line.startswith('What insurance do you have? Your answer "plan_of_the_moon"')


def test_a_question_that_is_no_longer_asked_is_listed():
    opened = read_saved(json.dumps({"state": "TX", "shoe_size": "9"}), KNOWLEDGE)
    assert [line.split()[0] for line in opened.second_look] == ["shoe_size"]


def test_of_several_reasons_only_the_lost_one_is_listed():
    opened = read_saved(json.dumps({"reasons": ["why.confirm", "why.not"]}), KNOWLEDGE)
    assert opened.saved.answers == {"reasons": ["why.confirm"]}
    assert len(opened.second_look) == 1


def test_a_number_in_a_case_file_stands_in_its_field_as_if_typed():
    opened = read_saved(json.dumps({"costs": {"visit_price": 400.5}}), KNOWLEDGE)
    assert opened.saved.answers == {"costs.visit_price": "400.5"}


# Refusing


@pytest.mark.parametrize(
    "file",
    [
        *(
            "",
            "null",
            "[]",
            "not json",
            '{"a": 1}',
            "\ufeff",
            b"\xff\xfe",
            b"PK\x03\x04",
            "[" * 9999,
        ),
        *('{"schema": "other/1"}', '{"schema": "secondopinion.saved/x"}', '{"schema": []}'),
    ],
    ids=range(12),
)
def test_a_file_that_is_not_ours_is_refused_with_what_to_pick_instead(file: str | bytes):
    assert refusal_of(file).startswith("This is not a file that this workbook saved.")


def test_a_long_file_is_refused_before_it_is_read():
    assert refusal_of(" " * (MOST_BYTES + 1)).startswith("This file is too long")


def test_a_file_of_a_newer_workbook_is_refused_as_such():
    assert refusal_of(changed(schema="secondopinion.saved/2")).startswith("A newer workbook")


def test_a_file_with_a_day_changed_by_hand_is_refused():
    file = text_of(FULL).replace("2026-03-02", "2026-03-20")
    assert refusal_of(file).startswith("This file was changed or damaged")


def test_every_refusal_says_that_the_page_is_as_it_was():
    for reason in ("long", "other", "newer", "damaged"):
        assert "Nothing on this page has changed." in KNOWLEDGE.say(f"file.bad.{reason}")


def test_ten_thousand_broken_files_are_opened_or_refused_and_nothing_else():
    chance = random.Random(20261124)  # noqa: S311  (the same ten thousand every time)
    whole = text_of(FULL).encode()
    refused = 0
    for _ in range(10_000):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(broken))
            broken[place : place + chance.randint(0, 9)] = chance.randbytes(chance.randint(0, 9))
        try:
            assert read_saved(bytes(broken), KNOWLEDGE).saved == FULL
        except UnreadableFile:
            refused += 1
    assert refused > 9_000


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=9), part),
        max_leaves=12,
    )
)
def test_any_content_under_a_right_checksum_is_opened_or_refused(part: Any):
    from secondopinion import saved as module  # noqa: PLC0415  (for its checksum)

    for name in ("answers", "ticks", "words", "calls", "left_out"):
        content = {**json.loads(text_of(FULL)), name: part}
        del content["checksum"]
        content["checksum"] = module._checksum(content)  # noqa: SLF001  (the point of the test)
        try:
            opened = read_saved(json.dumps(content), KNOWLEDGE)
        except UnreadableFile:
            continue
        assert read_saved(text_of(opened.saved), KNOWLEDGE).saved == opened.saved
