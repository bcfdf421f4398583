"""Promises of the client: bounded, pinned, and silent about credentials towards other hosts."""

import gzip
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import httpcore2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.safe_http import HttpLimits, Refused, SafeHttp, TooLarge, Unreachable
from pipelines.adapters.safe_http.unpacking import unpacked
from pipelines.adapters.safe_http.wire import Deadline
from pipelines.domain.egress import Egress
from tests.web_server import WebServer


LIMITS = HttpLimits(max_bytes=1000, seconds=20.0, step_seconds=10.0)


@pytest.fixture
def server() -> Iterator[WebServer]:
    """Serve nothing yet."""
    with WebServer() as running:
        yield running


@pytest.fixture
def http(server: WebServer) -> Iterator[SafeHttp]:
    """Return a client that may reach the server, by address and by name."""
    egress = Egress.parse(f"127.0.0.1:{server.port}, localhost:{server.port}")
    with SafeHttp(egress, limits=LIMITS, resolver=lambda _: ["127.0.0.1"]) as client:
        yield client


def test_a_page_comes_with_status_and_headers(server: WebServer, http: SafeHttp) -> None:
    """A repeated header keeps all its values; a status is no fault."""
    server.pages["/a?b=c"] = (418, {"ETag": '"1"'}, b"tea")
    answer = http.get(f"{server.url}/a?b=c#part")
    assert (answer.status, answer.body, answer.headers["etag"], str(answer.url)) == (
        418,
        b"tea",
        '"1"',
        f"{server.url}/a?b=c",
    )


def test_requests_to_one_host_share_a_connection(server: WebServer, http: SafeHttp) -> None:
    """A crawl asks one connection again and again."""
    server.pages["/"] = (200, {}, b"page")
    served = {http.get(server.url).body for _ in range(5)}
    assert served == {b"page"}
    assert len(server.asked) == 5


def test_an_announced_size_above_the_limit_is_refused_unread(server: WebServer, http: SafeHttp) -> None:
    """The fault names the size that the server announced."""
    server.pages["/"] = (200, {}, b"x" * 1001)
    with pytest.raises(TooLarge) as fault:
        http.get(server.url)
    assert fault.value.size == 1001


def test_a_body_without_length_ends_at_the_limit(server: WebServer, http: SafeHttp) -> None:
    """What is not announced is counted."""
    server.pages["/"] = (200, {"Transfer-Encoding": "chunked"}, b"5dc\r\n" + b"x" * 1500 + b"\r\n0\r\n\r\n")
    with pytest.raises(TooLarge) as fault:
        http.get(server.url)
    assert fault.value.size is None


def test_gzip_is_unpacked_up_to_the_limit(server: WebServer, http: SafeHttp) -> None:
    """A bomb ends where a plain body would."""
    server.pages["/fits"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 1000))
    server.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 500_000))
    assert http.get(f"{server.url}/fits").body == b"x" * 1000
    with pytest.raises(TooLarge):
        http.get(f"{server.url}/bomb")


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_no_other_encoding_is_read(server: WebServer, http: SafeHttp, encoding: str) -> None:
    """What cannot be bounded was not asked for and is refused."""
    server.pages["/"] = (200, {"Content-Encoding": encoding}, b"packed")
    with pytest.raises(Refused, match="was not asked for"):
        http.get(server.url)


def test_credentials_stay_with_their_host(server: WebServer, http: SafeHttp) -> None:
    """Another host, be it only another name of the same machine, gets no token and no ETag."""
    server.pages["/here"] = (302, {"Location": "/there"}, b"")
    server.pages["/there"] = (302, {"Location": f"http://localhost:{server.port}/end"}, b"")
    server.pages["/end"] = (200, {}, b"done")
    sent = {"Authorization": "Bearer secret", "If-None-Match": '"1"', "User-Agent": "Footnote"}
    assert http.get(f"{server.url}/here", sent).body == b"done"
    assert [("authorization" in one, "if-none-match" in one) for one in server.headers] == [(True, True)] * 2 + [
        (False, False)
    ]
    assert server.headers[2]["user-agent"] == "Footnote"


def test_ten_redirects_are_followed_and_no_more(server: WebServer, http: SafeHttp) -> None:
    """A circle ends."""
    for number in range(12):
        server.pages[f"/{number}"] = (307, {"Location": f"/{number + 1}"}, b"")
    server.pages["/12"] = (200, {}, b"end")
    assert http.get(f"{server.url}/2").body == b"end"
    with pytest.raises(Refused, match="more than 10 redirects"):
        http.get(f"{server.url}/1")


