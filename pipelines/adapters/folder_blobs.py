"""Blobs in a folder, each in a file named after its hash."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.adapters.folder_mark import UNFINISHED, FolderMark
from pipelines.errors import NotFound, StorageDamaged, TransientError


_NAME = re.compile(r"[0-9a-f]{64}")


class FolderBlobs:
    """
    `ports.blobs.BlobStore` in a folder of this machine, or one that several machines share.

    A file appears under its name whole or not at all, whatever is killed.
    """

    def __init__(self, folder: Path, *, full_durability: bool = False, setting: str = "FOOTNOTE_DATA_DIR") -> None:
        """
        Take the folder; it is made at the first `put`.

        Args:
            folder: where the blobs lie.
            full_durability: survive a loss of power too, not only a killed process.
            setting: what names the folder, for messages.

        """
        self._folder = folder
        self._sync = full_durability
        self._setting = setting
        self._mark = FolderMark(folder, setting=setting)

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their name; storing them again changes nothing."""
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name)
        with self._faults(path, "written"):
            if not path.exists():
                self._write(path, data)
        return name

    def get(self, name: str) -> bytes:
        """Return the bytes."""
        path = self._path(name)
        with self._faults(path, "read"):
            try:
                data = path.read_bytes()
            except FileNotFoundError as fault:
                raise NotFound(f"the stored file {path} is missing: sync the base again") from fault
        if hashlib.sha256(data).hexdigest() != name:
            raise StorageDamaged(f"the stored file {path} is damaged: delete it and sync the base again")
        return data

    def has(self, name: str) -> bool:
        """Say whether a blob is there; its bytes are not looked at."""
        path = self._path(name)
        with self._faults(path, "read"):
            return path.exists()

    def delete(self, name: str) -> None:
        """Remove a blob; one that is missing is no fault."""
        path = self._path(name)
        with self._faults(path, "deleted"):
            path.unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """Yield the name of every blob, in any order; what else lies there is left out."""
        with self._faults(self._folder, "listed"):
            for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
                if _NAME.fullmatch(path.name):
                    yield path.name

    def remove_leftovers(self, before: float) -> None:
        """Remove what writers left that were killed before this time (Unix, seconds)."""
        with self._faults(self._folder, "tidied up"):
            for pattern in (f"[0-9a-f][0-9a-f]/{UNFINISHED}*", f"{UNFINISHED}*"):
                for path in self._folder.glob(pattern):
                    # Its writer may give it its name at this moment.
                    with suppress(FileNotFoundError):
                        if path.stat().st_mtime < before:
                            path.unlink()

    def owner(self) -> str | None:
        """Return the id of the installation that the folder belongs to; None if none claimed it."""
        return self._mark.owner()

    def claim(self, installation: str) -> None:
        """Write the id, unless one is there."""
        self._mark.claim(installation)

    @contextmanager
    def _faults(self, path: Path, done: str) -> Iterator[None]:
        """Turn a fault of the file system into one sentence."""
        try:
            yield
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise TransientError(
                f"{path} could not be {done} ({reason}): check space and rights of its folder ({self._setting})"
            ) from fault

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                if self._sync:
                    file.flush()
                    os.fsync(file.fileno())
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        if self._sync:
            _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
