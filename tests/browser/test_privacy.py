"""Nothing that a person enters leaves their page and its process: a whole visit, watched.

Somebody writes words that stand nowhere else into every field, takes every file away, loses the
process, goes on, and leaves. Meanwhile everything is watched that could tell of it: each request,
header, cookie and socket, what the browser keeps, what the server says, every file that changes,
every process and whom it talks to, and what another visitor's process knows.

The only things that may hold a word of it are the line to the own process, and the files that the
person took away.
"""

import json
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect

import secondopinion
from tests.serving import Served
from tests.visitor import Visitor

from .screens import fold
from .visiting import (
    ILLNESS,
    INSURANCE,
    LETTER,
    OPEN_ALL,
    PRICE,
    REFUSED,
    STAGE,
    choose,
    form_of,
    open_workbook,
    plan_of,
    write,
)
from .watching import Process, changed_since, own_folders, processes_of, profiles, whole

WORD = f"Zq{token_hex(6)}"  # what the person writes everywhere; it stands nowhere else
DAY, DAY_IN_WORDS = "2047-08-23", "August 23, 2047"
NUMBER = "918273.64"
CODED = tuple(  # as the word looks inside of what is written in base64
    b64encode(b" " * shift + WORD.encode())[4:-4].decode() for shift in range(3)
)
OWN = (WORD, DAY, DAY_IN_WORDS, NUMBER, *CODED)
CHOSEN = ("TRICARE Prime", "tricare_prime")  # these stand in our own files too
OURS = "127.0.0.1"
KEPT = """async () => ({
    local: {...localStorage}, session: {...sessionStorage}, cookie: document.cookie,
    databases: await indexedDB.databases(), caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    name: window.name, state: history.state, length: history.length,
    address: location.href, title: document.title,
})"""
SPELLED = "[...document.querySelectorAll('input, textarea')].filter(one => one.spellcheck).length"
PAPERS = (
    *("Plan to print (PDF)", "Plan to change (Word)", "Days for my calendar"),
    *("Contacts for my phone", "Plain text for e-mail", "Everything in one folder (zip)"),
)
NOTHING_KEPT = {"local": {}, "session": {}, "cookie": "", "databases": [], "caches": []}


class Seen(NamedTuple):
    """Everything that was seen of a visit from outside of it."""

    requests: list[str]
    responses: list[tuple[str, dict[str, str]]]
    sockets: list[str]
    console: list[str]
    cookies: list[Any]
    kept: list[dict[str, Any]]
    processes: list[Process]
    spelled: int
    others: str
    said: str
    changed: dict[Path, bytes]
    sent: str
    left: str


def holds(text: str, answers: tuple[str, ...] = (*OWN, *CHOSEN)) -> list[str]:
    """Return what of the person's answers stands in a text."""
    return [each for each in answers if each in text]


# The visit


def answer(page: Page) -> None:
    """Answer with words of one's own wherever the form takes them."""
    choose(page, INSURANCE, "TRICARE Prime")
    choose(page, STAGE, "My plan said no")
    choose(page, REFUSED, "Approval before the visit (prior authorization)")
    write(page, LETTER, DAY)
    write(page, ILLNESS, WORD)
    expect(form_of(page)).to_contain_text("We do not know this name.")
    write(page, PRICE, WORD)
    expect(form_of(page)).to_contain_text("Please write a number")
    write(page, PRICE, NUMBER)
    page.get_by_role("group", name="Why do you want another opinion?").get_by_role(
        "checkbox"
    ).first.check()


def tick(page: Page) -> None:
    """Open every fold of the plan and tick a few boxes."""
    plan_of(page).locator("details").evaluate_all(OPEN_ALL)
    for box in plan_of(page).get_by_role("checkbox").all()[:3]:
        box.check()


def fill_in(page: Page) -> None:
    """Write into every blank of the part of the desk that is open."""
    for blank in page.locator(".so-sheet :is(input, textarea)").all():
        if blank.is_visible():
            blank.fill(DAY if blank.get_attribute("type") == "date" else WORD)
            blank.blur()


def write_letters(page: Page) -> None:
    """Pick each letter, fill it in and take the last one away."""
    fold(page, "Letters to send")
    letter = page.get_by_role("combobox", name="Which letter?")
    expect(letter.locator("option")).not_to_have_count(1)
    for place in range(1, letter.locator("option").count()):
        letter.select_option(index=place)
        expect(page.locator(".so-paper")).to_be_visible()
        fill_in(page)
    expect(page.locator(".so-paper")).to_contain_text(WORD)
    take_away(page, "This letter to print (PDF)", "This letter to change (Word)")


def write_down_calls(page: Page) -> None:
    """Write down two calls and take the pages for calls away."""
    fold(page, "Calls to make")
    for _ in range(2):
        page.get_by_role("button", name="Write down a call").click()
    fill_in(page)
    take_away(page, "Call pages to print (PDF)")


