"""Blobs on an S3-compatible store: the contract, two machines, and every fault in one sentence without the key."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from pipelines.adapters.s3_blobs import S3Blobs
from pipelines.errors import BadSettings, NotFound, StorageDamaged, TransientError
from pipelines.ports.blobs import Blobs, BlobStore
from pipelines.settings import Settings
from pipelines.wiring import open_footnote
from tests.contracts.blobs import BlobsContract, MarkContract
from tests.servers import S3_KEY, Server, s3_server


pytestmark = pytest.mark.engines

ABSENT = hashlib.sha256(b"never stored").hexdigest()
SECRETS = (*S3_KEY, "wrong-key", "wrong-secret")


def store(
    url: str, *, bucket: str = "footnote", key: tuple[str, str] = S3_KEY, seconds: int = 5, prefix: str = ""
) -> S3Blobs:
    """Return blobs below a prefix that nobody else uses, or below this one."""
    return S3Blobs(
        bucket,
        prefix or f"tests/{uuid4().hex}",
        endpoint=url,
        region="us-east-1",
        access_key=key[0],
        secret_key=key[1],
        seconds=seconds,
    )


@pytest.fixture
def server() -> Iterator[tuple[Server, Path]]:
    """Return a store of the test's own, and where its objects lie."""
    with TemporaryDirectory(prefix="footnote-") as folder:
        started = s3_server(Path(folder))
        started.start()
        yield started, Path(folder) / "objects" / "footnote"
        started.stop()


class TestS3Blobs(BlobsContract):
    """The contract of every blob store."""

    @pytest.fixture(scope="class")
    @classmethod
    def blobs(cls, s3_url: str) -> Blobs:
        """Return a store below a prefix of its own."""
        return store(s3_url)


class TestS3Mark(MarkContract):
    """The mark as an object. The gateway of the tests looks first and writes then: the later of two claims stays."""

    at_once = False

    @pytest.fixture
    def new_place(self, s3_url: str) -> Callable[[], Callable[[], BlobStore]]:
        """Return what makes prefixes that nobody used before."""
        return lambda: partial(store, s3_url, prefix=f"tests/{uuid4().hex}")


def test_a_damaged_object_is_never_handed_out(server: tuple[Server, Path]) -> None:
    """Bytes that do not have their name's hash are a fault that names the object and says what to do."""
    started, objects = server
    blobs = store(started.url)
    name = blobs.put(b"the text of a document")
    (stored,) = objects.rglob(name)
    stored.write_bytes(b"the text of a documenT")
    with pytest.raises(StorageDamaged, match=f"{name} is damaged: delete it and sync the base again"):
        blobs.get(name)


def test_what_lies_beside_the_blobs_is_not_listed(server: tuple[Server, Path]) -> None:
    """Objects of others below the same prefix have no blob's name and are left out."""
    started, objects = server
    blobs = store(started.url)
    name = blobs.put(b"ours")
    (stored,) = objects.rglob(name)
    (stored.parent / "theirs.txt").write_bytes(b"theirs")
    assert list(blobs.names()) == [name]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"key": (S3_KEY[0], "wrong-secret")}, "refuses the key"),
        ({"key": ("wrong-key", "wrong-secret")}, "the key"),
        ({"bucket": "nobodys"}, "knows no bucket 'nobodys'"),
    ],
)
def test_a_wrong_key_or_bucket_is_never_a_missing_file(s3_url: str, options: dict, told: str) -> None:
    """Every call says in one sentence what is wrong and which setting it is; no sentence holds a key."""
    blobs = store(s3_url, **options)
    for call in (blobs.get, blobs.has, blobs.delete, lambda _: blobs.put(b"x"), lambda _: list(blobs.names())):
        with pytest.raises(TransientError, match=told) as fault:
            call(ABSENT)
        message = str(fault.value)
        assert "FOOTNOTE_" in message
        assert "\n" not in message
        assert not any(secret in message for secret in SECRETS)
        assert fault.value.__suppress_context__


def test_a_store_that_is_away_is_one_sentence_and_comes_back(server: tuple[Server, Path]) -> None:
    """While the server is gone each call names its host and the setting; once it is back the same client works."""
    started, _ = server
    blobs = store(started.url)
    name = blobs.put(b"kept")
    started.kill()
    with pytest.raises(TransientError, match="cannot be reached") as fault:
        blobs.get(name)
    assert started.url.removeprefix("http://") in str(fault.value)
    assert "FOOTNOTE_S3__ENDPOINT" in str(fault.value)
    started.start()
    assert blobs.get(name) == b"kept"


