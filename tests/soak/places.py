"""Installations for the sync machine: each case has one of its own, and its time stands still."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.domain.schedules import DAY
from pipelines.ingestion.equipment import SyncParts
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.ports.embedder import Embedder
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.in_process_parser import InProcessParser
from tests.fakes.manual_clock import ManualClock
from tests.small_base import DIMENSIONS, open_records


IndexKey = tuple[str, int, int, int]
"""(chunk, added in, removed in, rule) of an index row."""


@dataclass(frozen=True)
class Place:
    """
    One installation.

    Attributes:
        folder: where its files are; the documents' folder is made in it.
        records: its records.
        parts: what its syncs work with.
        clock: its time.

    """

    folder: Path
    records: SqlRecords
    parts: SyncParts
    clock: ManualClock

    def ledger(self, kb: int) -> set[IndexKey]:
        """Return all index rows of a base that the ledger knows."""
        c = t.chunks.c
        wanted = sa.select(c.chunk_id, c.added_in, c.removed_in, c.rule).where(c.kb == kb)
        with self.records._db.read() as connection:
            return {tuple(row) for row in connection.execute(wanted)}

    def index(self, kb: int) -> set[IndexKey]:
        """Return all index rows of a base."""
        lives = self.parts.index.lives(kb)
        return {(one.chunk_id, one.added_in, one.removed_in, one.rule) for one in lives}

    def plan(self, kb: int) -> int | None:
        """Return the version of the plan in parts that a base has; None if there is none."""
        with self.records._db.read() as connection:
            found = connection.execute(sa.select(t.sync_plans.c.version).where(t.sync_plans.c.kb == kb)).scalar()
        return None if found is None else int(found)


class Places(Protocol):
    """Where installations come from."""

    def __call__(self) -> AbstractContextManager[Place]:
        """Make one, and take it away at the end."""


def in_files(folder: Path) -> Places:
    """Return what makes installations of the embedded engine within a folder."""
    numbers = itertools.count()

    @contextmanager
    def made() -> Iterator[Place]:
        own = folder / f"case{next(numbers)}"
        (own / "documents").mkdir(parents=True)
        clock, embedder = ManualClock(), HashEmbedder(DIMENSIONS)
        with closing(open_records(own, clock)) as records:
            identity = IndexIdentity(records.installation, "1", embedder.name, embedder.dimensions)
            with closing(SqliteIndex(own / "index.db", identity)) as index:
                parts = SyncParts(records, index, embedder, InProcessParser(), FolderBlobs(own / "blobs"), clock)
                yield Place(own, records, parts, clock)
        shutil.rmtree(own)

    return made


def on_servers(folder: Path, database: str, index: ChunkIndex, embedder: Embedder) -> Places:
    """
    Return what makes installations with servers for records and index, one after the other in one database.

    Args:
        folder: for documents and stored files.
        database: address of a PostgreSQL database with the newest schema.
        index: of the installation in that database.
        embedder: the one of the index.

    """
    numbers, clock = itertools.count(), ManualClock()

    @contextmanager
    def made() -> Iterator[Place]:
        own = folder / f"case{next(numbers)}"
        (own / "documents").mkdir(parents=True)
        with closing(SqlRecords(Database(database), clock)) as records:
            parts = SyncParts(records, index, embedder, InProcessParser(), FolderBlobs(own / "blobs"), clock)
            yield Place(own, records, parts, clock)
            for base in records.bases.all():
                records.bases.hide(base.id)
                index.drop(base.id)
                records.bases.erase(base.id)
        # No job of this case is taken for one that somebody works on.
        clock.advance(DAY)
        shutil.rmtree(own)

    return made
