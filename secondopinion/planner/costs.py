"""Work out what the visit may cost, between a low and a high figure, with every step shown."""

from decimal import Decimal
from typing import NamedTuple

from secondopinion.model import Cost, CostRule, Rule, Version

from .reading import Reading, cents, dollars, weakest
from .verdicts import deciding

_NOTHING = Decimal(0)
_ALL = Decimal(100)


class Range(NamedTuple):
    """A figure that lies between two others."""

    low: Decimal
    high: Decimal


class Share(NamedTuple):
    """A person's share of one price: the parts it is made of, and their sum."""

    deductible: Decimal
    coinsurance: Decimal
    copay: Decimal
    total: Decimal


def share(price: Decimal, deductible: Decimal, percent: Decimal, copay: Decimal) -> Share:
    """Return a person's share: the deductible, then a percentage of the rest, then a copay."""
    first = min(price, deductible)
    part = cents((price - first) * percent / _ALL)
    return Share(first, part, copay, min(price, first + part + copay))


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
    _, version = found
    text = version.says["text"]
    seen = [version.seen]
    sources = dict.fromkeys(reading.sources(version.cites, version.checked))
    for name in reading.rules_named(text):
        figure = reading.version(reading.knowledge.rule(name))
        if figure:
            seen.append(figure.seen)
            sources.update(dict.fromkeys(reading.sources(figure.cites, figure.checked)))
    return CostRule(reading.fill(text), weakest(seen), tuple(sources))


def cost(reading: Reading) -> Cost | None:
    """Return what the visit may cost, or None when the price or the sharing is not known."""
    found = cost_rule(reading)
    if found is None:
        return None
    _, version = found
    says, say = version.says, reading.knowledge.say
    unsure = says["share"] == "none" and version.seen == "unverified"
    if unsure or reading.freshness(version.checked) == "stale":
        reading.gap("gap.cost")
        return None
    if says["share"] == "none":
        return Cost(cents(_NOTHING), cents(_NOTHING), (say("cost.none"),), ())
    price = reading.case.costs.get("visit_price")
    if price is None:
        reading.gap("gap.price")
        return None
    if says["share"] == "full":
        low = _NOTHING if says.get("may_be_less") else price
        working = [say("cost.full", price=dollars(price))]
        if low != price:
            working.append(say("cost.less"))
        return Cost(cents(low), cents(price), tuple(working), ())
    return _Formula(reading, version, price).cost()


class _Formula:
    """One price, the person's own numbers and the amounts of the rule."""

    def __init__(self, reading: Reading, version: Version, price: Decimal) -> None:
        self.reading = reading
        self.says = version.says
        self.price = price
        self.unknown: list[str] = []

    def _amount(self, field: str) -> Decimal | None:
        """Return the rule's own figure for a part, or None where it has none in force."""
        name = self.says.get(field)
        version = self.reading.version(self.reading.knowledge.rule(name)) if name else None
        if name and version is None:
            rule = self.reading.knowledge.rule(name)
            self.reading.gap("gap.amount", what=rule.what, year=self.reading.visit_day.year)
        figures = version.says if version else {}
        found = figures.get("usd", figures.get("percent"))
        return None if found is None else Decimal(found)

    def _ask(self, fact: str) -> None:
        question = self.reading.knowledge.named("questions", f"costs.{fact}")
        self.unknown.append(question["text"])

    def _part(self, fact: str, widest: Decimal) -> Range:
        """Return the person's own number, or nothing to the widest it could be."""
        own = self.reading.case.costs.get(fact)
        if own is not None:
            return Range(own, own)
        self._ask(fact)
        return Range(_NOTHING, widest)

    def _coinsurance(self) -> Range:
        own, ruled = self.reading.case.costs.get("coinsurance"), self._amount("coinsurance")
        if own is None and ruled is not None:
            return Range(ruled, ruled)
        return self._part("coinsurance", _ALL)

    def _copay(self) -> Range:
        if self.says.get("coinsurance") and "copay" not in self.reading.case.costs:
            return Range(_NOTHING, _NOTHING)
        return self._part("copay", self.price)

    def cost(self) -> Cost:
        """Return the low and the high figure with their working."""
        yearly = self._amount("deductible")
        deductible = self._part("deductible_left", self.price if yearly is None else yearly)
        percent, copay = self._coinsurance(), self._copay()
        most = share(self.price, deductible.high, percent.high, copay.high)
        least = share(self.price, deductible.low, percent.low, copay.low)
        copay_alone = copay.low if copay.high else least.total  # some plans take nothing else
        cap = self._cap()
        high = most.total if cap is None else min(most.total, cap)
        low = min(least.total, copay_alone, high)
        low = _NOTHING if self.says.get("may_be_less") else low
        working = self._working(most, percent.high, cap)
        if self.says.get("may_be_less"):
            working.append(self._say("cost.less"))
        elif low != high:
            working.append(self._say("cost.low", low=dollars(low)))
        return Cost(cents(low), cents(high), tuple(working), tuple(self.unknown))

    def _cap(self) -> Decimal | None:
        own = self.reading.case.costs.get("out_of_pocket_left")
        return self._amount("cap") if own is None else own

    def _say(self, phrase: str, **words: object) -> str:
        return self.reading.knowledge.say(phrase, **words)

    def _working(self, most: Share, percent: Decimal, cap: Decimal | None) -> list[str]:
        rest, part = dollars(self.price - most.deductible), dollars(most.coinsurance)
        lines = [
            self._say("cost.deductible", part=dollars(most.deductible), price=dollars(self.price)),
            self._say("cost.coinsurance", percent=f"{percent:f}", rest=rest, part=part),
        ]
        if most.copay:
            lines.append(self._say("cost.copay", part=dollars(most.copay)))
        lines.append(self._say("cost.total", total=dollars(most.total)))
        if cap is not None and cap < most.total:
            lines.append(self._say("cost.cap", cap=dollars(cap)))
        return lines