def compare(page: Page) -> None:
    """Write down what each doctor said."""
    fold(page, "After the visit")
    expect(page.locator(".so-desk table")).to_be_visible()
    fill_in(page)
    expect(page.locator(".so-desk table")).to_contain_text(WORD)


def hand_over(page: Page) -> None:
    """Keep a part to oneself, and take a copy away for somebody else."""
    fold(page, "A copy for someone who helps you")
    part = page.get_by_role("group", name="A copy for someone who helps you")
    part.get_by_role("checkbox").first.check()
    with page.expect_download():
        part.get_by_role("button", name="Plan to change (Word)").click()


def take_away(page: Page, *names: str) -> Path:
    """Take files away, and return where the browser put the last one."""
    for name in names:
        with page.expect_download() as taking:
            page.get_by_role("button", name=name, exact=True).first.click()
    return Path(taking.value.path())


def save_and_open(page: Page) -> Path:
    """Take everything away, and open the file of answers again."""
    saved = take_away(page, *PAPERS, "Save my answers")
    assert holds(saved.read_text(encoding="utf-8"))  # here they may stand
    file = {"name": "mine.json", "mimeType": "application/json", "buffer": saved.read_bytes()}
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Open my file").click()
    choosing.value.set_files(file)  # type: ignore[arg-type]
    expect(page.get_by_text("Your answers are back.")).to_be_visible()
    return saved.parent


def lose_and_go_on(page: Page, address: str) -> None:
    """Lose the process, and go on in another."""
    kernel = page.locator("[data-kernel]").get_attribute("data-kernel")
    Visitor(address).ask(f"/voila/api/shutdown/{kernel}", "POST")
    page.get_by_role("button", name="Continue with my answers").click()
    expect(page.locator("#back")).to_contain_text("Your answers are here again.", timeout=20_000)
    expect(page.get_by_label(PRICE)).to_have_value(NUMBER)


def leave(page: Page) -> None:
    """Clear everything and leave."""
    page.get_by_role("button", name="Clear and leave").click()
    expect(page.get_by_role("heading", name="Everything is cleared")).to_be_visible()


