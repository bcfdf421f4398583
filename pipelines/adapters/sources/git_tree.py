"""The files of one commit as git's trees name them, and their bytes by blob. Makes no working tree."""

import re
import weakref
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.adapters.sources.git_program import GitProgram
from pipelines.domain.values import Value
from pipelines.errors import SourceUnreadable


if TYPE_CHECKING:
    import subprocess


_ENTRY = re.compile(rb"([0-7]+) (\w+) ([0-9a-f]+) +(-|[0-9]+)\t(.*)", re.DOTALL)
_FILES = ("100644", "100755", "100664")
_SYMLINK = "120000"


@dataclass(frozen=True, slots=True)
class TreeEntry(Value):
    """
    One entry below a folder of a commit.

    Attributes:
        name: from that folder; bytes that are no UTF-8 as lone surrogates.
        mode: git's own, octal.
        blob: id of its bytes; of a submodule, its commit.
        size: bytes; 0 for a submodule.

    """

    name: str
    mode: str
    blob: str
    size: int

    @property
    def is_file(self) -> bool:
        """Whether it is an ordinary file."""
        return self.mode in _FILES

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == _SYMLINK


def tree_entries(git: GitProgram, commit: str, subfolder: str) -> Iterator[TreeEntry]:
    """
    Yield every entry below a folder of a commit, folders themselves left out.

    Raises:
        GitFailed: there is no such folder in the commit.
        SourceUnreadable: an object is missing.

    """
    listed = git.output("ls-tree", "-r", "-l", "-z", f"{commit}:{subfolder}", seconds=600.0)
    for line in filter(None, listed.split(b"\0")):
        found = _ENTRY.fullmatch(line)
        if not found:
            raise SourceUnreadable(f"our copy of the repository is damaged: delete {git.folder}, then sync again")
        mode, _, blob, size, name = found.groups()
        yield TreeEntry(
            name.decode("utf-8", "surrogateescape"), mode.decode(), blob.decode(), int(size) if size != b"-" else 0
        )


class BlobReader:
    """Bytes of blobs from one process that is asked again and again; it ends with this object."""

    def __init__(self, git: GitProgram) -> None:
        """Take git; nothing is started before the first blob."""
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, blob: str) -> bytes:
        """
        Return the bytes of a blob.

        Raises:
            SourceUnreadable: it is not there, or git broke off.

        """
        process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise SourceUnreadable("git cannot be talked to")
        try:
            process.stdin.write(f"{blob}\n".encode())
            process.stdin.flush()
            head = process.stdout.readline().split()
            if head[1:2] != [b"blob"]:
                raise SourceUnreadable(f"the object {blob} is missing from our copy of the repository")
            size = int(head[2])
            data = process.stdout.read(size)
            process.stdout.read(1)
        except (OSError, IndexError, ValueError) as fault:
            raise SourceUnreadable(f"git broke off while it read the object {blob}") from fault
        if len(data) != size:
            raise SourceUnreadable(f"git broke off while it read the object {blob}")
        return data

    def _start(self) -> "subprocess.Popen[bytes]":
        self._process = self._git.start("cat-file", "--batch")
        weakref.finalize(self, _end, self._process)
        return self._process


def _end(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):
                pipe.close()
    process.kill()
    process.wait()
