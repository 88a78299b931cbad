"""Where to turn: the nearest first, as far as the state tells."""

from datetime import date

import pytest

from secondopinion import build_plan, load_knowledge, read_case

KNOWLEDGE = load_knowledge()
STATES = {state["id"]: state for state in KNOWLEDGE.section("states")}


def places_for(**said: str) -> list[tuple[str, str | None]]:
    plan = build_plan(read_case({"condition": "sarcoma", **said}), date(2026, 11, 24))
    return [(place.distance, place.state) for place in plan.places]


def test_a_center_in_the_own_state_comes_first():
    assert places_for(state="MO")[0] == ("own", "MO")


def test_the_states_next_door_come_after_the_own():
    distances = [distance for distance, _ in places_for(state="MO")]
    assert list(dict.fromkeys(distances)) == ["own", "neighbor", "remote", "elsewhere"]


def test_without_a_state_nothing_is_called_near_or_far():
    assert {distance for distance, _ in places_for()} == {"unknown", "remote"}


def test_all_centers_are_there_whatever_the_state():
    assert len(places_for(state="AK")) == len(places_for(state="NY"))


@pytest.mark.parametrize("name", STATES)
def test_a_neighbor_is_a_neighbor_both_ways(name):
    assert all(name in STATES[neighbor]["neighbors"] for neighbor in STATES[name]["neighbors"])
