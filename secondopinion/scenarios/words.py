"""What a line says about each part, in the words of the page."""

from collections.abc import Callable, Mapping
from datetime import date

from secondopinion.knowledge import Knowledge
from secondopinion.model import Cost, Deadline
from secondopinion.planner.reading import dollars

from .lines import Line

_MORE = "more"
_FEWER = "fewer"


def short_day(day: date) -> str:
    """Write a day as Mar 2, 2026."""
    return f"{day:%b} {day.day}, {day.year}"


def range_in_words(cost: Cost, knowledge: Knowledge) -> str:
    """Write what a visit may cost as $306.40 or as $0 to $400."""
    low, high = dollars(cost.low), dollars(cost.high)
    return low if low == high else knowledge.say("scenarios.range", low=low, high=high)


def words(line: Line, part: str, knowledge: Knowledge) -> str:
    """Return what a line says about one part, short enough for a cell."""
    return _WORDS[part](line, knowledge)


def _verdict(line: Line, knowledge: Knowledge) -> str:
    return knowledge.say(f"scenarios.answer.{line.plan.verdict.answer}")


def _third(line: Line, knowledge: Knowledge) -> str:
    return knowledge.say(f"scenarios.answer.{line.plan.third_opinion.answer}")


def _need(need: str) -> Callable[[Line, Knowledge], str]:
    def answer(line: Line, knowledge: Knowledge) -> str:
        return knowledge.say(f"requirement.answer.{getattr(line.plan.requirements, need)}")

    return answer


def _cost(line: Line, knowledge: Knowledge) -> str:
    cost = line.plan.cost
    return range_in_words(cost, knowledge) if cost else knowledge.say("form.unknown")


def day_in_words(day: Deadline, knowledge: Knowledge) -> str:
    """Write by which day to act, or that the last one has passed."""
    safe, last = short_day(day.safe_date), short_day(day.date)
    if day.past:
        return knowledge.say("scenarios.missed", day=last)
    if day.safe_past:
        return knowledge.say("scenarios.due_late", safe=safe, last=last)
    if safe == last:
        return knowledge.say("scenarios.due_same", last=last)
    return knowledge.say("scenarios.due", safe=safe, last=last)


def _deadline(line: Line, knowledge: Knowledge) -> str:
    days = [line.missed.file_by if line.missed else None, line.due[1] if line.due else None]
    said = [day_in_words(day, knowledge) for day in days if day]
    return " ".join(said) or knowledge.say("scenarios.no_day")


def _steps(line: Line, knowledge: Knowledge) -> str:
    counts = [(len(line.more), _MORE), (len(line.fewer), _FEWER)]
    beside = [
        knowledge.say(f"scenarios.steps_{which}", count=count) for count, which in counts if count
    ]
    total = str(len(line.plan.steps))
    return f"{total} ({', '.join(beside)})" if beside else total


_WORDS: Mapping[str, Callable[[Line, Knowledge], str]] = {
    "verdict": _verdict,
    "third_opinion": _third,
    "referral": _need("referral"),
    "prior_authorization": _need("prior_authorization"),
    "network": _need("network"),
    "cost": _cost,
    "deadline": _deadline,
    "steps": _steps,
}


def says(line: Line, part: str) -> str:
    """Return the sentence of the plan that a part comes from, where it has one."""
    plan = line.plan
    if part in plan.requirements.texts:
        return plan.requirements.texts[part]
    if part == "cost":
        return (
            " ".join(plan.cost.working)
            if plan.cost
            else plan.cost_rule.text
            if plan.cost_rule
            else ""
        )
    if part == "deadline":
        return _counted(line)
    return {"verdict": plan.verdict.text, "third_opinion": plan.third_opinion.text}.get(part, "")


def _counted(line: Line) -> str:
    """Return how the day to act by was counted, and what is still possible after a missed one."""
    said = []
    if line.missed and line.missed.file_by:
        said += [line.missed.name + ".", line.missed.file_by.working, line.missed.late]
    if line.due:
        said += [line.due[0] + ".", line.due[1].working]
    return " ".join(filter(None, said))
