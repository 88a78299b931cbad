"""The whole plan as one paper: every part in the order of the page, nothing folded away."""

from collections.abc import Callable, Iterable, Iterator

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.model import ActionPlan, Verdict
from secondopinion.papers import Block, Heading, Items, Paper, Paragraph, words
from secondopinion.planner.reading import dollars, in_words
from secondopinion.render.page import acts_now, next_due

from . import plan_lists as lists
from .hand_over import handed_over, left_out
from .references import Telling

Telling_ = Callable[[Telling], Iterator[Block]]


def plan_paper(
    plan: ActionPlan,
    knowledge: Knowledge | None = None,
    *,
    without: frozenset[str] = frozenset(),
) -> Paper:
    """Return the whole plan as a paper to print, to edit or to send.

    Parameters
    ----------
    plan
        The plan to lay out.
    knowledge
        Another knowledge base than the workbook's own.
    without
        The parts to leave out, by their ids in `PARTS`.
    """
    knowledge = knowledge or load_knowledge()
    telling = Telling(handed_over(plan, without, knowledge), knowledge)
    missing = left_out(without, knowledge)
    blocks: list[Block] = [_note(missing)] if missing else []
    blocks += [block for part in _order(telling.plan) for block in part(telling)]
    say = knowledge.say
    return Paper("plan", say("page.title"), say("files.why.plan"), (*blocks, *_references(telling)))


def _order(plan: ActionPlan) -> tuple[Telling_, ...]:
    """Return the parts in the order of the page: what cannot wait comes before what explains."""
    details = (_before, _cautions, _cost)
    middle = (lists.steps, *details) if acts_now(plan) else (*details, lists.steps)
    return (
        *(_made_for, _alarms, _answers, _next, *middle, _other_opinion),
        *(lists.ladder, lists.records, lists.questions, lists.contacts, lists.places),
        *(lists.illness, _changes, _gaps, _end),
    )


def _note(text: str) -> Paragraph:
    return Paragraph(words(text), "note")


def _section(title: str, texts: Iterable[str]) -> Iterator[Block]:
    """Yield a heading with a list, or nothing where the list is empty."""
    items = tuple(map(words, texts))
    if items:
        yield Heading(words(title))
        yield Items(items)


def _made_for(told: Telling) -> Iterator[Block]:
    labels = [
        told.plan.labels[fact]
        for fact in ("coverage", "condition", "state")
        if fact in told.plan.labels
    ]
    if labels:
        yield _note(f"{told.say('page.for')}: {'; '.join(labels)}")
    else:
        yield Paragraph(words(told.say("page.empty")))


def _alarms(told: Telling) -> Iterator[Block]:
    for warning in told.plan.warnings:
        if warning.level in ("emergency", "fast"):
            yield Paragraph(words(warning.text), "lead")
            yield from _pointing(told.cited(warning.sources))


def _pointing(line: str) -> Iterator[Block]:
    if line:
        yield _note(line)


def _answer(told: Telling, verdict: Verdict, *, is_main: bool) -> Iterator[Block]:
    yield Heading(words(verdict.heading))
    yield Paragraph(words(verdict.text), "lead" if is_main else "body")
    if verdict.conditions:
        yield Paragraph(words(f"{told.say('page.conditions')}:"))
        yield Items(tuple(map(words, verdict.conditions)))
    yield Paragraph(words(f'{told.say("page.say")}: "{verdict.say_on_phone}"'))
    yield Paragraph(words(verdict.certainty))
    yield from _pointing(told.cited(verdict.sources, verdict.seen))


def _answers(told: Telling) -> Iterator[Block]:
    if told.plan.case.opinion == "third":
        yield from _answer(told, told.plan.third_opinion, is_main=True)
    yield from _answer(told, told.plan.verdict, is_main=told.plan.case.opinion != "third")


def _other_opinion(told: Telling) -> Iterator[Block]:
    if told.plan.case.opinion != "third":
        yield Heading(words(told.say("page.third")))
        heading, *rest = _answer(told, told.plan.third_opinion, is_main=False)
        yield from (heading._replace(level=3) if isinstance(heading, Heading) else heading, *rest)


def _next(told: Telling) -> Iterator[Block]:
    due = next_due(told.plan)
    if due is None:
        return
    what, day = due
    yield Heading(words(f"{told.say('page.next_deadline')}: {what}"))
    first, *working = told.due(day)
    yield Paragraph(words(first), "lead")
    yield from (Paragraph(words(line)) for line in working)
    start = told.plan.case.events.get("start_treatment_by")
    if start:
        text = told.say("working.start.start_treatment_by", day=in_words(start))
        yield Paragraph(words(text), "lead")
    yield from _pointing(told.cited(day.sources, day.seen))


def _before(told: Telling) -> Iterator[Block]:
    needs, say = told.plan.requirements, told.say
    answers = {
        "referral": needs.referral,
        "prior_authorization": needs.prior_authorization,
        "network": needs.network,
    }
    lines = [
        f"{say(f'requirement.{about}')}: {say(f'requirement.answer.{answer}')}\n"
        f"{needs.texts[about]}"
        for about, answer in answers.items()
    ]
    yield from _section(say("page.requirements"), lines)
    yield from _pointing(told.cited(needs.sources))


def _cautions(told: Telling) -> Iterator[Block]:
    found = [warning for warning in told.plan.warnings if warning.level == "caution"]
    yield from _section(told.say("page.cautions"), (warning.text for warning in found))
    yield from _pointing(told.cited_by(found))


def _cost(told: Telling) -> Iterator[Block]:
    cost, rule, say = told.plan.cost, told.plan.cost_rule, told.say
    if cost or rule:
        yield Heading(words(say("page.cost")))
    if cost:
        low, high = dollars(cost.low), dollars(cost.high)
        between = say("page.cost_between", low=low, high=high)
        exact = say("page.cost_exact", low=low)
        yield Paragraph(words(exact if low == high else between), "lead")
        yield Items(tuple(map(words, cost.working)))
        if cost.unknown:
            unknown = "; ".join(cost.unknown)
            yield Paragraph(words(f"{say('page.cost_unknown')}: {unknown}."))
    if rule:
        yield Paragraph(words(rule.text))
        yield from _pointing(told.cited(rule.sources, rule.seen))


def _changes(told: Telling) -> Iterator[Block]:
    effects = (change.effect for change in told.plan.would_change)
    yield from _section(told.say("page.would_change"), effects)


def _gaps(told: Telling) -> Iterator[Block]:
    yield from _section(told.say("page.gaps"), told.plan.gaps)


def _end(told: Telling) -> Iterator[Block]:
    """Yield the last notes: they say how sure we are, and after which day to look again."""
    for warning in told.plan.warnings:
        if warning.level == "note":
            yield Paragraph(words(warning.text))
            yield from _pointing(told.cited(warning.sources))
    yield from (Paragraph(words(notice.text)) for notice in told.plan.notices)
    yield _note(told.say("page.data_version", version=told.plan.data_version))


def _references(told: Telling) -> Iterator[Block]:
    found = tuple(map(words, told.references()))
    if found:
        yield Heading(words(told.say("page.sources")))
        yield Items(found, "numbers")
