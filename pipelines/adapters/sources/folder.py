"""A folder of this machine as a source. Follows no link within it and shows no hidden file."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.adapters.sources.audience_file import (
    AUDIENCE_FILE,
    MAX_AUDIENCE_FILE,
    require_governing,
    rules_of,
    unreadable,
)
from pipelines.adapters.sources.names import escaped, sort_out, too_large, unprintable
from pipelines.domain.reading import Rejected
from pipelines.errors import SourceUnreadable
from pipelines.ports.source_reader import SourceFile


_LINK = Rejected("it is a link: a sync follows no links, put the file itself there")
_UNREAD = "it cannot be read: "
_SPECIAL = Rejected("it is not an ordinary file")
# No link is followed and no pipe waited for; O_BINARY is Windows, which has none of the others.
_SAFELY = sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


class FolderSource:
    """`ports.source_reader.SourceReader` over a folder. One object serves one sync."""

    def __init__(self, folder: Path, *, max_file_mb: int) -> None:
        """
        Take the folder.

        Args:
            folder: absolute path.
            max_file_mb: larger files are rejected unread.

        """
        self._folder = folder
        self._max_file_mb = max_file_mb
        self._names: dict[str, str] = {}

    def list(self, alive: Callable[[], None] = lambda: None) -> Iterator[SourceFile]:
        """Yield every document, each path once, sorted by path."""
        self._names, odd = sort_out(self._walk())
        files = {path: SourceFile(path, 0, reason) for path, reason in odd.items()}
        for path, name in self._names.items():
            files[path] = self._entry(path, self._folder / name)
            alive()
        yield from (files[path] for path in sorted(files))

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes of a document, or why they cannot be had."""
        if path not in self._names:
            return Rejected("it is not in the folder")
        limit = self._max_file_mb * 2**20
        data = self._read(self._names[path], limit + 1)
        return too_large(len(data), self._max_file_mb) if isinstance(data, bytes) and len(data) > limit else data

    def audience_rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return (pattern, readers) of `.footnote.yaml`, first match wins."""
        file = self._folder / AUDIENCE_FILE
        try:
            file.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as fault:
            raise unreadable(file, fault.strerror or str(fault)) from fault
        data = self._read(AUDIENCE_FILE, MAX_AUDIENCE_FILE + 1)
        if isinstance(data, Rejected):
            raise unreadable(file, data.reason.removeprefix(_UNREAD))
        return rules_of(file, data)

    def _walk(self) -> Iterator[str]:
        """
        Yield the name of each file within the folder, and of each folder too deep for this machine.

        Raises:
            SourceUnreadable: a folder cannot be listed or hides a rule.

        """
        waiting = [""]
        while waiting:
            inside = waiting.pop()
            try:
                with os.scandir(self._folder / inside) as entries:
                    found = list(entries)
                    shown = [entry for entry in found if not entry.name.startswith(".")]
                    folders = {entry.name for entry in shown if entry.is_dir(follow_symlinks=False)}
            except OSError as fault:
                if inside and fault.errno == errno.ENAMETOOLONG:
                    yield inside.removesuffix("/")
                    continue
                name = escaped(inside or str(self._folder), unprintable)
                raise SourceUnreadable(f"the folder {name!r} cannot be listed: {fault.strerror or fault}") from fault
            require_governing(inside, [entry.name for entry in found])
            waiting += [f"{inside}{name}/" for name in folders]
            yield from (inside + entry.name for entry in shown if entry.name not in folders)

    def _entry(self, path: str, actual: Path) -> SourceFile:
        try:
            status = actual.lstat()
        except OSError as fault:
            return SourceFile(path, 0, Rejected(f"{_UNREAD}{fault.strerror or fault}"))
        if not stat.S_ISREG(status.st_mode):
            return SourceFile(path, 0, _LINK if stat.S_ISLNK(status.st_mode) else _SPECIAL)
        if status.st_size > self._max_file_mb * 2**20:
            return SourceFile(path, status.st_size, too_large(status.st_size, self._max_file_mb))
        return SourceFile(path, status.st_size)

    def _read(self, name: str, most: int) -> bytes | Rejected:
        """Return at most so many bytes of an ordinary file, whatever took its place since it was listed."""
        actual = self._folder / name
        try:
            handle = os.open(actual, os.O_RDONLY | _SAFELY)
        except OSError as fault:
            return _LINK if actual.is_symlink() else Rejected(f"{_UNREAD}{fault.strerror or fault}")
        try:
            if astray := self._astray(handle, name):
                return astray
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read(most)
        except OSError as fault:
            return Rejected(f"{_UNREAD}{fault.strerror or fault}")
        finally:
            os.close(handle)

    def _astray(self, handle: int, name: str) -> Rejected | None:
        """Say why an open file is not the ordinary file of this name within the folder."""
        actual, opened = self._folder / name, os.fstat(handle)
        if not stat.S_ISREG(opened.st_mode):
            return _SPECIAL
        # A folder on the way may have become a link, for the moment of opening or for good.
        if os.path.realpath(actual) != str(Path(os.path.realpath(self._folder)) / name):
            return _LINK
        return None if os.path.samestat(opened, actual.lstat()) else Rejected("it was replaced while it was opened")
