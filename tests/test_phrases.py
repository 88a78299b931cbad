"""Every short text that code asks for by name is there, fits the words it is given, and is used."""

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from secondopinion import load_knowledge
from secondopinion.authoring.schema import KINDS, LimitVersion, TalkingPoint
from secondopinion.export import KINDS as KINDS_OF_FILE
from secondopinion.export import PARTS
from secondopinion.export.agenda import OWN_DAYS
from secondopinion.model import Answer, Distance, Freshness, Seen
from secondopinion.planner.lines import SECTIONS

PACKAGE = Path(__file__).parent.parent / "secondopinion"
MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not {"review", "authoring"} & set(path.relative_to(PACKAGE).parts) and path.name != "cli.py"
]
TEMPLATES = [
    path for path in sorted(PACKAGE.rglob("*.jinja")) if not path.name.startswith("review")
]
KNOWLEDGE = load_knowledge()
PHRASES = {
    phrase["id"]: phrase["text"]
    for phrase in KNOWLEDGE.section("phrases")
    if not phrase["id"].startswith("review.")
}
EVENTS = {
    question["id"].removeprefix("events.")
    for question in KNOWLEDGE.section("questions")
    if question["id"].startswith("events.")
}


def allowed(field: str, model: type = LimitVersion) -> tuple[str, ...]:
    """Return the words that a field of an entry may say."""
    annotation = model.model_fields[field].annotation  # type: ignore[attr-defined]
    words = get_args(annotation)
    nested = [word for part in words for word in get_args(part)]
    return tuple(word for word in (nested or words) if isinstance(word, str))


ABOUT = ("second", "third")
NEEDS = ("referral", "prior_authorization", "network")
ANSWERS_TO_NEEDS = (
    *("required", "not_required", "maybe", "ask"),
    *("any_enrolled", "in_network", "network_first", "any"),
)
UNITS = ("days", "months", "hours", "working_days")

ANY_OF_A_GROUP = "*.*"  # a filter says all of seen.* or of freshness.*, which are spelled out below
SAYING = {"say", "_say", "gap", "_filter"}  # the last ones hand the name on
FOR_ANOTHER = ("caregiver", "advocate")
FILES = (
    *("plan_pdf", "plan_docx", "calendar", "contacts", "mail", "everything", "answers"),
    *("letter_pdf", "letter_docx", "calls_pdf", "opinions_docx"),
    *("plan_html", "letter_text", "calls_text", "opinions_text"),
)
FILES_OF_TABLES = (
    *("scenarios_xlsx", "scenarios_csv", "scenarios_html"),
    *("screening_xlsx", "screening_csv", "screening_parquet", "screening_example"),
)
PARTS_COMPARED = ("verdict", "third_opinion", *NEEDS, "cost", "deadline", "steps")
COLUMNS_COMPARED = (
    *("as_of", "verdict", "third_opinion", *NEEDS, "cost_low", "cost_high", "next_deadline"),
    *("safe_date", "missed", "steps", "more_steps", "fewer_steps", "differs", "problems"),
    *(f"{part}_rule" for part in PARTS_COMPARED[:-1]),
)
ASKED_OF_A_TABLE = ("columns", "writings", "values")
SECTIONS_OF_THE_DESK = ("letters", "calls", "after", "hand_over")
CALLED = ("insurer", "current_doctor", "records_office", "second_doctor", "network_doctor")
BLANKS = [blank for blank in KNOWLEDGE.section("blanks") if blank["kind"] != "given"]
GROUPS_OF_BLANKS = tuple(sorted({blank["group"] for blank in BLANKS}))
BUILT: dict[str, tuple[tuple[str, ...], ...]] = {
    # A name made of parts, and what each part can be.
    "desk.*": (SECTIONS_OF_THE_DESK,),
    "desk.*.lead": (SECTIONS_OF_THE_DESK,),
    "desk.called.*": (CALLED,),
    "file.bad.*": (("long", "other", "newer", "damaged"),),
    "files.*": (("making", "done", "failed", "opens", "opening", "long"),),
    "make.*": ((*FILES, *FILES_OF_TABLES),),
    "make.*.help": ((*FILES, *FILES_OF_TABLES),),
    "page.role.*": (FOR_ANOTHER,),
    "script.*": (FOR_ANOTHER,),
    "*.softly": (("letter", "sheet"),),
    "blanks.*": (GROUPS_OF_BLANKS,),
    "compare.*": (("about", "first", "second"),),
    "log.*": (("day", "office", "person", "reference", "answer"),),
    "log.to.*": (CALLED,),
    "answer.*": (("yes", "no"),),
    "ask.*": (allowed("for_", TalkingPoint),),
    "calendar.*": (OWN_DAYS,),
    "calendar.*.*": (("appeal", "step", "theirs"), ("by", "today")),
    "certainty.*": ((*get_args(Seen), "due", "stale"),),
    "distance.*": (get_args(Distance),),
    "event.*": (("denial", "final_denial", "records_request", "first_bill"),),
    "files.kind.*": (tuple(name for name, kind in KINDS_OF_FILE.items() if kind.is_in_zip),),
    "files.title.*": (("plan", "letter", "letters", "calls", "opinions"),),
    "freshness.*": (get_args(Freshness),),
    "kind.*": (allowed("kind", KINDS["places"]),),
    "length.*.*": (UNITS, ("one", "many")),
    "page.decide_*": (("standard", "expedited"),),
    "part.*": (PARTS,),
    "requirement.*": (NEEDS,),
    "requirement.*.unknown": (NEEDS,),
    "requirement.answer.*": (ANSWERS_TO_NEEDS,),
    "scenarios.answer.*": (get_args(Answer),),
    "scenarios.column.*": (COLUMNS_COMPARED,),
    "scenarios.head.*": (("rule", "what", "source", "at", "url", "checked", "seen"),),
    "scenarios.map_*": (ABOUT,),
    "scenarios.moment.*": (("on_time", "safe_passed", "last_passed"),),
    "scenarios.part.*": (PARTS_COMPARED,),
    "scenarios.show_*": (("all", "differing"),),
    "scenarios.steps_*": (("more", "fewer"),),
    "screening.ask_*": (ASKED_OF_A_TABLE,),
    "screening.ask_*_help": (ASKED_OF_A_TABLE,),
    "screening.bad.*": (
        ("long", "empty", "kind", "old_excel", "damaged", "rows", "columns", "twice"),
    ),
    "screening.drop.*": (("label", "help", "reading", "read", "too_long"),),
    "screening.writing.*": (("month_first", "day_first", "signs"),),
    "section.*": (SECTIONS,),
    "seen.*": (get_args(Seen),),
    "verdict.*.*": (ABOUT, get_args(Answer)),
    "verdict.*.ask": (ABOUT,),
    "working.*": (allowed("filed_when"),),
    "form.bad.*": (("day", "number"),),
    "working.end.*": (tuple(sorted(EVENTS)),),
    "working.start.*": (tuple(sorted(EVENTS)),),
}


