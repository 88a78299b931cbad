"""A copy for somebody else holds nothing of what a person left out, in no file of it."""

from collections.abc import Iterator
from functools import cache

import pytest

from secondopinion import load_knowledge
from secondopinion.export import PARTS, handed_over, parts, plan_paper
from secondopinion.papers import texts
from secondopinion.render import to_html, to_json

from .handed import CASES, NOTES, file, person
from .opened import readable, squeezed

KNOWLEDGE = load_knowledge()
PLAIN_NAMES = {"medicare_third": "breast", "hmo_gap": "lymphoma", "employer_appeal": "prostate"}


@cache
def everywhere(name: str, part: str) -> dict[str, str]:
    """Return every file of a copy without a part, as text without white space."""
    found = readable(file(name, "everything", frozenset({part})).content)
    plan = handed_over(person(name).plan, frozenset({part}))
    found |= {"json": to_json(plan), "html": to_html(plan)}
    return {where: squeezed(text).casefold() for where, text in found.items()}


def where(words: str, name: str, part: str) -> list[str]:
    looked_for = squeezed(words).casefold()
    return [place for place, text in everywhere(name, part).items() if looked_for in text]


def of_the_illness(name: str) -> Iterator[str]:
    """Yield what only a plan for this illness says."""
    plan = person(name).plan
    condition = KNOWLEDGE.condition(str(plan.case.condition))
    yield from (condition["name"], condition["why"], condition["timing"]["text"])
    yield from (record["text"] for record in condition["records"] if len(record["text"]) > 20)
    yield from condition["questions"]
    yield from (study.citation for study in plan.evidence)
    yield NOTES.words["diagnosis"]


@pytest.mark.parametrize("name", CASES)
def test_the_illness_left_out_is_named_nowhere(name: str):
    copied = everywhere(name, "illness")
    assert [place for place, text in copied.items() if PLAIN_NAMES[name] in text] == []


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_what_we_say_about_the_illness_is_in_the_copy(name: str):
    copied = everywhere(name, "illness").values()
    told = [squeezed(words).casefold() for words in of_the_illness(name)]
    assert [words for words in told if any(words in text for text in copied)] == []


@pytest.mark.parametrize("name", CASES)
def test_without_the_illness_a_persons_own_words_are_gone_too(name: str):
    own = [*NOTES.words.values(), *(call.answer for call in NOTES.calls)]
    assert [words for words in own if where(words, name, "illness")] == []


@pytest.mark.parametrize("name", CASES)
def test_costs_left_out_are_nowhere(name: str):
    cost = person(name).plan.cost
    assert cost is not None
    assert [line for line in cost.working if where(line, name, "costs")] == []
    price = str(CASES[name]["costs"]["visit_price"]).removesuffix(".0")
    assert where(f"${price}", name, "costs") == []
    assert where(f'"visit_price":"{price}', name, "costs") == []


@pytest.mark.parametrize("name", CASES)
def test_own_words_left_out_are_nowhere(name: str):
    own = [*NOTES.words.values(), *(call.answer for call in NOTES.calls)]
    assert [words for words in own if where(words, name, "notes")] == []


@pytest.mark.parametrize("part", ["letters", "calls", "opinions"])
def test_papers_left_out_are_not_in_the_folder(part: str):
    names = readable(file("hmo_gap", "everything", frozenset({part})).content)
    assert [name for name in names if name.startswith(part)] == []


def test_calls_left_out_are_not_in_the_letters_either():
    assert [call for call in NOTES.calls if where(call.answer, "hmo_gap", "calls")] == []


def test_letters_left_out_keep_the_plan_whole():
    names = readable(file("hmo_gap", "everything", frozenset({"letters"})).content)
    assert {"plan-2026-11-24.pdf", "calls-2026-11-24.pdf", "calendar-2026-11-24.ics"} <= {*names}


def test_a_copy_says_what_it_leaves_out():
    label = next(part.label for part in parts() if part.id == "costs")
    paper = plan_paper(person("hmo_gap").plan, without=frozenset({"costs"}))
    assert f"This copy leaves out: {label}." in list(texts(paper))


def test_a_whole_copy_is_the_plan_itself():
    plan = person("hmo_gap").plan
    assert handed_over(plan, frozenset()) is plan
    assert "This copy leaves out" not in "".join(texts(plan_paper(plan)))


def test_every_part_has_a_name_for_the_person():
    assert [part.id for part in parts()] == list(PARTS)
    assert all(part.label for part in parts())


def test_a_letter_left_out_cannot_be_had_alone_either():
    made = file("hmo_gap", "letters_text", frozenset({"letters"})).content.decode()
    assert "This copy leaves out: The letters." in made
    assert "Dear" not in made


def test_a_whole_copy_does_name_what_the_others_leave_out():
    assert len(where(NOTES.words["diagnosis"], "hmo_gap", "costs")) > 2
    assert len(where(PLAIN_NAMES["hmo_gap"], "hmo_gap", "costs")) > 5
