"""Chunks as they once were: from the stored text and the recorded passages, whatever reader and chunker are today's."""

from collections.abc import Iterator, Mapping, Sequence

from pipelines.domain.knowledge import Chunk, DocumentVersion, Passage
from pipelines.ingestion.chunking import embedded_text, outer_lead, searched_text, searched_title
from pipelines.ingestion.preparing import PreparedChunk
from pipelines.ingestion.staging import NewLife
from pipelines.ports.blobs import Blobs
from pipelines.ports.records import LedgerRecords


class StoredLives:
    """Reads lives again without their source, a parser or a chunker."""

    def __init__(self, ledger: LedgerRecords, blobs: Blobs) -> None:
        self._ledger = ledger
        self._blobs = blobs

    def read_again(self, life: DocumentVersion) -> NewLife:
        """
        Return a life as it was recorded, with all of its chunks new.

        Raises:
            NotFound: its stored text is gone.
            StorageDamaged: its stored text is not what was stored.

        """
        return next(self.read_all([life]))

    def read_all(self, lives: Sequence[DocumentVersion]) -> Iterator[NewLife]:
        """Yield the same of several lives, their passages read at once."""
        passages: Mapping[int, tuple[Passage, ...]] = self._ledger.passages([life.id for life in lives])
        for life in lives:
            text = self._blobs.get(life.text_hash).decode()
            chunks = tuple(_prepared(one, life.title, text) for one in passages.get(life.id, ()))
            yield NewLife(life.document, None, life, chunks, ())


def _prepared(passage: Passage, title: str, text: str) -> PreparedChunk:
    """Return a chunk with what is searched of it; its hash is not needed where nothing is compared."""
    start, end = passage.start, passage.end
    lead = outer_lead(passage.blocks[0]) if passage.blocks else None
    chunk = Chunk(start, end, text[start:end], passage.heading_path, passage.place, passage.blocks, lead)
    searched, embedded = searched_text(chunk, text), embedded_text(title, chunk, text)
    return PreparedChunk(passage, searched_title(title, chunk), searched, embedded, "")
