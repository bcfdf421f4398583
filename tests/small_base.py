"""A base over a folder with real records, blobs and source, and what its readers see of it."""

import functools
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.jobs import worker_name
from pipelines.adapters.sources.folder import FolderSource
from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Principal
from pipelines.domain.evidence import PlacedHit
from pipelines.domain.jobs import Lease
from pipelines.domain.knowledge import DocumentVersion, KnowledgeBase, Passage, SyncResult
from pipelines.ingestion.equipment import SyncParts
from pipelines.ingestion.heartbeat import LEASE_S
from pipelines.ingestion.sync import Sync
from pipelines.ports.chunk_index import ChunkIndex, SearchRequest
from pipelines.ports.clock import Clock
from pipelines.ports.document_parser import DocumentParser
from pipelines.ports.records import Records
from pipelines.retrieval.embedding import now
from pipelines.retrieval.terms import question_terms
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.in_process_parser import InProcessParser


DIMENSIONS = 16
NAME = "handbook"
MOST_PASSAGES = 60
"""Passages of a document in these tests, at most."""


@dataclass(frozen=True, slots=True)
class SeenPassage:
    """What a reader may be shown of a passage."""

    headings: tuple[str, ...]
    text: str
    start: int
    end: int
    place: Mapping[str, str | int]
    unit: int
    blocks: int


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """What a version shows of a document. `readers` is None where the base's default rule governs it."""

    title: str
    author: str | None
    date: str | None
    readers: tuple[str, ...] | None
    text: str
    passages: tuple[SeenPassage, ...]


Row = tuple[str, int, tuple[str, ...] | None]
"""An index row as a reader could find it: (path, ordinal of the passage, readers)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that readers of one version can see and find."""

    documents: Mapping[str, SeenDocument]
    rows: tuple[Row, ...]


class Died(BaseException):
    """Stands for the end of a process at a checkpoint."""


def open_records(data: Path, clock: Clock) -> SqlRecords:
    """Open the records in a folder."""
    if not (data / "records.db").exists():
        (data / "records.db").write_bytes(_empty_records())
    return SqlRecords(Database(f"sqlite:///{data / 'records.db'}"), clock)


@contextmanager
def open_parts(
    data: Path,
    *,
    index: ChunkIndex | None = None,
    parser: DocumentParser | None = None,
    words_only: bool = False,
) -> Iterator[SyncParts]:
    """Open an installation in a folder: real records and blobs; the SQLite index unless another is given."""
    embedder = None if words_only else HashEmbedder(DIMENSIONS)
    vectors = (embedder.name, embedder.dimensions) if embedder else (None, 0)
    with closing(open_records(data, SystemClock())) as records:
        identity = IndexIdentity(records.installation, "1", *vectors)
        with closing(index or SqliteIndex(data / "index.db", identity)) as opened:
            yield SyncParts(
                records, opened, embedder, parser or InProcessParser(), FolderBlobs(data / "blobs"), SystemClock()
            )


@functools.cache
def _empty_records() -> bytes:
    """Return a database file with the newest schema: the migrations cost more than a sync of these tests."""
    with tempfile.TemporaryDirectory() as folder:
        Database(f"sqlite:///{folder}/records.db").close()
        return (Path(folder) / "records.db").read_bytes()


