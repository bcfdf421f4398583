"""What is accepted is durable and worked on once, in its lane's order, whatever ends or fails meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot import deliveries
from bot.deliveries import Consumer, Handler, Inbox, Pace, Work
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.deliveries import MOST_STARTS, Delivery, DeliveryKind, DeliveryState, Halt
from pipelines.errors import BadInput, TransientError


QUICK = Pace(most=4, most_of_one=2, look_s=0.02, halt_s=0.02, lease_s=30.0, pause_s=0.01)
WORKER, OTHER = "one-host:1:1", "other-host:1:1"
PLENTY_S, LOOK_S = 20.0, 0.005
LOOKS = round(PLENTY_S / LOOK_S)


def delivery(name: str, lane: str = "") -> Delivery:
    """Return a delivery."""
    return Delivery(f"slack:{name}", "slack", DeliveryKind.NEW, lane, name)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    """Return records in a file."""
    opened = SqlRecords(Database(f"sqlite:///{tmp_path / 'records.db'}"), SystemClock())
    yield opened
    opened.close()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Return threads for the database."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


@dataclass
class Seen:
    """What a handler was given, and when it began and ended."""

    log: list[str] = field(default_factory=list)
    release: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, work: Work) -> int | None:
        """Note a delivery, and wait a moment."""
        self.log.append(f"begin {work.lease.delivery.body}")
        await asyncio.sleep(0.01)
        self.log.append(f"end {work.lease.delivery.body}")
        return None

    async def wait(self, work: Work) -> int | None:
        """Note a delivery, and work until it is released or halted."""
        self.log.append(f"begin {work.lease.delivery.body}")
        waits = [asyncio.create_task(one.wait()) for one in (self.release, work.halted)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
        self.log.append(f"end {work.halt or work.lease.delivery.body}")
        return 7


@asynccontextmanager
async def consuming(
    records: SqlRecords, threads: ThreadPoolExecutor, handler: Handler, worker: str = WORKER, drain_s: float = PLENTY_S
) -> AsyncIterator[Consumer]:
    """Run a consumer, and stop it at the end."""
    consumer = Consumer("slack", worker, records.deliveries, threads, handler, pace=QUICK)
    running = asyncio.create_task(consumer.run(drain_s))
    try:
        yield consumer
    finally:
        consumer.stop()
        await running


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(LOOKS):
        if holds():
            return
        await asyncio.sleep(LOOK_S)
    raise TimeoutError


def done(records: SqlRecords, *names: str) -> bool:
    """Say whether these deliveries are done."""
    known = [records.deliveries.find(delivery(name).key) for name in names]
    return all(one is not None and one.state is DeliveryState.DONE for one in known)


def run(scene: Awaitable[None]) -> None:
    """Run a scene in an event loop of its own."""

    async def whole() -> None:
        await scene

    asyncio.run(whole())


def test_what_is_accepted_is_durable(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """Hundreds at once are each kept once before they are acknowledged, and few transactions are needed."""
    news: list[int] = []

    async def scene() -> None:
        inbox = Inbox(records.deliveries, threads, lambda: news.append(1))

        async def one(number: int) -> bool:
            new = await inbox.accept(delivery(str(number % 150)))
            assert records.deliveries.find(delivery(str(number % 150)).key) is not None
            return new

        kept = await asyncio.gather(*(one(number) for number in range(300)))
        assert sum(kept) == 150
        assert not await inbox.accept(delivery("7"))

    run(scene())
    assert 1 <= len(news) <= 3


def test_what_cannot_be_kept_is_not_acknowledged(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """Whoever waits is told, and what comes later is kept again."""

    async def scene() -> None:
        inbox = Inbox(records.deliveries, threads, lambda: None)
        broken = [delivery("1"), Delivery("half \ud83d", "slack", DeliveryKind.NEW, "", "")]
        told = await asyncio.gather(*(inbox.accept(one) for one in broken), return_exceptions=True)
        assert [type(one) for one in told] == [BadInput, BadInput]
        assert records.deliveries.find(delivery("1").key) is None
        assert await inbox.accept(delivery("1"))

    run(scene())


def test_each_is_worked_on_once(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """Two processes share the work, and each lane's deliveries begin when the one before has ended."""
    seen = Seen()
    names = [f"{lane}{number}" for number in range(4) for lane in "abc"]

    async def scene() -> None:
        records.deliveries.accept([delivery(name, name[0]) for name in names])
        async with (
            consuming(records, threads, seen.work),
            consuming(records, threads, seen.work, OTHER),
        ):
            await until(lambda: done(records, *names))

    run(scene())
    for lane in "abc":
        own = [line for line in seen.log if line.split()[1].startswith(lane)]
        assert own == [f"{verb} {lane}{number}" for number in range(4) for verb in ("begin", "end")]


