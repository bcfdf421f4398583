"""A machine whose folders are not those that the records mean: it leaves each job to who can do it, and says why."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipelines.adapters.records.jobs import worker_name
from pipelines.domain.job_kinds import CENSUS, SYNC, TIDY
from pipelines.domain.jobs import JobState
from pipelines.errors import BadSettings, Unfit
from pipelines.ingestion.sync import Sync
from pipelines.operation.working import Worked
from pipelines.wiring import Footnote
from tests.engines.celery_scene import CeleryScene, celery_scene, wait_until
from tests.engines.folders_scene import FILES, INDEX, install, write_documents
from tests.engines.moving_scene import installation
from tests.engines.postgres_databases import Server
from tests.servers import redis_server


pytestmark = pytest.mark.engines

KINDS = (SYNC, CENSUS, TIDY)
ELSEWHERE = "another-host:1:1"


@pytest.fixture
def shared(postgres_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the settings of all machines, one of which has synced a base."""
    server = Server(postgres_url)
    with server.migrated() as name:
        settings = {"DATABASE_URL": server.url(name), "FOOTNOTE_BLOBS": str(tmp_path / "share")}
        install(tmp_path / "one", settings, write_documents(tmp_path / "documents"))
        yield settings


@pytest.fixture(params=["index", "files"])
def misplaced(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, str], str]:
    """Return a data folder and settings that are not those of the records, and what is said of them."""
    if request.param == "index":
        return tmp_path / "two", {}, INDEX
    return tmp_path / "one", {"FOOTNOTE_BLOBS": str(tmp_path / "bare")}, FILES


def wait_and_stop() -> tuple[Callable[[float], None], Callable[[], bool]]:
    """Return how a job process waits, and what ends it after it did so twice."""
    waits: list[float] = []
    return waits.append, lambda: len(waits) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_is_left_to_a_machine_that_can_do_it(
    tmp_path: Path, shared: Mapping[str, str], misplaced: tuple[Path, dict[str, str], str], kind: str
) -> None:
    """However often a wrong machine takes it: it is queued as if it had not been begun, and a right one does it."""
    data, wrong, said = misplaced
    with installation(data, {**shared, **wrong}) as other:
        job = other.records.jobs.submit(kind, other.records.bases.get("handbook").id, {})
        for _ in range(4):
            with pytest.raises(Unfit, match=said):
                other.jobs.worker(lambda: False).work(60)
            assert other.records.jobs.state(job.id) == (JobState.QUEUED, None)
    with installation(tmp_path / "one", shared) as first:
        lease = first.records.jobs.lease(job.id, worker_name(), 60)
        assert lease.job.attempts == 1
        first.records.jobs.put_back(lease)
        assert first.jobs.worker(lambda: False).work(60) == Worked(done=1)


def test_a_part_is_left_to_a_machine_that_can_do_it(
    tmp_path: Path, shared: Mapping[str, str], misplaced: tuple[Path, dict[str, str], str]
) -> None:
    """Who would help with another machine's sync is refused before it takes a part."""
    for number in range(40):
        (tmp_path / "documents" / f"more-{number}.md").write_text(f"# Leave {number}\n\nIt is {number} weeks long.\n")
    with installation(tmp_path / "one", shared) as first:
        base = first.records.bases.get("handbook")
        held = first.records.jobs.lease(first.records.jobs.submit(SYNC, base.id, {}).id, ELSEWHERE, 600)
        sync = Sync(first.sync_parts, base, first.source_reader(base.id), worker=ELSEWHERE)
        assert sync.go_on(held, 0.0) is None
        waiting = first.records.parts.waiting()
    assert waiting > 0
    data, wrong, said = misplaced
    with installation(data, {**shared, **wrong}) as other:
        with pytest.raises(Unfit, match=said):
            other.jobs.worker(lambda: False).work(60)
        assert other.records.parts.waiting() == waiting


def test_a_job_process_looks_at_its_folders_before_it_begins(
    shared: Mapping[str, str], misplaced: tuple[Path, dict[str, str], str]
) -> None:
    """Also where nothing waits: one sentence, and no work."""
    data, wrong, said = misplaced
    with installation(data, {**shared, **wrong}) as other, pytest.raises(BadSettings, match=said):
        other.jobs.process(*wait_and_stop())


