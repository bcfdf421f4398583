"""What every source promises. Each subclass gives a filled source in its `source` fixture."""

import hashlib
from collections.abc import Mapping
from typing import Protocol

import pytest

from pipelines.domain.reading import Rejected
from pipelines.errors import SourceUnreadable
from pipelines.ports.source_reader import SourceReader


class FilledSource(Protocol):
    """
    A source that a test fills and reads.

    Attributes:
        is_snapshot: a reader sees the source as it was when it listed it.
        has_audience_file: the source may hold an audience file.

    """

    is_snapshot: bool
    has_audience_file: bool

    def put(self, path: str, data: bytes) -> None:
        """Let a document have these bytes."""

    def remove(self, path: str) -> None:
        """Take a document away."""

    def audience(self, text: str) -> None:
        """Let the source's audience file have this text."""

    def vanish(self) -> None:
        """Take the whole source away."""

    def reader(self) -> SourceReader:
        """Return a reader of the source as it is now, for files of at most 1 MB."""


FILES: Mapping[str, bytes] = {
    "b.md": b"second",
    "a.md": b"first",
    "hr/pay/bands.md": b"",
    "hr/leave.md": b"\x00\xff any bytes",
    'r&d/it\'s "x" [1] #2 100%.md': b"odd name",
    "na\u00efve \U0001f44d.md": b"no ASCII",
}


class SourceReaderContract:
    """The promises of `pipelines.ports.source_reader.SourceReader`."""

    @pytest.fixture(autouse=True)
    def filled(self, source: FilledSource) -> None:
        """Fill the source."""
        for path, data in FILES.items():
            source.put(path, data)

    def test_every_document_is_listed_once_by_path(self, source: FilledSource) -> None:
        """The listing is complete, sorted, with sizes, and nothing in it is rejected."""
        found = [(one.path, one.size, one.rejected) for one in source.reader().list()]
        assert found == [(path, len(FILES[path]), None) for path in sorted(FILES)]

    def test_listing_again_gives_the_same(self, source: FilledSource) -> None:
        """A reader may be asked twice."""
        reader = source.reader()
        assert list(reader.list()) == list(reader.list())

    def test_documents_come_byte_for_byte(self, source: FilledSource) -> None:
        """What is fetched is what is there, an empty document included."""
        reader = source.reader()
        assert {one.path: reader.fetch(one.path) for one in reader.list()} == FILES

    def test_a_document_that_went_away_is_rejected(self, source: FilledSource) -> None:
        """Between listing and fetching a document may vanish: that is a reason, no exception; a snapshot has it."""
        reader = source.reader()
        list(reader.list())
        source.remove("a.md")
        found = reader.fetch("a.md")
        assert found == FILES["a.md"] if source.is_snapshot else isinstance(found, Rejected)
        assert "a.md" not in [one.path for one in source.reader().list()]

    def test_a_document_that_was_never_there_is_rejected(self, source: FilledSource) -> None:
        """A path that was not listed is not fetched, wherever it leads."""
        reader = source.reader()
        list(reader.list())
        for path in ("no.md", "../a.md", "/etc/passwd", ""):
            assert isinstance(reader.fetch(path), Rejected)

    def test_a_document_above_the_limit_is_rejected_with_its_setting(self, source: FilledSource) -> None:
        """The reason names the size, the limit and the setting."""
        source.put("big.txt", b"x" * (2**20 + 1))
        (big,) = [one for one in source.reader().list() if one.path == "big.txt"]
        assert big.rejected == Rejected("it has 2 MB, the limit is 1 MB (FOOTNOTE_LIMITS__MAX_FILE_MB)")

    def test_a_document_at_the_limit_is_taken(self, source: FilledSource) -> None:
        """The limit itself is allowed."""
        source.put("big.txt", b"x" * 2**20)
        reader = source.reader()
        (big,) = [one for one in reader.list() if one.path == "big.txt"]
        assert big.rejected is None
        assert reader.fetch("big.txt") == b"x" * 2**20

    def test_a_document_that_grows_while_it_is_read_is_rejected(self, source: FilledSource) -> None:
        """The limit holds for what is fetched, whatever the listing said; a snapshot does not grow."""
        reader = source.reader()
        list(reader.list())
        source.put("a.md", b"x" * (2**20 + 1))
        if source.is_snapshot:
            assert reader.fetch("a.md") == FILES["a.md"]
            return
        assert reader.fetch("a.md") == Rejected("it has 2 MB, the limit is 1 MB (FOOTNOTE_LIMITS__MAX_FILE_MB)")

    def test_a_hash_that_a_source_knows_is_that_of_its_bytes(self, source: FilledSource) -> None:
        """A sync may take it for the hash of what it would fetch; after a change too."""
        for _ in range(2):
            reader = source.reader()
            for one in reader.list():
                data = reader.fetch(one.path)
                assert isinstance(data, bytes)
                assert one.content_hash in (None, hashlib.sha256(data).hexdigest())
            source.put("a.md", b"changed")

    def test_a_listing_shows_that_it_lives(self, source: FilledSource) -> None:
        """Who holds a lease renews it while the source is listed; what the call raises ends the listing."""
        beats: list[int] = []
        list(source.reader().list(lambda: beats.append(1)))
        assert beats

        def stop() -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            list(source.reader().list(stop))

    def test_without_an_audience_file_there_are_no_rules(self, source: FilledSource) -> None:
        """Only the base's default rule governs such a source."""
        assert source.reader().audience_rules() == ()

    def test_rules_keep_their_order_and_are_normalised(self, source: FilledSource) -> None:
        """The first match wins, so the order is the file's; readers have one spelling."""
        if not source.has_audience_file:
            pytest.skip("this source has no audience file")
        source.audience(
            'audience: [{pattern: "hr/**", readers: [" GROUP:HR", "user:a", "user:a"]},'
            ' {pattern: "**", readers: [everyone]}]'
        )
        assert source.reader().audience_rules() == (("hr/**", ("group:HR", "user:a")), ("**", ("everyone",)))

    def test_a_broken_audience_file_makes_the_source_unreadable(self, source: FilledSource) -> None:
        """Rights that cannot be read are never taken for no rights needed."""
        if not source.has_audience_file:
            pytest.skip("this source has no audience file")
        source.audience("audience: [")
        with pytest.raises(SourceUnreadable, match="nobody's rights are known"):
            source.reader().audience_rules()

    def test_a_source_that_is_gone_is_unreadable(self, source: FilledSource) -> None:
        """A missing source is no empty one."""
        source.vanish()
        with pytest.raises(SourceUnreadable):
            list(source.reader().list())
