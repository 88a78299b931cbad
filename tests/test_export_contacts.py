"""What an address book shows that opens our file."""

import pytest

from secondopinion.export import to_contacts

from .handed import CASES, person
from .opened import cards


@pytest.mark.parametrize("name", CASES)
def test_everybody_with_a_number_or_a_page_is_there_once(name: str):
    plan = person(name).plan
    reached = [contact.name for contact in plan.contacts if contact.phone or contact.url]
    assert [card.fn.value for card in cards(to_contacts(plan))] == reached


@pytest.mark.parametrize("name", CASES)
def test_a_card_has_the_number_the_page_and_the_reason(name: str):
    plan = person(name).plan
    told = {contact.name: contact for contact in plan.contacts}
    for card in cards(to_contacts(plan)):
        contact = told[card.fn.value]
        phones = [phone.value for phone in card.contents.get("tel", [])]
        pages = [page.value for page in card.contents.get("url", [])]
        assert phones == ([contact.phone] if contact.phone else [])
        assert pages == ([contact.url] if contact.url else [])
        assert card.note.value == contact.why


def test_a_card_is_of_the_version_that_every_phone_reads():
    assert {card.version.value for card in cards(to_contacts(person("hmo_gap").plan))} == {"3.0"}


def test_a_second_file_changes_the_cards_instead_of_doubling_them():
    plan = person("hmo_gap").plan
    later = plan._replace(as_of=plan.check_again)
    first, second = (
        [card.uid.value for card in cards(to_contacts(each))] for each in (plan, later)
    )
    assert first == second
    assert len({*first}) == len(first)


def test_no_line_of_a_card_is_longer_than_the_standard_allows():
    lines = to_contacts(person("medicare_third").plan).split(b"\r\n")
    assert max(map(len, lines)) <= 75
