"""The numbered sources at the end of a paper, and the short lines that point to them."""

from collections.abc import Iterable, Iterator
from typing import Any

from secondopinion.knowledge import Knowledge
from secondopinion.model import ActionPlan, Deadline, Seen, Source
from secondopinion.planner.reading import in_words


class Telling:
    """A plan on its way to paper: its words, and what was told so far."""

    def __init__(self, plan: ActionPlan, knowledge: Knowledge) -> None:
        self.plan = plan
        self.say = knowledge.say
        self._places: dict[Source, dict[str, None]] = {}
        self._workings: set[str] = set()

    def cited(self, sources: Iterable[Source], seen: Seen | None = None) -> str:
        """Return a line that points to some sources by number, and says how well we read them."""
        told = sorted({self._number(source) for source in sources})
        if not told:
            return ""
        what = self.say("page.source" if len(told) == 1 else "page.sources")
        line = f"{what} {', '.join(map(str, told))}"
        return f"{line}, {self.say(f'seen.{seen}')}" if seen else line

    def cited_by(self, lines: Iterable[Any]) -> str:
        """Return a line that points to all that a list of lines stands on."""
        return self.cited(source for line in lines for source in line.sources)

    def _number(self, source: Source) -> int:
        """Return the number of a document; the places in it that are cited share one number."""
        document = source._replace(at="")
        self._places.setdefault(document, {})[source.at] = None
        return list(self._places).index(document) + 1

    def references(self) -> Iterator[str]:
        """Yield every document that was pointed to, in the order of its number."""
        for document, places in self._places.items():
            place = ", ".join(filter(None, (document.title, *places)))
            yield " ".join(filter(None, (f"{place} ({self.checked(document)})", document.url)))

    def checked(self, source: Source) -> str:
        """Return the day somebody last looked, in words."""
        return self.say("page.checked", day=source.checked)

    def due(self, day: Deadline) -> Iterator[str]:
        """Yield the day to act by, and where it is told first, how it was counted."""
        safe, last = in_words(day.safe_date), in_words(day.date)
        if day.safe_past and not day.past:
            yield f"{last} ({self.say('page.last')}) {self.say('page.act_today', day=safe)}"
        else:
            past = f"; {self.say('page.past')}" if day.past else ""
            yield f"{safe} ({self.say('page.safe')}; {self.say('page.last')}: {last}{past})"
        if day.working not in self._workings:
            self._workings.add(day.working)
            yield day.working
