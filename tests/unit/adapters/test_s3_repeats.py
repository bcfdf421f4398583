"""A store of the S3 kind that fails for a moment is asked once more; one that goes on failing is a fault."""

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from pipelines.adapters.s3_blobs import S3Blobs
from pipelines.errors import TransientError


DATA = b"the text of a document"
NAME = hashlib.sha256(DATA).hexdigest()
_PAGE = 60
_CHANGED = "Mon, 02 Mar 2026 09:00:00 GMT"
_LISTED = "<Contents><Key>{}</Key><Size>1</Size><LastModified>2026-03-02T09:00:00.000Z</LastModified></Contents>"

USES: dict[str, Callable[[S3Blobs], object]] = {
    "put": lambda it: it.put(b"another"),
    "get": lambda it: it.get(NAME),
    "has": lambda it: it.has(NAME),
    "delete": lambda it: it.delete(NAME),
    "names": lambda it: list(it.names()),
    "owner": lambda it: it.owner(),
}


class Store(ThreadingHTTPServer):
    """
    A bucket in memory, whose next answers may be faults.

    Attributes:
        objects: path -> bytes.
        faults: what becomes of the next requests: a status, `cut` in the midst of the answer,
            `gone` before it, or 0 for nothing.
        asked: method of each request so far.

    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        self.objects: dict[str, bytes] = {f"/bucket/kept/{NAME[:2]}/{NAME}": DATA, "/bucket/kept/installation": b"ours"}
        self.faults: deque[int | str] = deque()
        self.asked: list[str] = []


class _Requests(BaseHTTPRequestHandler):
    server: Store

    def do_GET(self) -> None:
        """Return an object, or a page of names."""
        parts = urlsplit(self.path)
        if parts.query:
            self._answer(200, self._page(parse_qs(parts.query)))
            return
        found = self.server.objects.get(parts.path)
        self._answer(404 if found is None else 200, found or b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET  # noqa: N815 - the name that the server calls

    def do_PUT(self) -> None:
        """Keep an object."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.objects[urlsplit(self.path).path] = body
        self._answer(200, b"")

    def do_POST(self) -> None:
        """Delete the objects that are named."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        for path in [one for one in self.server.objects if one.removeprefix("/bucket/") in body]:
            del self.server.objects[path]
        self._answer(200, b"<DeleteResult><Deleted><Key>one</Key></Deleted></DeleteResult>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _page(self, query: dict[str, list[str]]) -> bytes:
        after = query.get("continuation-token", query.get("start-after", [""]))[0]
        names = sorted(one.removeprefix("/bucket/") for one in self.server.objects)
        names = [one for one in names if one > after]
        more = len(names) > _PAGE
        token = f"<NextContinuationToken>{names[_PAGE - 1]}</NextContinuationToken>" if more else ""
        listed = "".join(map(_LISTED.format, names[:_PAGE]))
        cut_off = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        return f"<ListBucketResult>{cut_off}{token}{listed}</ListBucketResult>".encode()

    def _answer(self, status: int, body: bytes) -> None:
        """Say what was done, or do what the next fault says: it was done all the same."""
        self.server.asked.append(self.command)
        fault = self.server.faults.popleft() if self.server.faults else ""
        if fault == "gone":
            self.close_connection = True
            return
        self.send_response(fault if isinstance(fault, int) and fault else status)
        for name, value in {"ETag": '"1"', "Last-Modified": _CHANGED}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + (1 if fault == "cut" else 0)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        if fault == "cut":
            self.close_connection = True


@pytest.fixture
def store() -> Iterator[Store]:
    """Return a bucket that serves on the loopback address."""
    with Store() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def blobs_in(store: Store, **options: Callable[..., object]) -> S3Blobs:
    """Return the blobs of a bucket."""
    endpoint, key = f"http://127.0.0.1:{store.server_port}", {"access_key": "a key", "secret_key": "its secret"}
    usual = {"pause": lambda _: None}
    return S3Blobs("bucket", "kept", endpoint=endpoint, region="us-east-1", seconds=20, **key, **(usual | options))


@pytest.mark.parametrize("fault", [500, 503, "gone", "cut"])
@pytest.mark.parametrize("use", USES)
def test_a_fault_of_a_moment_is_not_told(store: Store, use: str, fault: int | str) -> None:
    """Whatever is asked for comes out as if nothing had been, and each fault cost one request."""
    untroubled, troubled = blobs_in(store), blobs_in(store)
    before = dict(store.objects)
    wanted = USES[use](untroubled)
    asked, after, store.objects = len(store.asked), store.objects, before
    store.faults.append(fault)
    assert USES[use](troubled) == wanted
    assert store.objects == after
    # An answer that has no body cannot be cut.
    assert len(store.asked) - asked == asked + (fault != "cut" or store.asked[asked] != "HEAD")


@pytest.mark.parametrize("fault", [503, "gone"])
@pytest.mark.parametrize("use", USES)
def test_a_second_fault_is_told(store: Store, use: str, fault: int | str) -> None:
    """Nothing is asked a third time; the sentence names the host and a setting."""
    store.faults.extend([fault] * 2)
    with pytest.raises(TransientError, match=rf"127.0.0.1:{store.server_port}.*FOOTNOTE_S3__"):
        USES[use](blobs_in(store))
    assert len(store.asked) == 2


@pytest.mark.parametrize("status", [400, 403, 501])
def test_what_will_not_pass_is_not_asked_again(store: Store, status: int) -> None:
    """A refusal is a refusal at once."""
    store.faults.append(status)
    with pytest.raises(TransientError):
        blobs_in(store).get(NAME)
    assert store.asked == ["GET"]


def test_a_claim_is_made_once(store: Store) -> None:
    """Of a claim whose answer is lost nobody knows whether it counts: it is a fault, and compared anew."""
    store.faults.append("gone")
    with pytest.raises(TransientError):
        blobs_in(store).claim("an installation")
    assert store.asked == ["PUT"]


@pytest.mark.parametrize(("late_s", "requests"), [(9.0, 2), (10.5, 1)])
def test_what_failed_late_is_not_asked_again(store: Store, late_s: float, requests: int) -> None:
    """Both requests together have the time of one: the second one its last half."""
    times = iter([0.0, late_s])
    store.faults.append(503)
    blobs = blobs_in(store, monotonic=lambda: next(times))
    if requests == 1:
        with pytest.raises(TransientError):
            blobs.get(NAME)
    else:
        assert blobs.get(NAME) == DATA
    assert len(store.asked) == requests


def test_it_waits_a_moment_before_it_asks_again(store: Store) -> None:
    """The store gets a tenth of a second to come to itself."""
    waited: list[float] = []
    store.faults.append(503)
    assert blobs_in(store, pause=waited.append).has(NAME)
    assert waited == [0.1]


def test_a_list_goes_on_where_it_was(store: Store) -> None:
    """Pages fail once each, and every name is told, each once."""
    blobs = blobs_in(store)
    names = {blobs.put(str(number).encode()) for number in range(120)} | {NAME}
    store.faults.extend([503, 0, "cut", 0])
    found = list(blobs.names())
    assert (len(found), set(found)) == (121, names)
