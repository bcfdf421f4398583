"""Files that an admin handed in: their list in the records, their bytes in the blobs, for every machine alike."""

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from pipelines.adapters.sources.audience_file import AUDIENCE_FILE, rules_of, unreadable
from pipelines.adapters.sources.names import sort_out, too_large
from pipelines.domain.reading import Rejected
from pipelines.errors import BadInput, NotFound, SourceUnreadable, StorageDamaged
from pipelines.ports.blobs import Blobs
from pipelines.ports.source_reader import SourceFile
from pipelines.ports.uploads import UploadRecords


_MAX_PATH = 1000
"""Bytes of UTF-8: what an index of PostgreSQL holds, with room."""


class UploadSource:
    """
    `ports.source_reader.SourceReader` over files that were handed in. One object serves one sync.

    What is fetched is what was listed, also of a file that was replaced since.
    """

    def __init__(self, source: int, records: UploadRecords, blobs: Blobs, *, max_file_mb: int) -> None:
        """
        Take what knows the files.

        Args:
            source: number of the source in the records.
            records: the list of its files.
            blobs: their bytes.
            max_file_mb: larger files are not taken.

        """
        self._source = source
        self._records = records
        self._blobs = blobs
        self._max_file_mb = max_file_mb
        self._listed: dict[str, str] = {}

    def list(self, alive: Callable[[], None] = lambda: None) -> Iterator[SourceFile]:
        """Yield every document, each path once, sorted by path."""
        try:
            files = self._records.all(self._source)
        except NotFound as fault:
            raise SourceUnreadable(str(fault)) from fault
        documents = [one for one in files if one.path != AUDIENCE_FILE]
        self._listed = {one.path: one.content_hash for one in documents}
        for one in documents:
            alive()
            large = one.size > self._max_file_mb * 2**20
            rejected = too_large(one.size, self._max_file_mb) if large else None
            yield SourceFile(one.path, one.size, rejected, one.content_hash)

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes of a document, or why they cannot be had."""
        if path not in self._listed:
            return Rejected("it is not among the files that were handed in")
        return self._bytes(self._listed[path])

    def audience_rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return (pattern, readers) of `.footnote.yaml`, if one was handed in."""
        file = self._records.find(self._source, AUDIENCE_FILE)
        if file is None:
            return ()
        data = self._bytes(file.content_hash)
        if isinstance(data, Rejected):
            raise unreadable(AUDIENCE_FILE, data.reason)
        return rules_of(AUDIENCE_FILE, data)

    def take(self, file: Path) -> str:
        """
        Keep a file of this machine under its own name, which is returned.

        Raises:
            NotFound: it cannot be read.
            BadInput, TransientError: as `put`.

        """
        try:
            with file.open("rb") as opened:
                data = opened.read(self._max_file_mb * 2**20 + 1)
        except OSError as fault:
            raise NotFound(f"the file {str(file)!r} cannot be read: {fault.strerror or fault}") from fault
        self.put(file.name, data)
        return file.name

    def put(self, path: str, data: bytes) -> bool:
        """
        Keep a file under a path; it is there whole or not at all, whatever is killed.

        Returns:
            whether another file of this path is replaced.

        Raises:
            BadInput: the path cannot be used, or the file is too large.
            NotFound: the base was removed.
            SourceUnreadable: it is an audience file that cannot be understood.
            TransientError: it cannot be written.

        """
        _require_name(path)
        if len(data) > self._max_file_mb * 2**20:
            raise BadInput(f"{path} is not taken: {too_large(len(data), self._max_file_mb).reason}")
        if path == AUDIENCE_FILE:
            rules_of(path, data)
        # The long writing first, while others may write too; what is deleted before it is listed is written again.
        name = self._blobs.put(data)
        return self._records.put(self._source, path, name, len(data), store=lambda: self._blobs.put(data))

    def remove(self, path: str) -> None:
        """
        Let a file be gone.

        Raises:
            NotFound: there is none of this path.

        """
        _require_name(path)
        if not self._records.remove(self._source, path):
            raise NotFound(f"no file {path!r} was handed in")

    def _bytes(self, name: str) -> bytes | Rejected:
        try:
            return self._blobs.get(name)
        except NotFound:
            lost = f"its stored file {name} is missing"
            return Rejected(f"{lost}: hand it in again, or name one place for all machines (FOOTNOTE_BLOBS)")
        except StorageDamaged:
            return Rejected(f"its stored file {name} is damaged: delete that, and hand it in again")


def _require_name(path: str) -> None:
    """Refuse a path under which no file is listed."""
    paths, _ = sort_out([path])
    hidden = any(part.startswith(".") for part in PurePosixPath(path).parts) and path != AUDIENCE_FILE
    if path not in paths or hidden or "\\" in path:
        raise BadInput(f"{path!r} cannot be the name of a file: write it without leading dots, and with / between")
    if len(path.encode()) > _MAX_PATH:
        raise BadInput(f"the name {path[:60]!r}… has {len(path.encode())} bytes, the limit is {_MAX_PATH}")
