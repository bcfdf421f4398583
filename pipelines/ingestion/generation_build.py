"""
The rows of a generation of the index made for all kept versions, from stored texts, while others sync.

It may be killed anywhere: what is there is not made again, and what was embedded is not embedded again.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from pipelines.domain.index_places import MoveProgress
from pipelines.domain.knowledge import DocumentVersion, KnowledgeBase
from pipelines.ingestion.embedding import CachedEmbedding
from pipelines.ingestion.preparing import PreparedChunk
from pipelines.ingestion.stored_lives import StoredLives
from pipelines.ports.chunk_index import ChunkIndex, IndexRow
from pipelines.ports.records import LedgerRecords
from pipelines.retrieval.analysers import Analyser


_DOCUMENTS = 32
ROWS = 128
"""Embedded and written at once: a few requests of an embedder side by side."""

Key = tuple[str, int]
_Item = TypeVar("_Item")


class GenerationBuild:
    """Makes the rows that a generation lacks. Which row ends when, and under which rule, a census says afterwards."""

    def __init__(
        self,
        ledger: LedgerRecords,
        lives: StoredLives,
        embedding: CachedEmbedding | None,
        *,
        analyser: Analyser,
        progress: Callable[[MoveProgress], None] = lambda _: None,
        checkpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        """
        Take the parts.

        Args:
            ledger: says which rows there are.
            lives: reads stored texts again.
            embedding: of the generation; None for words only.
            analyser: of the generation.
            progress: told how many rows of a base are there.
            checkpoint: told after each write, by name.

        """
        self._ledger = ledger
        self._lives = lives
        self._embedding = embedding
        self._analyser = analyser
        self._progress = progress
        self._checkpoint = checkpoint

    def build(self, base: KnowledgeBase, versions: Sequence[int], target: ChunkIndex, beat: Callable[[], None]) -> int:
        """
        Write the rows of these versions that the target lacks; return how many.

        Raises:
            NotFound: a stored text is gone.
            StorageDamaged: a stored text is not what was stored.
            FootnoteError: the embedder, the records or the target fail.

        """
        shown = {number: self._rows(base.id, number) for number in versions}
        wanted = {key for rows in shown.values() for key in rows.items()}
        lacking = wanted - {(one.chunk_id, one.added_in) for one in target.lives(base.id)}
        written, total = 0, len(wanted)
        for number in sorted(versions, reverse=True):
            for made in _batches(self._made(base.id, number, shown[number], lacking, beat), ROWS):
                beat()
                target.stage(self._index_rows(base.id, made))
                self._checkpoint("target.stage")
                written += len(made)
                self._progress(MoveProgress(total - len(lacking), total, base.name))
        return written

    def _rows(self, kb: int, version: int) -> dict[str, int]:
        """Return chunk -> the version in which its row begins, of the rows that a version shows."""
        return {one.chunk_id: one.added_in for one in self._ledger.chunks(kb, version)}

    def _made(
        self, kb: int, version: int, shown: dict[str, int], lacking: set[Key], beat: Callable[[], None]
    ) -> "Iterator[tuple[DocumentVersion, int, PreparedChunk]]":
        """Yield what lacks of a version, and count it as there."""
        if not any(key in lacking for key in shown.items()):
            return
        for lives in _batches(self._ledger.documents(kb, version), _DOCUMENTS):
            beat()
            for new in self._lives.read_all(lives):
                for chunk in new.chunks:
                    name = chunk.passage.chunk_id
                    key = (name, shown.get(name, 0))
                    if key in lacking:
                        lacking.discard(key)
                        yield new.life, key[1], chunk

    def _index_rows(self, kb: int, made: Sequence[tuple[DocumentVersion, int, PreparedChunk]]) -> list[IndexRow]:
        texts = [chunk.embedded for _, _, chunk in made]
        vectors = self._embedding.vectors(texts) if self._embedding else [None] * len(made)
        terms = self._analyser.document_terms
        return [
            IndexRow(chunk.passage.chunk_id, kb, life.rule, added_in, terms(chunk.title, chunk.searched), vector)
            for (life, added_in, chunk), vector in zip(made, vectors, strict=True)
        ]


def _batches(items: Iterator[_Item], size: int) -> Iterator[list[_Item]]:
    while batch := list(islice(items, size)):
        yield batch
