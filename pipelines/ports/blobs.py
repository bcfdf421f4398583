"""Bytes that never change, found by their hash."""

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

    def delete(self, name: str) -> None:
        """Remove a blob; one that is missing is no fault."""
