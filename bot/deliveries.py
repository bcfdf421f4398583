"""
Deliveries of chat platforms: accepted durably, worked on one after another in each lane, taken over from the dead.

Platforms hand what they verified to an `Inbox`, and a `Consumer` hands it to the
platform's handler. Both live in the bot's event loop; the database is asked in threads.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from pipelines.domain.deliveries import MOST_STARTS, Delivery, Halt, LeasedDelivery
from pipelines.errors import Busy, FootnoteError, TransientError
from pipelines.ports.deliveries import DeliveryRecords


_T = TypeVar("_T")
_LONGEST_PAUSE_S = 15.0
"""Before a delivery is tried again, whatever later time is told: who asked waits for an outcome."""

_log = logging.getLogger(__name__)


@dataclass
class _Batch:
    """What one transaction keeps, and what it said of each."""

    result: asyncio.Future[Sequence[bool]]
    deliveries: list[Delivery] = field(default_factory=list)


class Inbox:
    """
    Keeps deliveries before they are acknowledged.

    What comes while one transaction is under way is kept by the next one, all together,
    so that a hundred a second cost a few commits.
    """

    def __init__(self, records: DeliveryRecords, threads: Executor, news: Callable[[], None]) -> None:
        """
        Begin with nothing.

        Args:
            records: where deliveries are kept.
            threads: for the database.
            news: told after each transaction that kept a new delivery.

        """
        self._records = records
        self._threads = threads
        self._news = news
        self._next: _Batch | None = None
        self._writer: asyncio.Task[None] | None = None

    async def accept(self, delivery: Delivery) -> bool:
        """
        Keep a delivery; return when it is durable, and whether it is new.

        Raises:
            FootnoteError: it could not be kept; the platform is to deliver it again.

        """
        if self._next is None:
            self._next = _Batch(asyncio.get_running_loop().create_future())
        batch = self._next
        place = len(batch.deliveries)
        batch.deliveries.append(delivery)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return (await asyncio.shield(batch.result))[place]

    async def _write(self) -> None:
        while self._next is not None:
            batch, self._next = self._next, None
            asked = asyncio.get_running_loop().run_in_executor(self._threads, self._records.accept, batch.deliveries)
            await asyncio.wait([asked])
            fault = asked.exception()
            if fault is not None:
                batch.result.set_exception(fault)
                continue
            batch.result.set_result(asked.result())
            if any(asked.result()):
                self._news()
        self._writer = None


class Work:
    """
    One delivery under work, as its handler sees it.

    Attributes:
        lease: the delivery and what is known of it.
        halted: set once it is not to be answered any more; `halt` says why.

    """

    def __init__(self, lease: LeasedDelivery, records: DeliveryRecords, threads: Executor) -> None:
        self.lease = lease
        self.halted = asyncio.Event()
        self.halt: Halt | None = None
        self._records = records
        self._threads = threads
        if lease.halt is not None:
            self.stop(lease.halt)

    @property
    def is_hopeless(self) -> bool:
        """Whether it was begun so often without an end that it is not to be tried again."""
        return self.lease.attempts > MOST_STARTS

    async def show(self, shown: Mapping[str, Any]) -> None:
        """
        Note which messages were posted, before anything else is posted.

        Raises:
            Busy: another process took the delivery over: post nothing more.

        """
        await asked_in(self._threads, partial(self._records.show, self.lease, shown))

    def stop(self, why: Halt) -> None:
        """Let the handler know that the delivery is not to be answered any more."""
        self.halt = self.halt or why
        self.halted.set()


Handler = Callable[[Work], Awaitable[int | None]]
"""
Works on a delivery until something visible became of it; returns the number of the recorded answer, or None.

Raises:
    FootnoteError: it is to be tried again, after a while.
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """
    How a consumer goes about its work; all times in seconds.

    Attributes:
        most: deliveries at once.
        most_of_one: of those, questions of one person, however many threads they are in.
        look_s: between two looks for what other processes accepted or left.
        halt_s: between two looks whether something was halted.
        lease_s: after which a silent process loses its deliveries; they are renewed three times in it.
        pause_s: before a delivery that failed is tried again, unless a later time is told.

    """

    most: int = 8
    most_of_one: int = 4
    look_s: float = 0.5
    halt_s: float = 0.4
    lease_s: float = 15.0
    pause_s: float = 2.0


UNHURRIED = Pace()


