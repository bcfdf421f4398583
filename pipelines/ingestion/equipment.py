"""What every sync works with, and how large ones are cut. Does nothing itself."""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.ingestion.embedding import CachedEmbedding
from pipelines.ingestion.preparing import GENERATION, digest
from pipelines.ports.blobs import Blobs
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.ports.clock import Clock
from pipelines.ports.document_parser import DocumentParser
from pipelines.ports.records import Records
from pipelines.retrieval.analysers import TODAY, Analyser, AnalyserNow, analyser_now
from pipelines.retrieval.embedding import EmbedderNow, now


@dataclass(frozen=True, slots=True)
class Cut:
    """
    How large a part of a sync may be.

    Attributes:
        inline: a sync of so many files, or fewer, is not cut.
        files: files of a part, at most.
        size: bytes of a part's files together, at most; one larger file is a part of its own.
        seconds: time after which a worker hands the rest of its part back, once the file at hand is read.

    """

    inline: int = 32
    files: int = 32
    size: int = 16 * 2**20
    seconds: float = 100


@dataclass(frozen=True, slots=True)
class Twin:
    """
    The next generation of the index while it is built: what a sync writes is written there too.

    A comfort: what it misses is made before it becomes the index, so its faults fail no sync.
    """

    index: ChunkIndex
    embedding: CachedEmbedding | None
    analyser: Analyser


def _no_twin() -> Twin | None:
    """Say that no generation is built."""
    return None


@dataclass(frozen=True, slots=True)
class SyncParts:
    """
    What every sync works with.

    Where embedder and analyser are functions, they are those of the index: asked under each lease, and
    changed by a rebuilding alone, so that documents need not be read again for it.
    """

    records: Records
    index: ChunkIndex
    embedder: EmbedderNow
    parser: DocumentParser
    blobs: Blobs
    clock: Clock
    cut: Cut = Cut()
    twin: Callable[[], Twin | None] = _no_twin
    analyser: AnalyserNow = TODAY

    @property
    def generation(self) -> str:
        """How documents are read and searched now; those of another generation are read again."""
        if callable(self.embedder):
            return GENERATION
        return f"{GENERATION}.{digest(self.embedder.name)[:8] if self.embedder else 'words'}"

    def embedding(self) -> CachedEmbedding | None:
        """Return vectors through the cache, with a count of its own; None for words only."""
        embedder = now(self.embedder)
        return CachedEmbedding(embedder, self.records.vectors) if embedder else None

    def analysing(self) -> Analyser:
        """
        Return what makes the terms of the index.

        Raises:
            BadSettings: this release does not have it any more.

        """
        return analyser_now(self.analyser)
