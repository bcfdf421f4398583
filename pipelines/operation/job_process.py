"""The job process: the same work without Celery and Redis. It looks into the records by itself."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from pipelines.errors import BadSettings, FootnoteError, Unfit
from pipelines.operation.ticking import Ticker
from pipelines.operation.working import Worked, Worker
from pipelines.ports.clock import Clock


LOOK_S = 200.0
"""How long jobs are taken before it is looked again for what is due."""

_log = logging.getLogger(__name__)


class JobProcess:
    """Ticks and works until it is asked to end. Several of them share the work."""

    def __init__(
        self,
        worker: Worker,
        ticker: Ticker,
        clock: Clock,
        *,
        tick_s: float,
        poll_s: float,
        wait: Callable[[float], None],
        stopping: Callable[[], bool],
        beside: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """
        Take what it works with.

        Args:
            worker: takes jobs and does them.
            ticker: makes jobs of what is due.
            clock: the time.
            tick_s: seconds between two ticks.
            poll_s: seconds between two looks for jobs while there are none.
            wait: waits so many seconds, or until the process is asked to end.
            stopping: says whether it was.
            beside: returns what goes on, on threads of its own, while `run` does.

        """
        self._worker = worker
        self._ticker = ticker
        self._clock = clock
        self._tick_s = tick_s
        self._poll_s = poll_s
        self._wait = wait
        self._stopping = stopping
        self._beside = beside

    def once(self) -> Worked:
        """
        Do what is due and what waits now, and return what that came to.

        Raises:
            FootnoteError: the records do not answer, or the clocks differ.

        """
        self._ticker.tick()
        worked = Worked()
        while not self._stopping():
            found = self._worker.work(LOOK_S)
            worked += found
            if found == Worked():
                break
        return worked

    def run(self) -> Worked:
        """
        Work until asked to end; records that do not answer are tried again.

        Clocks are compared at each tick: until one went well no job is taken.

        Raises:
            Unfit: this machine can do no job as it is set up.

        """
        with self._beside():
            return self._run()

    def _run(self) -> Worked:
        worked, next_tick = Worked(), self._clock.monotonic()
        while not self._stopping():
            pause = self._poll_s
            try:
                if self._clock.monotonic() >= next_tick:
                    self._ticker.tick()
                    next_tick = self._clock.monotonic() + self._tick_s
                worked += self._worker.work(LOOK_S)
            except Unfit:
                raise
            except FootnoteError as fault:
                _log.warning("could not look for jobs: %s", fault)
                # What a person must set right is not told each second.
                pause = self._tick_s if isinstance(fault, BadSettings) else pause
            self._wait(pause)
        return worked
