"""The mark in a folder that says whose it is: a small file with an installation's id. It refuses nobody."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.errors import TransientError


MARK = "installation"
"""Name of the mark, in a folder as in a bucket; no hash and no number, so no name of what lies beside it."""

PLACE = "place"
"""Name of the mark that says which folder this is, wherever it is moved to."""

UNFINISHED = ".new-"
"""How names begin under which files are written before they get their own."""


class FolderMark:
    """`ports.blobs.Mark` in a folder of this machine, or one that several machines share."""

    def __init__(self, folder: Path, *, setting: str = "FOOTNOTE_DATA_DIR", name: str = MARK) -> None:
        """
        Take the folder; it is made by the first claim.

        Args:
            folder: what belongs to one installation.
            setting: what names the folder, for messages.
            name: of the mark.

        """
        self._folder = folder
        self._name_of_mark = name
        self._setting = setting

    def owner(self) -> str | None:
        """Return the id of the installation that the folder belongs to; None if none claimed it."""
        mark = self._file
        with self._faults("read"):
            try:
                found = mark.read_bytes().decode(errors="replace").strip()
            except FileNotFoundError:
                return None
        if not found:
            raise TransientError(f"{mark} is empty, as a killed process may leave it: delete it ({self._setting})")
        return found

    def claim(self, installation: str) -> None:
        """Write the id, unless one is there: of several claims at once one stays, whole."""
        with self._faults("written"):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, fresh = tempfile.mkstemp(dir=self._folder, prefix=UNFINISHED)
            try:
                _write(handle, installation)
                self._name(Path(fresh), installation)
            finally:
                Path(fresh).unlink(missing_ok=True)

    def _name(self, fresh: Path, installation: str) -> None:
        """Give a file the mark's name, unless that is taken."""
        mark = self._file
        try:
            os.link(fresh, mark)
        except FileExistsError:
            return
        except OSError:
            # A file system without links. Only here a claim that is killed may leave an empty mark.
            with suppress(FileExistsError):
                _write(os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), installation)

    @property
    def _file(self) -> Path:
        return self._folder / self._name_of_mark

    @contextmanager
    def _faults(self, done: str) -> Iterator[None]:
        """Turn a fault of the file system into one sentence."""
        try:
            yield
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise TransientError(
                f"{self._file} could not be {done} ({reason}): check space and rights of its folder ({self._setting})"
            ) from fault


def _write(handle: int, text: str) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