def test_a_job_process_ends_when_its_folder_is_away(tmp_path: Path, shared: Mapping[str, str]) -> None:
    """A share that is unmounted while it works: it ends with one sentence, and the job waits for another machine."""
    with installation(tmp_path / "one", shared) as first:
        process = first.jobs.process(*wait_and_stop())
        (tmp_path / "share").rename(tmp_path / "away")
        job = first.jobs.submit_sync("handbook")
        with pytest.raises(Unfit, match=FILES):
            process.run()
        assert first.records.jobs.state(job.id) == (JobState.QUEUED, None)


@pytest.mark.parametrize(
    ("place", "said"),
    [("share/place", "syncs fail until the stored files can be reached: "),
     ("one/place", "syncs fail until the data folder can be read: ")],
)  # fmt: skip
def test_what_is_away_for_now_is_a_warning(
    tmp_path: Path, shared: Mapping[str, str], caplog: pytest.LogCaptureFixture, place: str, said: str
) -> None:
    """A mark that cannot be read just now: the job process begins, a sync fails in words, and none is held."""
    mark = tmp_path / place
    word = mark.read_text()
    mark.unlink()
    mark.mkdir()
    with installation(tmp_path / "one", shared) as first, caplog.at_level(logging.WARNING):
        first.jobs.process(*wait_and_stop())
        (line,) = caplog.messages
        assert line.startswith(f"{said}{mark} could not be read")
        job = first.jobs.submit_sync("handbook")
        assert first.jobs.worker(lambda: False).work(60) == Worked(failed=1)
        state, reason = first.records.jobs.state(job.id)
        assert (state, str(mark) in str(reason)) == (JobState.FAILED, True)
        mark.rmdir()
        mark.write_text(word)
        assert first.sync("handbook").unchanged == 1


@pytest.fixture
def celery(tmp_path: Path, shared: Mapping[str, str]) -> Iterator[Callable[..., CeleryScene]]:
    """Return what makes a machine with Celery's workers, by words only, over a data folder."""
    (tmp_path / "redis").mkdir()
    redis = redis_server(tmp_path / "redis")
    redis.start()
    with ExitStack() as opened:

        def machine(data: Path, **wrong: str) -> CeleryScene:
            own = shared | {"FOOTNOTE_DATA_DIR": str(data)} | wrong
            return opened.enter_context(celery_scene(tmp_path, redis.url, **own))

        yield machine
    redis.kill()


def test_a_celery_worker_looks_at_its_folders_before_it_begins(
    celery: Callable[..., CeleryScene], misplaced: tuple[Path, dict[str, str], str]
) -> None:
    """It ends with the sentence that a job would have failed with."""
    data, wrong, said = misplaced
    worker = celery(data, **wrong).command("worker", "-c", "1")
    assert worker.process.wait(60) != 0
    told = worker.told()
    assert "Traceback" not in told
    assert "of another data folder" in told if said is INDEX else "are in another folder" in told


def test_a_celery_worker_ends_when_its_folder_is_away(
    tmp_path: Path, celery: Callable[..., CeleryScene], shared: Mapping[str, str]
) -> None:
    """Its first process ends too, told by the one that found it; the job waits for another machine."""
    scene = celery(tmp_path / "one")
    worker = scene.worker(2)
    (tmp_path / "share").rename(tmp_path / "away")
    with scene.footnote() as footnote:
        job = footnote.jobs.submit_sync("handbook")
        wait_until(lambda: worker.process.poll() is not None, worker.told)
        assert footnote.records.jobs.state(job.id) == (JobState.QUEUED, None)
    lines = [one for one in worker.told().splitlines() if "this worker ends: the stored files" in one]
    assert 1 <= len(lines) <= 2
    assert "Traceback" not in worker.told()
    (tmp_path / "away").rename(tmp_path / "share")
    with installation(tmp_path / "one", {**shared, "FOOTNOTE_EMBEDDER": "none"}) as first:
        assert taken_once(first, job.id)


def taken_once(footnote: Footnote, job: int) -> bool:
    """Say whether a job counts as never begun."""
    return footnote.records.jobs.lease(job, worker_name(), 60).job.attempts == 1
