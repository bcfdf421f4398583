"""What can be listed and fetched: a folder, a git repository, a web site, files handed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pipelines.domain.reading import Rejected
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class SourceFile(Value):
    """
    One document as its source lists it.

    Attributes:
        path: its name within the source, `/` between folders, NFC.
        size: bytes.
        rejected: why it cannot be fetched at all; None when it can.
        content_hash: SHA-256 of its bytes, where the source knows it without reading them.
        address: where a person opens it, without fragment; None for a file of this machine, and
            for one that was handed in.
        date: when the source says that it changed last, ISO 8601 (`2026-11-21`).

    """

    path: str
    size: int
    rejected: Rejected | None = None
    content_hash: str | None = None
    address: str | None = None
    date: str | None = None


class SourceReader(Protocol):
    """One source of documents."""

    def list(self, alive: Callable[[], None] = ...) -> Iterator[SourceFile]:
        """
        Yield every document, each path once, sorted by path.

        Args:
            alive: called every few seconds while a listing takes its time; what it raises ends it.

        Raises:
            SourceUnreadable: the source as a whole cannot be listed; nothing may be
                concluded from what was yielded before.

        """

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes of a document, or why they cannot be had."""

    def audience_rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """
        Return (pattern, readers) of the source's own audience file, first match wins.

        Raises:
            SourceUnreadable: the file is there and cannot be read as such.

        """
