"""R3 on PostgreSQL with Weaviate and Celery: workers are killed at random and after each named fault point."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

import pytest

from tests.engines.celery_scene import CeleryScene, WorkerProcess, celery_scene
from tests.engines.postgres_databases import Server as Databases
from tests.engines.weaviate_scene import server_at
from tests.faults.dying_installation import DyingFootnote
from tests.faults.kill_run import LARGE, KillRun, told
from tests.servers import redis_server


pytestmark = pytest.mark.engines

DOCUMENTS = int(os.environ.get("SOAK_DOCUMENTS", "500"))
KILLS = int(os.environ.get("SOAK_KILLS", "50"))
WORKERS, PROCESSES = 2, 2
EQUAL_S = 30.0
"""Longest time between the last kill and the state of the source."""


class CeleryWorkers:
    """Celery workers with several processes each, and a beat that is left alone."""

    def __init__(self, scene: CeleryScene) -> None:
        self._scene = scene
        self._running = [self._started() for _ in range(WORKERS)]
        self._all = [*self._running, scene.beat()]

    def _started(self) -> WorkerProcess:
        return self._scene.worker(PROCESSES, "dying_jobs")

    def kill_one(self, chance: Random) -> None:
        """Kill a process of a pool, which its worker replaces; or a whole worker; or its first process alone."""
        at = chance.randrange(WORKERS)
        worker = self._running[at]
        children = worker.children()
        if children and chance.random() < 0.6:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(children), signal.SIGKILL)
            return
        if chance.random() < 0.5:
            worker.process.kill()
            worker.process.wait()
        else:
            worker.kill()
        self._running[at] = self._started()
        self._all.append(self._running[at])

    def replace_dead(self) -> int:
        """Return 0: workers replace the processes of their pools themselves."""
        assert all(one.process.poll() is None for one in self._running), self.told()
        return 0

    def told(self) -> str:
        """Return the end of what they wrote."""
        return "\n".join(one.told()[-2000:] for one in self._all[-4:])

    def end(self) -> None:
        """Kill all, also the processes of a pool whose worker was killed alone."""
        for one in self._all:
            with suppress(ProcessLookupError):
                os.killpg(one.process.pid, signal.SIGKILL)


@pytest.fixture
def run(tmp_path: Path, postgres_url: str, weaviate_url: str, request: pytest.FixtureRequest) -> Iterator[KillRun]:
    """Return an installation over all four engines."""
    databases, weaviate = Databases(postgres_url), server_at(weaviate_url)
    with ExitStack() as opened:
        (tmp_path / "redis").mkdir()
        redis = redis_server(tmp_path / "redis")
        redis.start()
        opened.callback(redis.kill)
        address = databases.url(opened.enter_context(databases.migrated()))
        scene = opened.enter_context(
            celery_scene(
                tmp_path, redis.url,
                DATABASE_URL=address.replace("postgresql+psycopg:", "postgresql:"),
                WEAVIATE_URL=weaviate.url, FOOTNOTE_WEAVIATE__GRPC_PORT=str(weaviate.grpc_port),
            )
        )  # fmt: skip
        footnote = opened.enter_context(DyingFootnote(scene.settings))
        workers = CeleryWorkers(scene)
        opened.callback(workers.end)
        yield KillRun(footnote, workers, tmp_path / "place", request.param)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("run", [16], indirect=True)
def test_a_few_kills_lose_nothing(run: KillRun) -> None:
    """Some points, some random moments: what readers see is what a fresh index shows, each chunk once."""
    run.begin()
    for point in ("parts.stage", "ledger.finish"):
        run.edit()
        run.sync([point])
    run.kill_at_random(2, Random(3), pause_s=(0.1, 0.6))
    run.check_rows()
    assert run.last_s <= EQUAL_S


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("run", [DOCUMENTS], indirect=True)
def test_a_kill_after_each_point_loses_nothing(run: KillRun, capsys: pytest.CaptureFixture[str]) -> None:
    """0 lost, 0 double, 0 orphans, whatever was the last thing that a worker wrote."""
    run.begin()
    run.die_after_each_point(LARGE)
    run.check_rows()
    with capsys.disabled():
        print(f"\nPostgreSQL, Weaviate, Celery over Redis: {told(run)}")  # noqa: T201 - the figure is wanted
    assert run.last_s <= EQUAL_S


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("run", [DOCUMENTS], indirect=True)
def test_fifty_kills_at_random_lose_nothing(run: KillRun, capsys: pytest.CaptureFixture[str]) -> None:
    """0 lost, 0 double, 0 orphans; equal to a fresh index half a minute after the last kill."""
    run.begin()
    run.kill_at_random(KILLS, Random(3), pause_s=(0.1, 1.5))
    run.check_rows()
    with capsys.disabled():
        print(f"\nPostgreSQL, Weaviate, Celery over Redis: {told(run)}")  # noqa: T201 - the figure is wanted
    assert run.last_s <= EQUAL_S
