"""What can be listed and fetched: a folder now; git and the web later."""

from collections.abc import Iterator
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

    """

    path: str
    size: int
    rejected: Rejected | None = None


class SourceReader(Protocol):
    """One source of documents."""

    def list(self) -> Iterator[SourceFile]:
        """
        Yield every document, each path once, sorted by path.

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
