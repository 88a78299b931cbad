"""The command line: open the workbook, make one plan, check and review the knowledge base."""

import json
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from .errors import KnowledgeError, UnknownAnswer, UnreadableFile
from .intake import read_case
from .model import ActionPlan
from .planner import build_plan

BAD_CASE = 2
_PACKAGE = Path(__file__).resolve().parent

_cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Help a person get a second medical opinion: what their insurance covers, what to do, "
    "by when. Nothing you enter is stored or sent anywhere.",
)


class Format(StrEnum):
    """What a plan can be written as."""

    text = "text"
    json = "json"
    html = "html"
    pdf = "pdf"
    docx = "docx"
    ics = "ics"
    vcf = "vcf"
    zip = "zip"


_FILES = {
    Format.pdf: "plan_pdf",
    Format.docx: "plan_docx",
    Format.ics: "calendar",
    Format.vcf: "contacts",
    Format.zip: "everything",
}
_NOT_FOR_EYES = frozenset({Format.pdf, Format.docx, Format.zip})
"""What a terminal cannot show."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no day; write it as 2026-03-02"
        raise typer.BadParameter(message) from None


AsOf = Annotated[
    date | None,
    typer.Option("--as-of", parser=_day, metavar="DAY", help="The day to plan for; today."),
]


def _refuse(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(BAD_CASE)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return names with their values, where no name stands twice."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            message = f"the key {name!r} stands twice; keep one of the two"
            raise ValueError(message)
        found[name] = value
    return found


def _answers(path: Path) -> Any:
    """Read a case file, YAML or JSON, without guessing."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a text file"
        raise _refuse(f"{path} cannot be read: {reason}") from None
    if path.suffix == ".json":
        try:
            return json.loads(text, object_pairs_hook=_each_once)
        except (ValueError, RecursionError) as error:
            raise _refuse(f"{path} is not JSON: {error}") from None
    from .authoring.strict_yaml import parse  # noqa: PLC0415  (the other commands do without YAML)

    document = parse(text, str(path))
    if document.problems:
        raise _refuse("\n".join(map(str, document.problems)))
    return document.content


def _write(output: Path, content: bytes) -> None:
    try:
        output.write_bytes(content)
    except OSError as error:
        raise _refuse(f"{output} cannot be written: {error.strerror}") from None


@_cli.command()
def app(
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8866,
    host: Annotated[str, typer.Option(help="Who may connect; only this machine.")] = "127.0.0.1",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    visitors: Annotated[int, typer.Option(min=1, help="How many may have it open at once.")] = 100,
    public: Annotated[
        str, typer.Option(help="Its address when a web server stands before it; docs/serving.md.")
    ] = "",
) -> None:
    """Open the workbook in your browser."""
    from .server import serve  # noqa: PLC0415  (only this command needs the app's libraries)

    serve(port, host, open_browser=not no_browser, visitors=visitors, public=public)


def _written(plan: ActionPlan, form: Format) -> bytes:
    from . import render  # noqa: PLC0415  (checking needs no templates)

    if form in _FILES:
        return _file(plan, _FILES[form])
    if form is Format.json:
        text = render.to_json(plan)
    else:
        is_page = form is Format.html
        text = render.to_html(plan, page=True) if is_page else render.to_text(plan)
    return f"{text.rstrip()}\n".encode()


def _file(plan: ActionPlan, kind: str) -> bytes:
    from .export import make_file  # noqa: PLC0415  (the other formats do without)

    try:
        return make_file(kind, plan).content
    except ModuleNotFoundError as error:
        cure = "run: pip install 'secondopinion[files]'"
        raise _refuse(f"{error.name} is missing; {cure}") from None


@_cli.command()
def plan(
    case: Annotated[Path, typer.Argument(help="A case file, YAML or JSON; - reads from input.")],
    as_of: AsOf = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.text,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="A file to write; - or nothing is the screen."),
    ] = None,
) -> None:
    """Make the plan for one case."""
    try:
        made = build_plan(read_case(_answers(case)), as_of or date.today())
    except UnknownAnswer as error:
        raise _refuse(f"{case}:\n{error}") from None
    file = None if str(output) == "-" else output
    if file is None and form in _NOT_FOR_EYES and sys.stdout.isatty():
        raise _refuse(f"a {form} file is no text to read here; write it: -o plan.{form}")
    content = _written(made, form)
    if file is None:
        typer.echo(content if form in _FILES else content.decode(), nl=False)
    else:
        _write(file, content)


