"""Job to the function that does it; called by a terminal, by the job process or by a Celery task."""

from collections.abc import Callable

from pipelines.domain.jobs import Job, SyncProgress
from pipelines.domain.knowledge import SyncResult
from pipelines.errors import FootnoteError
from pipelines.ingestion.staging import LEASE_S
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
        FootnoteError: the sync ended with this fault; the run and the job say so too.

    """
    lease = parts.records.jobs.lease(job.id, worker, LEASE_S)
    try:
        base = next(one for one in parts.records.bases.all() if one.id == job.kb)
        result = Sync(parts, base, source(job.kb), progress=progress).run(lease)
    except Exception as fault:  # the edge around one job: it never stays half-done in the records
        reason = str(fault) if isinstance(fault, FootnoteError) else f"unexpected fault: {fault!r}"
        parts.records.ledger.fail(lease, reason)
        parts.records.jobs.finish(lease, reason)
        raise
    parts.records.jobs.finish(lease)
    return result
