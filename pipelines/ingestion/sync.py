"""
A sync: the source against the newest promoted version, staged whole, promoted whole.

Killed anywhere, it leaves a staged version that nobody sees: the same job goes on with it
where it was cut into parts, and the next sync sweeps it otherwise.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pipelines.domain.job_kinds import ACCEPT_LOSS
from pipelines.domain.jobs import Lease, SyncProgress
from pipelines.domain.knowledge import ALIVE, DocumentVersion, KnowledgeBase, SyncResult, Version, VersionState
from pipelines.domain.reading import Rejected
from pipelines.domain.sync_parts import PartedPlan
from pipelines.errors import Busy, NotFound, TransientError
from pipelines.ingestion.equipment import SyncParts
from pipelines.ingestion.heartbeat import Heartbeat
from pipelines.ingestion.lives import LifeReader
from pipelines.ingestion.looking import SourceLook
from pipelines.ingestion.parted import Kept, PartedSync
from pipelines.ingestion.planning import Plan
from pipelines.ingestion.repairing import Repair
from pipelines.ingestion.rules_today import rules_today
from pipelines.ingestion.staging import NewLife, Staging, with_chunks
from pipelines.ingestion.tally import Tally
from pipelines.ports.records import StagedDocument
from pipelines.ports.source_reader import SourceReader


_LAST = ALIVE - 1
"""Stands for the version at which every row is seen that has not ended."""


class Sync:
    """One sync of one base. `run` does it; `preview` says what it would do."""

    def __init__(
        self,
        parts: SyncParts,
        base: KnowledgeBase,
        reader: SourceReader,
        *,
        worker: str = "",
        progress: Callable[[SyncProgress], None] = lambda _: None,
        checkpoint: Callable[[str], None] = lambda _: None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Take the parts; nothing is read yet.

        Args:
            parts: what every sync works with.
            base: the base.
            reader: its source.
            worker: name of this process; it holds the parts of a large sync under it.
            progress: told after each file, or each commit of a sync in parts.
            checkpoint: told after each commit and index write, by name.
            wait: lets seconds pass.

        """
        self._parts = parts
        self._base = base
        self._reader = reader
        self._worker = worker
        self._progress = progress
        self._checkpoint = checkpoint
        self._wait = wait
        self._ledger = parts.records.ledger
        self._embedding = parts.embedding()
        self._analyser = parts.analysing()
        self._lives = LifeReader(
            parts.records, parts.parser, parts.blobs, reader.fetch, kb=base.id, generation=parts.generation
        )
        self._look = SourceLook(parts.records, reader, self._lives)

    def run(self, lease: Lease) -> SyncResult:
        """
        Bring the base up to its source, however long it takes.

        Raises:
            SourceUnreadable: the source or its audience file cannot be read as a whole, or it
                is empty while the base is not; what readers see stays.
            TransientError: the audience file changed meanwhile; what readers see stays.
            Busy: the lease was lost; what readers see stays.
            NotFound: the base was removed, or a stored file that the index needs is missing.
            StorageDamaged: the index lost rows that the stored files do not give back.

        """
        while True:
            result = self.go_on(lease, math.inf)
            if result is not None:
                return result

    def go_on(self, lease: Lease, until: float) -> SyncResult | None:
        """
        Do as `run` does, or a part of it: what an interrupted sync of the same job left is gone on with.

        Args:
            lease: of the job.
            until: when to stop, on the monotonic clock; a listing of the source is not interrupted.

        Returns:
            None if time is over before the end.

        Raises:
            TimeIsOver: it is, and how much further this got the records do not show.

        """
        try:
            self._drop_unknown()
            return self._go_on(lease, until)
        except (Busy, NotFound):
            self._require_base()
            raise

    def _go_on(self, lease: Lease, until: float) -> SyncResult | None:
        self._base = self._current_base()
        plan = self._resumable(lease)
        if plan is None:
            return self._begin(lease, until)
        before = self._go_on_with(lease, plan, until)
        if before is None or not plan.inherited:
            return before
        # This job was asked for after that plan was made: what changed since is its own work.
        if self._parts.clock.monotonic() >= until:
            return None
        after = self._begin(lease, until)
        return before if after is not None and after.version == before.version else after

    def _resumable(self, lease: Lease) -> PartedPlan | None:
        """Return the plan that this job left; None if there is none, or if it was made under other rules."""
        plan = self._parts.records.parts.plan(lease)
        if plan is None or plan.generation != self._parts.generation:
            return None
        self._lives.rule_by(plan.rules)
        return plan if self._look.rules_hold() else None

    def _begin(self, lease: Lease, until: float) -> SyncResult | None:
        began = self._parts.clock.monotonic()
        renew = Heartbeat(self._parts.records.jobs, lease, self._parts.clock)
        self._sweep(lease)
        # Read after the sweep: from here on only this sync can promote a version that nobody saw yet.
        self._base = self._current_base()
        versions = self._parts.records.bases.versions(self._base.id)
        repair = self._repair(versions, renew, until)
        broken = repair.attempt(self._held(versions))
        plan = self._look.plan(self._base, renew)
        if not lease.job.payload.get(ACCEPT_LOSS):
            self._look.require_consent(self._base, plan)
        if len(plan.files) > self._parts.cut.inline:
            kept = self._parted(lease, renew).keep(plan.files, self._reader, self._look.listed, until)
            return self._go_on_with(lease, self._cut(lease, plan, kept, renew), until)
        tally = Tally(plan)
        staging = self._stage(lease, plan, tally, renew)
        self._set_rules_today(lease, tally)
        counted = with_chunks(tally.result(self._base.newest), staging, self._embedded)
        result = self._rejections_told(lease, counted)
        if staging is not None:
            repair.repair(staging.version)
        elif broken is not None:
            raise broken
        return self._finish(lease, replace(result, duration_ms=self._since(began)), changed=staging is not None)

    def _go_on_with(self, lease: Lease, plan: PartedPlan, until: float) -> SyncResult | None:
        """Work on a plan in parts to its end; None if time is over before."""
        beat = Heartbeat(self._parts.records.jobs, lease, self._parts.clock)
        work = self._parted(lease, beat)
        outcome = work.work(until)
        if outcome is None:
            return None
        tally = work.tally(plan, outcome, self._base.newest)
        changed = bool(plan.removed or len(outcome.files) > len(outcome.rejected))
        version = plan.version if changed else self._base.newest
        self._set_rules_today(lease, tally)
        counted = replace(
            tally.result(version),
            chunks_added=outcome.chunks_added,
            chunks_removed=outcome.chunks_removed + plan.chunks_removed,
            chunks_embedded=outcome.chunks_embedded,
        )
        result = self._rejections_told(lease, counted)
        repair = self._repair(self._parts.records.bases.versions(self._base.id), beat, until)
        if changed:
            repair.repair(version)
        else:
            self._drop_empty(lease, plan.version, repair)
        took = round((self._parts.clock.now().timestamp() - plan.began) * 1000)
        return self._finish(lease, replace(result, duration_ms=max(0, took)), changed=changed)

    def _drop_empty(self, lease: Lease, version: int, repair: Repair) -> None:
        """Take a version away in which every file was rejected, and see that what readers see is whole."""
        self._sweep_one(lease, version)
        broken = repair.attempt(self._held(self._parts.records.bases.versions(self._base.id)))
        if broken is not None:
            raise broken

    def _cut(self, lease: Lease, plan: Plan, kept: Kept, renew: Callable[[], None]) -> PartedPlan:
        """Begin a version and let everybody help with it."""
        began = self._parts.clock.now().timestamp()
        staging = self._open(lease, renew)
        self._remove(lease, staging, plan.removed, renew)
        stored = PartedPlan(
            self._base.id,
            staging.version,
            self._parts.generation,
            began,
            self._lives.rules,
            tuple(one.id for one in plan.removed),
            plan.rejected,
            staging.chunks_removed,
        )
        self._parted(lease, renew).put(stored, kept)
        return stored

    def _parted(self, lease: Lease, beat: Callable[[], None]) -> PartedSync:
        return PartedSync(
            self._parts,
            lease,
            worker=self._worker,
            beat=beat,
            wait=self._wait,
            progress=self._progress,
            checkpoint=self._checkpoint,
        )

    def preview(self) -> SyncResult:
        """Say what `run` would do; reads every file that changed, writes nothing."""
        began = self._parts.clock.monotonic()
        self._base = self._current_base()
        plan = self._look.plan(self._base, _nothing)
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

    @property
    def _embedded(self) -> int:
        return self._embedding.embedded if self._embedding else 0

    def _since(self, began: float) -> int:
        return round((self._parts.clock.monotonic() - began) * 1000)

    def _current_base(self) -> KnowledgeBase:
        found = self._parts.records.bases.find(self._base.id)
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
        """Undo versions that died, or that waited and are overtaken now."""
        for version in self._ledger.staged(self._base.id):
            self._sweep_one(lease, version)

    def _sweep_one(self, lease: Lease, version: int) -> None:
        """Undo a version; the ledger first, so that it is not promoted."""
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

    def _repair(self, versions: Sequence[Version], renew: Callable[[], None], until: float) -> Repair:
        return Repair(
            self._parts.index,
            self._ledger,
            self._lives,
            self._embedding,
            analyser=self._analyser,
            kb=self._base.id,
            kept=[version.number for version in versions if version.state is VersionState.PROMOTED],
            renew=renew,
            over=lambda: self._parts.clock.monotonic() >= until,
            checkpoint=self._checkpoint,
        )

    def _stage(self, lease: Lease, plan: Plan, tally: Tally, renew: Callable[[], None]) -> Staging | None:
        """Write all changes into a new version; None if there are none."""
        staging = self._open(lease, renew) if plan.removed else None
        if staging:
            self._remove(lease, staging, plan.removed, renew)
        for new in self._read_all(plan, tally, renew, store=True):
            staging = staging or self._open(lease, renew)
            staging.add(new)
        if staging:
            staging.flush()
        return staging

    def _open(self, lease: Lease, renew: Callable[[], None]) -> Staging:
        version = self._ledger.begin(lease)
        self._checkpoint("ledger.begin")

        def write(documents: Sequence[StagedDocument]) -> None:
            self._ledger.stage(lease, version, documents)
            self._checkpoint("ledger.stage")

        return Staging(
            self._parts.index,
            self._embedding,
            analyser=self._analyser,
            kb=self._base.id,
            version=version,
            write=write,
            renew=renew,
            checkpoint=self._checkpoint,
            twin=self._parts.twin(),
        )

    def _remove(
        self, lease: Lease, staging: Staging, lives: Sequence[DocumentVersion], renew: Callable[[], None]
    ) -> None:
        """Let documents end with a version."""
        if not lives:
            return
        ended = [one.chunk_id for life in lives for one in self._ledger.living_chunks(life.document, self._base.newest)]
        renew()
        staging.end_rows(ended)
        self._ledger.stage_removal(lease, staging.version, [life.id for life in lives])
        self._checkpoint("ledger.stage_removal")

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

    def _rejections_told(self, lease: Lease, result: SyncResult) -> SyncResult:
        """Record what was not taken; return the result."""
        self._ledger.reject(lease, result.rejected)
        self._checkpoint("ledger.reject")
        return result

    def _finish(self, lease: Lease, result: SyncResult, *, changed: bool) -> SyncResult:
        if not self._look.rules_hold():
            raise TransientError(f"the audience rules of {self._base.name} changed while it was synced: sync again")
        if changed:
            promoted = self._ledger.finish(lease, result.version, result, promote=True)
            self._checkpoint("ledger.finish")
        else:
            promoted = self._ledger.finish_unchanged(lease, result)
            self._checkpoint("ledger.finish_unchanged")
        return replace(result, promoted=promoted)


def _nothing() -> None:
    """Hold no lease: a preview has none."""
