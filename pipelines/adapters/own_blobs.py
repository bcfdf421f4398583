"""The stored files of one installation: each call is passed on to the store once the store is known to be ours."""

from collections.abc import Iterator

from pipelines.adapters.ownership import Ownership
from pipelines.ports.blobs import Blobs


class OwnBlobs:
    """
    `ports.blobs.Blobs` over a store that belongs to this installation, or to nobody yet.

    Compared at the first call, and again before all blobs are listed, as who tidies up
    does. What reads writes no mark. Every call raises BadSettings for a store of another
    installation.
    """

    def __init__(self, blobs: Blobs, owner: Ownership) -> None:
        """Take the store, and what tells whose it is; nothing is looked at yet."""
        self._blobs = blobs
        self._owner = owner

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their name; storing them again changes nothing."""
        self._owner.claim()
        return self._blobs.put(data)

    def get(self, name: str) -> bytes:
        """Return the bytes."""
        self._owner.require()
        return self._blobs.get(name)

    def has(self, name: str) -> bool:
        """Say whether a blob is there; its bytes are not looked at."""
        self._owner.require()
        return self._blobs.has(name)

    def delete(self, name: str) -> None:
        """Remove a blob; one that is missing is no fault."""
        self._owner.claim()
        self._blobs.delete(name)

    def names(self) -> Iterator[str]:
        """Yield the name of every blob, in any order."""
        self._owner.compare()
        yield from self._blobs.names()

    def remove_leftovers(self, before: float) -> None:
        """Remove what writers left that were killed before this time (Unix, seconds)."""
        self._owner.compare()
        self._blobs.remove_leftovers(before)
