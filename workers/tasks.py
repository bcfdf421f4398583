"""The tasks: look for jobs, and tick. A message says no more than that; jobs stand in the records."""

import logging
from typing import TYPE_CHECKING

from pipelines.adapters.celery_queue import LOOK, LOOK_EXPIRES_S
from pipelines.domain.job_kinds import ANSWER, queue_of
from pipelines.errors import FootnoteError, Unfit
from pipelines.operation.working import Worked
from workers.configuration import LOOK_S
from workers.process import Pool
from workers.schedule import TICK


if TYPE_CHECKING:
    from celery import Celery

NOTHING = Worked()

_log = logging.getLogger(__name__)


def add_tasks(app: "Celery", pool: Pool) -> None:
    """Give the application its tasks."""

    def look(queue: str) -> None:
        """Take jobs of a queue until none is left or the time is over; then somebody is told to go on."""
        try:
            if queue == ANSWER:
                pool.caller().work()
                return
            if pool.worker().work(LOOK_S, queue) == NOTHING:
                # What waits nevertheless cannot be taken now: the next tick tells of it again.
                return
            waiting = pool.footnote.records.jobs.waiting()
            if any(queue_of(kind) == queue for kind in waiting):
                pool.footnote.job_queue.announce(queue)
        except Unfit as fault:
            _log.error("this worker ends: %s", fault)
            pool.end()
        except FootnoteError as fault:
            _log.warning("jobs could not be taken: %s", fault)

    def tick() -> None:
        """Submit what is due, and tell workers of what waits."""
        try:
            pool.footnote.jobs.ticker().tick()
        except FootnoteError as fault:
            _log.warning("what is due could not be looked up: %s", fault)

    app.task(name=LOOK, expires=LOOK_EXPIRES_S)(look)
    app.task(name=TICK, expires=LOOK_EXPIRES_S)(tick)
