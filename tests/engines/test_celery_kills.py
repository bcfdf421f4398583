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
from tests.faults.kill_run import KillRun
from tests.faults.kills_contract import KillsContract
from tests.servers import redis_server


pytestmark = [pytest.mark.engines, pytest.mark.losses]

WORKERS, PROCESSES = 2, 2


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


class TestCelery(KillsContract):
    """On servers, with Celery's workers."""

    place = "PostgreSQL, Weaviate, Celery over Redis"
