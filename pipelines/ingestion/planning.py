"""What a sync has to do: a listing against the newest promoted version. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType

from pipelines.domain.knowledge import DocumentVersion, Rejection
from pipelines.domain.reading import Rejected
from pipelines.domain.sync_parts import PartFile
from pipelines.domain.values import Value
from pipelines.ports.source_reader import SourceFile


class Change(StrEnum):
    """What happened to a document since the newest promoted version."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class PlannedFile(Value):
    """
    One file that must be read.

    Attributes:
        path: its name within the source.
        change: why.
        previous: the life that it continues; None for a new document.
        returning: (document, key) of a document that was removed at this path before.
        address: where the source shows it; None for a file of this machine.
        date: when the source says that it changed last; None where it does not.

    """

    path: str
    change: Change
    previous: DocumentVersion | None = None
    returning: tuple[int, str] | None = None
    address: str | None = None
    date: str | None = None


def part_file(one: PlannedFile) -> PartFile:
    """Return a file as a part holds it; its bytes are not named yet."""
    previous = one.previous.id if one.previous else None
    return PartFile(one.path, one.change.value, "", previous, one.returning, one.address, one.date)


def planned_file(one: PartFile, lives: Mapping[int, DocumentVersion]) -> PlannedFile:
    """Return a file of a part as it was planned; the life that it continues is among `lives`, by its id."""
    previous = None if one.previous is None else lives[one.previous]
    return PlannedFile(one.path, Change(one.change), previous, one.returning, one.address, one.date)


@dataclass(frozen=True, slots=True)
class Plan(Value):
    """
    All that a sync has to do.

    Attributes:
        files: files to read, by path.
        removed: lives whose file is gone.
        unchanged: lives that stay, those of rejected files among them.
        rejected: files that the source itself cannot give.

    """

    files: tuple[PlannedFile, ...]
    removed: tuple[DocumentVersion, ...]
    unchanged: tuple[DocumentVersion, ...]
    rejected: tuple[Rejection, ...]


def plan_sync(
    listing: Mapping[str, str | Rejected],
    lives: Iterable[DocumentVersion],
    readings: Mapping[str, str],
    gone: Mapping[str, tuple[int, str]],
    seen: Mapping[str, SourceFile] = MappingProxyType({}),
) -> Plan:
    """
    Compare a complete listing with what the newest promoted version shows.

    A file that moved without a changed byte is renamed; of several equal ones, the one
    with the same file name, then the first by path. A rejected file keeps its life.

    Args:
        listing: path -> SHA-256 of the bytes, or why there are none.
        lives: what the newest promoted version shows.
        readings: path -> how the file would be read now; a life read otherwise changed.
        gone: path -> (document, key) of documents that were there once.
        seen: path -> what the source says of a file beside its bytes; nothing of a file that is missing here.

    """
    by_path = {life.path: life for life in lives}
    rejected = [Rejection(path, found.reason) for path, found in listing.items() if isinstance(found, Rejected)]
    hashes = {path: found for path, found in listing.items() if isinstance(found, str)}
    unchanged = [by_path[one.path] for one in rejected if one.path in by_path]
    files: list[PlannedFile] = []
    moved = _Moved(life for path, life in by_path.items() if path not in listing)
    for path in sorted(hashes):
        life = by_path.get(path)
        if life is None:
            new = _new(path, moved.take(path, hashes[path]), gone)
            files.append(_shown(new, seen.get(path)))
        elif (life.content_hash, life.reading) == (hashes[path], readings[path]):
            unchanged.append(life)
        else:
            files.append(_shown(PlannedFile(path, Change.CHANGED, previous=life), seen.get(path)))
    return Plan(tuple(files), moved.left(), tuple(unchanged), tuple(rejected))


def _new(path: str, life: DocumentVersion | None, gone: Mapping[str, tuple[int, str]]) -> PlannedFile:
    if life is not None:
        return PlannedFile(path, Change.RENAMED, previous=life)
    return PlannedFile(path, Change.ADDED, returning=gone.get(path))


def _shown(planned: PlannedFile, seen: SourceFile | None) -> PlannedFile:
    return replace(planned, address=seen.address, date=seen.date) if seen else planned


class _Moved:
    """Lives whose path is gone, to be claimed by new files of the same bytes."""

    def __init__(self, lives: Iterable[DocumentVersion]) -> None:
        self._by_hash: dict[str, list[DocumentVersion]] = defaultdict(list)
        for life in sorted(lives, key=lambda one: one.path):
            self._by_hash[life.content_hash].append(life)

    def take(self, path: str, content_hash: str) -> DocumentVersion | None:
        """Return the life that moved to this path, and offer it to nobody else."""
        equal = self._by_hash.get(content_hash)
        if not equal:
            return None
        name = PurePosixPath(path).name.casefold()
        best = min(equal, key=lambda one: (PurePosixPath(one.path).name.casefold() != name, one.path))
        equal.remove(best)
        return best

    def left(self) -> tuple[DocumentVersion, ...]:
        """Return the lives that nobody claimed."""
        return tuple(life for lives in self._by_hash.values() for life in lives)