def test_a_silent_store_is_given_up() -> None:
    """A server that takes the connection and says nothing costs the time of the setting, which is named."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        blobs = store(f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=1)
        with pytest.raises(TransientError, match=r"no answer within 1 s \(FOOTNOTE_S3__SECONDS\)"):
            blobs.get(ABSENT)


def test_variables_of_other_programs_change_nothing(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Amazon's own variables and proxies, which many machines have, change neither key nor way."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "somebody-elses")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_REGION", "elsewhere")
    blobs = store(s3_url)
    assert blobs.get(blobs.put(b"ours")) == b"ours"


def test_another_machine_reads_what_this_one_received(s3_url: str, tmp_path: Path) -> None:
    """Processes of one installation with their own data folders and the same bucket share the files."""
    place = f"s3://footnote/{uuid4().hex}"
    key = {"FOOTNOTE_S3__ACCESS_KEY": S3_KEY[0], "FOOTNOTE_S3__SECRET_KEY": S3_KEY[1]}
    records = {"DATABASE_URL": f"sqlite:///{tmp_path}/records.db"}
    shared = {"FOOTNOTE_BLOBS": place, "FOOTNOTE_S3__ENDPOINT": s3_url, **key, **records}
    one, other = (
        open_footnote(Settings.load({"FOOTNOTE_DATA_DIR": str(tmp_path / name), **shared}, env_file=None))
        for name in ("bot", "worker")
    )
    assert other.blobs.get(one.blobs.put(b"received by the bot")) == b"received by the bot"
    with pytest.raises(NotFound, match=place):
        other.blobs.get(ABSENT)


def test_a_bucket_of_another_installation_is_refused(s3_url: str, tmp_path: Path) -> None:
    """One sentence names the place and both settings; nothing is read, written or deleted there."""
    place = f"s3://footnote/{uuid4().hex}"
    key = {"FOOTNOTE_S3__ACCESS_KEY": S3_KEY[0], "FOOTNOTE_S3__SECRET_KEY": S3_KEY[1]}
    shared = {"FOOTNOTE_BLOBS": place, "FOOTNOTE_S3__ENDPOINT": s3_url, **key}
    production, staging = (
        open_footnote(Settings.load({"FOOTNOTE_DATA_DIR": str(tmp_path / name), **shared}, env_file=None))
        for name in ("production", "staging")
    )
    name = production.blobs.put(b"received in production")
    calls = (
        lambda: staging.blobs.put(b"received in staging"),
        lambda: staging.blobs.get(name),
        lambda: staging.blobs.delete(name),
        lambda: list(staging.blobs.names()),
    )
    for call in calls:
        with pytest.raises(BadSettings, match=rf"^{place} belongs to another .*DATABASE_URL.*FOOTNOTE_BLOBS$"):
            call()
    assert list(production.blobs.names()) == [name]


def test_blobs_below_a_longer_prefix_are_not_listed(s3_url: str) -> None:
    """Two installations may share a bucket, one of them below the other's prefix."""
    prefix = f"tests/{uuid4().hex}"
    outer, inner = (store(s3_url, prefix=one) for one in (prefix, f"{prefix}/inner"))
    name = outer.put(b"ours")
    inner.put(b"theirs")
    inner.claim("theirs")
    assert list(outer.names()) == [name]
    assert outer.owner() is None


def test_a_store_without_conditional_writes_keeps_a_mark() -> None:
    """One that answers such a write with status 501 gets it without the condition, and it is read back."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Unconditional) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        blobs = store(f"http://127.0.0.1:{server.server_port}")
        blobs.claim("first")
        assert blobs.owner() == "first"
        server.shutdown()
        thread.join()


class Unconditional(BaseHTTPRequestHandler):
    """A store that knows no conditions and keeps one object."""

    kept = b""

    def do_PUT(self) -> None:
        """Keep the body, unless there is a condition."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["If-None-Match"] is None:
            type(self).kept = body
        self._answer(200 if self.headers["If-None-Match"] is None else 501, b"")

    def do_GET(self) -> None:
        """Return what is kept."""
        self._answer(200, self.kept)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        for name, value in {"ETag": '"1"', "Last-Modified": "Mon, 02 Mar 2026 09:00:00 GMT"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
