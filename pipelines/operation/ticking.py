"""Every half minute: what is due becomes a job, workers are told again, and whoever must know of a fault is told."""

import logging
from collections import Counter

from pipelines.domain.alerts import alert_of
from pipelines.domain.job_kinds import CHORES, INGEST, TIDY, queue_of
from pipelines.domain.schedules import DAY
from pipelines.ports.clock import Clock
from pipelines.ports.job_queue import JobQueue
from pipelines.ports.records import Records


MOST_WORDS = 16
"""Words to one queue at once: so many workers are woken, and each looks until nothing is left."""

_log = logging.getLogger(__name__)


class Ticker:
    """What happens at each tick. Any number of processes may tick at any time: each thing happens once."""

    def __init__(self, records: Records, queue: JobQueue, clock: Clock) -> None:
        self._records = records
        self._queue = queue
        self._clock = clock

    def tick(self) -> None:
        """
        Submit what is due, tell workers what waits, and give the alerts that are new.

        Raises:
            BadSettings: this machine's clock is not the database's (any more); nothing was done.

        """
        self._records.require_same_time()
        self._records.schedules.add_chores(CHORES, (TIDY,), DAY)
        for job in self._records.schedules.submit_due():
            _log.info("is due", extra={"job": job.id, "kind": job.kind, "kb": job.kb})
        self.tell_workers()
        self._alert()

    def tell_workers(self) -> None:
        """Tell workers of all that nobody works on: whoever was told before died, or the broker lost the word."""
        words: Counter[str] = Counter()
        for kind, count in self._records.jobs.waiting().items():
            words[queue_of(kind)] += count
        words[INGEST] += self._records.parts.waiting()
        for queue, count in words.items():
            for _ in range(min(count, MOST_WORDS)):
                self._queue.announce(queue)

    def _alert(self) -> None:
        now, told = self._clock.now().timestamp(), self._records.schedules.alerts()
        for kb, health in self._records.schedules.healths().items():
            alert = alert_of(health, now)
            if alert != told.get(kb) and self._records.schedules.change_alert(kb, alert):
                _log.warning("the syncs of this base need a person", extra={"kb": kb, "alert": alert})
