"""Which files were handed in: their list. Their bytes are blobs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class UploadedFile(Value):
    """
    One file that was handed in.

    Attributes:
        path: its name within its source.
        content_hash: SHA-256 of its bytes, the name of its blob.
        size: bytes.
        received_at: when it was handed in, ISO 8601 in UTC.

    """

    path: str
    content_hash: str
    size: int
    received_at: str


class UploadRecords(Protocol):
    """
    The files of each source of the kind `upload`.

    A blob of theirs is the only copy of its bytes: whoever writes a row here and whoever deletes
    a blob wait for each other.
    """

    def all(self, source: int) -> tuple[UploadedFile, ...]:
        """
        Return the files of a source, by path.

        Raises:
            NotFound: there is no such source, or its base was removed.

        """

    def find(self, source: int, path: str) -> UploadedFile | None:
        """Return the file of this path; None if there is none."""

    def put(self, source: int, path: str, content_hash: str, size: int, *, store: Callable[[], object]) -> bool:
        """
        Have a file of this path; one that is there is replaced.

        Args:
            source: of a base that was not removed.
            path: at most 1000 bytes of UTF-8.
            content_hash: of its blob.
            size: bytes.
            store: called while no blob is deleted; stores the blob unless it is there. What it
                raises is raised, and nothing is written.

        Returns:
            whether another file is replaced.

        Raises:
            NotFound: there is no such source, or its base was removed.

        """

    def remove(self, source: int, path: str) -> bool:
        """Have no file of this path; return whether there was one."""

    def delete_unused(self, name: str, delete: Callable[[str], None]) -> None:
        """
        Have a blob deleted, unless a file of a base that was not removed has it.

        Args:
            name: of a blob that nothing else needs.
            delete: called with the name while no file is handed in.

        """
