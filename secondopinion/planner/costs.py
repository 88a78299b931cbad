"""Work out what the visit may cost, between a low and a high figure, with every step shown."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from secondopinion.model import Cost, CostRule, Rule, Version

from .reading import Reading, cents, dollars, weakest
from .verdicts import deciding

_NOTHING = Decimal(0)
_ALL = Decimal(100)


class Terms(NamedTuple):
    """How a price is shared, with the amounts in force. What is None has no figure by itself."""

    share: str
    """Nothing of it, all of it, or by the formula: none, full, formula."""
    deductible: Decimal | None = None
    coinsurance: Decimal | None = None
    cap: Decimal | None = None
    may_be_less: bool = False
    has_copay: bool = False
    """Whether a copay nobody knows may still be asked for."""


class Own(NamedTuple):
    """A person's own numbers, as their plan or their bills have them. None is not known."""

    deductible_left: Any
    coinsurance: Any
    copay: Any
    out_of_pocket_left: Any

    @classmethod
    def of(cls, costs: Mapping[str, Any]) -> "Own":
        """Return the numbers that stand in the costs of a case file."""
        return cls(*(costs.get(name) for name in cls._fields))


class Share(NamedTuple):
    """A person's share of one price: the parts it is made of, and their sum."""

    deductible: Any
    coinsurance: Any
    copay: Any
    total: Any


class Bounds(NamedTuple):
    """What a person pays at the least and at the most, and how the most comes together."""

    low: Any
    high: Any
    most: Share
    percent: Any
    cap: Any


class OneFigure:
    """The arithmetic of shares for one person; screening has the same for whole columns."""

    nothing = _NOTHING
    everything = _ALL

    @staticmethod
    def known(figure: Decimal | None, otherwise: Decimal | None) -> Decimal | None:
        """Return a figure, or another one where nobody knows it."""
        return otherwise if figure is None else figure

    @staticmethod
    def where(condition: bool, then: Decimal | None, otherwise: Decimal | None) -> Decimal | None:
        """Return one of two figures."""
        return then if condition else otherwise

    @staticmethod
    def least(one: Decimal, other: Decimal) -> Decimal:
        """Return the smaller of two figures."""
        return min(one, other)

    @staticmethod
    def portion(amount: Decimal, percent: Decimal) -> Decimal:
        """Return a percentage of an amount, to the cent."""
        return cents(amount * percent / _ALL)


def share(price: Any, deductible: Any, percent: Any, copay: Any, do: Any = OneFigure) -> Share:
    """Return a person's share: the deductible, then a percentage of the rest, then a copay."""
    first = do.least(price, deductible)
    part = do.portion(price - first, percent)
    return Share(first, part, copay, do.least(price, first + part + copay))


def bounds(price: Any, own: Own, terms: Terms, do: Any = OneFigure) -> Bounds:
    """Return what a person pays by the formula, at the least and at the most.

    Parameters
    ----------
    price
        The price of the visit.
    own
        The person's own numbers; what is not known widens the range.
    terms
        How the price is shared.
    do
        The arithmetic: on one person's figures, or on whole columns of them.
    """
    widest = do.known(terms.deductible, price)
    dearest = do.known(terms.coinsurance, do.everything)
    percent = do.known(own.coinsurance, dearest)
    highest = do.known(own.copay, do.where(terms.has_copay, price, do.nothing))
    most = share(price, do.known(own.deductible_left, widest), percent, highest, do)
    lowest = do.known(own.coinsurance, do.known(terms.coinsurance, do.nothing))
    smallest = do.known(own.copay, do.nothing)
    least = share(price, do.known(own.deductible_left, do.nothing), lowest, smallest, do)
    alone = do.where(highest > do.nothing, smallest, least.total)  # some plans take nothing else
    cap = do.known(own.out_of_pocket_left, terms.cap)
    high = do.least(most.total, do.known(cap, most.total))
    low = do.least(do.least(least.total, alone), high)
    return Bounds(do.where(terms.may_be_less, do.nothing, low), high, most, percent, cap)


def cost_rule(reading: Reading) -> tuple[Rule, Version] | None:
    """Return the rule that says how the price is shared, with the version in force."""
    rules = reading.knowledge.fitting_rules("costs", reading.case.coverage)
    rule = deciding(rules, None, reading.facts)
    version = rule and reading.version(rule)
    return (rule, version) if rule and version else None


