"""The plan on the page, on paper and as text: whole, safe to show, and the same in each."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from secondopinion import ActionPlan, Case, build_plan, load_knowledge, read_case
from secondopinion.planner.reading import in_words
from secondopinion.render import rules_html, rules_on, to_html, to_text

from .answers import any_answers

KNOWLEDGE = load_knowledge()
TODAY = date(2026, 11, 24)
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "nobody yet": {},
    "Original Medicare, third opinion": {
        "coverage": "medicare_original",
        "condition": "breast_cancer",
        "state": "OH",
        "recommended": "surgery",
        "opinion": "third",
        "opinions_differ": True,
        "costs": {"visit_price": 400},
    },
    "Medicare Advantage, denied": {
        "coverage": "medicare_advantage_hmo",
        "condition": "brain_tumor",
        "state": "TX",
        "stage": "denied",
        "denied": "prior_authorization",
        "events": {"denial": "2026-11-02"},
    },
    "job plan, a visit next year": {
        "coverage": "employer_fully_insured",
        "state": "CA",
        "reasons": ["why.confirm", "why.peace_of_mind"],
        "stage": "arranging",
        "events": {"appointment": "2027-01-12"},
    },
    "no insurance, an emergency": {"coverage": "uninsured_self_pay", "recommended": "emergency"},
}
everybody = pytest.mark.parametrize("said", PEOPLE.values(), ids=PEOPLE.keys())
some_of_everybody = settings(max_examples=30, deadline=None, derandomize=True, database=None)

NEVER_CLOSED = {"meta", "input", "br"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = {"p", "div", "ul", "ol", "dl", "section", "details", "blockquote", *HEADINGS}
HOSTILE = """<script src="//evil.example">'&"</script><img src=x onerror="alert(1)">"""
PROSE = {
    "text", "heading", "conditions", "say_on_phone", "certainty", "title", "body", "why", "name",
    "decider", "how", "working", "unknown", "finding", "citation", "caution", "effect", "note",
    "gaps", "specialists", "timing", "texts", "labels", "label", "at", "decide_within",
    "file_within",
}  # fmt: skip


# Reading a page as a browser would, but without its patience


@dataclass(eq=False, repr=False)
class Element:
    tag: str
    attributes: dict[str, str | None]
    within: tuple["Element", ...]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(repr=False)
