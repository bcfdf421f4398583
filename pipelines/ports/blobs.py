"""Bytes that never change, found by their hash, and whose they are."""

from collections.abc import Iterator
from typing import Protocol


class Blobs(Protocol):
    """A content-addressed store: a blob's name is the SHA-256 of its bytes, in hexadecimal."""

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their name; storing them again changes nothing."""

    def get(self, name: str) -> bytes:
        """
        Return the bytes.

        Raises:
            NotFound: no such blob.
            StorageDamaged: the bytes do not have this hash.

        """

    def has(self, name: str) -> bool:
        """Say whether a blob is there; its bytes are not looked at."""

    def names(self) -> Iterator[str]:
        """Yield the name of every blob, in any order; one that is put or deleted meanwhile may be among them or not."""

    def remove_leftovers(self, before: float) -> None:
        """Remove what writers left that were killed before this time (Unix, seconds)."""

    def delete(self, name: str) -> None:
        """Remove a blob; one that is missing is no fault."""


class Mark(Protocol):
    """Says to which installation a place of stored files belongs. It refuses nobody by itself."""

    def owner(self) -> str | None:
        """Return the installation's id; None if nobody claimed the place."""

    def claim(self, installation: str) -> None:
        """Write an id there, unless there is one: of several claims at once, one stays."""


class BlobStore(Blobs, Mark, Protocol):
    """Blobs with a mark beside them, which is none of their names."""
