"""The persona book: who is in it, and that it says what the plans say."""

from secondopinion import load_knowledge

from .personas import PAGE, page, stories

CASES = [story["case"] for _, story in stories()]


def named(fact: str) -> set[object]:
    return {case[fact] for case in CASES if fact in case}


def test_the_page_says_what_the_plans_say_today():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.personas"


def test_there_are_at_least_sixty_personas():
    assert len(CASES) >= 60


def test_every_kind_of_insurance_has_a_persona():
    assert set(load_knowledge().answers("coverage")) - named("coverage") == set()


def test_every_stage_has_a_persona():
    assert set(load_knowledge().answers("stage")) - named("stage") == set()


def test_at_least_fifteen_states_have_a_persona():
    assert len(named("state")) >= 15


def test_at_least_twenty_five_illnesses_have_a_persona():
    assert len(named("condition")) >= 25
