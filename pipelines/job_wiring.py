"""
An installation's jobs: asked for, done, watched. The part of the wiring that knows them.

What works on a job is loaded when one is worked on.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.domain.alerts import Alert, alert_of
from pipelines.domain.job_kinds import ACCEPT_LOSS, CENSUS, INGEST, SYNC, TIDY, VACUUM
from pipelines.domain.jobs import Job, Lease, SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, SyncResult
from pipelines.domain.retention import Retention
from pipelines.fitness import require_fit
from pipelines.ports.clock import Clock


if TYPE_CHECKING:
    from pipelines.ingestion.equipment import SyncParts
    from pipelines.operation.calling import ModelCaller
    from pipelines.operation.job_process import JobProcess
    from pipelines.operation.ticking import Ticker
    from pipelines.operation.working import Perform, Worker
    from pipelines.ports.job_queue import JobQueue
    from pipelines.settings import Settings
    from pipelines.wiring import Footnote

_HELPERS = 8
"""Other workers that are told of a sync in parts when it begins; later ticks tell more."""

_PAUSE_S = 0.3
"""Between two looks at a sync that another process does."""

_NO_KINDS: "Mapping[str, Perform]" = {}

_log = logging.getLogger(__name__)


class Jobs:
    """The jobs of an installation."""

    def __init__(self, footnote: "Footnote", clock: Clock) -> None:
        self._footnote = footnote
        self._clock = clock

    def submit_sync(self, name: str, *, accept_loss: bool = False) -> Job:
        """
        Leave a sync to the workers, or to the job process.

        Raises:
            NotFound: there is no such base.

        """
        job = self._submitted(self._footnote.records.bases.get(name), accept_loss=accept_loss)
        self._footnote.job_queue.announce(INGEST)
        return job

    def sync(self, base: KnowledgeBase, progress: Callable[[SyncProgress], None], *, accept_loss: bool) -> SyncResult:
        """Sync a base here, unless another process does; then tell of its progress until it ends."""
        from pipelines.operation.announcing import Listening
        from pipelines.operation.watching import Watch
        from pipelines.work import run_sync

        footnote = self._footnote
        footnote.records.require_same_time()

        def run(job: Job) -> SyncResult:
            told = self._told(job, progress)
            return run_sync(footnote.sync_parts, job, footnote.source_reader, worker=footnote.worker, progress=told)

        job = self._submitted(base, accept_loss=accept_loss)
        with closing(Listening(footnote.comforts.announcements, base.id, self._clock, progress)) as listening:
            watch = Watch(footnote.records, run, progress=progress, pause=lambda: listening.pause(_PAUSE_S))
            return watch.until_done(job)

    def preview(self, base: KnowledgeBase, progress: Callable[[SyncProgress], None]) -> SyncResult:
        """Say what a sync would do."""
        from pipelines.ingestion.sync import Sync

        footnote = self._footnote
        return Sync(footnote.sync_parts, base, footnote.source_reader(base.id), progress=progress).preview()

    def alert(self, kb: int) -> Alert | None:
        """Return why the syncs of a base need a person; None if they do not."""
        health = self._footnote.records.schedules.healths(kb).get(kb)
        return alert_of(health, self._clock.now().timestamp()) if health else None

    def worker(self, stopping: Callable[[], bool], more: "Mapping[str, Perform]" = _NO_KINDS) -> "Worker":
        """
        Return what takes jobs and does them.

        Args:
            stopping: says whether this process was asked to end.
            more: further kinds of jobs, and what does them.

        Raises:
            BadSettings: this machine's clock is not the database's.

        """
        from pipelines.operation.logs import name_part
        from pipelines.operation.working import Worker
        from pipelines.work import help_with_syncs, prepared, work_on_sync

        footnote, name = self._footnote, self._footnote.worker
        footnote.records.require_same_time()

        def sync(lease: Lease, seconds: float) -> bool:
            require_fit(footnote, SYNC)
            parts = prepared(footnote.records, lease, lambda: self._parts(stopping))
            reader, told = footnote.source_reader, self._told(lease.job)
            done = work_on_sync(parts, lease, reader, worker=name, progress=told, budget_s=seconds)
            return done is not None

        def help_out(seconds: float) -> int:
            # Opening an index and its model costs a second: only where there is something to do.
            if not footnote.records.parts.waiting():
                return 0
            require_fit(footnote, SYNC)
            return help_with_syncs(self._parts(stopping), worker=name, budget_s=seconds, at_hand=name_part)

        performers = {SYNC: sync, **self._chores(), **more}
        jobs = footnote.records.jobs
        return Worker(jobs, performers, name=name, clock=self._clock, stopping=stopping, help_out=help_out)

    def caller(self, stopping: Callable[[], bool]) -> "ModelCaller":
        """Return what makes calls of models for other processes; `stopping` says whether this one was asked to end."""
        from pipelines.adapters.call_news import tell_of
        from pipelines.operation.calling import ModelCaller

        footnote = self._footnote

        def told(number: int) -> None:
            tell_of(footnote.comforts.announcements, number)

        calls, models = footnote.records.model_calls, footnote.called_models
        return ModelCaller(calls, models, worker=footnote.worker, stopping=stopping, told=told)

    def ticker(self) -> "Ticker":
        """Return what submits what is due and tells workers what waits."""
        from pipelines.operation.ticking import Ticker

        return Ticker(self._footnote.records, self._footnote.job_queue, self._clock)

    def process(self, wait: Callable[[float], None], stopping: Callable[[], bool]) -> "JobProcess":
        """
        Return the work of the job process.

        Raises:
            BadSettings: this machine can do no job as it is set up.
            StorageDamaged: the index is another program's, release's or installation's.

        """
        from pipelines.operation.job_process import JobProcess

        for warning in self._footnote.check_before_work():
            _log.warning(warning)
        chosen = self._footnote.settings.work
        return JobProcess(
            self.worker(stopping),
            self.ticker(),
            self._clock,
            tick_s=chosen.tick_seconds,
            poll_s=chosen.poll_seconds,
            wait=wait,
            stopping=stopping,
            beside=lambda: self._calling(stopping),
        )

    def _calling(self, stopping: Callable[[], bool]) -> AbstractContextManager[object]:
        """Return what makes calls of models while the job process runs; nothing where no model writes answers."""
        if self._footnote.settings.model is None:
            return nullcontext()
        from pipelines.operation.calling import CallingThreads

        return CallingThreads(self.caller(stopping))

    def _submitted(self, base: KnowledgeBase, *, accept_loss: bool) -> Job:
        return self._footnote.records.jobs.submit(SYNC, base.id, {ACCEPT_LOSS: True} if accept_loss else {})

    def _parts(self, stopping: Callable[[], bool]) -> "SyncParts":
        """Return what syncs work with, by a clock on which their time is over once the process is to end."""
        from pipelines.operation.stopping import EndingClock

        return replace(self._footnote.sync_parts, clock=EndingClock(self._clock, stopping))

    def _told(
        self, job: Job, progress: Callable[[SyncProgress], None] = lambda _: None
    ) -> Callable[[SyncProgress], None]:
        """Return what hears of a sync done here: whoever waits for it, and other workers when it was cut into parts."""
        from pipelines.operation.announcing import telling

        footnote, woken = self._footnote, False
        tell = telling(footnote.comforts.announcements, job, self._clock)

        def told(at: SyncProgress) -> None:
            nonlocal woken
            if not woken and at.total > footnote.sync_parts.cut.inline:
                woken = True
                for _ in range(min(footnote.records.parts.waiting(), _HELPERS)):
                    footnote.job_queue.announce(INGEST)
            tell(at)
            progress(at)

        return told

    def _chores(self) -> "Mapping[str, Perform]":
        from pipelines.operation.chores import Chores
        from pipelines.operation.working import end_job

        footnote, chosen = self._footnote, self._footnote.settings.retention
        chores = Chores(
            footnote.records,
            lambda: footnote.index,
            lambda: footnote.blobs,
            clock=self._clock,
            retention=Retention(chosen.days, chosen.versions, chosen.delivery_days),
            erase_removed=footnote.erase_removed,
        )

        def whole(do: Callable[[Lease], None]) -> "Perform":
            def perform(lease: Lease, _seconds: float) -> bool:
                require_fit(footnote, lease.job.kind)
                return end_job(footnote.records.jobs, lease, do)

            return perform

        return {CENSUS: whole(chores.census), VACUUM: whole(chores.vacuum), TIDY: whole(chores.tidy)}


def open_queue(settings: "Settings", clock: Clock, *, send_s: float | None = None) -> "JobQueue":
    """Return how workers are told to look: by Celery where a broker is set, waiting so long for one that is silent."""
    if settings.broker_url is None:
        from pipelines.adapters.process_queue import ProcessQueue

        return ProcessQueue()
    from pipelines.adapters.celery_queue import SEND_S, CeleryQueue

    return CeleryQueue(settings.broker_url, clock, send_s=send_s or SEND_S)
