"""The lists of a plan on paper: steps, ladder, papers, questions, people, places, the illness."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from secondopinion.model import ActionPlan, AppealLevel, Contact, Place, Step
from secondopinion.papers import Block, Heading, Items, Paragraph, Words, words
from secondopinion.render.page import ASKED

from .references import Telling

_IN_REACH = ("own", "neighbor", "remote")
"""How far is near enough for an address on paper; the page on the screen has all of them."""


def _lines(*texts: str | None) -> Words:
    """Return an item of a list, line under line; the first line is its name."""
    return words("\n".join(filter(None, texts)))


def _with(text: str, cited: str) -> str:
    return f"{text} ({cited})" if cited else text


def _pointing(line: str) -> Iterator[Block]:
    if line:
        yield Paragraph(words(line), "note")


def steps(told: Telling) -> Iterator[Block]:
    """Yield what to do, in order, with a box for each step."""
    if told.plan.steps:
        yield Heading(words(told.say("page.first_steps")))
    order = dict.fromkeys(step.section for step in told.plan.steps)
    for section in order:
        yield Heading(words(told.say(f"section.{section}")), 3)
        own = (step for step in told.plan.steps if step.section == section)
        yield Items(tuple(_step(told, step) for step in own), "boxes")


def _step(told: Telling, step: Step) -> Words:
    due = told.due(step.deadline) if step.deadline else ()
    return _lines(step.title, _with(step.body, told.cited(step.sources, step.seen)), *due)


def ladder(told: Telling) -> Iterator[Block]:
    """Yield the appeals, rung by rung, each with its last day where its clock runs."""
    if told.plan.appeals:
        yield Heading(words(told.say("page.appeals")))
        yield Paragraph(words(told.say("page.appeals_lead")))
        yield Items(tuple(_level(told, level) for level in told.plan.appeals), "numbers")


def _level(told: Telling, level: AppealLevel) -> Words:
    say = told.say
    clocks = [
        say(f"page.decide_{speed}", length=length) for speed, length in level.decide_within.items()
    ]
    if level.automatic:
        clocks.insert(0, say("page.automatic"))
    elif level.file_within:
        clocks.insert(0, say("page.file_within", length=level.file_within))
    due = told.due(level.file_by) if level.file_by and not level.behind else ()
    how = _with(level.how, told.cited(level.sources, level.seen))
    return _lines(level.name, level.decider, how, "; ".join(clocks), *due)


def records(told: Telling) -> Iterator[Block]:
    """Yield the papers to gather, with a box for each."""
    found, usual = told.plan.records, told.say("record.why")
    if found:
        yield Heading(words(told.say("page.records")))
        reasons = ["" if record.why == usual else record.why for record in found]
        pairs = zip(found, reasons, strict=True)
        yield Items(tuple(_lines(record.text, why) for record, why in pairs), "boxes")
        yield from _pointing(told.cited_by(found))


def questions(told: Telling) -> Iterator[Block]:
    """Yield the questions to ask, by whom to ask."""
    points = told.plan.talking_points
    if points:
        yield Heading(words(told.say("page.questions")))
    for who in ASKED:
        own = [point for point in points if point.to == who]
        if own:
            yield Heading(words(told.say(f"ask.{who}")), 3)
            yield Items(tuple(_lines(point.text, point.why) for point in own), "boxes")
    yield from _pointing(told.cited_by(points))


def contacts(told: Telling) -> Iterator[Block]:
    """Yield who can help, with confirmed numbers only."""
    found = told.plan.contacts
    if found:
        yield Heading(words(told.say("page.contacts")))
        yield Items(tuple(_contact(told, contact) for contact in found))
        yield from _others(told, found)


def _contact(told: Telling, contact: Contact) -> Words:
    ways = [told.say("page.call", phone=contact.phone)] if contact.phone else []
    ways += [contact.url] if contact.url else []
    way = " ".join(ways or [told.say("page.card_number")])
    return _lines(contact.name, contact.why, _looked_at(told, contact, way))


def _looked_at(told: Telling, entry: Contact | Place, way: str) -> str:
    """Return how to reach somebody, with the day of the look at their own pages."""
    own = next((source for source in entry.sources if source.url == entry.url), None)
    return f"{way} ({told.checked(own)})" if own else way


def _others(told: Telling, entries: Iterable[Contact | Place]) -> Iterator[Block]:
    """Yield what else a list stands on than the pages that it names itself."""
    sources = (source for entry in entries for source in entry.sources if source.url != entry.url)
    yield from _pointing(told.cited(sources))


def places(told: Telling) -> Iterator[Block]:
    """Yield centers and programs, the nearest first; those far away by name only."""
    if told.plan.places:
        yield Heading(words(told.say("page.places")))
    near = [place for place in told.plan.places if place.distance in _IN_REACH]
    for distance, found in groupby(told.plan.places, key=lambda place: place.distance):
        yield Heading(words(told.say(f"distance.{distance}")), 3)
        if distance in _IN_REACH:
            yield Items(tuple(_place(told, place) for place in found))
        else:
            names = (", ".join(filter(None, (place.name, place.state))) for place in found)
            yield Paragraph(words(f"{'; '.join(names)}."))
    yield from _others(told, near)


def _place(told: Telling, place: Place) -> Words:
    kind = ", ".join(filter(None, (told.say(f"kind.{place.kind}"), place.state)))
    return _lines(f"{place.name} ({kind})", place.note, _looked_at(told, place, place.url))


def illness(told: Telling) -> Iterator[Block]:
    """Yield what we know of the illness: general education, and what studies found."""
    about, say = told.plan.about, told.say
    if about is None:
        return
    yield Heading(words(say("page.about")))
    yield Paragraph(words(about.why))
    yield Paragraph(words(f"{say('page.timing')}: {about.timing}"))
    yield Paragraph(words(f"{say('page.specialists')}: {'; '.join(about.specialists)}."))
    yield from _studies(told.plan, say("page.evidence"))
    yield Paragraph(words(say("page.about_note")))
    yield from _pointing(told.cited(about.sources, about.seen))


def _studies(plan: ActionPlan, title: str) -> Iterable[Block]:
    if plan.evidence:
        yield Heading(words(title), 3)
        told = (
            (study.finding, study.caution, study.citation, study.url) for study in plan.evidence
        )
        yield Items(tuple(words(" ".join(filter(None, parts))) for parts in told))
