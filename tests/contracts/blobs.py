"""What every blob store promises. Each subclass names one store in its `blobs` fixture."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import NotFound
from pipelines.ports.blobs import Blobs, BlobStore
from tests.examples import examples


class BlobsContract:
    """The promises of `pipelines.ports.blobs.Blobs`."""

    # Every store runs this test in a class of its own; that is what the health check warns of.
    @settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(data=st.binary(max_size=200))
    def test_bytes_come_back_under_their_hash(self, blobs: Blobs, data: bytes) -> None:
        """Any bytes, none at all included, are named after their SHA-256 and come back as they were."""
        name = blobs.put(data)
        assert name == hashlib.sha256(data).hexdigest()
        assert blobs.get(name) == data

    def test_storing_again_changes_nothing(self, blobs: Blobs) -> None:
        """The same bytes have the same name, and one deletion removes them."""
        name = blobs.put(b"twice")
        assert blobs.put(b"twice") == name
        blobs.delete(name)
        assert not blobs.has(name)

    def test_a_blob_that_was_never_stored_is_not_found(self, blobs: Blobs) -> None:
        """A missing blob is a fault of its own, and asking for it makes none."""
        name = hashlib.sha256(b"never stored").hexdigest()
        assert not blobs.has(name)
        with pytest.raises(NotFound, match="missing"):
            blobs.get(name)
        assert not blobs.has(name)

    def test_a_deleted_blob_can_be_stored_again(self, blobs: Blobs) -> None:
        """Deletion is no tombstone."""
        name = blobs.put(b"comes back")
        blobs.delete(name)
        blobs.put(b"comes back")
        assert blobs.get(name) == b"comes back"

    def test_deleting_what_is_not_there_is_no_fault(self, blobs: Blobs) -> None:
        """A deletion may be repeated."""
        blobs.delete(hashlib.sha256(b"not there").hexdigest())

    def test_every_blob_is_listed_by_its_name(self, blobs: Blobs) -> None:
        """A listing names what is stored, each blob once, and not what was deleted."""
        kept, gone = blobs.put(b"listed"), blobs.put(b"not listed")
        blobs.delete(gone)
        names = list(blobs.names())
        assert names.count(kept) == 1
        assert gone not in names
        assert all(blobs.has(name) for name in names)

    def test_many_writers_of_one_blob_agree(self, blobs: Blobs) -> None:
        """Sixteen writers of the same large bytes leave one whole blob."""
        data = bytes(range(256)) * 4096
        with ThreadPoolExecutor(8) as pool:
            (name,) = set(pool.map(blobs.put, [data] * 16))
        assert blobs.get(name) == data


class MarkContract:
    """
    The promises of `pipelines.ports.blobs.Mark`. Each subclass opens places in its `new_place` fixture.

    Attributes:
        at_once: whether the place itself lets one claim alone be the first.

    """

    at_once = True

    def test_a_place_is_nobodys_until_it_is_claimed(self, new_place: Callable[[], Callable[[], BlobStore]]) -> None:
        """Neither asking nor storing claims it."""
        opened = new_place()()
        assert opened.owner() is None
        opened.put(b"stored before anybody claimed it")
        assert opened.owner() is None

    def test_the_first_claim_stays(self, new_place: Callable[[], Callable[[], BlobStore]]) -> None:
        """Whoever opens the place sees it, and no later claim changes it."""
        again = new_place()
        again().claim("first")
        again().claim("second")
        assert {again().owner() for _ in range(3)} == {"first"}

    def test_the_mark_is_no_blob(self, new_place: Callable[[], Callable[[], BlobStore]]) -> None:
        """It is neither listed nor taken away with the blobs."""
        opened = new_place()()
        opened.claim("first")
        assert list(opened.names()) == []
        name = opened.put(b"x")
        assert list(opened.names()) == [name]
        opened.delete(name)
        opened.remove_leftovers(2.0**40)
        assert opened.owner() == "first"

    def test_of_many_claims_at_once_one_stays(self, new_place: Callable[[], Callable[[], BlobStore]]) -> None:
        """Each of eight sees the same owner, whole: right after its own claim, or once all have claimed."""

        def claim(opened: BlobStore, installation: str) -> str | None:
            opened.claim(installation)
            return opened.owner()

        rivals = [f"{number}" * 32 for number in range(8)]
        for _ in range(10):
            again = new_place()
            with ThreadPoolExecutor(len(rivals)) as pool:
                seen = set(pool.map(claim, [again() for _ in rivals], rivals))
            assert not self.at_once or len(seen) == 1
            seen = {again().owner() for _ in rivals}
            assert len(seen) == 1
            assert seen < set(rivals)
