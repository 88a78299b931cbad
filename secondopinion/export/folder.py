"""What the files of one visit are made from: the papers, without what is to be left out."""

from typing import NamedTuple

from secondopinion.knowledge import Knowledge, load_knowledge
from secondopinion.letters import call_sheets, letters_for, second_look
from secondopinion.model import ActionPlan
from secondopinion.notes import Notes
from secondopinion.papers import Block, Heading, Items, Paper, Paragraph, words

from .hand_over import handed_over, notes_handed_over
from .plan_paper import plan_paper


class Folder(NamedTuple):
    """What the files of one visit are made from: nothing in it that was to be left out."""

    plan: ActionPlan
    notes: Notes
    knowledge: Knowledge
    without: frozenset[str]
    letter: str = ""

    def whole(self) -> tuple[Paper, ...]:
        """Return the plan as a paper."""
        return (plan_paper(self.plan, self.knowledge, without=self.without),)

    def letters(self) -> tuple[Paper, ...]:
        """Return a list of the letters and what they still want, then the letters."""
        found = self._letters()
        return (_cover(found, self.knowledge), *found) if found else ()

    def one_letter(self) -> tuple[Paper, ...]:
        """Return the one letter that was asked for."""
        return tuple(paper for paper in self._letters() if paper.id == self.letter)

    def _letters(self) -> tuple[Paper, ...]:
        if "letters" in self.without:
            return ()
        return letters_for(self.plan, self.notes, self.knowledge)

    def calls(self) -> tuple[Paper, ...]:
        """Return a page for each call."""
        if "calls" in self.without:
            return ()
        return call_sheets(self.plan, self.notes, self.knowledge)

    def opinions(self) -> tuple[Paper, ...]:
        """Return the opinions side by side."""
        if "opinions" in self.without:
            return ()
        return (second_look(self.plan, self.notes, self.knowledge),)


def _cover(letters: tuple[Paper, ...], knowledge: Knowledge) -> Paper:
    """Return a page for the person: which letter is for what, and what is open in it."""
    say = knowledge.say
    blocks: list[Block] = [Paragraph(words(say("files.cover.lead")))]
    blocks.append(
        Items(tuple(words(f"{letter.title}\n{letter.why}") for letter in letters), "boxes")
    )
    missing = dict.fromkeys(blank.label for letter in letters for blank in letter.missing)
    if missing:
        blocks.append(Heading(words(say("files.cover.open"))))
        blocks.append(Items(tuple(map(words, missing)), "boxes"))
    return Paper("cover", say("files.cover"), say("files.cover.lead"), tuple(blocks))


def folder(
    plan: ActionPlan,
    notes: Notes,
    knowledge: Knowledge | None = None,
    without: frozenset[str] = frozenset(),
) -> Folder:
    """Return what files are made from, without the parts to leave out."""
    knowledge = knowledge or load_knowledge()
    handed = handed_over(plan, without, knowledge)
    return Folder(handed, notes_handed_over(notes, without), knowledge, without)
