"""A folder of this machine as a source. Follows no link out of it and shows no hidden file."""

import os
import stat
import unicodedata
from collections.abc import Callable, Container, Iterator
from pathlib import Path

import yaml

from pipelines.domain.access import normalise_readers
from pipelines.domain.reading import Rejected
from pipelines.errors import BadInput, SourceUnreadable
from pipelines.ports.source_reader import SourceFile


AUDIENCE_FILE = ".footnote.yaml"
_MAX_AUDIENCE_FILE = 1_000_000


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
        self._paths: dict[str, Path] = {}

    def list(self) -> Iterator[SourceFile]:
        """Yield every document, each path once, sorted by path."""
        self._paths = {}
        root = os.path.realpath(self._folder)
        files: dict[str, SourceFile] = {}
        odd: list[tuple[str, Rejected]] = []
        for path, _, name in sorted((_composed(name), name != _composed(name), name) for name in self._walk()):
            if _unprintable(path):
                reason = Rejected("its name holds control characters or is not valid Unicode")
                odd.append((_escaped(name, _unprintable), reason))
            elif path in files:
                reason = Rejected("another file has the same name in another Unicode spelling")
                odd.append((_escaped(name, _beyond_ascii), reason))
            else:
                files[path] = self._entry(path, self._folder / name, root)
        for shown, reason in odd:
            path = _free(shown, files)
            files[path] = SourceFile(path, 0, reason)
        yield from (files[path] for path in sorted(files))

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes of a document, or why they cannot be had."""
        actual = self._paths.get(path)
        if actual is None:
            return Rejected("it is not in the folder")
        limit = self._max_file_mb * 2**20
        try:
            with actual.open("rb") as file:
                data = file.read(limit + 1)
        except OSError as fault:
            return Rejected(f"it cannot be read: {fault.strerror or fault}")
        return data if len(data) <= limit else Rejected(self._too_large(len(data)))

    def audience_rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return (pattern, readers) of `.footnote.yaml`, first match wins."""
        file = self._folder / AUDIENCE_FILE
        try:
            file.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as fault:
            raise _unreadable(file, fault.strerror or str(fault)) from fault
        try:
            status = file.stat()
            if not stat.S_ISREG(status.st_mode):
                raise _unreadable(file, "it is not an ordinary file")
            if status.st_size > _MAX_AUDIENCE_FILE:
                raise SourceUnreadable(f"{file} is larger than 1 MB: shorten its list")
            content = yaml.safe_load(file.read_bytes())
        except OSError as fault:
            raise _unreadable(file, fault.strerror or str(fault)) from fault
        except (yaml.YAMLError, ValueError, RecursionError) as fault:
            raise _unreadable(file, " ".join(str(fault).split())) from fault
        return tuple(_audience(file, content))

    def _walk(self) -> Iterator[str]:
        """Yield the name of each file within the folder; raise if any folder cannot be listed."""
        waiting = [""]
        while waiting:
            inside = waiting.pop()
            try:
                with os.scandir(self._folder / inside) as entries:
                    shown = [entry for entry in entries if not entry.name.startswith(".")]
                    folders = {entry.name for entry in shown if entry.is_dir(follow_symlinks=False)}
            except OSError as fault:
                name = _escaped(inside or str(self._folder), _unprintable)
                raise SourceUnreadable(f"the folder {name!r} cannot be listed: {fault.strerror or fault}") from fault
            waiting += [f"{inside}{name}/" for name in folders]
            yield from (inside + entry.name for entry in shown if entry.name not in folders)

    def _entry(self, path: str, actual: Path, root: str) -> SourceFile:
        real = os.path.realpath(actual)
        if actual.is_symlink() and os.path.commonpath([real, root]) != root:
            return SourceFile(path, 0, Rejected("it is a link that leads out of the folder"))
        self._paths[path] = actual
        return self._sized(path, actual)

    def _sized(self, path: str, actual: Path) -> SourceFile:
        try:
            status = actual.stat()
        except OSError as fault:
            return SourceFile(path, 0, Rejected(f"it cannot be read: {fault.strerror or fault}"))
        if not stat.S_ISREG(status.st_mode):
            return SourceFile(path, 0, Rejected("it is not an ordinary file"))
        if status.st_size > self._max_file_mb * 2**20:
            return SourceFile(path, status.st_size, Rejected(self._too_large(status.st_size)))
        return SourceFile(path, status.st_size)

    def _too_large(self, size: int) -> str:
        shown = -(-size // 2**20)
        return f"it has {shown} MB, the limit is {self._max_file_mb} MB (FOOTNOTE_LIMITS__MAX_FILE_MB)"


def _audience(file: Path, content: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    form = f'the file {file} must hold `audience: [{{pattern: "hr/**", readers: [group:hr]}}]`'
    if content is None:
        # A file that was cut off at its beginning must not open what it closed.
        raise _unreadable(file, "it is empty; write `audience: []` if no document has an audience of its own")
    if not isinstance(content, dict) or set(content) != {"audience"} or not isinstance(content["audience"], list):
        raise SourceUnreadable(form)
    for entry in content["audience"]:
        whole = isinstance(entry, dict) and set(entry) == {"pattern", "readers"}
        if not whole or not isinstance(entry["pattern"], str) or not isinstance(entry["readers"], list):
            raise SourceUnreadable(form)
        if not entry["pattern"] or not entry["readers"] or not all(isinstance(one, str) for one in entry["readers"]):
            raise SourceUnreadable(f"{form}; a pattern and its readers are not empty")
        try:
            yield unicodedata.normalize("NFC", entry["pattern"]), normalise_readers(entry["readers"])
        except BadInput as fault:
            raise SourceUnreadable(f"{file}: {fault}") from fault


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
