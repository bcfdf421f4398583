"""Files that an admin handed in, kept in a folder of Footnote's own. Reads them as any folder."""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pipelines.adapters.sources.audience_file import AUDIENCE_FILE, rules_of
from pipelines.adapters.sources.folder import FolderSource
from pipelines.adapters.sources.names import sort_out, too_large
from pipelines.domain.reading import Rejected
from pipelines.errors import BadInput, NotFound, TransientError
from pipelines.ports.source_reader import SourceFile


class UploadSource:
    """`ports.source_reader.SourceReader` over files that were handed in. One object serves one sync."""

    def __init__(self, folder: Path, *, max_file_mb: int) -> None:
        """Take the folder of this base; it is made with the first file."""
        self._folder = folder
        self._max_file_mb = max_file_mb
        self._files = FolderSource(folder, max_file_mb=max_file_mb)

    def list(self, alive: Callable[[], None] = lambda: None) -> Iterator[SourceFile]:
        """Yield every document, each path once, sorted by path."""
        for file in self._files.list(alive):
            yield replace(file, address=(self._folder / file.path).as_uri())

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes of a document, or why they cannot be had."""
        return self._files.fetch(path)

    def audience_rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return (pattern, readers) of `.footnote.yaml`, if one was handed in."""
        return self._files.audience_rules()

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
            SourceUnreadable: it is an audience file that cannot be understood.
            TransientError: it cannot be written.

        """
        file = self._place(path)
        if len(data) > self._max_file_mb * 2**20:
            raise BadInput(f"{path} is not taken: {too_large(len(data), self._max_file_mb).reason}")
        if path == AUDIENCE_FILE:
            rules_of(path, data)
        replaced = file.exists()
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=".new-")
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            Path(fresh).replace(file)
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise TransientError(f"{path} cannot be kept ({reason}): see FOOTNOTE_DATA_DIR") from fault
        return replaced

    def remove(self, path: str) -> None:
        """
        Let a file be gone.

        Raises:
            NotFound: there is none of this path.

        """
        try:
            self._place(path).unlink()
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise NotFound(f"no file {path!r} was handed in") from fault

    def _place(self, path: str) -> Path:
        """Return where a path lies in the folder."""
        paths, _ = sort_out([path])
        parts = PurePosixPath(path).parts
        hidden = any(part.startswith(".") for part in parts) and path != AUDIENCE_FILE
        if path not in paths or hidden or "\\" in path:
            raise BadInput(f"{path!r} cannot be the name of a file: write it without leading dots, and with / between")
        return self._folder.joinpath(*parts)
