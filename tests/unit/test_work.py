"""One job from its lease to its end: whatever happens, records say how it ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.records.jobs import worker_name
from pipelines.adapters.sources.folder import FolderSource
from pipelines.domain.jobs import JobState, Lease
from pipelines.domain.knowledge import SyncResult
from pipelines.errors import NotFound, SourceUnreadable, TransientError
from pipelines.ingestion.equipment import SyncParts
from pipelines.ports.source_reader import SourceReader
from pipelines.work import prepared, run_sync
from tests.small_base import SmallBase, open_parts


@pytest.fixture
def base(tmp_path: Path) -> Iterator[SmallBase]:
    """Return a base over a folder of one document."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text("Leave of parents.\n", encoding="utf-8")
    with open_parts(tmp_path) as parts:
        yield SmallBase(parts, folder)


class Broken(FolderSource):
    """A folder whose reader has a mistake."""

    def fetch(self, path: str) -> bytes:
        """Fail in a way that nobody foresaw."""
        raise ZeroDivisionError(path)


def run(base: SmallBase, source: type[FolderSource] = FolderSource) -> SyncResult:
    """Run a sync job of the base."""

    def reader(_kb: int) -> SourceReader:
        return source(base.folder, max_file_mb=1)

    job = base.records.jobs.submit("sync", base.kb, {})
    return run_sync(base.parts, job, reader, worker=worker_name())


def test_a_job_that_ends_well_is_done(base: SmallBase) -> None:
    """The run is recorded, the job is over, and the next one may begin."""
    assert run(base).added == 1
    last = base.records.ledger.last_run(base.kb)
    assert last is not None
    assert (last["state"], last["added"], base.records.jobs.running(base.kb)) == ("done", 1, None)
    assert run(base).unchanged == 1


def test_a_sync_that_cannot_be_equipped_ends(base: SmallBase) -> None:
    """What it works with is made after its lease was taken: a fault there leaves no job that nobody works on."""

    def away() -> SyncParts:
        raise TransientError("the data folder cannot be read")

    lease = base.records.jobs.lease(base.records.jobs.submit("sync", base.kb, {}).id, worker_name(), 60)
    with pytest.raises(TransientError):
        prepared(base.records, lease, away)
    assert base.records.jobs.state(lease.job.id) == (JobState.FAILED, "the data folder cannot be read")
    last = base.records.ledger.last_run(base.kb)
    assert last is not None
    assert (last["state"], last["error"]) == ("failed", "the data folder cannot be read")


def test_a_fault_is_recorded_in_its_own_words(base: SmallBase) -> None:
    """Whoever looks at the status reads the sentence that the terminal showed."""
    (base.folder / ".footnote.yaml").write_text("audience: [", encoding="utf-8")
    with pytest.raises(SourceUnreadable) as fault:
        run(base)
    last = base.records.ledger.last_run(base.kb)
    assert last is not None
    assert (last["state"], last["error"], base.records.jobs.running(base.kb)) == ("failed", str(fault.value), None)


def test_a_mistake_of_ours_does_not_leave_the_job_running(base: SmallBase) -> None:
    """An unforeseen fault is raised as it is, and recorded; the next sync works."""
    with pytest.raises(ZeroDivisionError):
        run(base, Broken)
    last = base.records.ledger.last_run(base.kb)
    assert last is not None
    assert last["error"] == "unexpected fault: ZeroDivisionError"
    assert run(base).added == 1


def test_a_base_that_was_removed_is_not_found(base: SmallBase) -> None:
    """A job that was queued for it ends in one sentence."""
    job = base.records.jobs.submit("sync", base.kb, {})
    base.records.bases.hide(base.kb)
    with pytest.raises(NotFound, match="was removed before its sync began"):
        run_sync(base.parts, job, lambda _: FolderSource(base.folder, max_file_mb=1), worker=worker_name())


def test_a_fault_is_not_hidden_by_records_that_do_not_answer(base: SmallBase) -> None:
    """The first fault is told, also when it cannot be written down any more since the job was taken over."""

    class TakenOver(FolderSource):
        def fetch(self, path: str) -> bytes:
            base.records.jobs.finish(lease_of(base))
            raise SourceUnreadable(f"the drive of {path} went away")

    with pytest.raises(SourceUnreadable, match="went away"):
        run(base, TakenOver)


def lease_of(base: SmallBase) -> Lease:
    """Return the lease of the job that runs now."""
    job = base.records.jobs.running(base.kb)
    assert job is not None
    return Lease(job, 1)