def test_a_redirect_may_be_looked_at_instead(server: WebServer, http: SafeHttp) -> None:
    """Who asked may refuse to leave a site."""
    server.pages["/"] = (301, {"Location": "http://elsewhere.example/"}, b"")
    assert http.get(server.url, follow=lambda to: to.host != "elsewhere.example").status == 301


def test_an_unwanted_body_is_not_read(server: WebServer, http: SafeHttp) -> None:
    """A film behind a link costs its headers."""
    server.pages["/"] = (200, {"Content-Type": "video/mp4", "Content-Length": "900000000"}, b"")
    answer = http.get(server.url, wanted=lambda _url, _status, headers: headers["content-type"] == "text/html")
    assert (answer.body, answer.read) == (b"", False)


def test_a_header_cannot_smuggle_another() -> None:
    """A line end in a value is refused before anything is sent."""
    with SafeHttp(Egress.parse("127.0.0.1:9")) as http, pytest.raises(Refused, match="line end"):
        http.get("http://127.0.0.1:9/", {"X-One": "a\r\nX-Two: b"})


def test_a_server_that_sends_a_byte_now_and_then_runs_out_of_time() -> None:
    """The time of a request counts as a whole, also while headers trickle; a clock that jumps stands for waiting."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        # Each look at the clock is five of the twenty seconds: few enough reads that the headers stay short.
        ticks = iter(5.0 * number for number in range(10_000))

        def trickle() -> None:
            visitor, _ = server.accept()
            with visitor, suppress(OSError):
                visitor.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    visitor.sendall(b"X: y\r\n")

        sender = threading.Thread(target=trickle)
        sender.start()
        port = server.getsockname()[1]
        with (
            SafeHttp(Egress.parse(f"127.0.0.1:{port}"), limits=LIMITS, now=lambda: next(ticks)) as http,
            pytest.raises(Unreachable, match="it took too long"),
        ):
            http.get(f"http://127.0.0.1:{port}/")
        sender.join()


def test_no_step_outlasts_its_request() -> None:
    """What is left of the time bounds each step, also one that may take longer by itself."""
    times = iter([0.0, 1.0, 28.0, 31.0])
    deadline = Deadline(lambda: next(times))
    deadline.set(30.0)
    assert (deadline.bounded(10.0), deadline.bounded(10.0)) == (10.0, 2.0)
    with pytest.raises(httpcore2.ReadTimeout):
        deadline.bounded(10.0)


def test_a_bomb_takes_no_memory() -> None:
    """It is not unpacked beyond what is allowed, not even to be refused."""
    bomb = gzip.compress(bytes(50 * 2**20))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        list(unpacked([bomb], "gzip", max_bytes=100_000, shown="it"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


def test_a_body_that_breaks_off_is_no_body(server: WebServer, http: SafeHttp) -> None:
    """Half a page is never taken for a page."""
    server.pages["/"] = (200, {"Content-Length": "10", "Connection": "close"}, b"half")
    with pytest.raises(Unreachable):
        http.get(server.url)


def test_nobody_at_an_address_is_unreachable() -> None:
    """A closed port may open later."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with SafeHttp(Egress.parse(f"127.0.0.1:{port}")) as http, pytest.raises(Unreachable, match="gave no whole answer"):
        http.get(f"http://127.0.0.1:{port}/")


@given(st.binary(max_size=3000), st.integers(1, 50), st.integers(0, 3000))
def test_gzip_gives_back_what_was_packed_or_says_why_not(data: bytes, cut: int, most: int) -> None:
    """However the stream is cut into parts; a limit holds to the byte."""
    packed = gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :])
    parts = [packed[at : at + cut] for at in range(0, len(packed), cut)]
    try:
        got = b"".join(unpacked(parts, "gzip", max_bytes=most, shown="it"))
    except TooLarge:
        assert len(data) > most or len(packed) > most
    else:
        assert got == data
        assert len(got) <= most


@given(st.binary(max_size=200))
def test_no_bytes_break_the_unpacking(data: bytes) -> None:
    """Whatever comes is unpacked or refused."""
    with suppress(Refused, TooLarge, Unreachable):
        assert len(b"".join(unpacked([data], "gzip", max_bytes=1000, shown="it"))) <= 1000
