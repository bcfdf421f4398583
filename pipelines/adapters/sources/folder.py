"""A folder of this machine as a source. Follows no link within it and shows no hidden file."""

import errno
import os
import stat
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

from pipelines.adapters.sources import audience_file
from pipelines.domain.reading import Rejected
from pipelines.errors import BadInput, SourceUnreadable
from pipelines.ports.source_reader import SourceFile


AUDIENCE_FILE = ".footnote.yaml"
_MISPLACED = (AUDIENCE_FILE, ".footnote.yml")
_MAX_AUDIENCE_FILE = 1_000_000
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

    def list(self) -> Iterator[SourceFile]:
        """Yield every document, each path once, sorted by path."""
        self._names = {}
        files: dict[str, SourceFile] = {}
        odd: list[tuple[str, Rejected]] = []
        for path, _, name in sorted((_composed(name), name != _composed(name), name) for name in self._walk()):
            if _unprintable(path):
                reason = Rejected("its name holds control characters or is not valid Unicode")
                odd.append((_composed(_escaped(name, _unprintable)), reason))
            elif path in files:
                reason = Rejected("another file has the same name in another Unicode spelling")
                odd.append((_escaped(name, _beyond_ascii), reason))
            else:
                self._names[path] = name
                files[path] = self._entry(path, self._folder / name)
        for shown, reason in odd:
            path = _free(shown, files)
            files[path] = SourceFile(path, 0, reason)
        yield from (files[path] for path in sorted(files))

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes of a document, or why they cannot be had."""
        if path not in self._names:
            return Rejected("it is not in the folder")
        limit = self._max_file_mb * 2**20
        data = self._read(self._names[path], limit + 1)
        return Rejected(self._too_large(len(data))) if isinstance(data, bytes) and len(data) > limit else data

    def audience_rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return (pattern, readers) of `.footnote.yaml`, first match wins."""
        file = self._folder / AUDIENCE_FILE
        try:
            file.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as fault:
            raise _unreadable(file, fault.strerror or str(fault)) from fault
        data = self._read(AUDIENCE_FILE, _MAX_AUDIENCE_FILE + 1)
        if isinstance(data, Rejected):
            raise _unreadable(file, data.reason.removeprefix(_UNREAD))
        if len(data) > _MAX_AUDIENCE_FILE:
            raise _unreadable(file, "it is larger than 1 MB: shorten its list")
        try:
            return tuple(audience_file.audience_rules(data))
        except BadInput as fault:
            raise _unreadable(file, str(fault)) from fault

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
                name = _escaped(inside or str(self._folder), _unprintable)
                raise SourceUnreadable(f"the folder {name!r} cannot be listed: {fault.strerror or fault}") from fault
            _require_governing(inside, [entry.name for entry in found])
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
            return SourceFile(path, status.st_size, Rejected(self._too_large(status.st_size)))
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

    def _too_large(self, size: int) -> str:
        shown = -(-size // 2**20)
        return f"it has {shown} MB, the limit is {self._max_file_mb} MB (FOOTNOTE_LIMITS__MAX_FILE_MB)"


def _require_governing(inside: str, names: Iterable[str]) -> None:
    """Refuse an audience file that governs nothing where it lies: its author believes that it restricts."""
    for name in names:
        if name.casefold() in _MISPLACED and inside + name != AUDIENCE_FILE:
            said = f"the file {_escaped(inside + name, _unprintable)!r} restricts nothing"
            way = f"only the {AUDIENCE_FILE} at the top of the folder counts: move its patterns there"
            raise SourceUnreadable(f"{said}, since {way}")


def _unreadable(file: Path, reason: str) -> SourceUnreadable:
    return SourceUnreadable(f"the file {file} cannot be read, so nobody's rights are known: {reason}")


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _free(path: str, taken: Container[str]) -> str:
    """Return the path, with a number if it is taken."""
    number, free = 1, path
    while free in taken:
        number += 1
        free = f"{path} ({number})"
    return free


def _unprintable(path: str) -> bool:
    return any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in path)


def _beyond_ascii(path: str) -> bool:
    return not path.isascii()


def _escaped(path: str, odd: Callable[[str], bool]) -> str:
    """Return a path with every odd character written as its code."""
    return "".join(char.encode("unicode_escape", "surrogatepass").decode() if odd(char) else char for char in path)