def test_news_is_looked_at_at_once(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """What the same process accepts begins without waiting for the next look."""
    seen = Seen()

    async def scene() -> None:
        slow = Pace(look_s=3600.0)
        consumer = Consumer("slack", WORKER, records.deliveries, threads, seen.work, pace=slow)
        inbox = Inbox(records.deliveries, threads, consumer.wake)
        running = asyncio.create_task(consumer.run())
        await asyncio.sleep(0.05)
        await inbox.accept(delivery("1", "lane"))
        await inbox.accept(delivery("2", "lane"))
        await until(lambda: done(records, "1", "2"))
        consumer.stop()
        await running

    run(scene())


@pytest.mark.parametrize("why", list(Halt))
def test_a_halt_reaches_the_handler(records: SqlRecords, threads: ThreadPoolExecutor, why: Halt) -> None:
    """Whatever process hears of it, the one that works is told; the answer's number is kept all the same."""
    seen = Seen()

    async def scene() -> None:
        records.deliveries.accept([delivery("1")])
        async with consuming(records, threads, seen.wait):
            await until(lambda: seen.log == ["begin 1"])
            assert records.deliveries.halt(delivery("1").key, why)
            await until(lambda: done(records, "1"))

    run(scene())
    known = records.deliveries.find(delivery("1").key)
    assert seen.log == ["begin 1", f"end {why}"]
    assert known is not None
    assert known.answer == 7


def test_what_was_halted_before_it_began_says_so(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """The handler is told at once."""
    seen = Seen()

    async def scene() -> None:
        records.deliveries.accept([delivery("1")])
        records.deliveries.halt(delivery("1").key, Halt.DELETED)
        async with consuming(records, threads, seen.wait):
            await until(lambda: done(records, "1"))

    run(scene())
    assert seen.log == ["begin 1", "end deleted"]


@pytest.mark.parametrize("fault", [TransientError("the index is away"), KeyError("a fault of ours")])
def test_what_fails_is_tried_again_and_then_told(
    records: SqlRecords, threads: ThreadPoolExecutor, fault: Exception
) -> None:
    """So many starts are tried; the next one knows that it is hopeless, and nothing else suffers."""
    starts: list[tuple[str, bool]] = []

    async def handler(work: Work) -> int | None:
        starts.append((work.lease.delivery.body, work.is_hopeless))
        if work.lease.delivery.body == "bad" and not work.is_hopeless:
            raise fault
        return None

    async def scene() -> None:
        records.deliveries.accept([delivery("bad", "lane"), delivery("good")])
        async with consuming(records, threads, handler):
            await until(lambda: done(records, "bad", "good"))

    run(scene())
    assert [one for one in starts if one[0] == "bad"] == [("bad", False)] * MOST_STARTS + [("bad", True)]
    assert [one for one in starts if one[0] == "good"] == [("good", False)]


def starts_of_a_busy_one(records: SqlRecords, threads: ThreadPoolExecutor, retry_after_s: float) -> list[float]:
    """Return when a delivery was begun, seconds, whose platform told once that it may be asked again so much later."""
    starts: list[float] = []

    async def handler(_: Work) -> int | None:
        starts.append(time.monotonic())
        if len(starts) == 1:
            fault = TransientError("the platform is busy")
            fault.retry_after_s = retry_after_s
            raise fault
        return None

    async def scene() -> None:
        records.deliveries.accept([delivery("1")])
        async with consuming(records, threads, handler):
            await until(lambda: done(records, "1"))

    run(scene())
    return starts


def test_what_is_to_be_tried_later_is_tried_then(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """A platform that tells when it may be asked again is not asked before."""
    starts = starts_of_a_busy_one(records, threads, 0.5)
    assert len(starts) == 2
    assert starts[1] - starts[0] > 0.4


def test_a_very_late_time_is_not_waited_for(
    records: SqlRecords, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asked waits for an outcome."""
    monkeypatch.setattr(deliveries, "_LONGEST_PAUSE_S", 0.05)
    assert len(starts_of_a_busy_one(records, threads, 3600.0)) == 2


def test_one_person_leaves_places_to_others(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """However many threads somebody asks in, somebody else's question is begun at once."""
    seen = Seen()

    async def scene() -> None:
        records.deliveries.accept([replace(delivery(name, name), asker="slack:ANN") for name in "123456"])
        async with consuming(records, threads, seen.wait):
            await until(lambda: len(seen.log) == QUICK.most_of_one)
            records.deliveries.accept([replace(delivery("7", "7"), asker="slack:BOB")])
            await until(lambda: "begin 7" in seen.log)
            assert len(seen.log) == QUICK.most_of_one + 1
            seen.release.set()
            await until(lambda: done(records, *"1234567"))

    run(scene())


def test_what_fails_for_ever_is_given_up(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """A fault that no waiting mends ends with the last start; while a platform is away the outcome waits for it."""
    starts: list[str] = []

    async def handler(work: Work) -> int | None:
        starts.append(work.lease.delivery.body)
        if work.lease.delivery.body == "away" and starts.count("away") < MOST_STARTS + 4:
            raise TransientError("the platform is away")
        if work.lease.delivery.body == "bad":
            raise BadInput("it cannot be read")
        return None

    async def scene() -> None:
        records.deliveries.accept([delivery("bad"), delivery("away")])
        async with consuming(records, threads, handler):
            await until(lambda: done(records, "bad", "away"))

    run(scene())
    assert starts.count("bad") == MOST_STARTS + 1
    assert starts.count("away") == MOST_STARTS + 4


def test_a_stop_lets_what_was_begun_end(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """Nothing more is begun, and what is under way ends."""
    seen = Seen()

    async def scene() -> None:
        records.deliveries.accept([delivery("1", "lane"), delivery("2", "lane")])
        async with consuming(records, threads, seen.wait) as consumer:
            await until(lambda: bool(seen.log))
            consumer.stop()
            await asyncio.sleep(0.05)
            seen.release.set()

    run(scene())
    assert seen.log == ["begin 1", "end 1"]
    assert done(records, "1")
    assert not done(records, "2")


def test_what_does_not_end_in_time_is_left_to_another(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """It waits again at once, as if it had not been begun."""
    seen, later = Seen(), Seen()

    async def scene() -> None:
        records.deliveries.accept([delivery("1")])
        async with consuming(records, threads, seen.wait, drain_s=0.01):
            await until(lambda: bool(seen.log))
        async with consuming(records, threads, later.work, OTHER):
            await until(lambda: done(records, "1"))

    run(scene())
    assert (seen.log, later.log) == (["begin 1"], ["begin 1", "end 1"])


def test_a_handler_that_lost_its_lease_is_stopped(records: SqlRecords, threads: ThreadPoolExecutor) -> None:
    """Another process has taken over: whoever comes late says nothing more."""
    seen, later = Seen(), Seen()
    short = Pace(look_s=0.02, halt_s=0.02, lease_s=0.6)

    async def scene() -> None:
        records.deliveries.accept([delivery("1")])
        consumer = Consumer("slack", WORKER, records.deliveries, threads, seen.wait, pace=short)
        running = asyncio.create_task(consumer.run())
        await until(lambda: bool(seen.log))
        consumer.stop()
        records.deliveries.put_back(next(iter(consumer._working.values())).lease)
        await running
        async with consuming(records, threads, later.work, OTHER):
            await until(lambda: done(records, "1"))

    run(scene())
    assert (seen.log, later.log) == (["begin 1"], ["begin 1", "end 1"])
