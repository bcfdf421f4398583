"""
A sync: the source against the newest promoted version, staged whole, promoted whole (D2).

Killed anywhere, it leaves a staged version that nobody sees and the next sync sweeps.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from pipelines.domain.jobs import Lease, SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, Rejection, SyncResult
from pipelines.domain.reading import Rejected
from pipelines.ingestion.census import Census, Key
from pipelines.ingestion.embedding import CachedEmbedding
from pipelines.ingestion.lives import LifeReader
from pipelines.ingestion.planning import Change, Plan, PlannedFile, plan_sync
from pipelines.ingestion.preparing import GENERATION, digest
from pipelines.ingestion.staging import LEASE_S, NewLife, Staging, index_rows
from pipelines.ports.blobs import Blobs
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.ports.clock import Clock
from pipelines.ports.document_parser import DocumentParser
from pipelines.ports.embedder import Embedder
from pipelines.ports.records import Records
from pipelines.ports.source_reader import SourceReader


@dataclass(frozen=True, slots=True)
class SyncParts:
    """What every sync works with."""

    records: Records
    index: ChunkIndex
    embedder: Embedder | None
    parser: DocumentParser
    blobs: Blobs
    clock: Clock


class Sync:
    """One sync of one base. `run` does it; `preview` says what it would do."""

    def __init__(
        self,
        parts: SyncParts,
        base: KnowledgeBase,
        reader: SourceReader,
        *,
        progress: Callable[[SyncProgress], None] = lambda _: None,
        checkpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        """
        Take the parts and read the source's audience file.

        Args:
            parts: what every sync works with.
            base: the base as it is now.
            reader: its source.
            progress: told after each file.
            checkpoint: told after each commit and index write, by name.

        Raises:
            SourceUnreadable: the audience file cannot be read, so nobody's rights are known.

        """
        self._parts = parts
        self._base = base
        self._reader = reader
        self._progress = progress
        self._checkpoint = checkpoint
        self._ledger = parts.records.ledger
        self._embedding = CachedEmbedding(parts.embedder, parts.records.vectors) if parts.embedder else None
        self._lives = LifeReader(
            parts.records, parts.parser, parts.blobs, reader, base=base, generation=_generation(parts.embedder)
        )

    def run(self, lease: Lease) -> SyncResult:
        """
        Bring the base up to its source.

        Raises:
            SourceUnreadable: the source cannot be listed as a whole; nothing changed.
            Busy: the lease was lost; nothing that readers see changed.

        """
        began = self._parts.clock.monotonic()
        self._sweep(lease)
        self._repair(lease, {self._base.active, self._base.newest} - {0})
        plan = self._plan()
        result, staging = self._stage(lease, plan)
        self._ledger.reject(lease, result.rejected)
        self._checkpoint("ledger.reject")
        if staging is not None:
            self._repair(lease, {staging.version})
        result = replace(
            result,
            chunks_added=staging.chunks_added if staging else 0,
            chunks_removed=staging.chunks_removed if staging else 0,
            chunks_embedded=self._embedding.embedded if self._embedding else 0,
            duration_ms=self._since(began),
        )
        return self._finish(lease, result, changed=staging is not None)

    def preview(self) -> SyncResult:
        """Say what `run` would do; reads every file that changed, writes nothing."""
        began = self._parts.clock.monotonic()
        plan = self._plan()
        taken = _Taken(plan)
        texts: list[str] = []
        added = removed = 0
        for new in self._read_all(plan, taken, lease=None):
            added += len(new.new_chunks())
            removed += len(new.ended_chunks())
            texts += [chunk.embedded for chunk in new.new_chunks()]
        for life in plan.removed:
            removed += len(self._ledger.living_chunks(life.document, self._base.newest))
        return replace(
            taken.result(self._base.active),
            chunks_added=added,
            chunks_removed=removed,
            chunks_embedded=self._embedding.unknown(texts) if self._embedding else 0,
            duration_ms=self._since(began),
        )

    def _since(self, began: float) -> int:
        return round((self._parts.clock.monotonic() - began) * 1000)

    def _sweep(self, lease: Lease) -> None:
        """Undo versions that died, or that waited and are overtaken now."""
        for version in self._ledger.staged(self._base.id):
            self._parts.index.sweep(self._base.id, version)
            self._checkpoint("index.sweep")
            self._ledger.sweep(lease, version)
            self._checkpoint("ledger.sweep")

    def _repair(self, lease: Lease, versions: Collection[int]) -> None:
        """Make the index hold what the ledger says of these versions."""

        def rebuild(version: int, keys: Collection[Key]) -> None:
            self._rebuild(lease, version, keys)

        for version in sorted(versions):
            Census(self._parts.index, self._ledger, rebuild).repair(self._base.id, version)
            self._checkpoint("census")

    def _plan(self) -> Plan:
        """List the source and compare; a source that cannot be listed changes nothing."""
        listing: dict[str, str | Rejected] = {}
        for file in self._reader.list():
            found = file.rejected or self._reader.fetch(file.path)
            listing[file.path] = found if isinstance(found, Rejected) else hashlib.sha256(found).hexdigest()
        readings = {path: self._lives.reading(path) for path in listing}
        lives = self._ledger.documents(self._base.id, self._base.newest)
        return plan_sync(listing, lives, readings, self._ledger.gone(self._base.id))

    def _stage(self, lease: Lease, plan: Plan) -> tuple[SyncResult, Staging | None]:
        """Write all changes into a new version; no staging if there are none."""
        lifted = {life.document: life.rule for life in plan.unchanged if life.rule != life.rule_today}
        if lifted:
            self._ledger.set_rules_today(lease, lifted)
        taken = _Taken(plan)
        staging = self._open(lease) if plan.removed else None
        if staging:
            staging.remove(plan.removed)
        for new in self._read_all(plan, taken, lease=lease):
            staging = staging or self._open(lease)
            staging.add(new)
        if staging is None:
            return taken.result(self._base.active), None
        staging.flush()
        return taken.result(staging.version), staging

    def _open(self, lease: Lease) -> Staging:
        version = self._ledger.begin(lease)
        self._checkpoint("ledger.begin")
        return Staging(
            self._parts.index,
            self._ledger,
            self._embedding,
            lease=lease,
            version=version,
            renew=lambda: self._parts.records.jobs.renew(lease, LEASE_S),
            checkpoint=self._checkpoint,
        )

    def _read_all(self, plan: Plan, taken: "_Taken", *, lease: Lease | None) -> Iterator[NewLife]:
        """Yield a new life for each file that could be read; note the others. Without a lease nothing is stored."""
        for done, planned in enumerate(plan.files, start=1):
            found = self._lives.read(planned, store=lease is not None)
            taken.note(planned, found)
            if not isinstance(found, Rejected):
                yield found
            if lease is not None:
                self._parts.records.jobs.renew(lease, LEASE_S)
            self._progress(SyncProgress(done, len(plan.files), planned.path))

    def _finish(self, lease: Lease, result: SyncResult, *, changed: bool) -> SyncResult:
        if not changed:
            self._ledger.finish_unchanged(lease, result)
            return result
        promoted = self._ledger.finish(lease, result.version, replace(result, promoted=True), promote=True)
        self._checkpoint("ledger.finish")
        return replace(result, promoted=promoted)

    def _rebuild(self, lease: Lease, version: int, keys: Collection[Key]) -> None:
        """Write lost index rows again from the stored files, document by document."""
        lost = set(keys)
        for life in self._ledger.documents(self._base.id, version):
            living = self._ledger.living_chunks(life.document, version)
            wanted = {one.chunk_id: one.added_in for one in living if (one.chunk_id, one.added_in) in lost}
            new = self._lives.read_again(life) if wanted else None
            if new is None or isinstance(new, Rejected):
                continue
            for added_in in sorted(set(wanted.values())):
                pairs = [(new, one) for one in new.chunks if wanted.get(one.passage.chunk_id) == added_in]
                self._parts.index.stage(index_rows(self._base.id, added_in, pairs, self._embedding))
            self._parts.records.jobs.renew(lease, LEASE_S)


def _generation(embedder: Embedder | None) -> str:
    """Name how documents are read and searched now; those of another generation are read again."""
    return f"{GENERATION}.{digest(embedder.name)[:8] if embedder else 'words'}"


class _Taken:
    """Counts documents by what happened to them, and collects the rejected."""

    def __init__(self, plan: Plan) -> None:
        self._counts = dict.fromkeys(Change, 0)
        self._unchanged = len(plan.unchanged)
        self._removed = len(plan.removed)
        self._rejected = list(plan.rejected)

    def note(self, planned: PlannedFile, found: NewLife | Rejected) -> None:
        """Count a file; the last good life of one that is rejected stays."""
        if isinstance(found, Rejected):
            self._rejected.append(Rejection(planned.path, found.reason))
            self._unchanged += planned.previous is not None
        else:
            self._counts[planned.change] += 1

    def result(self, version: int) -> SyncResult:
        """Return the counts, with the rejected by path."""
        return SyncResult(
            version,
            added=self._counts[Change.ADDED],
            changed=self._counts[Change.CHANGED],
            renamed=self._counts[Change.RENAMED],
            removed=self._removed,
            unchanged=self._unchanged,
            rejected=tuple(sorted(self._rejected, key=lambda one: one.path)),
        )
