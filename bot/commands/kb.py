"""Knowledge bases: add, list, status, failed, remove. Not their versions and readers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.commands.authority import require_admin
from bot.commands.index import is_outdated, words_only
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.knowledge import KnowledgeBase, Rejection, Version
from pipelines.domain.schedules import interval_words
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class BaseAdded(Value):
    """A base that was made: its name, where its documents come from, who may read it beside admins."""

    kb: str
    source: str
    readers: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"kb": self.kb, "source": self.source, "readers": list(self.readers)}


@dataclass(frozen=True, slots=True)
class BaseLine(Value):
    """A base in a list. `version` is 0, and so are the counts, before the first sync."""

    kb: str
    version: int
    pinned: bool
    documents: int
    chunks: int
    source: str


@dataclass(frozen=True, slots=True)
class BaseList(Value):
    """Bases by name."""

    bases: tuple[BaseLine, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"bases": [asdict(one) for one in self.bases]}


@dataclass(frozen=True, slots=True)
class BaseStatus(Value):
    """
    How a base is.

    Attributes:
        kb: its name.
        documents: in the version that readers see.
        chunks: in the version that readers see.
        version: the version that readers see; 0 before the first sync.
        pinned: no sync changes what readers see.
        last_sync: the newest sync that ended, as the records tell it; None if none did.
        rejected: files that the newest sync could not take.
        running: a sync is under way.
        progress: of a large sync under way the files done, and all of them; None of any other.
        embedding: why questions are searched by words only, or that the index is made with another
            embedder than is set; None for neither.
        every: the interval at which it is synced, such as `6h`; None if it has none.
        next_sync: when the next one is due, ISO 8601 in UTC.
        alert: why its syncs need a person: `failing` or `overdue`; None if they do not.

    """

    kb: str
    documents: int
    chunks: int
    version: int
    pinned: bool
    last_sync: Mapping[str, Any] | None
    rejected: int
    running: bool
    every: str | None = None
    next_sync: str | None = None
    alert: str | None = None
    progress: tuple[int, int] | None = None
    embedding: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {
            "kb": self.kb,
            "documents": self.documents,
            "chunks": self.chunks,
            "version": self.version,
            "pinned": self.pinned,
            "last_sync": None if self.last_sync is None else dict(self.last_sync),
            "rejected": self.rejected,
            "running": self.running,
            "progress": self.progress and {"done": self.progress[0], "total": self.progress[1]},
            "every": self.every,
            "next_sync": self.next_sync,
            "alert": self.alert,
            "embedding": self.embedding,
        }


@dataclass(frozen=True, slots=True)
class RejectedFiles(Value):
    """
    Files that could not be taken, by path.

    Attributes:
        kb: the base.
        rejected: the files; of the last sync that got as far as to look at them all.
        error: why the newest sync failed as a whole; None if it did not.
        synced: whether any sync has ended.

    """

    kb: str
    rejected: tuple[Rejection, ...]
    error: str | None = None
    synced: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"kb": self.kb, "rejected": [asdict(one) for one in self.rejected], "error": self.error}


@dataclass(frozen=True, slots=True)
class BaseRemoved(Value):
    """A base that is gone."""

    kb: str

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"kb": self.kb, "removed": True}


@dataclass(frozen=True, slots=True)
class FilesUploaded(Value):
    """Files that were handed in, by the paths under which they are kept."""

    kb: str
    files: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"kb": self.kb, "files": list(self.files)}


@dataclass(frozen=True, slots=True)
class BaseKept(Value):
    """A base whose removal was not confirmed."""

    kb: str

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"kb": self.kb, "removed": False}


def add(
    footnote: Footnote, principal: Principal, name: str, source: Path | str, options: SourceOptions = NO_OPTIONS
) -> BaseAdded:
    """Make a base over a source; only its creator and admins may read it."""
    require_admin(principal)
    base = footnote.add_base(name, source, principal, options)
    records = footnote.records
    return BaseAdded(base.name, records.bases.source(base.id).location, records.access.readers(base.id))


def upload(footnote: Footnote, principal: Principal, name: str, files: Sequence[Path]) -> FilesUploaded:
    """Hand files in to a base; the next sync reads them."""
    base = find(footnote, principal, name)
    return FilesUploaded(base.name, footnote.upload(base.name, files, principal))


def list_all(footnote: Footnote, principal: Principal) -> BaseList:
    """Return every base."""
    require_admin(principal)
    bases = footnote.records.bases
    return BaseList(tuple(_line(base, _shown(footnote, base), bases.source(base.id).location) for base in bases.all()))


def find(footnote: Footnote, principal: Principal, name: str) -> KnowledgeBase:
    """
    Return a base by its name.

    Raises:
        NotFound: there is none.
        NotAllowed: the person is no admin, whether there is one or not.

    """
    require_admin(principal)
    return footnote.records.bases.get(name)


def status(footnote: Footnote, principal: Principal, name: str) -> BaseStatus:
    """Return how a base is."""
    base = find(footnote, principal, name)
    shown = _shown(footnote, base)
    ledger = footnote.records.ledger
    every, due = interval_of(footnote, base.id)
    progress = footnote.records.parts.progress(base.id)
    return BaseStatus(
        kb=base.name,
        documents=shown.documents if shown else 0,
        chunks=shown.chunks if shown else 0,
        version=base.active,
        pinned=base.pinned,
        last_sync=ledger.last_run(base.id),
        rejected=len(ledger.rejections(base.id)),
        running=footnote.records.jobs.running(base.id) is not None,
        every=every,
        next_sync=due,
        alert=footnote.jobs.alert(base.id),
        progress=(progress.done, progress.total) if progress else None,
        embedding=words_only(footnote) or is_outdated(footnote),
    )


def interval_of(footnote: Footnote, kb: int) -> tuple[str | None, str | None]:
    """Return the interval at which a base is synced, such as `6h`, and when the next sync is due (ISO 8601, UTC)."""
    every, due = footnote.records.schedules.every(kb), footnote.records.schedules.next_at(kb)
    if every is None or due is None:
        return None, None
    return interval_words(every), datetime.fromtimestamp(due, UTC).isoformat(timespec="seconds")


def failed(footnote: Footnote, principal: Principal, name: str) -> RejectedFiles:
    """Return the files that could not be taken, and why the newest sync failed if it did."""
    base = find(footnote, principal, name)
    ledger = footnote.records.ledger
    last = ledger.last_run(base.id)
    error = last["error"] if last else None
    return RejectedFiles(base.name, tuple(ledger.rejections(base.id)), error, synced=last is not None)


def remove(footnote: Footnote, principal: Principal, name: str) -> BaseRemoved:
    """Take a base from everybody and erase it; its source is not touched."""
    base = find(footnote, principal, name)
    footnote.remove_base(base.name, principal)
    return BaseRemoved(base.name)


def _shown(footnote: Footnote, base: KnowledgeBase) -> Version | None:
    """Return the version that readers see."""
    return next((one for one in footnote.records.bases.versions(base.id) if one.number == base.active), None)


def _line(base: KnowledgeBase, shown: Version | None, source: str) -> BaseLine:
    documents, chunks = (shown.documents, shown.chunks) if shown else (0, 0)
    return BaseLine(base.name, base.active, base.pinned, documents, chunks, source)
