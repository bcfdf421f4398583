"""Takes jobs and does them, one after the other: the same in a Celery task and in the job process."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pipelines.domain.job_kinds import SYNC, queue_of
from pipelines.domain.job_rules import MOST_STARTS
from pipelines.domain.jobs import Lease
from pipelines.domain.values import Value
from pipelines.errors import Busy, FootnoteError, TransientError, Unfit, reason_of
from pipelines.ingestion.heartbeat import LEASE_S
from pipelines.operation.logs import helping, working_on
from pipelines.ports.clock import Clock
from pipelines.ports.job_records import JobRecords


Perform: TypeAlias = Callable[[Lease, float], bool]
"""
Does a job within some seconds and ends it in the records; False if it was put back unfinished.

Raises Unfit before anything was done: it is put back as if it had not been begun.
"""

_LET_GO_AFTER_S = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Pauses before each attempt to let go of a job: a database that is started again is back within them."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worked(Value):
    """What one look came to: jobs that ended well, that failed, and that were put back for later."""

    done: int = 0
    failed: int = 0
    put_back: int = 0

    def __add__(self, other: "Worked") -> "Worked":
        """Return both together."""
        return Worked(self.done + other.done, self.failed + other.failed, self.put_back + other.put_back)


class Worker:
    """One process that works. A fault of one job ends that job and nothing else."""

    def __init__(
        self,
        jobs: JobRecords,
        performers: Mapping[str, Perform],
        *,
        name: str,
        clock: Clock,
        stopping: Callable[[], bool],
        help_out: Callable[[float], int] = lambda _: 0,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Take what the work is done with.

        Args:
            jobs: where jobs stand.
            performers: kind -> what does a job of it.
            name: under which leases are held.
            clock: bounds a look.
            stopping: says whether this process was asked to end.
            help_out: does parts of other workers' syncs within some seconds, each named by
                `logs.name_part`; returns how many documents.
            wait: lets seconds pass.

        """
        self._jobs = jobs
        self._performers = performers
        self._name = name
        self._clock = clock
        self._stopping = stopping
        self._help_out = help_out
        self._wait = wait

    def work(self, seconds: float, queue: str | None = None) -> Worked:
        """
        Take jobs until none is left, the time is over, or the process is to end.

        Args:
            seconds: after which no further job is taken, and the one at hand is put back at its next step.
            queue: take those of this queue only.

        Raises:
            Unfit: this machine can do none; the one that was taken waits again for another machine.
            FootnoteError: the records do not answer.

        """
        worked, until = Worked(), self._clock.monotonic() + seconds
        known = [kind for kind in self._performers if queue in (None, queue_of(kind))]
        while known and not self._stopping():
            left = until - self._clock.monotonic()
            lease = self._jobs.take(known, self._name, LEASE_S) if left > 0 else None
            if lease is not None:
                worked += self._do(lease, left)
            elif left <= 0 or SYNC not in known or self._helped(left) == 0:
                break
        return worked

    def _do(self, lease: Lease, seconds: float) -> Worked:
        began = self._clock.monotonic()
        with working_on(lease.job):
            _log.info("begins", extra={"attempts": lease.job.attempts})
            try:
                ended = self._performers[lease.job.kind](lease, seconds)
            except Unfit:
                self._let_go(lease, failed=False)
                raise
            except FootnoteError as fault:
                _log.warning("failed: %s", fault, extra=self._since(began))
                if isinstance(fault, TransientError) and lease.job.attempts < MOST_STARTS:
                    self._let_go(lease, failed=True)
                return Worked(failed=1)
            except Exception:  # noqa: BLE001 - the edge around one job: the others do not suffer for it
                _log.exception("failed by an unexpected fault", extra=self._since(began))
                return Worked(failed=1)
            _log.info("done" if ended else "put back: goes on later", extra=self._since(began))
            return Worked(done=1) if ended else Worked(put_back=1)

    def _let_go(self, lease: Lease, *, failed: bool) -> None:
        """
        Queue a job again, so that nobody waits for the lease of an idle worker.

        Args:
            lease: of a job whose end could not be written, or that was not begun. One that was started
                too often is not let go of: it is set aside when its lease runs out.
            failed: whether this start counts.

        """
        for pause in _LET_GO_AFTER_S:
            self._wait(pause)
            try:
                self._jobs.put_back(lease, failed=failed)
            except Busy:
                # Its end was written, or another worker has it.
                return
            except FootnoteError:
                continue
            _log.info("put back: %s", "its end could not be written" if failed else "it was not begun")
            return

    def _helped(self, seconds: float) -> int:
        """Help with parts; a fault is told with the job whose part was at hand, and the part was put back."""
        with helping():
            try:
                return self._help_out(seconds)
            except Unfit:
                raise
            except FootnoteError as fault:
                _log.warning("could not help with a sync: %s", fault)
                return 0

    def _since(self, began: float) -> Mapping[str, object]:
        return {"seconds": round(self._clock.monotonic() - began, 1)}


def end_job(jobs: JobRecords, lease: Lease, do: Callable[[Lease], None]) -> bool:
    """Do a job that is not cut, and write down how it ended; True."""
    try:
        do(lease)
    except Exception as fault:  # the edge around one job: it never stays half-done in the records
        reason = reason_of(fault)
        jobs.finish(lease, reason)
        raise
    jobs.finish(lease)
    return True
