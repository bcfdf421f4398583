"""A Weaviate that is not there, refuses, falls silent or dies: one clear sentence each, in time, and nothing lost."""

import time
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from pipelines.adapters.weaviate_index import WeaviateIndex
from pipelines.errors import BadSettings, FootnoteError, TransientError
from pipelines.ports.chunk_index import SearchLists
from tests.contracts.chunk_index_rows import KB, numbers, question, row, words
from tests.engines.weaviate_scene import identity, opened, server_at
from tests.servers import Server, free_ports, weaviate_server


pytestmark = [pytest.mark.engines, pytest.mark.losses, pytest.mark.timeout(300)]

QUERY_S = 2
KEY = "a-key-that-nobody-may-see"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a server of the test's own, which asks for a key."""
    users = {"AUTHENTICATION_APIKEY_ALLOWED_KEYS": KEY, "AUTHENTICATION_APIKEY_USERS": "footnote"}
    flags = {"AUTHENTICATION_APIKEY_ENABLED": "true", "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "false"}
    own = weaviate_server(tmp_path, **users, **flags)
    own.start()
    yield own
    own.thaw()
    own.kill()


class Timed:
    """A clock that a test may move on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        """Return seconds of a clock that never goes back."""
        return time.monotonic() + self.ahead


def refusal(index: WeaviateIndex, *, within: float = QUERY_S + 3) -> FootnoteError:
    """Return the error of a question, which must come in time and must not hold the key."""
    begun = time.monotonic()
    with pytest.raises(FootnoteError) as fault:
        index.search(question("leave", at=[1]))
    assert time.monotonic() - begun < within
    assert KEY not in str(fault.value)
    assert "\n" not in str(fault.value)
    return fault.value


def test_a_server_that_is_not_there_is_named() -> None:
    """A closed port is told with host, port and setting; a later try may help."""
    port, grpc = free_ports(2)
    with opened(server_at(f"http://127.0.0.1:{port}?grpc={grpc}", key=KEY), identity()) as index:
        fault = refusal(index)
    assert isinstance(fault, TransientError)
    assert f"127.0.0.1:{port}" in str(fault)
    assert "WEAVIATE_URL" in str(fault)
    assert KEY not in repr(index.__dict__)


class OtherPage(BaseHTTPRequestHandler):
    """A web server that is no Weaviate."""

    def do_GET(self) -> None:
        """Answer with a page, whatever is asked."""
        self.send_response(HTTPStatus.OK if "quiet" not in self.path else HTTPStatus.NOT_FOUND)
        self.end_headers()
        self.wfile.write(b"<h1>Welcome</h1>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_another_program_at_the_address_is_told() -> None:
    """A web page where Weaviate should be is a wrong setting, not a fault that passes."""
    with ThreadingHTTPServer(("127.0.0.1", 0), OtherPage) as web:
        Thread(target=web.serve_forever, daemon=True).start()
        with opened(server_at(f"http://127.0.0.1:{web.server_port}?grpc=1"), identity()) as index:
            fault = refusal(index)
        web.shutdown()
    assert isinstance(fault, BadSettings)
    assert f"127.0.0.1:{web.server_port} is no Weaviate: check WEAVIATE_URL" in str(fault)


def test_a_wrong_port_of_grpc_is_named(weaviate_url: str) -> None:
    """REST answers and gRPC does not: the sentence names the setting of its port."""
    (grpc,) = free_ports(1)
    with opened(server_at(f"{weaviate_url.partition('?')[0]}?grpc={grpc}"), identity()) as index:
        fault = refusal(index)
    assert isinstance(fault, TransientError)
    assert f"127.0.0.1:{grpc}" in str(fault)
    assert "FOOTNOTE_WEAVIATE__GRPC_PORT" in str(fault)


@pytest.mark.parametrize(("key", "said"), [("wrong", "refuses the key: check"), (None, "asks for a key: set")])
def test_a_key_that_does_not_open_is_told(server: Server, key: str | None, said: str) -> None:
    """A wrong key and a missing one are told apart, and neither is shown; the right one opens."""
    with opened(server_at(server.url, key=key), identity()) as index:
        fault = refusal(index)
    assert isinstance(fault, BadSettings)
    assert f"{said} WEAVIATE_API_KEY" in str(fault)
    assert str(key) not in str(fault).replace("key", "")
    with opened(server_at(server.url, key=KEY), identity()) as index:
        index.stage([row(1, "leave", at=[1])])
        assert words(index.search(question("leave", at=[1]))) == {1}


def test_a_server_that_dies_is_told_in_time_and_found_again(server: Server) -> None:
    """Killed in mid-search: each question ends in time, soon none waits at all; after the restart all is there."""
    clock = Timed()
    with opened(server_at(server.url, key=KEY, query_s=QUERY_S), identity(), monotonic=clock) as index:
        index.stage([row(n, "leave", at=[1]) for n in range(100)])
        asking, faults = Event(), []
        thread = Thread(target=ask_until_it_fails, args=(index, asking, faults))
        thread.start()
        asking.wait()
        server.kill()
        thread.join(QUERY_S + 5)
        assert not thread.is_alive()
        assert [type(one) for one in faults] == [type(faults[0])]
        assert isinstance(faults[0], TransientError)
        for _ in range(5):
            refusal(index)
        assert "it is asked again every 10 seconds" in str(refusal(index, within=0.5))
        server.start()
        assert numbers(answered(index, clock).words) == list(range(100))


def answered(index: WeaviateIndex, clock: Timed, probes: int = 5) -> SearchLists:
    """Return what one of the next probes finds; a connection needs a moment to be open again."""
    for _ in range(probes - 1):
        clock.ahead += 10
        with suppress(TransientError):
            return index.search(question("leave", at=[1]))
        time.sleep(1)
    clock.ahead += 10
    return index.search(question("leave", at=[1]))


def ask_until_it_fails(index: WeaviateIndex, asking: Event, faults: list[FootnoteError]) -> None:
    """Ask again and again; note the fault that ends it."""
    try:
        while True:
            index.search(question("leave", at=[1]))
            asking.set()
    except FootnoteError as fault:
        faults.append(fault)


def test_a_silent_server_is_not_waited_for(server: Server) -> None:
    """Frozen: questions and writes end at their deadlines; thawed, it is used again and nothing is lost."""
    chosen = server_at(server.url, key=KEY, query_s=QUERY_S, write_s=QUERY_S)
    with opened(chosen, identity()) as index:
        index.stage([row(1, "leave", at=[1])])
        server.freeze()
        fault = refusal(index)
        assert f"did not answer within {QUERY_S} seconds" in str(fault)
        assert "FOOTNOTE_WEAVIATE__QUERY_SECONDS" in str(fault)
        with pytest.raises(TransientError, match="did not answer within"):
            index.stage([row(2, "leave", at=[1])])
        with pytest.raises(TransientError, match="did not answer within"):
            index.retire(KB, [row(1).chunk_id], 2)
        server.thaw()
        index.stage([row(2, "leave", at=[1])])
        assert words(index.search(question("leave", at=[1]))) == {1, 2}


def test_what_was_acknowledged_survives_a_kill(server: Server) -> None:
    """Killed in mid-stage: after the restart every row of a call that returned is there, in both lists."""
    who, acknowledged = identity(), set[int]()
    with opened(server_at(server.url, key=KEY), who) as index:
        begun = Event()
        thread = Thread(target=stage_until_it_fails, args=(index, acknowledged, begun))
        thread.start()
        begun.wait()
        server.kill()
        thread.join(60)
        assert not thread.is_alive()
    server.start()
    with opened(server_at(server.url, key=KEY), who) as index:
        held = {int(one.chunk_id, 16) for one in index.visible(KB, 1)}
        assert len(acknowledged) >= 100
        assert acknowledged <= held
        for number in sorted(acknowledged)[-50:]:
            found = index.search(question(f"word{number}", at=[1, number], limit=1))
            assert numbers(found.words) == [number]


def test_what_was_acknowledged_is_found_by_its_vector_after_a_kill(server: Server) -> None:
    """Killed when nothing is being written: the last rows keep their places in the index of vectors."""
    who, staged = identity(), set(range(20))
    with opened(server_at(server.url, key=KEY), who) as index:
        index.stage([row(n, "leave", at=[1, n]) for n in staged])
    server.kill()
    server.start()
    with opened(server_at(server.url, key=KEY), who) as index:
        assert numbers(index.search(question("nothing", at=[1])).vectors) == sorted(staged)


def stage_until_it_fails(index: WeaviateIndex, acknowledged: set[int], begun: Event) -> None:
    """Write ten rows at a time; note those of each call that returned."""
    number = 0
    try:
        while True:
            some = range(number, number + 10)
            index.stage([row(n, f"word{n}", at=[1, n]) for n in some])
            acknowledged.update(some)
            number += 10
            if number == 200:
                begun.set()
    except TransientError:
        begun.set()
