"""From a plan to a finished file of any kind: one way for the app and for the command line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from secondopinion.knowledge import Knowledge
from secondopinion.model import ActionPlan
from secondopinion.notes import Notes
from secondopinion.papers import Paper, Paragraph, words
from secondopinion.render import to_html

from .agenda import to_calendar
from .cards import to_contacts
from .folder import Folder, folder
from .hand_over import left_out
from .kinds import KINDS, File, file_name, kinds_available
from .mail import to_mail
from .pdf import to_pdf
from .word import to_docx
from .zipped import zip_entry

_NOTHING_WRITTEN = Notes()
_PAPERS: Mapping[str, Callable[[Folder], tuple[Paper, ...]]] = {
    "plan": Folder.whole,
    "letters": Folder.letters,
    "letter": Folder.one_letter,
    "calls": Folder.calls,
    "opinions": Folder.opinions,
}
_PAGES: Mapping[str, Callable[[Sequence[Paper], str, date, Knowledge], bytes]] = {
    "pdf": to_pdf,
    "docx": to_docx,
    "txt": lambda papers, *_: to_mail(papers).encode(),
}


def make_file(  # noqa: PLR0913  (the last two are a person's own wishes)
    kind: str,
    plan: ActionPlan,
    notes: Notes = _NOTHING_WRITTEN,
    knowledge: Knowledge | None = None,
    *,
    without: frozenset[str] = frozenset(),
    letter: str = "",
) -> File:
    """Return a finished file: its name, its type and its bytes. Nothing is written anywhere.

    Parameters
    ----------
    kind
        One of `KINDS`.
    plan
        The plan the file is about.
    notes
        What the person wrote down: it stands in letters and on the pages for calls.
    knowledge
        Another knowledge base than the workbook's own.
    without
        The parts to leave out, by their ids in `PARTS`.
    letter
        The id of the letter, for a file that holds one.

    Raises
    ------
    ModuleNotFoundError
        When this machine lacks what the kind needs; `kinds_available` tells before.
    """
    return _file(kind, folder(plan, notes, knowledge, without)._replace(letter=letter))


def to_zip(
    plan: ActionPlan,
    notes: Notes = _NOTHING_WRITTEN,
    knowledge: Knowledge | None = None,
    without: frozenset[str] = frozenset(),
) -> bytes:
    """Return every file that can be made here in one, with a list of what is what."""
    return _everything(folder(plan, notes, knowledge, without))


def _file(kind: str, taken: Folder) -> File:
    known = KINDS[kind]
    name = file_name(known.stem, taken.plan.as_of, known.suffix)
    return File(name, known.mime, _content(kind, taken))


def _content(kind: str, taken: Folder) -> bytes:
    if kind == "everything":
        return _everything(taken)
    if kind == "calendar":
        return to_calendar(taken.plan, taken.knowledge)
    if kind == "contacts":
        return to_contacts(taken.plan, taken.knowledge)
    if kind == "plan_html":
        return to_html(taken.plan, taken.knowledge, page=True).encode()
    known = KINDS[kind]
    title = taken.knowledge.say(f"files.title.{known.stem}")
    papers = _PAPERS[known.stem](taken) or (_instead(title, taken),)
    return _PAGES[known.suffix](papers, title, taken.plan.as_of, taken.knowledge)


def _instead(title: str, taken: Folder) -> Paper:
    """Return the page of a file whose every page was to be left out, or that has none."""
    why = left_out(taken.without, taken.knowledge) or taken.knowledge.say("files.none")
    return Paper("none", title, why, (Paragraph(words(why)),))


def _everything(taken: Folder) -> bytes:
    here = kinds_available()
    kinds = [
        name
        for name, kind in KINDS.items()
        if name in here and kind.is_in_zip and kind.part not in taken.without
    ]
    made = {name: _file(name, taken) for name in kinds}
    whole = BytesIO()
    with ZipFile(whole, "w") as zipped:
        for file in (_list(made, taken), *made.values()):
            zipped.writestr(zip_entry(file.name, taken.plan.as_of), file.content)
    return whole.getvalue()


def _list(made: Mapping[str, File], taken: Folder) -> File:
    say = taken.knowledge.say
    lines = [say("files.readme"), left_out(taken.without, taken.knowledge)]
    lines += [f"{file.name}: {say(f'files.kind.{name}')}" for name, file in made.items()]
    lines += [say("files.readme.end")]
    text = to_mail(
        [
            Paper(
                "readme",
                say("files.title.readme"),
                "",
                tuple(Paragraph(words(line)) for line in lines if line),
            )
        ]
    )
    return File("README.txt", "text/plain;charset=utf-8", text.encode())
