"""Real Celery workers over a real Redis: what they take, lose, leave and refuse."""

import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from redis import Redis

from pipelines.adapters.celery_queue import CeleryQueue
from pipelines.domain.jobs import JobState
from pipelines.wiring import Footnote
from tests.engines.celery_scene import CeleryScene, celery_scene, wait_until
from tests.fakes.manual_clock import ManualClock
from tests.servers import Server, redis_server


pytestmark = [pytest.mark.engines, pytest.mark.losses]

JOBS = "celery_jobs"
SMALL_JOBS = 200


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    """Return a Redis that a test may flush and restart."""
    folder = tmp_path / "redis"
    folder.mkdir()
    server = redis_server(folder)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def scene(tmp_path: Path, redis: Server) -> Iterator[CeleryScene]:
    """Return an installation over it; its records are a SQLite file."""
    with celery_scene(tmp_path, redis.url) as made:
        yield made


@pytest.fixture
def footnote(scene: CeleryScene) -> Iterator[Footnote]:
    """Return the installation as this process sees it."""
    with scene.footnote() as opened:
        yield opened


def submit(footnote: Footnote, kind: str, kb: int) -> int:
    """Queue a job, tell nobody, and return its number."""
    return footnote.records.jobs.submit(kind, kb, {}).id


def state(footnote: Footnote, job: int) -> JobState:
    """Return where a job stands."""
    return footnote.records.jobs.state(job)[0]


def begun(scene: CeleryScene, kind: str) -> list[str]:
    """Return a line, number and process, for each start of a job of this kind."""
    file = scene.home / "data" / kind
    return file.read_text(encoding="ascii").splitlines() if file.exists() else []


def test_a_poison_job_harms_itself_only(scene: CeleryScene, footnote: Footnote) -> None:
    """It is set aside after three starts that killed their worker; the two hundred others are done once each."""
    middle = SMALL_JOBS // 2
    quick = [submit(footnote, "quick", kb) for kb in range(1, middle)]
    poison = submit(footnote, "poison", SMALL_JOBS + 1)
    quick += [submit(footnote, "quick", kb) for kb in range(middle, SMALL_JOBS + 1)]
    worker = scene.worker(2, JOBS)
    scene.beat()
    wait_until(lambda: state(footnote, poison) is JobState.QUARANTINED, worker.told)
    wait_until(lambda: {state(footnote, job) for job in quick} == {JobState.DONE}, worker.told)
    assert len(begun(scene, "poison")) == 3
    assert Counter(line.split()[0] for line in begun(scene, "quick")) == Counter(map(str, quick))
    assert "started 3 times" in (footnote.records.jobs.quarantined("poison", SMALL_JOBS + 1) or "")


def test_what_the_broker_lost_is_sent_again(scene: CeleryScene, footnote: Footnote, redis: Server) -> None:
    """Flushed, then killed and started empty: every job is done all the same, once."""
    jobs = [submit(footnote, "quick", kb) for kb in range(1, 31)]
    for _ in jobs:
        footnote.job_queue.announce("ingest")
    with Redis.from_url(redis.url) as client:
        assert client.llen("ingest") == len(jobs)
        client.flushall()
    worker = scene.worker(1, JOBS)
    scene.beat()
    wait_until(lambda: {state(footnote, job) for job in jobs} == {JobState.DONE}, worker.told)
    redis.kill()
    later = [submit(footnote, "quick", kb) for kb in range(1, 31)]
    footnote.job_queue.announce("ingest")
    redis.start()
    wait_until(lambda: {state(footnote, job) for job in later} == {JobState.DONE}, worker.told)
    assert Counter(line.split()[0] for line in begun(scene, "quick")) == Counter(map(str, jobs + later))


def test_a_killed_workers_job_is_done_by_another(scene: CeleryScene, footnote: Footnote) -> None:
    """Its lease counts no longer, since its process is gone; the second start is the last."""
    job = submit(footnote, "slow", 1)
    first = scene.worker(1, JOBS)
    footnote.job_queue.announce("ingest")
    wait_until(lambda: len(begun(scene, "slow")) == 1, first.told)
    first.kill()
    (scene.home / "data" / "go").touch()
    second = scene.worker(1, JOBS)
    scene.beat()
    wait_until(lambda: state(footnote, job) is JobState.DONE, second.told)
    assert len(begun(scene, "slow")) == 2


def test_a_frozen_worker_that_wakes_up_changes_nothing(scene: CeleryScene, footnote: Footnote) -> None:
    """Its lease ran out and its job was done by another; what it writes then is refused, and it works on."""
    job = submit(footnote, "slow", 1)
    frozen = scene.worker(1, JOBS)
    footnote.job_queue.announce("ingest")
    wait_until(lambda: len(begun(scene, "slow")) == 1, frozen.told)
    frozen.signal(signal.SIGSTOP)
    let_the_lease_run_out(scene, job)
    (scene.home / "data" / "go").touch()
    other = scene.worker(1, JOBS)
    footnote.job_queue.announce("ingest")
    wait_until(lambda: state(footnote, job) is JobState.DONE, other.told)
    assert other.stop() == 0
    frozen.signal(signal.SIGCONT)
    wait_until(lambda: f"job {job} was taken over by another process" in frozen.told(), frozen.told)
    assert state(footnote, job) is JobState.DONE
    after = submit(footnote, "quick", 1)
    footnote.job_queue.announce("ingest")
    wait_until(lambda: state(footnote, after) is JobState.DONE, frozen.told)


def test_two_workers_never_do_one_job(scene: CeleryScene, footnote: Footnote) -> None:
    """However often they are told of it, at the same moment."""
    jobs = [submit(footnote, "slow", kb) for kb in range(1, 41)]
    (scene.home / "data" / "go").touch()
    workers = [scene.worker(2, JOBS) for _ in range(2)]
    for _ in range(120):
        footnote.job_queue.announce("ingest")
    wait_until(lambda: {state(footnote, job) for job in jobs} == {JobState.DONE}, workers[0].told)
    assert Counter(line.split()[0] for line in begun(scene, "slow")) == Counter(map(str, jobs))


def test_a_worker_that_is_asked_to_end_puts_its_job_back(scene: CeleryScene, footnote: Footnote) -> None:
    """It ends well, the job waits again, and the start does not count."""
    job = submit(footnote, "slow", 1)
    worker = scene.worker(1, JOBS)
    footnote.job_queue.announce("ingest")
    wait_until(lambda: len(begun(scene, "slow")) == 1, worker.told)
    assert worker.stop() == 0
    assert state(footnote, job) is JobState.QUEUED
    (scene.home / "data" / "go").touch()
    assert footnote.records.jobs.lease(job, "a test", 60).job.attempts == 1


def test_every_line_of_a_job_names_it(scene: CeleryScene, footnote: Footnote) -> None:
    """From the first to the last."""
    job = submit(footnote, "quick", 7)
    worker = scene.worker(1, JOBS)
    footnote.job_queue.announce("ingest")
    wait_until(lambda: " done" in worker.told(), worker.told)
    lines = [line for line in worker.told().splitlines() if "operation.working" in line]
    assert [line.rpartition(" ")[2] for line in lines] == ["begins", "done"]
    assert all(f" job={job} kind=quick kb=7 " in line for line in lines)


def test_a_broker_that_may_evict_is_refused(scene: CeleryScene, redis: Server) -> None:
    """The worker ends with a sentence that names the setting, and no traceback."""
    with Redis.from_url(redis.url) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
    worker = scene.command("worker", "-c", "1")
    assert worker.process.wait(30) != 0
    assert "maxmemory-policy" in worker.told()
    assert "Traceback" not in worker.told()


def test_the_broker_of_another_installation_is_refused(scene: CeleryScene, redis: Server, tmp_path: Path) -> None:
    """A worker marks its broker, and those of others do not start on it."""
    scene.worker()
    other = tmp_path / "other"
    other.mkdir()
    with celery_scene(other, redis.url) as stranger:
        worker = stranger.command("worker", "-c", "1")
        assert worker.process.wait(30) != 0
        assert "belongs to another installation" in worker.told()


def test_a_pool_without_processes_is_refused(scene: CeleryScene) -> None:
    """No time limit would hold in it."""
    worker = scene.command("worker", "--pool", "threads")
    assert worker.process.wait(30) != 0
    assert "no time limit would hold" in worker.told()


def test_workers_without_a_broker_are_told_of_the_job_process(scene: CeleryScene) -> None:
    """One sentence, and no traceback."""
    without = CeleryScene(scene.home, {k: v for k, v in scene.environ.items() if k != "FOOTNOTE_BROKER_URL"})
    with without.opened:
        worker = without.command("worker")
        assert worker.process.wait(30) != 0
        assert "footnote work" in worker.told()
        assert "Traceback" not in worker.told()


def test_whoever_submits_does_not_wait_for_a_broker_that_is_away(redis: Server) -> None:
    """Nothing is raised, later words do not even try; once it is back it hears of jobs again."""
    clock = ManualClock()
    with closing(CeleryQueue(redis.url, clock)) as queue:
        redis.freeze()
        for _ in range(100):
            queue.announce("ingest")
        redis.thaw()
        redis.kill()
        clock.advance(6)
        queue.announce("ingest")
        redis.start()
        clock.advance(6)
        queue.announce("ingest")
    with Redis.from_url(redis.url) as client:
        assert client.llen("ingest") == 1


def let_the_lease_run_out(scene: CeleryScene, job: int) -> None:
    """Let a lease's time be over, as if its two minutes had passed."""
    with closing(sqlite3.connect(scene.home / "data" / "records.db", timeout=30)) as records, records:
        records.execute("UPDATE jobs SET leased_until = 1 WHERE id = ?", (job,))