def cost_in_words(reading: Reading) -> CostRule | None:
    """Return how the price is shared, in words."""
    found = cost_rule(reading)
    if found is None:
        reading.gap("gap.cost")
        return None
    rule, version = found
    text = version.says["text"]
    seen = [version.seen]
    sources = dict.fromkeys(reading.sources(version.cites, version.checked))
    for name in reading.rules_named(text):
        figure = reading.version(reading.knowledge.rule(name))
        if figure:
            seen.append(figure.seen)
            sources.update(dict.fromkeys(reading.sources(figure.cites, figure.checked)))
    return CostRule(reading.fill(text), weakest(seen), tuple(sources), rule.id)


def terms(reading: Reading) -> Terms | None:
    """Return how the price is shared, or None when that is not known well enough."""
    found = cost_rule(reading)
    if found is None:
        return None
    _, version = found
    says = version.says
    unsure = says["share"] == "none" and version.seen == "unverified"
    if unsure or reading.freshness(version.checked) == "stale":
        reading.gap("gap.cost")
        return None
    if says["share"] == "none":
        return Terms("none")
    if "visit_price" not in reading.case.costs:
        reading.gap("gap.price")
        return None
    may_be_less = bool(says.get("may_be_less"))
    if says["share"] == "full":
        return Terms("full", may_be_less=may_be_less)
    knows_left = "out_of_pocket_left" in reading.case.costs
    return Terms(
        "formula",
        _amount(reading, says.get("deductible")),
        _amount(reading, says.get("coinsurance")),
        None if knows_left else _amount(reading, says.get("cap")),
        may_be_less,
        has_copay=not says.get("coinsurance"),
    )


def _amount(reading: Reading, name: str | None) -> Decimal | None:
    """Return the rule's own figure for a part, or None where it has none in force."""
    if name is None:
        return None
    rule = reading.knowledge.rule(name)
    version = reading.version(rule)
    if version is None:
        reading.gap("gap.amount", what=rule.what, year=reading.visit_day.year)
    figures = version.says if version else {}
    found = figures.get("usd", figures.get("percent"))
    return None if found is None else Decimal(found)


def cost(reading: Reading) -> Cost | None:
    """Return what the visit may cost, or None when the price or the sharing is not known."""
    found = terms(reading)
    if found is None:
        return None
    say = reading.knowledge.say
    if found.share == "none":
        return Cost(cents(_NOTHING), cents(_NOTHING), (say("cost.none"),), ())
    own = reading.case.costs
    price = own["visit_price"]
    if found.share == "full":
        working = [say("cost.full", price=dollars(price))]
        if found.may_be_less and price:
            working.append(say("cost.less"))
        low = _NOTHING if found.may_be_less else price
        return Cost(cents(low), cents(price), tuple(working), ())
    worked = bounds(price, Own.of(own), found)
    working = _working(reading, price, worked)
    if found.may_be_less:
        working.append(say("cost.less"))
    elif worked.low != worked.high:
        working.append(say("cost.low", low=dollars(worked.low)))
    return Cost(cents(worked.low), cents(worked.high), tuple(working), _unknown(reading, found))


def _unknown(reading: Reading, found: Terms) -> tuple[str, ...]:
    """Return the questions whose answers would make the range smaller."""
    own = reading.case.costs
    settled = {
        "deductible_left": False,
        "coinsurance": found.coinsurance is not None,
        "copay": not found.has_copay,
    }
    named = reading.knowledge.named
    return tuple(
        named("questions", f"costs.{fact}")["text"]
        for fact, is_settled in settled.items()
        if fact not in own and not is_settled
    )


def _working(reading: Reading, price: Decimal, worked: Bounds) -> list[str]:
    say, most = reading.knowledge.say, worked.most
    rest, part = dollars(price - most.deductible), dollars(most.coinsurance)
    lines = [
        say("cost.deductible", part=dollars(most.deductible), price=dollars(price)),
        say("cost.coinsurance", percent=f"{worked.percent:f}", rest=rest, part=part),
    ]
    if most.copay:
        lines.append(say("cost.copay", part=dollars(most.copay)))
    lines.append(say("cost.total", total=dollars(most.total)))
    if worked.cap is not None and worked.cap < most.total:
        lines.append(say("cost.cap", cap=dollars(worked.cap)))
    return lines
