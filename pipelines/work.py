"""Job to the function that does it; called by a terminal, by the job process or by a Celery task."""

from collections.abc import Callable
from contextlib import suppress

from pipelines.domain.jobs import Job, SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, SyncResult
from pipelines.errors import FootnoteError, NotFound
from pipelines.ingestion.heartbeat import LEASE_S
from pipelines.ingestion.sync import Sync, SyncParts
from pipelines.ports.source_reader import SourceReader


def run_sync(
    parts: SyncParts,
    job: Job,
    source: Callable[[int], SourceReader],
    *,
    worker: str,
    progress: Callable[[SyncProgress], None] = lambda _: None,
) -> SyncResult:
    """
    Lease a sync job and do it.

    Raises:
        Busy: another process holds a sync of this base.
        NotFound: the base was removed.
        FootnoteError: the sync ended with this fault; the run and the job say so too.

    """
    lease = parts.records.jobs.lease(job.id, worker, LEASE_S)
    try:
        result = Sync(parts, _base(parts, job.kb), source(job.kb), progress=progress).run(lease)
    except Exception as fault:  # the edge around one job: it never stays half-done in the records
        reason = str(fault) if isinstance(fault, FootnoteError) else f"unexpected fault: {fault!r}"
        # Records that cannot be written either must not hide what happened.
        with suppress(FootnoteError):
            parts.records.ledger.fail(lease, reason)
            parts.records.jobs.finish(lease, reason)
        raise
    parts.records.jobs.finish(lease)
    return result


def _base(parts: SyncParts, kb: int) -> KnowledgeBase:
    found = next((one for one in parts.records.bases.all() if one.id == kb), None)
    if found is None:
        raise NotFound("the knowledge base was removed before its sync began")
    return found
