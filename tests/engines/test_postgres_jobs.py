"""PostgreSQL is killed and started again while jobs are queued and done: none is lost."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.domain.jobs import JobState
from pipelines.errors import TransientError
from pipelines.wiring import Footnote
from tests.engines.celery_scene import CeleryScene, celery_scene
from tests.servers import Server, redis_server


pytestmark = [pytest.mark.engines, pytest.mark.losses, pytest.mark.timeout(300)]

JOBS = 40
RESTARTS = int(os.environ.get("SOAK_RESTARTS", "10"))
PATIENCE_S = 200.0
"""A job whose end could not be written is held until its worker's lease runs out, two minutes."""


@pytest.fixture
def scene(tmp_path: Path, postgres: Server) -> Iterator[CeleryScene]:
    """Return an installation whose records are in it."""
    (tmp_path / "redis").mkdir()
    redis = redis_server(tmp_path / "redis")
    redis.start()
    with celery_scene(tmp_path, redis.url, DATABASE_URL=postgres.url) as made:
        yield made
    redis.kill()


def acknowledged(footnote: Footnote, first: int, count: int) -> list[int]:
    """Queue jobs of bases of their own; return the numbers of those that were taken down."""
    taken = []
    for kb in range(first, first + count):
        try:
            taken.append(footnote.records.jobs.submit("nap", kb, {}).id)
        except TransientError:
            time.sleep(0.05)
    return taken


def wait_for(true: Callable[[], bool], told: Callable[[], str]) -> float:
    """Wait until something is true of records that may be away; return for how long."""
    began = time.monotonic()
    while True:
        try:
            if true():
                return time.monotonic() - began
        except TransientError:
            pass
        assert time.monotonic() < began + PATIENCE_S, told()
        time.sleep(0.1)


def restart_under_load(scene: CeleryScene, postgres: Server, restarts: int) -> str:
    """Queue jobs, kill the server in their midst, queue more; all that were taken down are done at the end."""
    jobs: list[int] = []
    with scene.footnote() as footnote:
        assert footnote.records.installation
        worker = scene.worker(2, "celery_jobs")
        scene.beat()
        for number in range(restarts):
            jobs += acknowledged(footnote, 1 + 2 * number * JOBS, JOBS)
            begun = scene.home / "data" / "nap"
            before = len(begun.read_bytes()) if begun.exists() else 0
            wait_for(lambda: begun.exists() and len(begun.read_bytes()) > before, worker.told)  # noqa: B023 - called at once
            postgres.kill()
            jobs += acknowledged(footnote, 1 + (2 * number + 1) * JOBS, 3)
            postgres.start()
            jobs += acknowledged(footnote, 4 + (2 * number + 1) * JOBS, JOBS - 4)
        waited = wait_for(lambda: {footnote.records.jobs.state(one)[0] for one in jobs} == {JobState.DONE}, worker.told)
    lines = (scene.home / "data" / "nap").read_text(encoding="ascii").splitlines()
    starts = Counter(int(line.split()[0]) for line in lines)
    assert set(starts) >= set(jobs)
    again = sum(count - 1 for count in starts.values())
    return f"{restarts} restarts, {len(jobs)} jobs, all done {waited:.0f} s after the last; {again} were begun again"


def test_a_restart_under_load_loses_no_job(scene: CeleryScene, postgres: Server) -> None:
    """What was taken down before and after is done; a worker that was in its midst goes on."""
    restart_under_load(scene, postgres, 1)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_many_restarts_under_load_lose_no_job(
    scene: CeleryScene, postgres: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same, again and again."""
    told = restart_under_load(scene, postgres, RESTARTS)
    with capsys.disabled():
        print(f"\nPostgreSQL: {told}")  # noqa: T201 - the figure is wanted