class Use(NamedTuple):
    """A phrase asked for: where, by which name, and with which words."""

    where: str
    name: str
    words: frozenset[str] | None


def pattern(node: ast.expr) -> str | None:
    """Return the name that an expression spells, with a star for each part that varies."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values
        )
    return None


def in_modules() -> Iterator[Use]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            name = pattern(node.args[0])
            if called in SAYING and name not in {None, ANY_OF_A_GROUP}:
                words = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
                yield Use(path.name, str(name), None if called == "_filter" else words)


def in_templates() -> Iterator[Use]:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for name, rest in re.findall(r'\bsay\("([\w.]+)"((?: ~ [\w.\[\]]+)?)', text):
            yield Use(path.name, f"{name}*" if rest else name, None)
        for one, other in re.findall(r'\bsay\("([\w.]+)" if [^)]*? else "([\w.]+)"\)', text):
            yield from (Use(path.name, name, None) for name in (one, other))


def whole(name: str) -> Iterator[str]:
    """Yield the names that a pattern stands for."""
    if "*" not in name:
        yield name
        return
    for parts in product(*BUILT.get(name, ())):
        spelled = name
        for part in parts:
            spelled = spelled.replace("*", part, 1)
        yield spelled


# Nobody asks for these any more; data/phrases.yaml may drop them.
USES = [*in_modules(), *in_templates()]
USED = {name for use in USES for name in whole(use.name)}
FILLED = [use for use in USES if use.words is not None]


def test_every_name_made_of_parts_is_spelled_out_here():
    made = {use.name for use in USES if "*" in use.name}
    assert made == set(BUILT)


def test_every_phrase_that_code_asks_for_is_there():
    assert USED - set(PHRASES) == set()


def test_every_phrase_that_is_there_is_used():
    assert set(PHRASES) - USED == set()


@pytest.mark.parametrize("use", FILLED, ids=lambda use: f"{use.where}-{use.name}")
def test_a_phrase_is_given_every_word_it_leaves_open(use: Use):
    opened = {word for name in whole(use.name) for word in re.findall(r"\{(\w+)\}", PHRASES[name])}
    assert opened <= (use.words or frozenset())
