"""Files that are handed in: what is refused, what is replaced, and that each is there whole or not at all."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.sources.audience_file import AUDIENCE_FILE
from pipelines.adapters.sources.upload import UploadSource
from pipelines.domain.access import OPERATOR
from pipelines.domain.reading import Rejected
from pipelines.errors import BadInput, NotFound, SourceUnreadable, TransientError
from pipelines.ports.blobs import Blobs
from tests.examples import examples
from tests.fakes.manual_clock import ManualClock


class FullBlobs(FolderBlobs):
    """A store that takes so many files and then has no space left."""

    left = 0

    def put(self, data: bytes) -> str:
        """Store the bytes while there is space."""
        if self.left == 0:
            message = "there is no space left"
            raise TransientError(message)
        self.left -= 1
        return super().put(data)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    """Records with one base that files are handed in to."""
    with closing(SqlRecords(Database(f"sqlite:///{tmp_path}/records.db"), ManualClock())) as opened:
        opened.bases.add("handbook", "upload", "upload:", OPERATOR)
        yield opened


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    """Stored files."""
    return FolderBlobs(tmp_path / "blobs")


def opened(records: SqlRecords, blobs: Blobs) -> UploadSource:
    """Return the files that were handed in, each of at most 1 MB."""
    kb = records.bases.get("handbook").id
    return UploadSource(records.bases.source(kb).id, records.uploads, blobs, max_file_mb=1)


def contents(source: UploadSource) -> dict[str, bytes | Rejected]:
    """Return path -> bytes of every document."""
    return {one.path: source.fetch(one.path) for one in source.list()}


def test_a_file_of_the_same_path_is_replaced(records: SqlRecords, blobs: FolderBlobs) -> None:
    """The last one counts; what lists knows its hash without reading a byte."""
    source = opened(records, blobs)
    assert [source.put("a.md", data) for data in (b"first", b"second", b"second")] == [False, True, True]
    (listed,) = source.list()
    assert (listed.content_hash, listed.size) == (hashlib.sha256(b"second").hexdigest(), 6)
    assert (listed.address, listed.date) == (None, None)
    assert contents(source) == {"a.md": b"second"}


@pytest.mark.parametrize("path", ["", "/a.md", "../a.md", "a//b.md", ".a.md", "a/.b/c.md", "a\\b.md", "a\n.md", "a/"])
def test_a_path_that_no_document_can_have_is_refused(records: SqlRecords, blobs: FolderBlobs, path: str) -> None:
    """Nothing of it is kept, and nothing can be removed by it."""
    source = opened(records, blobs)
    for use in (lambda: source.put(path, b"x"), lambda: source.remove(path)):
        with pytest.raises(BadInput, match="cannot be the name of a file: write it without leading dots"):
            use()
    assert list(blobs.names()) == []


@given(st.text().filter(lambda path: path != AUDIENCE_FILE))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(50))
def test_whatever_is_taken_is_listed_under_its_path(records: SqlRecords, blobs: FolderBlobs, path: str) -> None:
    """Any path is refused in a sentence, or its file is listed and read under exactly this path."""
    source = opened(records, blobs)
    try:
        source.put(path, path.encode())
    except BadInput:
        assert path not in contents(source)
        return
    assert contents(source)[path] == path.encode()


def test_a_path_that_is_too_long_is_refused(records: SqlRecords, blobs: FolderBlobs) -> None:
    """Bytes count, not characters."""
    source = opened(records, blobs)
    source.put("ä" * 500, b"x")
    with pytest.raises(BadInput, match="has 1002 bytes, the limit is 1000"):
        source.put("ä" * 501, b"x")


def test_a_file_above_the_limit_is_refused(records: SqlRecords, blobs: FolderBlobs, tmp_path: Path) -> None:
    """The sentence names file, size, limit and setting; nothing of it is kept."""
    source, file = opened(records, blobs), tmp_path / "big.md"
    file.write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(BadInput, match=r"big\.md is not taken: it has 2 MB, the limit is 1 MB \(FOOTNOTE_LIMITS"):
        source.take(file)
    assert (list(source.list()), list(blobs.names())) == ([], [])
    file.write_bytes(b"x" * 2**20)
    assert source.take(file) == "big.md"


def test_a_file_that_cannot_be_read_is_refused(records: SqlRecords, blobs: FolderBlobs, tmp_path: Path) -> None:
    """It is named with its reason."""
    for missing in (tmp_path / "missing.md", tmp_path):
        with pytest.raises(NotFound, match=rf"the file '{missing}' cannot be read: \w"):
            opened(records, blobs).take(missing)


def test_only_what_was_handed_in_is_removed(records: SqlRecords, blobs: FolderBlobs) -> None:
    """Once."""
    source = opened(records, blobs)
    source.put("a.md", b"x")
    source.remove("a.md")
    with pytest.raises(NotFound, match=r"no file 'a\.md' was handed in"):
        source.remove("a.md")
    assert contents(source) == {}


def test_an_audience_file_is_no_document_and_must_be_understood(records: SqlRecords, blobs: FolderBlobs) -> None:
    """One that cannot be read is refused when it is handed in, and the one before goes on to count."""
    source = opened(records, blobs)
    source.put(".footnote.yaml", b'audience: [{pattern: "a.md", readers: [group:hr]}]')
    with pytest.raises(SourceUnreadable, match="nobody's rights are known"):
        source.put(".footnote.yaml", b"audience: [")
    assert list(source.list()) == []
    assert source.audience_rules() == (("a.md", ("group:hr",)),)
    source.remove(".footnote.yaml")
    assert source.audience_rules() == ()


@pytest.mark.parametrize("left", [0, 1])
def test_a_file_is_there_whole_or_not_at_all(records: SqlRecords, tmp_path: Path, left: int) -> None:
    """Whenever storing it ends, before its list entry is written, the one before is listed, and can be read."""
    blobs = FullBlobs(tmp_path / "blobs")
    source, blobs.left = opened(records, blobs), 2
    source.put("a.md", b"first")
    blobs.left = left
    for path in ("a.md", "b.md"):
        with pytest.raises(TransientError, match="no space left"):
            source.put(path, b"second")
        blobs.left = left
    assert contents(source) == {"a.md": b"first"}


def test_bytes_that_are_gone_are_told(records: SqlRecords, blobs: FolderBlobs, tmp_path: Path) -> None:
    """A document is rejected with what to do, an unreadable audience file ends the sync, and handing in again mends."""
    source, audience = opened(records, blobs), b"audience: []"
    source.put("a.md", b"first")
    source.put(".footnote.yaml", audience)
    name, rights = (hashlib.sha256(data).hexdigest() for data in (b"first", audience))
    for lost in (name, rights):
        blobs.delete(lost)
    (reason,) = contents(source).values()
    assert isinstance(reason, Rejected)
    assert reason.reason.startswith(f"its stored file {name} is missing: hand it in again, or name one place")
    with pytest.raises(SourceUnreadable, match=f"nobody's rights are known: its stored file {rights} is missing"):
        source.audience_rules()
    source.put("a.md", b"first")
    (tmp_path / "blobs" / name[:2] / name).write_bytes(b"other")
    assert contents(source) == {
        "a.md": Rejected(f"its stored file {name} is damaged: delete that, and hand it in again")
    }
    blobs.delete(name)
    source.put("a.md", b"first")
    source.put(".footnote.yaml", audience)
    assert (contents(source), source.audience_rules()) == ({"a.md": b"first"}, ())
