"""Folders that live as long as one piece of work, even if its process is killed. Knows nothing of what is in them."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipelines.errors import TransientError


_LOCK = "lock"
"""Held in a folder by who works in it, and in the root by who makes or deletes folders. It ends with its process."""


class PassingFolders:
    """
    Makes private folders below one root, and deletes them. Safe between threads and processes.

    What a killed process left is known by nobody holding its lock; the next one that is made, or `sweep`, deletes it.
    """

    def __init__(self, root: Path) -> None:
        """Take the root, which is made with the first folder."""
        self._root = root

    @contextmanager
    def one(self) -> Iterator[Path]:
        """
        Make a folder, and delete it with all that is in it.

        Raises:
            TransientError: it cannot be made.

        """
        with self._faults():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._alone():
                self._delete_left()
                folder = Path(tempfile.mkdtemp(dir=self._root))
                held = _locked(folder / _LOCK)
        try:
            yield folder
        finally:
            # The lock is let go last: until then nobody else deletes here.
            shutil.rmtree(folder, ignore_errors=True)
            if held is not None:
                held.close()

    def sweep(self) -> int:
        """
        Delete what killed processes left; return how many folders those were.

        Raises:
            TransientError: the root cannot be read.

        """
        if not self._root.is_dir():
            return 0
        with self._faults(), self._alone():
            return self._delete_left()

    def _delete_left(self) -> int:
        left = 0
        for folder in self._root.iterdir():
            if not folder.is_dir():
                continue
            held = _locked(folder / _LOCK)
            if held is not None:
                with held:
                    shutil.rmtree(folder, ignore_errors=True)
                left += 1
        return left

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep others from making and deleting folders meanwhile: one without a lock yet would look like one left."""
        with (self._root / _LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise TransientError(
                f"the folder {self._root} cannot be used ({reason}): see FOOTNOTE_DATA_DIR and its free space"
            ) from fault


def _locked(path: Path) -> IO[bytes] | None:
    """Return the open lock; None where somebody holds it, or deletes its folder at this moment."""
    try:
        lock = path.open("ab")
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock
