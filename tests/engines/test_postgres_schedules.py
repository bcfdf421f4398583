"""A base whose rows another session of PostgreSQL locks for long costs nobody else a sync, a worker or an alert."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import sqlalchemy as sa

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import Turn, wait_for_turn
from pipelines.domain.access import OPERATOR
from pipelines.domain.alerts import Alert
from pipelines.domain.job_kinds import SYNC, VACUUM
from pipelines.domain.sync_parts import PartedPlan, PartFile
from tests.engines.postgres_databases import Server
from tests.fakes.manual_clock import ManualClock


pytestmark = pytest.mark.engines

HOUR = 3600
WORKER, GENERATION = "another-host:1:1", "1.words"
Lock = Callable[[Database, int], AbstractContextManager[None]]


@contextmanager
def turn(database: Database, kb: int) -> Iterator[None]:
    """Hold the turn of a base's queue, as a worker that hangs in the midst of taking its job."""
    with database.write() as c:
        wait_for_turn(c, Turn.QUEUE, kb)
        yield


@contextmanager
def row(database: Database, kb: int) -> Iterator[None]:
    """Hold the rows of a base's schedule, as a person at the database's own prompt."""
    with database.write() as c:
        c.execute(sa.select(t.schedules).where(t.schedules.c.kb == kb).with_for_update())
        yield


@contextmanager
def job(database: Database, kb: int) -> Iterator[None]:
    """Hold the rows of a base's jobs, as a person at the database's own prompt."""
    with database.write() as c:
        c.execute(sa.select(t.jobs).where(t.jobs.c.kb == kb).with_for_update())
        yield


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """Return the address of a migrated database."""
    server = Server(postgres_url)
    with server.migrated() as name:
        yield server.url(name)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def records(url: str, clock: ManualClock) -> Iterator[SqlRecords]:
    """Return records over it."""
    opened = SqlRecords(Database(url), clock)
    yield opened
    opened.close()


@pytest.fixture
def other(url: str) -> Iterator[Database]:
    """Return another process's connections to it."""
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def bases(records: SqlRecords, clock: ManualClock) -> tuple[int, int]:
    """Return two bases whose syncs are due, the first one's first."""
    first, second = (records.bases.add(name, "folder", "/", OPERATOR).id for name in ("first", "second"))
    for kb in (first, second):
        records.schedules.set_every(kb, HOUR)
        clock.advance(1)
    clock.advance(HOUR)
    return first, second


def queued(other: Database) -> list[int]:
    """Return the bases whose sync waits."""
    with other.look() as c:
        found = c.execute(sa.select(t.jobs.c.kb).where(t.jobs.c.kind == SYNC).order_by(t.jobs.c.id))
        return [row.kb for row in found]


@pytest.mark.parametrize("lock", [turn, row])
def test_a_locked_base_delays_itself_only(
    records: SqlRecords, other: Database, bases: tuple[int, int], lock: Lock, caplog: pytest.LogCaptureFixture
) -> None:
    """The other base's sync is submitted at once, its own at the next look after the lock is gone."""
    first, second = bases
    with lock(other, first):
        records.schedules.submit_due()
        assert queued(other) == [second]
        (told,) = [one for one in caplog.records if one.levelno == logging.WARNING]
        assert (vars(told)["kind"], vars(told)["kb"]) == (SYNC, first)
        records.schedules.submit_due()
        assert queued(other) == [second]
    for _ in range(2):
        records.schedules.submit_due()
        assert queued(other) == [second, first]


def test_a_locked_base_delays_its_own_alert_only(records: SqlRecords, other: Database, bases: tuple[int, int]) -> None:
    """The other base's is news at once, its own once the lock is gone."""
    first, second = bases
    with turn(other, first):
        assert not records.schedules.change_alert(first, Alert.FAILING)
        assert records.schedules.change_alert(second, Alert.FAILING)
        assert records.schedules.alerts() == {second: Alert.FAILING}
    assert records.schedules.change_alert(first, Alert.FAILING)


@pytest.mark.parametrize("lock", [turn, job])
def test_a_locked_base_with_an_abandoned_job_delays_itself_only(
    records: SqlRecords,
    other: Database,
    bases: tuple[int, int],
    lock: Lock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Workers take the other base's job at once, and its own once the lock is gone."""
    first, second = bases
    left = [records.jobs.lease(records.jobs.submit(kind, first, {}).id, WORKER, 0).job.id for kind in (SYNC, VACUUM)]
    wanted = records.jobs.submit(SYNC, second, {})
    with lock(other, first):
        taken = records.jobs.take([SYNC, VACUUM], WORKER, HOUR)
        assert taken is not None
        assert taken.job.id == wanted.id
        assert records.jobs.take([SYNC, VACUUM], WORKER, HOUR) is None
        told = [vars(one)["kb"] for one in caplog.records if one.levelno == logging.WARNING]
        assert told == [first, first]
    again = [records.jobs.take([SYNC, VACUUM], WORKER, HOUR) for _ in left]
    assert [one.job.id for one in again if one] == left


@pytest.mark.parametrize("lock", [turn, job])
def test_a_locked_base_with_an_abandoned_part_hinders_nobody(
    records: SqlRecords, other: Database, bases: tuple[int, int], clock: ManualClock, lock: Lock
) -> None:
    """Parts are looked after without the turn of their base: whoever helps takes them meanwhile."""
    first, second = bases
    for kb in (first, second):
        lease = records.jobs.lease(records.jobs.submit(SYNC, kb, {}).id, WORKER, HOUR)
        plan = PartedPlan(kb, records.ledger.begin(lease), GENERATION, 0.0)
        records.parts.put(lease, plan, [[PartFile("a.md", "added", "c")]])
    assert records.parts.take(GENERATION, WORKER, 60) is not None
    clock.advance(61)
    with lock(other, first):
        taken = [records.parts.take(GENERATION, WORKER, 60) for _ in bases]
        assert {one.part.plan.kb for one in taken if one} == {first, second}