class SmallBase:
    """One base of an installation."""

    def __init__(self, parts: SyncParts, folder: Path, name: str = NAME) -> None:
        """Take the parts; the base is made if there is none of this name."""
        self.parts = parts
        self.folder = folder
        self.name = name
        if name not in [one.name for one in parts.records.bases.all()]:
            parts.records.bases.add(name, "folder", str(folder), OPERATOR)
        self.kb = self.base.id

    @property
    def base(self) -> KnowledgeBase:
        """The base as it is now."""
        return self.parts.records.bases.get(self.name)

    @property
    def records(self) -> Records:
        """The records."""
        return self.parts.records

    def lease(self) -> Lease:
        """Return a lease that nobody has to wait for once this test lets go of it, as if its process were gone."""
        job = self.records.jobs.submit("sync", self.kb, {})
        return self.records.jobs.lease(job.id, worker_name() + "0", LEASE_S)

    def work(self, checkpoint: Callable[[str], None] = lambda _: None) -> Sync:
        """Return a sync of the folder as it is."""
        return Sync(self.parts, self.base, FolderSource(self.folder, max_file_mb=1), checkpoint=checkpoint)

    def sync(self, checkpoint: Callable[[str], None] = lambda _: None) -> SyncResult:
        """Bring the base up to its folder."""
        lease = self.lease()
        result = self.work(checkpoint).run(lease)
        self.records.jobs.finish(lease)
        return result

    def preview(self) -> SyncResult:
        """Say what `sync` would do."""
        return self.work().preview()

    def index_differs(self) -> set[tuple[str, int, int, int]]:
        """Return what only one of index and ledger holds: (chunk, added in, removed in, rule) of any version."""
        held: list[set[tuple[str, int, int, int]]] = []
        for name, table in (("index.db", "rows"), ("records.db", "chunks")):
            database = sqlite3.connect(self.folder.parent / name)
            wanted = f"SELECT chunk_id, added_in, removed_in, rule FROM {table} WHERE kb = ?"  # noqa: S608 - ours
            held.append(set(database.execute(wanted, (self.kb,))))
            database.close()
        return held[0] ^ held[1]

    def erase(self) -> None:
        """Take the base away, rows and all."""
        self.records.bases.hide(self.kb)
        self.parts.index.drop(self.kb)
        self.records.bases.erase(self.kb)

    def seen(self, version: int | None = None) -> Seen:
        """
        Return all that a version shows, the active one if none is named.

        A row of a chunk or under a rule that none of its documents has is there by a name of its own.
        """
        shown = self.base.active if version is None else version
        lives = list(self.records.ledger.documents(self.kb, shown))
        passages = {life.path: self.passages(life) for life in lives}
        readers = {life.rule: self.readers(life.rule) for life in lives}
        places = {one.chunk_id: (path, one.ordinal) for path, found in passages.items() for one in found}
        rows = (
            (*places.get(row.chunk_id, ("nowhere", 0)), readers.get(row.rule, (f"rule {row.rule}",)))
            for row in self.parts.index.visible(self.kb, shown)
        )
        documents = {life.path: self._document(life, passages[life.path], readers[life.rule]) for life in lives}
        return Seen(documents, tuple(sorted(rows, key=repr)))

    def life(self, path: str, version: int | None = None) -> DocumentVersion:
        """Return the life at a path in a version, the active one if none is named."""
        shown = self.base.active if version is None else version
        return next(one for one in self.records.ledger.documents(self.kb, shown) if one.path == path)

    def passages(self, life: DocumentVersion) -> tuple[Passage, ...]:
        """Return the passages of a life, in order."""
        wanted = [(life.id, ordinal) for ordinal in range(MOST_PASSAGES)]
        stored = self.records.evidence.passages(self.records.access.scope(OPERATOR), wanted)
        found = sorted((one.passage for one in stored), key=lambda one: one.ordinal)
        assert [one.ordinal for one in found] == list(range(len(found)))
        return tuple(found)

    def readers(self, rule: int) -> tuple[str, ...] | None:
        """Return the readers of a rule; None for the base's default."""
        return None if rule == self.base.default_rule else self.records.access.rule_readers(rule)

    def search(self, question: str, principal: Principal = OPERATOR) -> tuple[dict[str, float], dict[str, float]]:
        """Return the two lists of the active version as the index gives them: words, and vectors."""
        scope = self.records.access.scope(principal, [self.name])
        embedder = now(self.parts.embedder)
        vector = embedder.embed([question])[0] if embedder else None
        lists = self.parts.index.search(SearchRequest(question_terms(question), vector, scope.access, scope.versions))
        return dict(lists.words), dict(lists.vectors)

    def hits(self, question: str, principal: Principal = OPERATOR) -> tuple[PlacedHit, ...]:
        """Return the confirmed hits of both lists, by document version and ordinal."""
        scope = self.records.access.scope(principal, [self.name])
        words, vectors = self.search(question, principal)
        found = self.records.evidence.confirm(principal, scope, {*words, *vectors})
        return tuple(sorted(found, key=lambda hit: (hit.document_version, hit.ordinal)))

    def found(self, question: str, principal: Principal = OPERATOR) -> set[tuple[str, int]]:
        """Return (path, ordinal) of the confirmed hits."""
        paths = {life.id: life.path for life in self.records.ledger.documents(self.kb, self.base.active)}
        return {(paths[hit.document_version], hit.ordinal) for hit in self.hits(question, principal)}

    def _document(
        self, life: DocumentVersion, passages: tuple[Passage, ...], readers: tuple[str, ...] | None
    ) -> SeenDocument:
        text = self.parts.blobs.get(life.text_hash).decode()
        seen = tuple(
            SeenPassage(
                one.heading_path,
                text[one.start : one.end],
                one.start,
                one.end,
                one.place.as_json(),
                one.unit,
                len(one.blocks),
            )
            for one in passages
        )
        return SeenDocument(life.title, life.author, life.date, readers, text, seen)