class Page(HTMLParser):
    """A page read strictly: each element is closed where it should be, or it is a fault."""

    html: str
    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []
        self.feed(self.html)
        self.close()
        self.faults += [f"<{element.tag}> is never closed" for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(dict(attrs)) != len(attrs):
            self.faults.append(f"<{tag}> says something twice: {attrs}")
        if tag in BLOCKS and any(element.tag == "p" for element in self._open):
            self.faults.append(f"<{tag}> stands in a paragraph")
        element = Element(tag, dict(attrs), tuple(self._open))
        self.elements.append(element)
        if tag not in NEVER_CLOSED:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes nothing")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    @property
    def words(self) -> str:
        """Everything a person can read on it, in one line."""
        shown = [element.text for element in self.elements if not element.within]
        return one_line(" ".join(shown).replace(self.style, ""))

    @property
    def style(self) -> str:
        return "".join(element.text for element in self.all("style"))


def one_line(text: str) -> str:
    return " ".join(text.split())


def planned(said: Mapping[str, Any]) -> ActionPlan:
    return build_plan(read_case(said), TODAY)


def page_of(said: Mapping[str, Any]) -> Page:
    return Page(to_html(planned(said), page=True))


def prose(value: Any, name: str = "") -> Iterator[str]:
    """Yield every text of a plan that is written for a person."""
    if isinstance(value, str):
        yield from [value] * (name in PROSE)
    elif hasattr(value, "_asdict"):
        for part, inner in value._asdict().items():
            yield from prose(inner, part)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from prose(inner, name)
    elif isinstance(value, tuple):
        for inner in value:
            yield from prose(inner, name)


def spoiled(value: Any, name: str = "") -> Any:
    """Return a plan with the same hostile text in every place that is written for a person."""
    if isinstance(value, str):
        return HOSTILE if name in PROSE else value
    if isinstance(value, Case):
        return value
    if hasattr(value, "_asdict"):
        return value._make(spoiled(inner, part) for part, inner in value._asdict().items())
    if isinstance(value, Mapping):
        return {key: spoiled(inner, name) for key, inner in value.items()}
    return tuple(spoiled(inner, name) for inner in value) if isinstance(value, tuple) else value


# Well made


@given(said=any_answers())
@some_of_everybody
def test_every_element_is_closed_where_it_should_be(said: dict[str, Any]):
    assert page_of(said).faults == []


@everybody
def test_no_two_parts_of_a_page_share_a_name(said: Mapping[str, Any]):
    page = page_of(said)
    names = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(names) == len(set(names))


@given(said=any_answers())
@some_of_everybody
def test_no_two_boxes_or_folds_share_a_key(said: dict[str, Any]):
    elements = page_of(said).elements
    keys = [each.attributes["data-key"] for each in elements if "data-key" in each.attributes]
    assert len(keys) == len(set(keys))


@everybody
def test_what_names_a_part_is_on_the_page(said: Mapping[str, Any]):
    elements = page_of(said).elements
    names = {element.attributes.get("id") for element in elements}
    assert {element.attributes.get("aria-labelledby") for element in elements} <= names | {None}


@everybody
def test_headings_go_down_one_level_at_a_time(said: Mapping[str, Any]):
    levels = [HEADINGS.index(heading.tag) for heading in page_of(said).all(*HEADINGS)]
    steps = [below - above for above, below in pairwise(levels)]
    assert levels[0] == 0
    assert max(steps) == 1


@everybody
def test_a_page_has_one_title(said: Mapping[str, Any]):
    page = page_of(said)
    assert len(page.all("h1")) == 1
    assert [title.text for title in page.all("title")] == ["Your second-opinion plan"]


@everybody
def test_a_page_says_its_language(said: Mapping[str, Any]):
    assert page_of(said).all("html")[0].attributes["lang"] == "en"


@everybody
def test_every_box_to_tick_has_words_beside_it(said: Mapping[str, Any]):
    boxes = page_of(said).all("input")
    labels = [[outer for outer in box.within if outer.tag == "label"] for box in boxes]
    assert boxes
    assert all(around and one_line(around[0].text) for around in labels)


@everybody
def test_every_fold_says_what_is_in_it(said: Mapping[str, Any]):
    page = page_of(said)
    folds = page.all("details")
    named = {summary.within[-1] for summary in page.all("summary") if one_line(summary.text)}
    assert set(folds) == named


# Safe to show


def test_hostile_text_stays_text():
    page = Page(to_html(spoiled(planned(PEOPLE["Medicare Advantage, denied"])), page=True))
    assert page.faults == []
    assert not page.all("script", "img")
    assert HOSTILE in page.words


def test_hostile_text_stays_text_in_a_table_of_rules():
    rows = [row._replace(says=HOSTILE, titles=(HOSTILE,)) for row in rules_on(TODAY)[:3]]
    page = Page(rules_html(rows))
    assert not page.all("script", "img")
    assert HOSTILE in page.words


@given(said=any_answers())
@some_of_everybody
def test_a_link_that_leaves_does_not_say_where_it_was(said: dict[str, Any]):
    links = page_of(said).all("a")
    leaving = [link for link in links if (link.attributes["href"] or "").startswith("http")]
    assert all("noreferrer" in (link.attributes["rel"] or "") for link in leaving)


@given(said=any_answers())
@some_of_everybody
def test_a_link_is_a_web_page_or_a_phone_number(said: dict[str, Any]):
    targets = [link.attributes["href"] or "" for link in page_of(said).all("a")]
    assert [to for to in targets if not re.match(r"https?://|tel:1?[0-9]+$", to)] == []


@everybody
def test_a_saved_page_asks_nobody_for_anything(said: Mapping[str, Any]):
    page = page_of(said)
    asking = [
        element.tag
        for element in page.elements
        if element.attributes.keys() & {"src", "srcset", "action", "background", "data", "poster"}
        or ("href" in element.attributes and element.tag != "a")
    ]
    assert asking == []
    assert not re.search(r"url\(|@import|@font-face", page.style)


@everybody
def test_a_saved_page_runs_no_script(said: Mapping[str, Any]):
    page = page_of(said)
    told = {name for element in page.elements for name in element.attributes}
    assert not page.all("script")
    assert not [name for name in told if name.startswith("on")]


# The same on the screen, on paper and as text


@everybody
def test_the_page_and_the_text_give_the_same_verdicts(said: Mapping[str, Any]):
    plan = planned(said)
    text, page = one_line(to_text(plan)), page_of(said).words
    for verdict in (plan.verdict, plan.third_opinion):
        assert verdict.text in text
        assert verdict.text in page


def test_the_page_and_the_text_give_the_same_days():
    said = PEOPLE["Medicare Advantage, denied"]
    plan = planned(said)
    due = next(level.file_by for level in plan.appeals if level.file_by)
    for day in map(in_words, (due.date, due.safe_date)):
        assert day in to_text(plan)
        assert day in page_of(said).words


def unsaid(plan: ActionPlan, shown: str) -> set[str]:
    """Return what a plan holds for a person and a reader cannot find, choices of theirs apart."""
    heard = {*plan.labels.values(), KNOWLEDGE.say("record.why")}  # said of every record, so of none
    texts = {one_line(text) for text in prose(plan)} - heard
    return {text for text in texts if text not in shown and text.upper() not in shown}


@everybody
def test_the_page_leaves_nothing_of_the_plan_out(said: Mapping[str, Any]):
    assert unsaid(planned(said), page_of(said).words) == set()


@everybody
def test_the_text_leaves_nothing_of_the_plan_out_but_the_sources_of_lists(
    said: Mapping[str, Any],
):
    plan = planned(said)
    lists: list[Any] = [*plan.records, *plan.talking_points, *plan.contacts, *plan.places]
    lists += [*plan.warnings, plan.requirements, plan.third_opinion]
    lists += [part for part in (plan.about, plan.cost_rule) if part]
    cited = {one_line(text) for line in lists for text in prose(line.sources)}
    assert unsaid(plan, one_line(to_text(plan))) - cited == set()


@everybody
def test_every_document_that_a_plan_stands_on_can_be_opened_from_its_page(
    said: Mapping[str, Any],
):
    plan = planned(said)
    lines: list[Any] = [plan.verdict, plan.third_opinion, plan.requirements, *plan.steps]
    lines += [*plan.appeals, *plan.records, *plan.talking_points, *plan.contacts, *plan.places]
    cited = {source.url for line in lines for source in line.sources if source.url}
    assert cited <= {link.attributes["href"] for link in page_of(said).all("a")}


@given(said=any_answers())
@some_of_everybody
def test_no_plan_uses_long_dashes(said: dict[str, Any]):
    plan = planned(said)
    assert not re.findall(r".{0,30}[–—].{0,30}", to_text(plan) + page_of(said).words)


@given(said=any_answers())
@some_of_everybody
def test_no_plan_makes_a_hard_thing_sound_small(said: dict[str, Any]):
    plan = planned(said)
    assert not re.findall(r"(?i).{0,30}\bjust\b.{0,30}", to_text(plan) + page_of(said).words)


@given(said=any_answers())
@some_of_everybody
def test_no_plan_shows_a_figure_that_was_not_filled_in(said: dict[str, Any]):
    plan = planned(said)
    assert not re.findall(r"\{[^{}]*\}", to_text(plan) + page_of(said).words)


@everybody
def test_a_page_is_made_for_paper_too(said: Mapping[str, Any]):
    assert "@media print" in page_of(said).style


@everybody
def test_a_plan_ends_with_the_version_of_what_it_knows(said: Mapping[str, Any]):
    assert f"Data version {KNOWLEDGE.data_version}" in to_text(planned(said)).splitlines()[-1]


def test_somebody_who_wants_a_third_opinion_reads_about_it_first():
    page = page_of(PEOPLE["Original Medicare, third opinion"])
    first = page.all("h3")[0]
    assert first.text == "Yes, a third opinion is covered"


def test_somebody_who_has_said_nothing_is_told_where_to_start():
    assert "Start with your insurance and your illness" in page_of({}).words


# Tables


def test_the_table_of_rules_has_a_line_for_every_rule():
    kinds = ("verdicts", "requirements", "costs", "limits", "amounts", "provisions")
    rules = [rule.id for kind in kinds for rule in KNOWLEDGE.rules(kind)]
    page = Page(rules_html(rules_on(TODAY)))
    assert [code.text for code in page.all("code")] == rules
    assert page.faults == []


def test_the_table_of_rules_shows_the_amount_of_the_day_asked_for():
    old, new = (
        next(row for row in rules_on(day) if row.rule.id == "medicare.part_b_deductible").says
        for day in (date(2025, 6, 1), date(2026, 6, 1))
    )
    assert (old, new) == ("$257", "$283")


def test_the_table_of_rules_says_where_no_rule_was_in_force():
    assert "no rule in force" in Page(rules_html(rules_on(date(1900, 1, 1)))).words


def test_the_table_of_rules_for_one_insurance_leaves_out_the_others():
    found = {row.rule.id for row in rules_on(TODAY, "tricare_prime")}
    assert "tricare_prime.second_opinion" in found
    assert "medicare_original.second_opinion" not in found


def headings(said: Mapping[str, Any]) -> list[str]:
    return [one_line(heading.text) for heading in page_of(said).all("h3")]


def test_what_is_due_next_is_named():
    named = [
        heading
        for heading in headings(PEOPLE["Medicare Advantage, denied"])
        if "next date" in heading
    ]
    assert named == ["Your next date: Plan looks again (reconsideration)"]


def test_the_last_day_of_an_office_is_not_called_the_next_date():
    asked = {"stage": "waiting", "events": {"records_request": "2026-11-20"}}
    assert not any("next date" in heading for heading in headings(asked))


def test_somebody_who_was_denied_reads_first_what_to_do():
    found = headings(PEOPLE["Medicare Advantage, denied"])
    assert found.index("What to do, in order") < found.index("Before the visit")


def test_somebody_who_thinks_about_it_reads_first_what_is_needed():
    found = headings(PEOPLE["Original Medicare, third opinion"])
    assert found.index("Before the visit") < found.index("What to do, in order")
