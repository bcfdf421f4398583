"""Job to the function that does it; called by a terminal, by the job process or by a Celery task."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from pipelines.domain.job_kinds import CENSUS
from pipelines.domain.job_rules import MOST_STARTS
from pipelines.domain.jobs import Job, Lease, SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, SyncResult
from pipelines.domain.sync_parts import PartLease
from pipelines.errors import Busy, FootnoteError, NotFound, TransientError, reason_of
from pipelines.ingestion.equipment import SyncParts
from pipelines.ingestion.heartbeat import LEASE_S
from pipelines.ingestion.interruption import TimeIsOver
from pipelines.ingestion.part_work import help_with
from pipelines.ingestion.sync import Sync
from pipelines.ports.records import Records
from pipelines.ports.source_reader import SourceReader


Result = TypeVar("Result")

BUDGET_S = 200.0
"""
Of one task, seconds: with what is at hand it ends within 240 s, unless a step takes longer that is not cut.

Those are listing a source, ending the rows of removed documents, and comparing the index with the records.
"""


def run_sync(
    parts: SyncParts,
    job: Job,
    source: Callable[[int], SourceReader],
    *,
    worker: str,
    progress: Callable[[SyncProgress], None] = lambda _: None,
) -> SyncResult:
    """
    Lease a sync job and do it, however long it takes.

    Raises:
        Busy: another process holds a sync of this base.
        NotFound: the base was removed.
        FootnoteError: the sync ended with this fault; the run and the job say so too.

    """
    lease = parts.records.jobs.lease(job.id, worker, LEASE_S)

    def work() -> SyncResult:
        base = _base(parts, job.kb)
        return Sync(parts, base, source(job.kb), worker=worker, progress=progress).run(lease)

    result = _at_the_edge(parts.records, lease, work)
    parts.records.jobs.finish(lease)
    return result


def work_on_sync(
    parts: SyncParts,
    lease: Lease,
    source: Callable[[int], SourceReader],
    *,
    worker: str,
    progress: Callable[[SyncProgress], None] = lambda _: None,
    checkpoint: Callable[[str], None] = lambda _: None,
    budget_s: float = BUDGET_S,
) -> SyncResult | None:
    """
    Do a sync whose lease the caller took, or as much of it as time allows.

    Args:
        parts: what every sync works with.
        lease: of the job.
        source: base id -> its source.
        worker: name of this process.
        progress: told after each file, or each commit of a sync in parts.
        checkpoint: told after each commit and index write, by name.
        budget_s: seconds, after which the rest is left to whoever takes the job next. A
            listing of the source is not interrupted, and some of its files are kept after it.

    Returns:
        None if time was over: the job waits again, or the one that was asked for meanwhile
        goes on with its work.

    Raises:
        NotFound: the base was removed.
        FootnoteError: the sync ended with this fault; the run says so too. After a
            TransientError a sync in parts waits again, unless it got no further three times.

    """
    until, further = parts.clock.monotonic() + budget_s, False

    def work() -> SyncResult | None:
        nonlocal further
        base, reader = _base(parts, lease.job.kb), source(lease.job.kb)
        sync = Sync(parts, base, reader, worker=worker, progress=progress, checkpoint=checkpoint)
        try:
            return sync.go_on(lease, until)
        except TimeIsOver:
            further = True
            return None

    result = _at_the_edge(parts.records, lease, work)
    if result is None:
        parts.records.jobs.put_back(lease, further=further)
        checkpoint("jobs.put_back")
    else:
        parts.records.jobs.finish(lease)
        checkpoint("jobs.finish")
    return result


def help_with_syncs(
    parts: SyncParts,
    *,
    worker: str,
    budget_s: float = BUDGET_S,
    checkpoint: Callable[[str], None] = lambda _: None,
    at_hand: Callable[[PartLease | None], None] = lambda _: None,
) -> int:
    """
    Work on free parts of any base's sync until none is left or time is over; needs no source.

    Args:
        parts: what every sync works with.
        worker: name of this process.
        budget_s: seconds, after which what is at hand is staged and the rest put back.
        checkpoint: told after each commit and index write, by name.
        at_hand: told each part before the work on it, and None after it unless a fault ended it.

    Returns:
        how many documents were done.

    Raises:
        FootnoteError: index, records or stored files do not do what they must; what was at hand was put back.

    """
    until = parts.clock.monotonic() + budget_s
    return help_with(parts, worker=worker, until=until, checkpoint=checkpoint, at_hand=at_hand)


def prepared(records: Records, lease: Lease, make: Callable[[], SyncParts]) -> SyncParts:
    """
    Return what a sync works with; a job for which it cannot be made ends with that fault.

    Args:
        records: where the job stands.
        lease: of the job.
        make: makes the parts.

    Raises:
        FootnoteError: a part cannot be made; the run says so too.

    """
    return _at_the_edge(records, lease, make)


def _at_the_edge(records: Records, lease: Lease, work: Callable[[], Result]) -> Result:
    """Return what the work returns; a job whose work fails is never left half-done in the records."""
    try:
        return work()
    except Exception as fault:
        # Records that cannot be written either must not hide what happened.
        with suppress(FootnoteError):
            try:
                _end_badly(records, lease, fault)
            except Busy:
                # It was taken over: what it wrote since nobody may have seen.
                records.schedules.postpone(CENSUS, lease.job.kb, 0)
        raise


def _end_badly(records: Records, lease: Lease, fault: Exception) -> None:
    reason = reason_of(fault)
    jobs = records.jobs
    passing = isinstance(fault, TransientError) and not isinstance(fault, Busy)
    if passing and lease.job.attempts < MOST_STARTS and records.parts.plan(lease) is not None:
        jobs.put_back(lease, failed=True)
    else:
        records.ledger.fail(lease, reason)
        jobs.finish(lease, reason)


def _base(parts: SyncParts, kb: int) -> KnowledgeBase:
    found = parts.records.bases.find(kb)
    if found is None:
        raise NotFound("the knowledge base was removed before its sync began")
    return found
