"""Makes the index hold what the ledger says: census, and lost rows written again from the stored files."""

from collections.abc import Callable, Collection
from typing import Protocol

from pipelines.domain.knowledge import DocumentVersion
from pipelines.domain.reading import Rejected
from pipelines.errors import NotFound, PermanentError, StorageDamaged
from pipelines.ingestion.census import Census, Key
from pipelines.ingestion.embedding import CachedEmbedding
from pipelines.ingestion.interruption import TimeIsOver
from pipelines.ingestion.staging import NewLife, index_rows
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.ports.records import LedgerRecords
from pipelines.retrieval.analysers import Analyser


class ReadsAgain(Protocol):
    """Reads a life again from what is stored."""

    def read_again(self, life: DocumentVersion) -> NewLife | Rejected:
        """Return it as it was, with all of its chunks new."""


class Repair:
    """Repairs versions of one base, as far as the stored files reach."""

    def __init__(
        self,
        index: ChunkIndex,
        ledger: LedgerRecords,
        lives: ReadsAgain,
        embedding: CachedEmbedding | None,
        *,
        analyser: Analyser,
        kb: int,
        kept: Collection[int],
        renew: Callable[[], None],
        checkpoint: Callable[[str], None],
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        """
        Take both sides and what the rows are made from.

        Args:
            index: the index.
            ledger: the ledger.
            lives: reads stored files again.
            embedding: embeds; None for words only.
            analyser: makes the terms of the index.
            kb: the base.
            kept: versions that an admin may let readers see.
            renew: shows that this worker lives.
            checkpoint: told after each index write, by name.
            over: says whether time is over; asked after each document that was written again.

        """
        self._index = index
        self._ledger = ledger
        self._lives = lives
        self._embedding = embedding
        self._analyser = analyser
        self._kb = kb
        self._kept = kept
        self._renew = renew
        self._over = over
        self._checkpoint = checkpoint

    def repair(self, version: int) -> None:
        """
        Make the index hold a version.

        Raises:
            StorageDamaged: it still differs afterwards, or a stored file is damaged.
            NotFound: a stored file is missing.
            TimeIsOver: rows that were lost are there again, but not all.

        """
        census = Census(self._index, self._ledger, self._rebuild, renew=self._renew, checkpoint=self._checkpoint)
        census.repair(self._kb, version)
        self._checkpoint("census")

    def attempt(self, versions: Collection[int]) -> PermanentError | None:
        """Repair versions; return the fault of one that could not be, since a new version may still come right."""
        found: PermanentError | None = None
        for version in sorted(versions):
            try:
                self.repair(version)
            except (StorageDamaged, NotFound) as fault:
                found = fault
        return found

    def _rebuild(self, version: int, keys: Collection[Key]) -> None:
        """Write lost rows again, document by document."""
        self._repair_kept(version)
        lost = set(keys)
        for life in self._ledger.documents(self._kb, version):
            self._renew()
            living = self._ledger.living_chunks(life.document, version)
            wanted = {one.chunk_id: one.added_in for one in living if (one.chunk_id, one.added_in) in lost}
            new = self._lives.read_again(life) if wanted else None
            if new is None or isinstance(new, Rejected):
                continue
            for added_in in sorted(set(wanted.values())):
                pairs = [(new, one) for one in new.chunks if wanted.get(one.passage.chunk_id) == added_in]
                self._index.stage(index_rows(self._kb, added_in, pairs, self._embedding, self._analyser))
                self._checkpoint("index.rebuild")
            if self._over():
                raise TimeIsOver

    def _repair_kept(self, version: int) -> None:
        """
        Repair the other kept versions: an index that lost rows lost theirs too.

        Before the rows of `version` come back, so that a sync that is killed here finds
        rows missing again. What cannot be repaired there is shown to nobody now.
        """
        kept, self._kept = self._kept, ()
        self.attempt([one for one in kept if one != version])