class Consumer:
    """Takes the deliveries of one platform and lets its handler work on them, several at once."""

    def __init__(
        self,
        platform: str,
        worker: str,
        records: DeliveryRecords,
        threads: Executor,
        handler: Handler,
        *,
        pace: Pace = UNHURRIED,
    ) -> None:
        self._platform = platform
        self._worker = worker
        self._records = records
        self._threads = threads
        self._handler = handler
        self._pace = pace
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self._working: dict[asyncio.Task[None], Work] = {}

    def wake(self) -> None:
        """Look for work at once."""
        self._news.set()

    def stop(self) -> None:
        """Begin nothing more; `run` returns once what was begun has ended."""
        self._stopping.set()
        self.wake()

    async def run(self, drain_s: float = 20.0) -> None:
        """
        Work until `stop`.

        Args:
            drain_s: what was begun may take so many seconds more; then it is left to another process.

        """
        watches = [asyncio.create_task(self._watch_leases()), asyncio.create_task(self._watch_halts())]
        try:
            while not self._stopping.is_set():
                await self._begin_what_waits()
                await self._wait_for_news()
            await self._drain(drain_s)
        finally:
            for one in watches:
                one.cancel()
            await asyncio.gather(*watches, return_exceptions=True)

    async def _begin_what_waits(self) -> None:
        self._news.clear()
        while not self._stopping.is_set() and len(self._working) < self._pace.most:
            take = partial(self._records.take, self._platform, self._worker, self._pace.lease_s, self._pace.most_of_one)
            lease = await self._looked("be taken", take)
            if lease is None:
                return
            work = Work(lease, self._records, self._threads)
            if self._stopping.is_set():
                await self._put_back(work, 0.0, failed=False)
                return
            task = asyncio.create_task(self._work(work))
            self._working[task] = work
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._working[task]
        # The next of its lane may begin, and there is room for one more.
        self.wake()

    async def _wait_for_news(self) -> None:
        try:
            async with asyncio.timeout(self._pace.look_s):
                await self._news.wait()
        except TimeoutError:
            return

    async def _work(self, work: Work) -> None:
        """Let the handler work, and write down how it ended."""
        named = {"delivery": work.lease.id}
        try:
            answer = await self._handler(work)
            await asked_in(self._threads, partial(self._records.finish, work.lease, answer))
        except Busy:
            _log.warning("was taken over by another process", extra=named)
        except asyncio.CancelledError:
            await self._put_back(work, 0.0, failed=False)
            raise
        except Exception as fault:  # noqa: BLE001 - the outermost edge of one delivery's work: it is tried again
            if work.is_hopeless and not isinstance(fault, TransientError):
                _log.exception("failed again, and is given up", extra=named)
                await self._give_up(work)
                return
            _log.exception("failed, and is tried again", extra=named)
            told = fault.retry_after_s if isinstance(fault, TransientError) else None
            await self._put_back(work, max(self._pace.pause_s, min(told or 0.0, _LONGEST_PAUSE_S)), failed=True)

    async def _give_up(self, work: Work) -> None:
        try:
            await asked_in(self._threads, partial(self._records.finish, work.lease, None))
        except FootnoteError as fault:
            # Whoever takes it next gives it up, too.
            _log.warning("could not be given up: %s", fault, extra={"delivery": work.lease.id})

    async def _put_back(self, work: Work, pause: float, *, failed: bool) -> None:
        try:
            await asked_in(self._threads, partial(self._records.put_back, work.lease, pause, failed=failed))
        except FootnoteError as fault:
            # Its lease runs out by itself.
            _log.warning("could not be put back: %s", fault, extra={"delivery": work.lease.id})

    async def _drain(self, seconds: float) -> None:
        if self._working:
            await asyncio.wait(self._working, timeout=seconds)
        left = list(self._working)
        for one in left:
            one.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _watch_leases(self) -> None:
        """Hold what is worked on; what was taken over is cancelled, so that nothing is said twice."""
        while True:
            await asyncio.sleep(self._pace.lease_s / 3)
            working = dict(self._working)
            if not working:
                continue
            leases = [one.lease for one in working.values()]
            held = await self._looked("be renewed", partial(self._records.renew, leases, self._pace.lease_s))
            if held is None:
                continue
            for task, work in working.items():
                if work.lease.id not in held:
                    task.cancel()

    async def _watch_halts(self) -> None:
        while True:
            await asyncio.sleep(self._pace.halt_s)
            working = [one for one in self._working.values() if one.halt is None]
            if not working:
                continue
            leases = [one.lease for one in working]
            halts = await self._looked("be asked for halts", partial(self._records.halts, leases)) or {}
            for work in working:
                if work.lease.id in halts:
                    work.stop(halts[work.lease.id])

    async def _looked(self, what: str, function: Callable[[], _T]) -> _T | None:
        """Return what the records say; None if they cannot now: the next look may find them well."""
        try:
            return await asked_in(self._threads, function)
        except FootnoteError as fault:
            _log.warning("deliveries cannot %s: %s", what, fault)
            return None


async def asked_in(threads: Executor, function: Callable[[], _T]) -> _T:
    """Return what a function says that waits for the database."""
    return await asyncio.get_running_loop().run_in_executor(threads, function)
