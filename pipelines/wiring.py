"""
Settings to objects; the only place that knows all parts.

Parts are made when they are first used, and their modules loaded then: a list of bases
needs no embedder, and `footnote --help` needs nothing at all.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.characters import has_surrogates
from pipelines.domain.conversation import Answer, Principal, Question
from pipelines.domain.jobs import SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, SyncResult
from pipelines.errors import BadInput, NotAllowed, SourceUnreadable
from pipelines.settings import Settings


if TYPE_CHECKING:
    from pipelines.answering.pipeline import Answering
    from pipelines.ingestion.sync import SyncParts
    from pipelines.ports.blobs import Blobs
    from pipelines.ports.chunk_index import ChunkIndex
    from pipelines.ports.document_parser import DocumentParser
    from pipelines.ports.embedder import Embedder
    from pipelines.ports.records import Records
    from pipelines.ports.source_reader import SourceReader


class _HasClose(Protocol):
    def close(self) -> None: ...


_Closable = TypeVar("_Closable", bound=_HasClose)


class Footnote:
    """Footnote as one installation's settings describe it. Close it, or use it with `with`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._clock = SystemClock()
        self._open: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened."""
        self.close()

    def close(self) -> None:
        """Close what was opened, in reverse order."""
        while self._open:
            self._open.pop()()

    def ask(self, question: Question) -> Answer:
        """
        Return the one outcome of a question, and record it.

        Raises:
            BadInput: the question is empty or too long.
            NotFound: a base was named that this person cannot read, or that does not exist.

        """
        return self.answering.ask(question)

    def add_base(self, name: str, folder: Path, principal: Principal) -> KnowledgeBase:
        """
        Create a base over a folder, readable by its creator and admins.

        Raises:
            BadInput: the name cannot be used, or the folder holds Footnote's own data.
            SourceUnreadable: there is no such folder, or its name is not UTF-8.

        """
        _require_admin(principal)
        self._erase_hidden()
        place = folder.expanduser().absolute()
        if not place.is_dir():
            raise SourceUnreadable(f"the folder {str(place)!r} does not exist or is not a folder")
        if has_surrogates(str(place)):
            raise SourceUnreadable(f"the name of the folder {str(place)!r} is not UTF-8: rename it")
        own = self.settings.data_dir.absolute()
        if own.is_relative_to(place) and not any(one.startswith(".") for one in own.relative_to(place).parts):
            raise BadInput(f"the folder {str(place)!r} holds Footnote's own data: choose another FOOTNOTE_DATA_DIR")
        base = self.records.bases.add(name, "folder", str(place), principal)
        self.records.answers.audit(principal, "kb add", base.name, {"folder": str(place)})
        return base

    def remove_base(self, name: str, principal: Principal) -> None:
        """
        Take a base from everybody and erase it.

        Raises:
            NotFound: there is none of this name.

        """
        _require_admin(principal)
        base = self.records.bases.get(name)
        self.records.bases.hide(base.id)
        self.records.answers.audit(principal, "kb remove", base.name, {})
        self._erase_hidden()

    def sync(
        self, name: str, *, dry_run: bool = False, progress: Callable[[SyncProgress], None] = lambda _: None
    ) -> SyncResult:
        """
        Bring a base up to its source, or say what that would do.

        Raises:
            Busy: another process syncs this base.
            SourceUnreadable: the source cannot be listed; what readers see stays.

        """
        from pipelines.adapters.records.jobs import worker_name
        from pipelines.ingestion.sync import Sync
        from pipelines.work import run_sync

        base = self.records.bases.get(name)
        if dry_run:
            return Sync(self.sync_parts, base, self.source_reader(base.id), progress=progress).preview()
        job = self.records.jobs.submit("sync", base.id, {})
        return run_sync(self.sync_parts, job, self.source_reader, worker=worker_name(), progress=progress)

    def source_reader(self, kb: int) -> "SourceReader":
        """Return a reader of a base's source, good for one sync."""
        from pipelines.adapters.sources.folder import FolderSource

        source = self.records.bases.source(kb)
        return FolderSource(Path(source.location), max_file_mb=self.settings.limits.max_file_mb)

    @cached_property
    def records(self) -> "Records":
        """The memory."""
        from pipelines.adapters.records import SqlRecords
        from pipelines.adapters.records.database import Database

        self._private_folder()
        database = Database(self.settings.database_url, full_durability=self._full_durability)
        return self._closing(SqlRecords(database, self._clock))

    @cached_property
    def index(self) -> "ChunkIndex":
        """The index."""
        from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
        from pipelines.retrieval.terms import ANALYSER_VERSION

        embedder = self.embedder
        identity = IndexIdentity(
            installation=self.records.installation,
            embedder=embedder.name if embedder else None,
            dimensions=embedder.dimensions if embedder else 0,
            analyser=str(ANALYSER_VERSION),
        )
        path = self.settings.data_dir / "index.db"
        return self._closing(SqliteIndex(path, identity, full_durability=self._full_durability))

    @cached_property
    def embedder(self) -> "Embedder | None":
        """The embedder; None for words only."""
        if self.settings.embedder == "none":
            return None
        from pipelines.adapters.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(self.settings.embed_dir, stamp=self.settings.data_dir / "model-checked.json")

    @cached_property
    def parser(self) -> "DocumentParser":
        """The parser processes."""
        from pipelines.adapters.parser_processes import ProcessParser

        return self._closing(ProcessParser(self.settings.parse_limits))

    @cached_property
    def blobs(self) -> "Blobs":
        """Original files and stored texts."""
        from pipelines.adapters.folder_blobs import FolderBlobs

        return FolderBlobs(self.settings.data_dir / "blobs", full_durability=self._full_durability)

    @cached_property
    def answering(self) -> "Answering":
        """The answering graph."""
        from pipelines.answering.pipeline import Answering

        return Answering(
            self.records,
            self.index,
            self.embedder,
            self.blobs,
            self._clock,
            question_chars=self.settings.limits.question_chars,
        )

    @cached_property
    def sync_parts(self) -> "SyncParts":
        """What every sync works with."""
        from pipelines.ingestion.sync import SyncParts

        return SyncParts(self.records, self.index, self.embedder, self.parser, self.blobs, self._clock)

    @property
    def _full_durability(self) -> bool:
        return self.settings.durability == "full"

    def _closing(self, part: _Closable) -> _Closable:
        """Remember to close a part."""
        self._open.append(part.close)
        return part

    def _private_folder(self) -> None:
        """Make the data folder for this account alone: it holds what only some may read."""
        # What opens a file in it names the fault.
        with suppress(OSError):
            self.settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _erase_hidden(self) -> None:
        """Erase bases that were removed, also those that a killed process left behind."""
        for kb in self.records.bases.hidden():
            self.index.drop(kb)
            # Files first: killed in between, the records still say what is left. Where another base's
            # sync stores the same bytes just now, its next one stores them again.
            for name in self.records.bases.own_blobs(kb):
                self.blobs.delete(name)
            self.records.bases.erase(kb)


def open_footnote(settings: Settings) -> Footnote:
    """Return Footnote as the settings describe it; nothing is opened yet."""
    return Footnote(settings)


def _require_admin(principal: Principal) -> None:
    if not principal.admin:
        raise NotAllowed("only an admin manages knowledge bases")
