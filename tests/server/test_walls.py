"""What can be asked for over the web: the page, its files, whether it lives, its goodbye."""

import re
import socket
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.serving import Served
from tests.visitor import Visitor

STATIC = "/voila/templates/secondopinion/static"
A_KERNEL = f"/api/kernels/{uuid4()}"
CLOSED = (
    "/api",
    "/api/",
    "/api/status",
    "/api/me",
    "/api/spec.yaml",
    "/api/kernels",
    "/api/kernels/",
    "/api/kernelspecs",
    "/api/sessions",
    "/api/contents",
    "/api/contents/workbook.ipynb",
    "/api/config/notebook",
    "/api/terminals",
    "/api/nbconvert",
    "/api/events/subscribe",
    "/terminals/1",
    "/terminals/websocket/1",
    "/nbconvert/html/workbook.ipynb",
    "/files/workbook.ipynb",
    "/tree",
    "/lab",
    "/edit/workbook.ipynb",
    "/view/workbook.ipynb",
    "/login",
    "/logout",
    "/static/favicon.ico",
    "/favicon.ico",
    "/robots.txt",
    "/custom/custom.css",
    "/kernelspecs/python3/logo-32x32.png",
    "/voila/files/workbook.ipynb",
    "/voila/files/../voila.json",
    "/voila/static/voila.js",
    "/voila/templates/lab/static/index.css",
    "/voila/templates/base/static/voila.js",
    "/voila/labextensions/@jupyter-widgets/jupyterlab-manager/package.json",
    "/voila/api/themes/",
    "/voila/api/contents/",
    "/voila/api/shutdown/",
    "/voila/render/workbook.ipynb",
    "/voila/tree/",
    "/voila/query/" + str(uuid4()),
    "/voila/execution/" + str(uuid4()),
    "/workbook.ipynb",
    "/voila.json",
    "/.git/config",
    "/.env",
    "//",
    "/%00",
)
AWAY = (
    "../page.html",
    "../../../../../server/app.py",
    "..%2fpage.html",
    "%2e%2e/page.html",
    "%2e%2e%2f%2e%2e%2fpage.html",
    "..%5cpage.html",
    "....//page.html",
    "./workbook.js",
    "workbook.js/",
    "workbook.js%00.css",
    "%00",
    "/etc/passwd",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "file:///etc/passwd",
    ".hidden",
    "",
)
METHODS = ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "NONSENSE")
HEADERS = {
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "Cache-Control",
}
ANSWER = "pancreatic-cancer"
FAILS = f"""
import sys
from secondopinion.server.app import Workbook
from secondopinion.server.pages import Sealed

class Fails(Sealed):
    def get(self):
        raise ValueError("{ANSWER}")

class Failing(Workbook):
    def init_handlers(self):
        return [("/fails", Fails), *super().init_handlers()]

Failing.open_at(
    int(sys.argv[1]), "127.0.0.1", open_browser=False, notebook=None, visitors=2, public=""
)
"""
TELLTALE = re.compile(r"Traceback|File \"|\.py\b|tornado|jupyter|python/", re.IGNORECASE)


def opened(visitor: Visitor) -> str:
    """Return how many pages have been opened so far."""
    found = re.search(
        "^secondopinion_pages_opened_total .*", visitor.ask("/metrics").text, re.MULTILINE
    )
    assert found
    return found[0]