# Watching it


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a workbook whose server thinks that everything it may write to is in one folder."""
    folder = tmp_path_factory.mktemp("watched")
    places = {"HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "home/config"}
    places |= {"XDG_CACHE_HOME": "home/cache", "XDG_DATA_HOME": "home/data"}
    places |= {"XDG_STATE_HOME": "home/state", "XDG_RUNTIME_DIR": "run"}
    for place in places.values():
        (folder / place).mkdir(parents=True, exist_ok=True)
    environment = {name: str(folder / place) for name, place in places.items()}
    with Served(folder, notebook=None, **environment) as served:
        yield served


@pytest.fixture(scope="module")
def visit(chromium: Browser, workbook: Served) -> Iterator[Seen]:
    """Return what was seen of a whole visit."""
    with chromium.new_context() as context:
        yield watched(context, workbook)


def watched(context: BrowserContext, workbook: Served) -> Seen:
    """Go through a visit, and watch."""
    begun = time.time()
    requests: list[Request] = []
    responses: list[Response] = []
    context.on("request", lambda request: requests.append(request))  # noqa: PLW0108  (Playwright
    context.on("response", lambda response: responses.append(response))  # noqa: PLW0108  (takes no built-in)
    page = context.new_page()
    sockets: list[str] = []
    sent: list[str] = []
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))

    def listen(socket: Any) -> None:
        sockets.append(socket.url)
        socket.on("framesent", lambda frame: sent.append(_as_text(frame)))

    page.on("websocket", listen)

    open_workbook(page, workbook.address)
    answer(page)
    tick(page)
    write_letters(page)
    write_down_calls(page)
    compare(page)
    hand_over(page)
    downloads = save_and_open(page)
    kept = [page.evaluate(KEPT)]
    processes = processes_of(workbook)
    lose_and_go_on(page, workbook.address)
    with Visitor(workbook.address) as other:
        others = json.dumps(other.open().connect().load().states)
    processes += processes_of(workbook)
    kept.append(page.evaluate(KEPT))
    spelled = page.evaluate(SPELLED)
    leave(page)
    kept.append(page.evaluate(KEPT))
    package = Path(secondopinion.__file__).parent
    roots = [workbook.folder, Path(tempfile.gettempdir()), package, *own_folders()]
    return Seen(
        requests=[whole(each) for each in requests],
        responses=[(each.url, each.all_headers()) for each in responses],
        sockets=sockets,
        console=console,
        cookies=context.cookies(),
        kept=kept,
        processes=processes,
        spelled=spelled,
        others=others,
        said=workbook.said,
        changed=changed_since(begun, roots, [*profiles(), downloads]),
        sent="".join(sent),
        left=page.content(),
    )


def _as_text(frame: Any) -> str:
    return frame.decode(errors="replace") if isinstance(frame, bytes) else str(frame)


# What the visit has left


def test_the_answers_went_over_the_line_to_the_own_process(visit: Seen):
    assert holds(visit.sent)  # or the tests below would see nothing of a leak


def test_nobody_but_our_own_server_is_asked(visit: Seen):
    addresses = [json.loads(each)[0] for each in visit.requests] + visit.sockets
    web = [urlsplit(each) for each in addresses if not each.startswith(("data:", "blob:"))]
    assert {address.hostname for address in web} == {OURS}


def test_no_request_holds_an_answer(visit: Seen):
    assert [each for each in visit.requests if holds(each)] == []


def test_no_request_says_where_it_comes_from(visit: Seen):
    assert not [each for each in visit.requests if json.loads(each)[1].get("referer")]


def test_the_address_of_the_line_holds_no_answer(visit: Seen):
    assert visit.sockets
    assert holds(" ".join(visit.sockets)) == []


def test_no_answer_stands_in_a_header_that_came_back(visit: Seen):
    assert holds(json.dumps(visit.responses)) == []


def test_no_cookie_is_set(visit: Seen):
    assert visit.cookies == []
    assert not [url for url, headers in visit.responses if "set-cookie" in headers]


def test_the_browser_keeps_nothing(visit: Seen):
    for moment in visit.kept:
        assert {name: moment[name] for name in NOTHING_KEPT} == NOTHING_KEPT
        assert moment["workers"] == 0


def test_the_browsers_history_says_nothing_but_that_the_page_was_opened(
    visit: Seen, workbook: Served
):
    for moment in visit.kept:
        assert moment["address"].rstrip("/") == workbook.address
        assert (moment["title"], moment["name"]) == ("Second Opinion Workbook", "")
        assert moment["state"] is None


def test_no_browser_may_send_what_is_typed_to_have_its_spelling_checked(visit: Seen):
    assert visit.spelled == 0


def test_the_browsers_console_says_nothing_of_an_answer(visit: Seen):
    assert [each for each in visit.console if holds(each)] == []


def test_the_server_says_nothing_of_an_answer(visit: Seen):
    assert visit.said == ""


def test_no_file_holds_an_answer(visit: Seen):
    coded = [each.encode(form) for each in OWN for form in ("utf-8", "utf-16-le")]
    written = visit.changed.items()
    assert [path for path, content in written if any(each in content for each in coded)] == []


def test_no_file_is_named_after_an_answer(visit: Seen):
    assert [path for path in visit.changed if holds(str(path), OWN)] == []


def test_the_server_writes_nothing_but_how_to_reach_its_processes(visit: Seen, workbook: Served):
    written = [path for path in visit.changed if workbook.folder in path.parents]
    others = [path for path in written if not path.match("kernel-*.json")]
    assert {path.name for path in others} <= {"README"}  # of IPython, in a folder that is empty
    assert holds("".join(visit.changed[path].decode() for path in written)) == []


def test_no_process_is_started_with_an_answer(visit: Seen):
    assert len(visit.processes) > 2
    told = json.dumps([(each.command, dict(each.environment)) for each in visit.processes])
    assert holds(told) == []


def test_no_process_has_a_file_open_that_is_named_after_an_answer(visit: Seen):
    assert holds(json.dumps([each.files for each in visit.processes])) == []


def test_no_process_of_the_server_talks_to_another_computer(visit: Seen):
    partners = {partner for each in visit.processes for partner in each.partners}
    assert partners <= {OURS, "::1"}


def test_another_visitors_process_knows_nothing_of_it(visit: Seen):
    assert len(visit.others) > 10_000
    assert holds(visit.others, OWN) == []


def test_whoever_leaves_takes_everything_along(visit: Seen):
    assert holds(visit.left) == []


def test_the_next_visitor_finds_an_empty_form(visit: Seen, chromium: Browser, workbook: Served):
    assert visit.left
    with chromium.new_context() as context:
        page = context.new_page()
        open_workbook(page, workbook.address)
        assert holds(page.content(), OWN) == []
        expect(page.get_by_label(ILLNESS)).to_have_value("")


@pytest.mark.parametrize(
    ("header", "value"),
    {
        "content-security-policy": "default-src 'self'; script-src 'self';",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }.items(),
)
def test_every_answer_tells_the_browser_to_keep_to_itself(visit: Seen, header: str, value: str):
    ours = [headers for url, headers in visit.responses if url.startswith("http")]
    assert ours
    assert [headers for headers in ours if not headers.get(header, "").startswith(value)] == []


def test_no_script_may_run_that_is_not_a_file_of_ours(visit: Seen):
    policies = {headers.get("content-security-policy", "") for _, headers in visit.responses}
    scripts = {part.strip() for each in policies for part in each.split(";") if "script" in part}
    assert scripts == {"script-src 'self'"}


def test_only_the_script_and_the_style_may_be_kept_for_the_next_visit(visit: Seen):
    kept = [url for url, headers in visit.responses if headers.get("cache-control") != "no-store"]
    names = {Path(urlsplit(url).path).name for url in kept if url.startswith("http")}
    assert names == {"workbook.js", "shell.css"}
