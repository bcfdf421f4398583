"""Workers on one sync over PostgreSQL: side by side, without waiting for each other and without a deadlock."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from multiprocessing.connection import Connection

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.jobs import worker_name
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.jobs import Lease, SyncProgress
from pipelines.domain.sync_parts import PartedPlan, PartFile, PartStep
from pipelines.errors import Busy
from tests.contracts.ledger_scene import Scene
from tests.engines.postgres_databases import Server, at_once


pytestmark = [pytest.mark.engines, pytest.mark.losses]

NOW = "1.words"
WORKERS, PARTS, FEW = 4, 40, 5


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """Return the address of a database with the newest schema and nothing in it."""
    server = Server(postgres_url)
    with server.migrated() as name:
        yield server.url(name)


def opened(url: str) -> SqlRecords:
    """Open records."""
    return SqlRecords(Database(url), SystemClock())


def begin(scene: Scene) -> tuple[PartedPlan, list[list[PartFile]]]:
    """Return a plan, and parts of one file each."""
    plan = PartedPlan(scene.kb, 1, NOW, 0.0)
    return plan, [[PartFile(f"{number:02}", "added", "c")] for number in range(PARTS)]


def work(url: str, there: Connection) -> None:
    """Do parts until none is left, and tell which."""
    with closing(opened(url)) as records:
        scene = Known(records)
        there.send("ready")
        there.recv()
        done: list[str] = []
        while (lease := records.parts.take(NOW, worker_name(), 60)) is not None:
            (file,) = lease.part.files
            try:
                records.parts.stage(lease, [scene.draft(file.path, file.path)(1)], PartStep(1, (), 1))
            except Busy:
                break
            done.append(file.path)
        there.send(done)
        there.recv()


class Known(Scene):
    """A base that another process made."""

    def __init__(self, records: SqlRecords) -> None:
        self.records = records
        self.name = "handbook"
        self.kb = records.bases.get(self.name).id


def test_each_part_is_done_once(url: str) -> None:
    """Four processes that begin at once do every part, none of them twice, and nobody fails for another."""
    with closing(opened(url)) as records:
        scene = Scene(records)
        lease = scene.lease()
        assert records.ledger.begin(lease) == 1
        records.parts.put(lease, *begin(scene))
        done = at_once(work, *[(url,)] * WORKERS)
        assert sorted(path for each in done for path in each) == scene.paths(1) == [f"{n:02}" for n in range(PARTS)]
        assert (records.parts.open(lease), records.parts.progress(scene.kb)) == (0, SyncProgress(PARTS, PARTS, ""))


def test_a_locked_part_is_nobodys_hindrance(url: str) -> None:
    """Who comes while another takes a part takes the next one at once."""
    with closing(opened(url)) as records, ExitStack() as stack:
        scene = Scene(records)
        lease = scene.lease()
        records.ledger.begin(lease)
        records.parts.put(lease, *begin(scene))
        held = stack.enter_context(records._db.write())
        held.exec_driver_sql("SELECT id FROM sync_parts WHERE id = 1 FOR UPDATE")
        taken = records.parts.take(NOW, worker_name(), 60)
        assert taken is not None
        assert [one.path for one in taken.part.files] == ["01"]


def test_a_sweep_waits_for_who_writes_and_stops_the_others(url: str) -> None:
    """The version is swept in the midst of the work: nothing of it is left, whoever wrote on."""
    with closing(opened(url)) as records:
        scene = Scene(records)
        lease = scene.lease()
        records.ledger.begin(lease)
        records.parts.put(lease, *begin(scene))
        with ThreadPoolExecutor(1) as pool:
            swept = pool.submit(sweep_soon, records, lease)
            done = at_once(work, *[(url,)] * WORKERS)
            assert swept.result()
        assert sum(map(len, done)) <= PARTS
        assert (scene.paths(1), list(records.ledger.chunks(scene.kb, 1)), records.parts.waiting()) == ([], [], 0)


def sweep_soon(records: SqlRecords, lease: Lease) -> bool:
    """Sweep version 1 once a few parts are done."""
    while (now := records.parts.progress(lease.job.kb)) is None or now.done < FEW:
        time.sleep(0.001)
    return records.ledger.sweep(lease, 1)