def raw(workbook: Served, request: bytes) -> bytes:
    """Send some bytes as they are and return what comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", workbook.port), 60) as wire:
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        answer = b""
        while more := wire.recv(2**16):
            answer += more
    return answer


# Jupyter's own doors are walled up


@pytest.mark.parametrize("path", CLOSED)
def test_nothing_else_of_jupyter_or_voila_can_be_reached(stranger: Visitor, path: str):
    assert {stranger.ask(path, method).status for method in ("GET", "POST")} <= {404, 405}


@pytest.mark.parametrize("method", METHODS)
def test_the_only_thing_to_ask_about_a_process_is_whether_it_lives(regular: Visitor, method: str):
    path = f"/api/kernels/{regular.kernel}"
    assert regular.ask(path, method, Content_Length="0").status in {400, 404, 405}
    assert regular.ask(path).status == 204


def test_whether_a_process_lives_is_all_that_is_said_about_it(regular: Visitor):
    assert regular.ask(f"/api/kernels/{regular.kernel}").text == ""


@pytest.mark.parametrize("action", ["restart", "interrupt", "channels/", "execute"])
def test_a_process_cannot_be_started_again_or_interrupted(regular: Visitor, action: str):
    reply = regular.ask(f"/api/kernels/{regular.kernel}/{action}", "POST", Content_Length="0")
    assert reply.status == 404


def test_a_process_that_is_not_there_cannot_be_asked_about_or_ended(regular: Visitor):
    assert regular.ask(A_KERNEL).status == 404
    assert regular.ask(f"/voila/api/shutdown/{uuid4()}", "POST").status == 404
    assert regular.ask(f"/voila/api/shutdown/{regular.kernel}x", "POST").status == 404
    assert regular.ask(f"/api/kernels/{regular.kernel}").status == 204


def test_looking_at_a_goodbye_is_not_one(regular: Visitor):
    assert regular.ask(f"/voila/api/shutdown/{regular.kernel}").status == 405
    assert regular.ask(f"/api/kernels/{regular.kernel}").status == 204


def test_a_page_that_says_goodbye_leaves_no_process_behind(workbook: Served, stranger: Visitor):
    process = workbook.process_of(stranger.open().kernel)
    assert stranger.leave().status == 204
    process.wait(10)
    assert stranger.ask(f"/api/kernels/{stranger.kernel}").status == 404


# Files


@pytest.mark.parametrize("path", AWAY)
def test_no_path_leads_out_of_the_pages_own_files(stranger: Visitor, path: str):
    assert stranger.ask(f"{STATIC}/{path}").status in {400, 404}


def test_the_pages_own_files_are_there(stranger: Visitor):
    script = stranger.ask(f"{STATIC}/workbook.js")
    assert (script.status, script.headers["Content-Type"]) == (200, "text/javascript")


def test_a_file_that_the_visitor_has_is_not_sent_again(stranger: Visitor):
    etag = stranger.ask(f"{STATIC}/workbook.js").headers["Etag"]
    again = stranger.ask(f"{STATIC}/workbook.js", If_None_Match=etag)
    assert (again.status, again.text) == (304, "")


# Other web sites


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "[::2]", ""])
def test_on_this_computer_no_other_name_is_answered_to(stranger: Visitor, host: str):
    before = opened(stranger)
    for path in ("/", STATIC + "/workbook.js", "/healthz", A_KERNEL):
        assert stranger.ask(path, Host=host).status in {400, 403}
    assert opened(stranger) == before


@pytest.mark.parametrize("shown_as", ["iframe", "image", "script", "empty", "object"])
def test_another_web_site_cannot_make_us_start_processes(stranger: Visitor, shown_as: str):
    before = opened(stranger)
    reply = stranger.ask("/", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest=shown_as)
    assert reply.status == 403
    assert opened(stranger) == before


def test_another_web_site_may_link_to_us(stranger: Visitor):
    reply = stranger.ask("/", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")
    assert reply.status == 200


# What the address says


@pytest.mark.parametrize(
    "words",
    [
        "template=lab",
        "theme=dark",
        "voila-template=lab&voila-theme=dark",
        "kernel_name=other",
        "<script>alert(1)</script>",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ],
)
def test_what_follows_the_question_mark_changes_nothing(stranger: Visitor, words: str):
    page = stranger.ask(f"/?{words}&marker=zebra").text
    assert "zebra" not in page
    assert "alert(1)" not in page
    assert f"{STATIC}/workbook.js" in page


def test_what_follows_the_question_mark_reaches_no_process(workbook: Served, stranger: Visitor):
    stranger.open("/?marker=zebra")
    stranger.open("/")  # the next page, made ready while the first was asked for
    known = [(each.environ(), each.cmdline()) for each in workbook.family]
    assert known
    assert "zebra" not in str(known)


# Too much, and nonsense


def test_what_is_too_long_is_not_read(workbook: Served, stranger: Visitor):
    length = b"Content-Length: 1000000000\r\n"
    path = f"/voila/api/shutdown/{uuid4()}".encode()
    host = b"Host: 127.0.0.1\r\n"
    assert b" 400 " in raw(workbook, b"POST " + path + b" HTTP/1.1\r\n" + host + length + b"\r\n")
    assert stranger.ask("/healthz").status == 200


@pytest.mark.parametrize(
    "request_line",
    [
        b"\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: nonsense\r\n\r\n",
        b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
    ],
)
def test_a_request_that_no_browser_sends_gets_a_short_answer_or_none(
    workbook: Served, request_line: bytes, stranger: Visitor
):
    answer = raw(workbook, request_line).decode(errors="replace")
    assert " 200 " not in answer.partition("\r\n")[0]
    assert not TELLTALE.search(answer)
    assert stranger.ask("/healthz").status == 200


# What every answer carries


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 200),
        ("/", "POST", 405),
        (f"{STATIC}/workbook.js", "GET", 200),
        (f"{STATIC}/shell.css", "GET", 200),
        (f"{STATIC}/nothing.css", "GET", 404),
        ("/nowhere", "GET", 404),
        ("/nowhere", "DELETE", 404),
        (A_KERNEL, "GET", 404),
        (A_KERNEL, "DELETE", 405),
        (f"{A_KERNEL}/channels", "GET", 404),
        ("/voila/api/shutdown/" + str(uuid4()), "POST", 404),
        ("/healthz", "GET", 200),
        ("/metrics", "GET", 200),
    ],
)
def test_every_answer_has_the_headers_that_keep_it_apart(
    stranger: Visitor, path: str, method: str, status: int
):
    reply = stranger.ask(path, method)
    assert reply.status == status
    assert set(reply.headers) >= HEADERS
    assert "'none'" in reply.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/nowhere", A_KERNEL, "/healthz"])
def test_no_answer_sets_a_cookie_or_says_what_runs_here(stranger: Visitor, path: str):
    reply = stranger.ask(path)
    assert not {"Set-Cookie", "Server", "X-Powered-By"} & set(reply.headers)


@pytest.mark.parametrize("path", ["/", "/nowhere", A_KERNEL])
def test_a_page_is_kept_nowhere(stranger: Visitor, path: str):
    assert stranger.ask(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/nowhere", A_KERNEL, f"{A_KERNEL}/channels", f"{STATIC}/no"])
def test_a_page_that_says_what_went_wrong_says_nothing_of_how_it_is_made(
    stranger: Visitor, path: str
):
    page = stranger.ask(path).text
    assert "This page is not here" in page
    assert not TELLTALE.search(page)


# When we fail


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a workbook with one more door, behind which something goes wrong."""
    with Served(tmp_path_factory.mktemp("failing"), script=FAILS) as served:
        yield served


def test_when_we_fail_the_page_says_so_kindly_and_nothing_of_how_it_is_made(failing: Served):
    with Visitor(failing.address) as visitor:
        reply = visitor.ask("/fails")
    assert reply.status == 500
    assert "our fault, not yours" in reply.text
    assert ANSWER not in reply.text
    assert not TELLTALE.search(reply.text)
    assert set(reply.headers) >= HEADERS


def test_when_we_fail_the_log_says_where_and_not_what_was_answered(failing: Served):
    with Visitor(failing.address) as visitor:
        visitor.ask(f"/fails?answer={ANSWER}")
    assert "ValueError at " in failing.said
    assert ANSWER not in failing.said


def test_the_line_is_opened_without_a_cookie(regular: Visitor):
    assert regular.line
    headers = regular.line.getheaders()
    assert headers
    assert not {"set-cookie", "server"} & set(headers)


def test_the_server_has_said_nothing_about_all_this(workbook: Served):
    assert workbook.said == ""
