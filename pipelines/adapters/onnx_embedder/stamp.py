"""
A note that a large file was hashed, so that the next start need not hash it again.

It saves time and decides nothing else: a note that is missing, damaged, too young or
about another file means a full check.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


SETTLED_NS = 2_000_000_000
"""A file written again within the coarsest tick of a file system (2 s on FAT) may keep its times."""


class Stamp:
    """
    One small file that names the last file that passed its check.

    A file is the same while its device, inode, size and both times (content and
    metadata changed) are; the second one cannot be set back by ordinary means. As
    with Git's index, a note that is not clearly younger than the file counts for
    nothing, since the file could have changed right after it.
    """

    def __init__(self, path: Path) -> None:
        """Take the note's own path; without its folder nothing is remembered."""
        self._path = path

    @staticmethod
    def identity(file: BinaryIO) -> str:
        """Return what distinguishes this state of an open file from any other."""
        state = os.fstat(file.fileno())
        parts = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
        return " ".join(map(str, parts))

    def vouches_for(self, file: BinaryIO, digest: str) -> bool:
        """Return whether this open file, unchanged since, was found to have this digest."""
        state = os.fstat(file.fileno())
        try:
            age = self._path.stat().st_mtime_ns - max(state.st_mtime_ns, state.st_ctime_ns)
            return age > SETTLED_NS and self._path.read_bytes() == self._note(file, digest)
        except OSError:
            return False

    def remember(self, file: BinaryIO, digest: str) -> None:
        """Note that this open file has this digest; a note that cannot be written costs the next start a check."""
        with suppress(OSError):
            self._path.write_bytes(self._note(file, digest))

    def _note(self, file: BinaryIO, digest: str) -> bytes:
        """Return the note's whole content; anything else in the note is no note."""
        return f"{digest} {self.identity(file)}\n".encode()
