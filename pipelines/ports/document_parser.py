"""Bytes of a file to its text."""

from typing import Protocol

from pipelines.domain.reading import Read, Rejected


class DocumentParser(Protocol):
    """Reads files within limits of time, memory and size."""

    def parse(self, name: str, data: bytes) -> Read | Rejected:
        """
        Read a file; the format follows from the name's ending.

        Whatever the bytes are, the result is one of the two and comes within the
        limits; nothing is raised for them.
        """

    def close(self) -> None:
        """End the child processes."""
