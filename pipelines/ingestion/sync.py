"""
A sync: the source against the newest promoted version, staged whole, promoted whole.

Killed anywhere, it leaves a staged version that nobody sees and the next sync sweeps.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.domain.jobs import Lease, SyncProgress
from pipelines.domain.knowledge import ALIVE, KnowledgeBase, SyncResult, Version, VersionState
from pipelines.domain.reading import Rejected
from pipelines.errors import Busy, NotFound, SourceUnreadable, TransientError
from pipelines.ingestion.embedding import CachedEmbedding
from pipelines.ingestion.heartbeat import Heartbeat
from pipelines.ingestion.lives import LifeReader
from pipelines.ingestion.planning import Plan, plan_sync
from pipelines.ingestion.preparing import GENERATION, digest
from pipelines.ingestion.repairing import Repair
from pipelines.ingestion.rules_today import rules_today
from pipelines.ingestion.staging import NewLife, Staging
from pipelines.ingestion.tally import Tally
from pipelines.ports.blobs import Blobs
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.ports.clock import Clock
from pipelines.ports.document_parser import DocumentParser
from pipelines.ports.embedder import Embedder
from pipelines.ports.records import Records
from pipelines.ports.source_reader import SourceReader


_LOST = "lost"
"""Stands for the reading of a life whose stored files are gone, so that its file is read again."""

_LAST = ALIVE - 1
"""Stands for the version at which every row is seen that has not ended."""


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
        Take the parts; nothing is read yet.

        Args:
            parts: what every sync works with.
            base: the base.
            reader: its source.
            progress: told after each file.
            checkpoint: told after each commit and index write, by name.

        """
        self._parts = parts
        self._base = base
        self._reader = reader
        self._progress = progress
        self._checkpoint = checkpoint
        self._ledger = parts.records.ledger
        self._embedding = CachedEmbedding(parts.embedder, parts.records.vectors) if parts.embedder else None
        self._lives = LifeReader(
            parts.records,
            parts.parser,
            parts.blobs,
            reader,
            kb=base.id,
            generation=_generation(parts.embedder),
        )

    def run(self, lease: Lease) -> SyncResult:
        """
        Bring the base up to its source.

        Raises:
            SourceUnreadable: the source or its audience file cannot be read as a whole, or it
                is empty while the base is not; what readers see stays.
            TransientError: the audience file changed meanwhile; what readers see stays.
            Busy: the lease was lost; what readers see stays.
            NotFound: the base was removed, or a stored file that the index needs is missing.
            StorageDamaged: the index lost rows that the stored files do not give back.

        """
        try:
            self._drop_unknown()
            return self._run(lease)
        except (Busy, NotFound):
            self._require_base()
            raise

    def _run(self, lease: Lease) -> SyncResult:
        began = self._parts.clock.monotonic()
        renew = Heartbeat(self._parts.records.jobs, lease, self._parts.clock)
        self._sweep(lease)
        # Read after the sweep: from here on only this sync can promote a version that nobody saw yet.
        self._base = self._current_base()
        versions = self._parts.records.bases.versions(self._base.id)
        repair = self._repair(versions, renew)
        broken = repair.attempt(self._held(versions))
        plan = self._plan(renew)
        tally = Tally(plan)
        staging = self._stage(lease, plan, tally, renew)
        self._set_rules_today(lease, tally)
        result = self._rejections_told(lease, tally, staging)
        if staging is not None:
            repair.repair(staging.version)
        elif broken is not None:
            raise broken
        return self._finish(lease, replace(result, duration_ms=self._since(began)), changed=staging is not None)

    def preview(self) -> SyncResult:
        """Say what `run` would do; reads every file that changed, writes nothing."""
        began = self._parts.clock.monotonic()
        self._base = self._current_base()
        plan = self._plan(_nothing)
        tally = Tally(plan)
        texts: list[str] = []
        added = removed = 0
        for new in self._read_all(plan, tally, _nothing, store=False):
            added += len(new.new_chunks())
            removed += len(new.ended_chunks())
            texts += [chunk.embedded for chunk in new.new_chunks()]
        for life in plan.removed:
            removed += len(self._ledger.living_chunks(life.document, self._base.newest))
        return replace(
            tally.result(self._base.newest),
            chunks_added=added,
            chunks_removed=removed,
            chunks_embedded=self._embedding.unknown(texts) if self._embedding else 0,
            duration_ms=self._since(began),
        )

    def _since(self, began: float) -> int:
        return round((self._parts.clock.monotonic() - began) * 1000)

    def _current_base(self) -> KnowledgeBase:
        found = next((one for one in self._parts.records.bases.all() if one.id == self._base.id), None)
        if found is None:
            raise NotFound(f"{self._base.name} was removed meanwhile")
        return found

    def _require_base(self) -> None:
        """Refuse a base that is gone, and leave no rows of it that were written since."""
        try:
            self._current_base()
        except NotFound:
            self._parts.index.drop(self._base.id)
            raise

    def _drop_unknown(self) -> None:
        """Drop the rows of bases that were removed while a process wrote on."""
        # The index first: a base is in the records before it has a row.
        held = self._parts.index.bases()
        known = {base.id for base in self._parts.records.bases.all()}
        for kb in held:
            if kb not in known:
                self._parts.index.drop(kb)
                self._checkpoint("index.drop")

    def _sweep(self, lease: Lease) -> None:
        """Undo versions that died, or that waited and are overtaken now; the ledger first, so that none is promoted."""
        for version in self._ledger.staged(self._base.id):
            undone = self._ledger.sweep(lease, version)
            self._checkpoint("ledger.sweep")
            if undone:
                self._parts.index.sweep(self._base.id, version)
                self._checkpoint("index.sweep")

    def _held(self, versions: Sequence[Version]) -> set[int]:
        """Return the versions that the index must hold whole before anything is built on them."""
        held = {self._base.active, self._base.newest} - {0}
        died = any(version.number > self._base.newest for version in versions)
        # A sync that was killed while it swept left rows that no version shows yet.
        return held | {_LAST} if died else held

    def _repair(self, versions: Sequence[Version], renew: Callable[[], None]) -> Repair:
        return Repair(
            self._parts.index,
            self._ledger,
            self._lives,
            self._embedding,
            kb=self._base.id,
            kept=[version.number for version in versions if version.state is VersionState.PROMOTED],
            renew=renew,
            checkpoint=self._checkpoint,
        )

    def _plan(self, renew: Callable[[], None]) -> Plan:
        """List the source and compare; a source that cannot be listed changes nothing."""
        listing: dict[str, str | Rejected] = {}
        for file in self._reader.list(renew):
            self._lives.see(file)
            found = file.rejected or file.content_hash or self._reader.fetch(file.path)
            listing[file.path] = hashlib.sha256(found).hexdigest() if isinstance(found, bytes) else found
            renew()
        # After the listing: a rule that was written before a file is known when the file is seen.
        self._lives.read_rules()
        readings = {path: self._lives.reading(path) for path in listing}
        lives = tuple(self._ledger.documents(self._base.id, self._base.newest))
        if lives and not listing:
            raise self._empty(len(lives))
        readings |= {life.path: _LOST for life in lives if not self._lives.stored(life)}
        return plan_sync(listing, lives, readings, self._ledger.gone(self._base.id))

    def _empty(self, documents: int) -> SourceUnreadable:
        """Return the fault of a source without documents: a drive that is not there lists none either."""
        name, location = self._base.name, self._parts.records.bases.source(self._base.id).location
        return SourceUnreadable(
            f"{location!r} holds no document while {name} has {documents}, so nothing is removed:"
            f" look whether it is the right folder, or remove the base (footnote kb remove {name})"
        )

    def _stage(self, lease: Lease, plan: Plan, tally: Tally, renew: Callable[[], None]) -> Staging | None:
        """Write all changes into a new version; None if there are none."""
        staging = self._open(lease, renew) if plan.removed else None
        if staging:
            staging.remove(plan.removed)
        for new in self._read_all(plan, tally, renew, store=True):
            staging = staging or self._open(lease, renew)
            staging.add(new)
        if staging:
            staging.flush()
        return staging

    def _open(self, lease: Lease, renew: Callable[[], None]) -> Staging:
        version = self._ledger.begin(lease)
        self._checkpoint("ledger.begin")
        return Staging(
            self._parts.index,
            self._ledger,
            self._embedding,
            lease=lease,
            version=version,
            renew=renew,
            checkpoint=self._checkpoint,
        )

    def _read_all(self, plan: Plan, tally: Tally, renew: Callable[[], None], *, store: bool) -> Iterator[NewLife]:
        """Yield a new life for each file that could be read; note the others."""
        for done, planned in enumerate(plan.files, start=1):
            found = self._lives.read(planned, self._base, store=store)
            if store:
                self._checkpoint("life.store")
            tally.note(planned, found)
            if not isinstance(found, Rejected):
                yield found
            renew()
            self._progress(SyncProgress(done, len(plan.files), planned.path))

    def _set_rules_today(self, lease: Lease, tally: Tally) -> None:
        """Let today's rules be those that the source says now: what was not staged included."""
        rules = rules_today(tally, self._ledger.ended(self._base.id), self._lives, self._base)
        if rules:
            self._ledger.set_rules_today(lease, rules)
            self._checkpoint("ledger.set_rules_today")

    def _rejections_told(self, lease: Lease, tally: Tally, staging: Staging | None) -> SyncResult:
        """Record what was not taken, and return what was done so far."""
        result = tally.result(staging.version if staging else self._base.newest)
        self._ledger.reject(lease, result.rejected)
        self._checkpoint("ledger.reject")
        return replace(
            result,
            chunks_added=staging.chunks_added if staging else 0,
            chunks_removed=staging.chunks_removed if staging else 0,
            chunks_embedded=self._embedding.embedded if self._embedding else 0,
        )

    def _finish(self, lease: Lease, result: SyncResult, *, changed: bool) -> SyncResult:
        if not self._lives.rules_hold():
            raise TransientError(f"the audience rules of {self._base.name} changed while it was synced: sync again")
        if changed:
            promoted = self._ledger.finish(lease, result.version, result, promote=True)
            self._checkpoint("ledger.finish")
        else:
            promoted = self._ledger.finish_unchanged(lease, result)
            self._checkpoint("ledger.finish_unchanged")
        return replace(result, promoted=promoted)


def _generation(embedder: Embedder | None) -> str:
    """Name how documents are read and searched now; those of another generation are read again."""
    return f"{GENERATION}.{digest(embedder.name)[:8] if embedder else 'words'}"


def _nothing() -> None:
    """Hold no lease: a preview has none."""
