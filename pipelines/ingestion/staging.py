"""Writes what a sync found into a staged version: index first, then the ledger, in batches."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipelines.domain.knowledge import ChunkLife, DocumentVersion, SyncResult
from pipelines.errors import FootnoteError
from pipelines.ingestion.embedding import CachedEmbedding
from pipelines.ingestion.equipment import Twin
from pipelines.ingestion.preparing import PreparedChunk
from pipelines.ports.chunk_index import ChunkIndex, IndexRow
from pipelines.ports.records import StagedDocument
from pipelines.retrieval.analysers import Analyser


_BATCH_CHUNKS = 64
_BATCH_DOCUMENTS = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewLife:
    """
    A document's new life with what the index needs for it.

    Attributes:
        document: id of the document; None for a new one.
        previous: the life that it continues; None if there is none.
        life: the new life.
        chunks: its chunks.
        living: index rows of the document that the newest promoted version shows.

    """

    document: int | None
    previous: DocumentVersion | None
    life: DocumentVersion
    chunks: tuple[PreparedChunk, ...]
    living: tuple[ChunkLife, ...]

    def new_chunks(self) -> tuple[PreparedChunk, ...]:
        """Return the chunks that need a row of their own in the new version."""
        living = {(one.chunk_id, one.rule, one.search_hash) for one in self.living}
        rule = self.life.rule
        return tuple(one for one in self.chunks if (one.passage.chunk_id, rule, one.search_hash) not in living)

    def ended_chunks(self) -> tuple[str, ...]:
        """Return the ids of chunks whose living row ends."""
        kept = {(one.passage.chunk_id, self.life.rule, one.search_hash) for one in self.chunks}
        return tuple(one.chunk_id for one in self.living if (one.chunk_id, one.rule, one.search_hash) not in kept)


class Staging:
    """
    One staged version being written. Nothing of it is visible before its promotion.

    Attributes:
        version: its number.
        chunks_added: index rows written.
        chunks_removed: index rows that end with this version.

    """

    def __init__(
        self,
        index: ChunkIndex,
        embedding: CachedEmbedding | None,
        *,
        analyser: Analyser,
        kb: int,
        version: int,
        write: Callable[[Sequence[StagedDocument]], None],
        renew: Callable[[], None],
        checkpoint: Callable[[str], None],
        twin: Twin | None = None,
    ) -> None:
        """
        Take what is written to.

        Args:
            index: the index.
            embedding: embeds; None for words only.
            analyser: makes the terms of the index.
            kb: the base.
            version: the staged version.
            write: puts a batch into the ledger, once its rows are in the index.
            renew: shows that this worker lives.
            checkpoint: told after each commit and index write, by name.
            twin: the next generation of the index, if one is built.

        """
        self._index = index
        self._twin = twin
        self._embedding = embedding
        self._analyser = analyser
        self._kb = kb
        self.version = version
        self._write = write
        self._renew = renew
        self._checkpoint = checkpoint
        self._waiting: list[NewLife] = []
        self._waiting_chunks = 0
        self.chunks_added = 0
        self.chunks_removed = 0

    def add(self, new: NewLife) -> None:
        """Take a document; it is written with the batch that it fills, or by `flush`."""
        self._waiting.append(new)
        self._waiting_chunks += len(new.new_chunks())
        if self._waiting_chunks >= _BATCH_CHUNKS or len(self._waiting) >= _BATCH_DOCUMENTS:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if not self._waiting:
            return
        batch, self._waiting, self._waiting_chunks = self._waiting, [], 0
        pairs = [(new, chunk) for new in batch for chunk in new.new_chunks()]
        for at in range(0, len(pairs), _BATCH_CHUNKS):
            self._write_rows(pairs[at : at + _BATCH_CHUNKS])
        self.end_rows([name for new in batch for name in new.ended_chunks()])
        self._write([_staged(new, self.version) for new in batch])

    def end_rows(self, chunk_ids: Sequence[str]) -> None:
        """Let the living rows of chunks end with this version."""
        if chunk_ids:
            # As before each write of rows.
            self._renew()
            self._index.retire(self._kb, chunk_ids, self.version)
            self._checkpoint("index.retire")
            self.chunks_removed += len(chunk_ids)
            self._to_twin(lambda twin: twin.index.retire(self._kb, chunk_ids, self.version))

    def _write_rows(self, pairs: Sequence[tuple[NewLife, PreparedChunk]]) -> None:
        rows = index_rows(self._kb, self.version, pairs, self._embedding, self._analyser)
        self._checkpoint("vectors.put")
        # Before the write: a worker that froze and was taken over must not write on.
        self._renew()
        self._index.stage(rows)
        self._checkpoint("index.stage")
        self.chunks_added += len(pairs)
        self._renew()
        self._to_twin(
            lambda twin: twin.index.stage(index_rows(self._kb, self.version, pairs, twin.embedding, twin.analyser))
        )

    def _to_twin(self, write: Callable[[Twin], None]) -> None:
        """Write to the next generation as well; after a fault, no more of this sync."""
        if self._twin is None:
            return
        try:
            write(self._twin)
        except FootnoteError as fault:
            _log.warning("the next generation of the index misses rows of this sync: %s", fault)
            self._twin = None


def index_rows(
    kb: int,
    version: int,
    pairs: Sequence[tuple[NewLife, PreparedChunk]],
    embedding: CachedEmbedding | None,
    analyser: Analyser,
) -> list[IndexRow]:
    """Return the rows of these chunks, with vectors where there is an embedder."""
    terms = analyser.document_terms
    vectors = embedding.vectors([chunk.embedded for _, chunk in pairs]) if embedding else [None] * len(pairs)
    return [
        IndexRow(chunk.passage.chunk_id, kb, new.life.rule, version, terms(chunk.title, chunk.searched), vector)
        for (new, chunk), vector in zip(pairs, vectors, strict=True)
    ]


def with_chunks(found: SyncResult, staging: Staging | None, embedded: int) -> SyncResult:
    """Return a result with the chunks that were embedded, and with those of the version that was staged, if any."""
    result = replace(found, chunks_embedded=embedded)
    if staging is None:
        return result
    added, removed = staging.chunks_added, staging.chunks_removed
    return replace(result, version=staging.version, chunks_added=added, chunks_removed=removed)


def _staged(new: NewLife, version: int) -> StagedDocument:
    rule = new.life.rule
    return StagedDocument(
        document=new.document,
        previous=new.previous.id if new.previous else None,
        life=new.life,
        passages=tuple(chunk.passage for chunk in new.chunks),
        new_chunks=tuple(
            ChunkLife(chunk.passage.chunk_id, version, rule, chunk.search_hash) for chunk in new.new_chunks()
        ),
        ended_chunks=new.ended_chunks(),
    )
