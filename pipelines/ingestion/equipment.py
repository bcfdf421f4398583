"""What every sync works with, and how large ones are cut. Does nothing itself."""

from dataclasses import dataclass

from pipelines.ingestion.embedding import CachedEmbedding
from pipelines.ingestion.preparing import GENERATION, digest
from pipelines.ports.blobs import Blobs
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.ports.clock import Clock
from pipelines.ports.document_parser import DocumentParser
from pipelines.ports.embedder import Embedder
from pipelines.ports.records import Records


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
class SyncParts:
    """What every sync works with."""

    records: Records
    index: ChunkIndex
    embedder: Embedder | None
    parser: DocumentParser
    blobs: Blobs
    clock: Clock
    cut: Cut = Cut()

    @property
    def generation(self) -> str:
        """How documents are read and searched now; those of another generation are read again."""
        return f"{GENERATION}.{digest(self.embedder.name)[:8] if self.embedder else 'words'}"

    def embedding(self) -> CachedEmbedding | None:
        """Return vectors through the cache, with a count of its own; None for words only."""
        return CachedEmbedding(self.embedder, self.records.vectors) if self.embedder else None
