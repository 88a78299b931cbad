"""Two processes behind nginx with TLS, set up by the files in deploy/ themselves."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from websocket import WebSocketBadStatusException

from tests.serving import until
from tests.visitor import Visitor

from .nginx import NAME, Deployed, found

PEOPLE = 6


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Return the workbook as an organization serves it."""
    if not found("nginx"):
        pytest.fail("no nginx here: run `make test`, which installs one")
    with Deployed(tmp_path_factory.mktemp("deployed")) as deployed:
        yield deployed


@pytest.fixture(scope="module")
def people(deployed: Deployed) -> Iterator[list[Visitor]]:
    """Return six who have the page open, each from an address of their own."""
    visitors = [deployed.visitor(f"127.0.1.{number}") for number in range(1, PEOPLE + 1)]
    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(lambda visitor: visitor.open().connect().load(), visitors))
        yield visitors
        list(pool.map(Visitor.hang_up, visitors))


def test_everybody_gets_a_plan_over_a_safe_line(people: list[Visitor]):
    with ThreadPoolExecutor(PEOPLE) as pool:
        changes = list(pool.map(lambda visitor: visitor.choose("TRICARE Prime"), people))
    assert all("TRICARE Prime" in change.plan for change in changes)


def test_both_processes_are_used(people: list[Visitor]):
    assert {visitor.base for visitor in people} == {"/1/", "/2/"}


def test_a_page_stays_with_its_process_whatever_its_address_becomes(
    deployed: Deployed, people: list[Visitor]
):
    visitor = people[0]
    visitor.choose("TRICARE Prime")
    visitor.place = "127.0.2.1"  # as a phone does that leaves the house
    visitor.connect().load()
    assert any("TRICARE Prime" in str(state.get("value")) for state in visitor.states.values())
    workbook = deployed.workbooks[int(visitor.base.strip("/")) - 1]
    assert workbook.process_of(visitor.kernel) in workbook.family


def test_a_page_never_reaches_the_other_process(deployed: Deployed, people: list[Visitor]):
    lost = deployed.visitor()
    lost.kernel, lost.session = people[0].kernel, people[0].session
    lost.base = {"/1/": "/2/", "/2/": "/1/"}[people[0].base]
    with pytest.raises(WebSocketBadStatusException, match="404"):
        lost.connect()


def test_the_page_and_its_files_name_its_own_process(deployed: Deployed):
    page = deployed.visitor("127.0.3.1").ask()
    addresses = {part.split('"')[0] for part in page.text.split('="/')[1:]}
    assert {address[:2] for address in addresses} in ({"1/"}, {"2/"})
    for address in addresses:
        if "static" in address:
            assert deployed.visitor("127.0.3.1").ask(f"/{address}").status == 200


def test_whoever_comes_without_tls_is_sent_to_it(deployed: Deployed):
    plain = Visitor(f"http://{NAME}:{deployed.plain}", at=("127.0.0.1", deployed.plain))
    reply = plain.ask("/")
    assert (reply.status, reply.headers["Location"]) == (308, f"https://{NAME}/")


def test_browsers_are_told_to_use_tls_from_now_on(deployed: Deployed):
    visitor = deployed.visitor("127.0.3.2")
    for path in ("/", "/nowhere"):
        assert "max-age" in visitor.ask(path).headers["Strict-Transport-Security"]


def test_our_headers_arrive_and_no_cookie_and_no_version_does(deployed: Deployed):
    headers = deployed.visitor("127.0.3.3").ask("/").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers
    assert headers["Server"] == "nginx"


@pytest.mark.parametrize(
    "path",
    [
        *("/healthz", "/metrics", "/1/healthz", "/2/metrics", "//metrics", "/%6detrics"),
        *("/1/", "/3/", "/1/../healthz", "/api/kernels", "/1/api/kernels", "/1/api/sessions"),
        *("/voila.json", "/1/voila/files/workbook.ipynb", "/not-here"),
    ],
)
def test_nothing_else_can_be_had_from_outside(deployed: Deployed, path: str):
    reply = deployed.visitor("127.0.4.1").ask(path)
    assert reply.status == 404
    assert "This page is not here" in reply.text


def test_under_another_name_there_is_nothing(deployed: Deployed):
    assert deployed.visitor("127.0.4.2").ask("/", Host="elsewhere.example").status == 403


def test_another_web_site_gets_no_line(deployed: Deployed):
    visitor = deployed.visitor("127.0.4.3").open()
    with pytest.raises(WebSocketBadStatusException, match="403"):
        visitor.connect(origin="https://elsewhere.example")


def test_what_is_too_long_is_not_passed_on(deployed: Deployed):
    visitor = deployed.visitor("127.0.4.4")
    assert visitor.ask("/1/voila/api/shutdown/x", "POST", bytes(100_000)).status == 413


def test_somebody_who_asks_for_page_after_page_is_slowed_down_and_nobody_else_is(
    deployed: Deployed,
):
    eager = deployed.visitor("127.0.5.1")
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: eager.ask("/"), range(30)))
    assert {reply.status for reply in replies} == {200, 429}
    assert deployed.visitor("127.0.5.2").ask("/").status == 200


def test_nobodys_address_is_written_down(deployed: Deployed):
    written = [path.read_text(errors="replace") for path in deployed.folder.rglob("*.txt")]
    logs = [path.read_text(errors="replace") for path in deployed.folder.glob("*.log")]
    assert not any("127.0." in text for text in (*logs, *(text for text in written if text)))


def test_when_one_process_stops_whoever_comes_is_sent_to_the_other(
    deployed: Deployed, people: list[Visitor]
):
    one, other = deployed.workbooks
    one.__exit__()
    try:
        come = [deployed.visitor(f"127.0.6.{number}").open() for number in range(1, 5)]
        assert {visitor.base for visitor in come} == {"/2/"}
        stayed = next(visitor for visitor in people if visitor.base == "/2/")
        stayed.choose("Original Medicare")
        assert "TRICARE Prime" in stayed.choose("TRICARE Prime").plan
        stranded = next(visitor for visitor in people if visitor.base == "/1/")
        assert stranded.ask(f"/1/api/kernels/{stranded.kernel}").status == 503
        assert stranded.open().base == "/2/"
    finally:
        one.__enter__()
    assert other.said == ""


def test_when_every_process_stops_people_read_that_they_should_come_back(deployed: Deployed):
    for workbook in deployed.workbooks:
        workbook.__exit__()
    try:
        reply = deployed.visitor("127.0.7.1").ask("/")
        assert (reply.status, reply.headers["Retry-After"]) == (503, "20")
        assert "try again" in reply.text
    finally:
        for workbook in deployed.workbooks:
            workbook.__enter__()
    until(lambda: deployed.visitor("127.0.7.2").ask("/").status == 200)