@_cli.command()
def screen(
    cases: Annotated[Path, typer.Argument(help="A table of cases: .csv, .parquet or .xlsx.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The table to write: .csv, .parquet or .xlsx.")
    ],
    as_of: AsOf = None,
    problems: Annotated[
        Path | None, typer.Option(help="A table to write of all cells that were not understood.")
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(help="Only these columns of the result, such as verdict,safe_date."),
    ] = None,
) -> None:
    """Make the plans of a whole table of cases. Ends with 1 when some rows were not understood."""
    wanted = None if columns is None else [name.strip() for name in columns.split(",")]
    try:
        from .screening import progress_bar, screen_file  # noqa: PLC0415  (needs pandas)

        with progress_bar() as progress:
            summary = screen_file(
                cases,
                output,
                as_of or date.today(),
                problems=problems,
                progress=progress,
                columns=wanted,
            )
    except ModuleNotFoundError as error:
        cure = "run: pip install 'secondopinion[screening]'"
        raise _refuse(f"{error.name} is missing; {cure}") from None
    except (UnknownAnswer, UnreadableFile) as error:
        raise _refuse(str(error)) from None
    except OSError as error:
        raise _refuse(f"{error.filename or cases}: {error.strerror or error}") from None
    typer.echo(f"rows: {summary.rows:,}")
    for verdict, count in summary.verdicts.items():
        typer.echo(f"  {verdict}: {count:,}")
    typer.echo(f"rows that were not understood: {summary.problem_rows:,}")
    raise typer.Exit(int(bool(summary.problem_rows)))


@_cli.command()
def check(
    root: Annotated[
        Path | None, typer.Argument(help="A data folder; the workbook's own when left out.")
    ] = None,
    as_of: AsOf = None,
) -> None:
    """List every broken promise of the knowledge base, and what is due for another look."""
    from .authoring.check import Look, report  # noqa: PLC0415  (needs pydantic)

    found = report(root or own_data(), as_of or date.today())
    for problem in found.problems:
        typer.echo(problem)

    def say(title: str, listed: list[Look]) -> None:
        typer.echo(f"{title}: {len(listed)}")
        for look in listed:
            typer.echo(f"  {look.kind} {look.id}: checked {look.checked}, look again {look.again}")

    say("stale, the plan no longer counts on them", found.stale)
    say("due for another look", found.due)
    say("falling due within 30 days", found.soon)
    typer.echo(", ".join(f"{count} {kind}" for kind, count in found.counts.items()))
    for kind, share in found.primary.items():
        typer.echo(f"{kind} read in the official text: {share}")
    typer.echo(f"broken promises: {len(found.problems)}")
    raise typer.Exit(int(bool(found.problems)))


@_cli.command()
def review(
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="The file to write: .xlsx is a sheet, .html is a booklet."
        ),
    ],
    root: Annotated[
        Path | None, typer.Argument(help="A data folder; the workbook's own when left out.")
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Write all we say as a sheet to mark, or as a booklet to print, for people who check it."""
    if output.suffix not in (".xlsx", ".html"):
        raise _refuse(f"{output} cannot be written: end its name in .xlsx or .html")
    try:
        from . import review as desk  # noqa: PLC0415  (needs pydantic and jinja2)

        read = desk.read_review(root or own_data(), as_of or date.today())
        is_sheet = output.suffix == ".xlsx"
        content = desk.to_sheet(read) if is_sheet else desk.to_booklet(read).encode()
    except ModuleNotFoundError as error:
        cure = "run: pip install 'secondopinion[authoring,review]'"
        raise _refuse(f"{error.name} is missing; {cure}") from None
    _write(output, content)


def own_data() -> Path:
    """Return the folder of the workbook's own data, in a checkout or in an installed package."""
    beside, inside = _PACKAGE.parent / "data", _PACKAGE / "data"
    return beside if (beside / "README.md").is_file() else inside


def main() -> None:
    """Run the command line, and tell of a broken knowledge base without a traceback."""
    try:
        _cli()
    except KnowledgeError as error:
        typer.echo(f"{error}\nrun `secondopinion check` for the whole list", err=True)
        sys.exit(1)
