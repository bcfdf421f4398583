"""Many processes on one PostgreSQL: each job is worked on once, and nothing is lost between two that meet."""

from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.jobs import worker_name
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import EVERYONE, OPERATOR
from pipelines.domain.jobs import JobState
from pipelines.domain.knowledge import SyncResult, VersionState
from pipelines.errors import BadInput, Busy, NotFound
from tests.contracts.ledger_scene import Scene
from tests.engines.postgres_databases import Server, at_once


pytestmark = [pytest.mark.engines, pytest.mark.losses, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def server(postgres_url: str) -> Server:
    """Return a server."""
    return Server(postgres_url)


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """Return the address of a migrated database."""
    with server.migrated() as name:
        yield server.url(name)


@pytest.fixture
def records(url: str) -> Iterator[SqlRecords]:
    """Return records over it."""
    opened = opened_at(url)
    yield opened
    opened.close()


def opened_at(url: str) -> SqlRecords:
    """Open records."""
    return SqlRecords(Database(url), SystemClock())


def begin(url: str, there: Connection) -> SqlRecords:
    """Open records in a child, and wait for the others."""
    records = opened_at(url)
    there.send("ready")
    there.recv()
    return records


def end(records: SqlRecords, said: Any, there: Connection) -> None:
    """Tell what came of it, and live until the others are done, as a worker does."""
    there.send(said)
    there.recv()
    records.close()


def lease(url: str, job: int, there: Connection) -> None:
    """Lease a job."""
    records = begin(url, there)
    try:
        said = str(records.jobs.lease(job, worker_name(), 60).job.attempts)
    except Busy as fault:
        said = str(fault)
    end(records, said, there)


def test_twenty_processes_lease_one_job(records: SqlRecords, url: str) -> None:
    """Exactly one works on it; the others are told who does."""
    kb = records.bases.add("handbook", "folder", "/", OPERATOR).id
    job = records.jobs.submit("sync", kb, {})
    said = at_once(lease, *[(url, job.id)] * 20)
    assert said.count("1") == 1
    assert sum(one.startswith("handbook is being synced by another process (") for one in said) == 19
    held = records.jobs.running(kb)
    assert held is None or held.attempts == 1


def take_all(url: str, there: Connection) -> None:
    """Take jobs and finish them until there are none."""
    records = begin(url, there)
    done = []
    while taken := records.jobs.take(["sync"], worker_name(), 60):
        done.append((taken.job.id, taken.job.attempts))
        records.jobs.finish(taken)
    end(records, done, there)


def test_eight_processes_take_a_hundred_jobs(records: SqlRecords, url: str, server: Server) -> None:
    """Each job is begun once, and all are done."""
    jobs = {records.jobs.submit("sync", kb, {}).id for kb in range(1, 101)}
    done = [each for some in at_once(take_all, *[(url,)] * 8) for each in some]
    assert sorted(done) == sorted((job, 1) for job in jobs)
    states = server.run("SELECT state, count(*) FROM jobs GROUP BY state", url.rpartition("/")[2])
    assert states == [(str(JobState.DONE), 100)]


def wish(url: str, names: list[str], there: Connection) -> None:
    """Make bases, wish for their syncs, and set who may read them; all of it as everybody does at once."""
    records = begin(url, there)
    ids = []
    for number, name in enumerate(names):
        try:
            records.bases.add(name, "folder", "/", OPERATOR)
        except BadInput as fault:
            assert "exists already" in str(fault)  # noqa: PT017 - or it was this process that made it
        kb = records.bases.get(name).id
        records.access.set_readers(kb, [EVERYONE, f"group:{worker_name().replace(':', '-')}"], OPERATOR)
        rule = records.access.rule(kb, [f"group:{number}"])
        ids.append((kb, rule, records.jobs.submit("sync", kb, {}).id))
    end(records, ids, there)


def test_the_same_wishes_at_once_are_one(records: SqlRecords, url: str) -> None:
    """One base of a name, one rule of a list, one job in the queue, and one of the lists of readers, whole."""
    names = [f"base {number}" for number in range(10)]
    said = at_once(wish, *[(url, names)] * 6)
    assert all(each == said[0] for each in said)
    assert [base.name for base in records.bases.all()] == names
    for base in records.bases.all():
        readers = records.access.readers(base.id)
        assert readers[0] == EVERYONE
        assert len(readers) == 2


def roll_back(url: str, kb: int, there: Connection) -> None:
    """Show version 1 and pin the base."""
    records = begin(url, there)
    records.bases.roll_back(kb, 1)
    end(records, "pinned", there)


def finish(url: str, kb: int, there: Connection) -> None:
    """Stage and finish a version."""
    records = opened_at(url)
    held = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, worker_name(), 60)
    version = records.ledger.begin(held)
    there.send("ready")
    there.recv()
    promoted = records.ledger.finish(held, version, SyncResult(version), promote=True)
    records.jobs.finish(held)
    end(records, promoted, there)


def test_who_pins_a_base_wins_over_a_sync_that_ends(records: SqlRecords, url: str) -> None:
    """However the two fall together, a pinned base shows the version that it was pinned to."""
    scene = Scene(records)
    scene.publish(scene.draft("a.md", "text"))
    for _ in range(10):
        with_pin, promoted = at_once_both((roll_back, (url, scene.kb)), (finish, (url, scene.kb)))
        base = scene.base
        assert with_pin == "pinned"
        assert (base.active, base.pinned) == (1, True)
        assert promoted in (True, False)
        records.bases.unpin(scene.kb)


def sweep(url: str, kb: int, version: int, there: Connection) -> None:
    """Sweep a version that waits."""
    records = opened_at(url)
    held = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, worker_name(), 60)
    there.send("ready")
    there.recv()
    swept = records.ledger.sweep(held, version)
    records.jobs.finish(held)
    end(records, swept, there)


def promote(url: str, kb: int, version: int, there: Connection) -> None:
    """Show a version that waits."""
    records = begin(url, there)
    try:
        records.bases.promote(kb, version)
        said = True
    except NotFound:
        said = False
    end(records, said, there)


def test_a_version_is_swept_or_promoted_never_both(records: SqlRecords, url: str) -> None:
    """Of a sync that sweeps a waiting version and an admin who promotes it, one wins whole."""
    scene = Scene(records)
    scene.publish(scene.draft("first.md", "text"))
    for number in range(10):
        records.bases.roll_back(scene.kb, 1)
        waiting = scene.publish(scene.draft(f"{number}.md", "text"))
        arguments = (url, scene.kb, waiting)
        swept, promoted = at_once_both((sweep, arguments), (promote, arguments))
        assert swept != promoted
        state = next(one.state for one in records.bases.versions(scene.kb) if one.number == waiting)
        assert state == (VersionState.PROMOTED if promoted else VersionState.SWEPT)
        assert scene.base.active == (waiting if promoted else 1)
        assert (f"{number}.md" in scene.paths(waiting)) == promoted


def at_once_both(*works: tuple[Any, tuple[Any, ...]]) -> list[Any]:
    """Do several kinds of work at the same moment."""
    return at_once(either, *[(work, arguments) for work, arguments in works])


def either(work: Any, arguments: tuple[Any, ...], there: Connection) -> None:
    """Do one of several kinds of work."""
    work(*arguments, there)
