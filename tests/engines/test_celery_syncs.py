"""Syncs that real Celery workers do: whole, in parts, killed, scheduled; over SQLite and over PostgreSQL."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.domain.jobs import JobState
from pipelines.wiring import Footnote
from tests.engines.celery_scene import ROOT, CeleryScene, celery_scene, wait_until
from tests.engines.postgres_databases import Server as Databases
from tests.servers import redis_server


pytestmark = [pytest.mark.engines, pytest.mark.losses]

SMALL = 5
LARGE = 150
"""Documents of a base that is cut into parts."""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """Return the address of a Redis of this test's own."""
    folder = tmp_path / "redis"
    folder.mkdir()
    server = redis_server(folder)
    server.start()
    yield server.url
    server.kill()


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path, redis: str) -> Iterator[CeleryScene]:
    """Return an installation with its records in either database."""
    if request.param == "sqlite":
        with celery_scene(tmp_path, redis) as made:
            yield made
        return
    databases = Databases(request.getfixturevalue("postgres_url"))
    with databases.migrated() as name:
        address = databases.url(name).replace("postgresql+psycopg:", "postgresql:")
        with celery_scene(tmp_path, redis, DATABASE_URL=address) as made:
            yield made


@pytest.fixture
def footnote(scene: CeleryScene) -> Iterator[Footnote]:
    """Return the installation as this process sees it."""
    with scene.footnote() as opened:
        yield opened


def documents(footnote: Footnote, name: str) -> int:
    """Return how many documents readers see."""
    base = footnote.records.bases.get(name)
    return sum(1 for _ in footnote.records.ledger.documents(base.id, base.active))


def rows_differ(footnote: Footnote, name: str) -> int:
    """Return how many rows of the index differ from the records."""
    base = footnote.records.bases.get(name)
    known = {(one.chunk_id, one.added_in) for one in footnote.records.ledger.chunks(base.id, base.active)}
    return len(known ^ {(one.chunk_id, one.added_in) for one in footnote.index.visible(base.id, base.active)})


def test_a_worker_syncs_what_was_left_to_it(scene: CeleryScene, footnote: Footnote) -> None:
    """A question is answered from it afterwards."""
    scene.add_base(footnote, "handbook", SMALL)
    worker = scene.worker()
    job = footnote.jobs.submit_sync("handbook")
    wait_until(lambda: footnote.records.jobs.state(job.id)[0] is JobState.DONE, worker.told)
    assert documents(footnote, "handbook") == SMALL
    answer = footnote.ask(Question("How many weeks do parents of group 3 take?", OPERATOR))
    assert answer.outcome is Outcome.ANSWER
    assert "3 weeks" in answer.text


def test_a_worker_that_is_killed_in_a_sync_loses_nothing(scene: CeleryScene, footnote: Footnote) -> None:
    """Another one goes on; at the end the index holds what the records say, each document once."""
    kb = scene.add_base(footnote, "handbook", LARGE)
    first = scene.worker(2)
    job = footnote.jobs.submit_sync("handbook")
    wait_until(lambda: begun(footnote, kb), first.told)
    first.kill()
    assert footnote.records.jobs.state(job.id)[0] is JobState.RUNNING
    second = scene.worker(2)
    scene.beat()
    wait_until(lambda: footnote.records.jobs.state(job.id)[0] is JobState.DONE, second.told)
    assert documents(footnote, "handbook") == LARGE
    assert rows_differ(footnote, "handbook") == 0
    assert footnote.index.count(kb) == LARGE


def test_a_worker_that_is_asked_to_end_leaves_the_sync_to_another(scene: CeleryScene, footnote: Footnote) -> None:
    """The part at hand ends, the job waits again without a counted start, and another goes on with its plan."""
    kb = scene.add_base(footnote, "handbook", LARGE)
    first = scene.worker(1)
    job = footnote.jobs.submit_sync("handbook")
    wait_until(lambda: begun(footnote, kb), first.told)
    assert first.stop() == 0
    assert "Traceback" not in first.told()
    assert footnote.records.jobs.state(job.id)[0] in (JobState.QUEUED, JobState.DONE)
    second = scene.worker(1)
    scene.beat()
    wait_until(lambda: footnote.records.jobs.state(job.id)[0] is JobState.DONE, second.told)
    assert (documents(footnote, "handbook"), rows_differ(footnote, "handbook")) == (LARGE, 0)


def test_a_terminal_watches_the_sync_of_a_worker(scene: CeleryScene, footnote: Footnote) -> None:
    """It tells what the worker's own run came to, and that one was the only run."""
    kb = scene.add_base(footnote, "handbook", LARGE)
    worker = scene.worker()
    footnote.jobs.submit_sync("handbook")
    wait_until(lambda: footnote.records.jobs.running(kb) is not None, worker.told)
    told = terminal(scene, "kb", "sync", "handbook")
    assert told["version"] == footnote.records.bases.get("handbook").active
    assert documents(footnote, "handbook") == LARGE


def test_beats_submit_what_is_due_once(scene: CeleryScene, footnote: Footnote) -> None:
    """Two beats, two workers, one sync for each time; and the chores of the day."""
    kb = scene.add_base(footnote, "handbook", SMALL)
    footnote.records.schedules.set_every(kb, 2)
    workers = [scene.worker() for _ in range(2)]
    for _ in range(2):
        scene.beat()
    wait_until(lambda: runs(footnote) >= 2, workers[0].told)
    footnote.records.schedules.set_every(kb, None)
    for one in workers:
        one.stop()
    told = "\n".join(one.told() for one in workers)
    assert told.count("kind=sync kb=1 is due") <= runs(footnote) + 1
    assert "kind=tidy kb=0" in told
    assert documents(footnote, "handbook") == SMALL


def begun(footnote: Footnote, kb: int) -> bool:
    """Say whether a sync in parts got anywhere."""
    progress = footnote.records.parts.progress(kb)
    return progress is not None and progress.done > 0


def runs(footnote: Footnote) -> int:
    """Return how many syncs ended; this installation has had no more than a hundred jobs."""
    return sum(footnote.records.ledger.run_of(job) is not None for job in range(1, 100))


def terminal(scene: CeleryScene, *words: str) -> Any:
    """Run a command and return its document."""
    command = [sys.executable, "-m", "bot.cli", *words, "--json"]
    environ = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", **scene.environ}
    done = subprocess.run(command, cwd=scene.home, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
