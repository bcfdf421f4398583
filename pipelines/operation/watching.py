"""A sync that somebody waits for: done here when nobody else does it, else watched until it ends."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from pipelines.domain.jobs import Job, JobState, SyncProgress
from pipelines.domain.knowledge import SyncResult
from pipelines.errors import Busy, PermanentError
from pipelines.ports.records import Records


class Watch:
    """One person's wish for a sync, until it is fulfilled."""

    def __init__(
        self,
        records: Records,
        run: Callable[[Job], SyncResult],
        *,
        progress: Callable[[SyncProgress], None],
        pause: Callable[[], None],
    ) -> None:
        """
        Take what it is done with.

        Args:
            records: the memory.
            run: leases a job and does it; raises Busy where another process holds it.
            progress: told how far whoever does it is.
            pause: waits between two looks.

        """
        self._records = records
        self._run = run
        self._progress = progress
        self._pause = pause

    def until_done(self, job: Job) -> SyncResult:
        """
        Return what the sync came to.

        Raises:
            FootnoteError: it failed here.
            PermanentError: it failed elsewhere; the sentence is the other process's own.
            NotFound: the base was removed meanwhile.

        """
        while True:
            state, error = self._records.jobs.state(job.id)
            if state is JobState.DONE:
                return self._result(job, self._records.ledger.run_of(job.id) or {})
            if state is JobState.QUEUED and self._records.jobs.running(job.kb) is None:
                try:
                    return self._run(job)
                except Busy:
                    # Another process took it first, or took it over.
                    self._pause()
                    continue
            if state in (JobState.FAILED, JobState.QUARANTINED):
                if self._records.ledger.run_of(job.id) is not None or state is JobState.QUARANTINED:
                    raise PermanentError(error or "the sync failed")
                # Its worker ended, and left the work to the wish that came after it.
                job = self._records.jobs.submit(job.kind, job.kb, job.payload)
            self._tell(job.kb)
            self._pause()

    def _tell(self, kb: int) -> None:
        progress = self._records.parts.progress(kb)
        if progress is not None:
            self._progress(progress)

    def _result(self, job: Job, run: Mapping[str, Any]) -> SyncResult:
        """Return a run of another process as a result; the documents by name are told where they were synced."""
        told = {one.name: run[one.name] for one in fields(SyncResult) if one.name in run and one.name != "rejected"}
        return SyncResult(**{"version": 0, **told}, rejected=self._records.ledger.rejections(job.kb))
