"""Who can help, as cards for an address book (vCard 3.0, which phones and Outlook read).

icalendar writes it, because a card is escaped and folded as a calendar is and we have it anyway;
vobject, the one library for cards that is still looked after, would be one more to install.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Any

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan, Contact

from .agenda import uid
from .characters import cleaned

_SPACE = re.compile(r"\s+")


def to_contacts(plan: ActionPlan, knowledge: Knowledge | None = None) -> bytes:
    """Return the people of a plan who have a confirmed number or a page, as an address book file.

    Parameters
    ----------
    plan
        The plan whose contacts to keep.
    knowledge
        Another knowledge base than the workbook's own.
    """
    say = (knowledge or load_knowledge()).say
    maker = f"-//{say('page.name')}//EN"
    reached = [contact for contact in plan.contacts if contact.phone or contact.url]
    return b"".join(_card(cleaned(contact), maker, plan.as_of) for contact in reached)


def _card(contact: Contact, maker: str, as_of: date) -> bytes:
    from icalendar import Component  # noqa: PLC0415  (100 ms; few visitors download)
    from icalendar.prop import vN, vOrg, vText, vUri  # noqa: PLC0415  (the same)

    class Card(Component):
        name = "VCARD"

    card = Card()
    name = _SPACE.sub(" ", contact.name).strip()
    card.add("version", vText("3.0"))
    card.add("prodid", vText(maker))
    card.add("fn", vText(name))
    card.add("n", vN((name, "", "", "", "")))
    card.add("org", vOrg((name,)))
    if contact.phone:
        phone = vText(_SPACE.sub(" ", contact.phone))
        card.add("tel", phone, parameters={"type": "WORK"})
    if contact.url:
        card.add("url", vUri(_SPACE.sub("", contact.url)))
    card.add("note", vText(contact.why))
    card.add("uid", vText(uid(contact.id)))
    card.add("rev", vText(f"{datetime.combine(as_of, time(), UTC):%Y-%m-%dT%H:%M:%SZ}"))
    made: Any = card.to_ical(sorted=False)
    return bytes(made)
