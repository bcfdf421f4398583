"""Steps of a sync that may take hours are done in slices: what one slice did, none does again."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.adapters.records.jobs import worker_name
from pipelines.adapters.sources.folder import FolderSource
from pipelines.domain.jobs import JobState
from pipelines.domain.knowledge import SyncResult
from pipelines.domain.reading import Rejected
from pipelines.ingestion.equipment import Cut
from pipelines.ingestion.heartbeat import LEASE_S
from pipelines.work import work_on_sync
from tests.fakes.manual_clock import ManualClock
from tests.small_base import Died, SmallBase, open_parts


FILES, FETCH_S = 24, 60.0
GONE = worker_name() + "0"
"""A worker whose process ended, so that nobody waits for its lease."""


class Slow(FolderSource):
    """A folder from which each file takes a minute, and which counts what was fetched."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        super().__init__(folder, max_file_mb=1)
        self._clock = clock
        self.fetched: list[str] = []

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes, a minute later."""
        self._clock.advance(FETCH_S)
        self.fetched.append(path)
        return super().fetch(path)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def base(tmp_path: Path, clock: ManualClock) -> Iterator[SmallBase]:
    """A base over a folder of many files."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"d{number:02}.md").write_text(f"Document {number} is about leave.\n", encoding="utf-8")
    with open_parts(tmp_path) as parts:
        yield SmallBase(replace(parts, clock=clock), folder)


@pytest.fixture
def source(base: SmallBase, clock: ManualClock) -> Slow:
    return Slow(base.folder, clock)


def one_slice(
    base: SmallBase, source: FolderSource, checkpoint: Callable[[str], None] = lambda _: None
) -> SyncResult | None:
    """Take the sync that waits, and do as much of it as a worker does whose time is over at once."""
    lease = base.records.jobs.take(["sync"], GONE, LEASE_S)
    assert lease is not None
    return work_on_sync(base.parts, lease, lambda _: source, worker=GONE, checkpoint=checkpoint, budget_s=0)


def stored(base: SmallBase) -> int:
    """Return how many files are stored."""
    return sum(1 for _ in base.parts.blobs.names())


def die(at: str) -> Callable[[str], None]:
    """Return a checkpoint at which a process ends."""

    def checkpoint(name: str) -> None:
        if name == at:
            raise Died

    return checkpoint


def test_files_of_a_large_sync_are_kept_in_slices(base: SmallBase, source: Slow) -> None:
    """Each slice keeps some more, fetches none again that is kept, and begins no version."""
    base.parts = replace(base.parts, cut=Cut(inline=0))
    job = base.records.jobs.submit("sync", base.kb, {})
    held = [0]
    while held[-1] < FILES:
        source.fetched.clear()
        assert one_slice(base, source) is None
        held.append(stored(base))
        # Once to be listed; and what is kept now and was not before.
        assert len(source.fetched) == FILES + held[-1] - held[-2]
        assert base.records.jobs.state(job.id)[0] is JobState.QUEUED
        assert (base.records.bases.versions(base.kb) == ()) == (held[-1] < FILES)
    assert [after - before for before, after in pairwise(held)] == [3] * (FILES // 3)
    base.parts = replace(base.parts, cut=Cut(inline=0, seconds=10 * FETCH_S))
    result = None
    while result is None:
        lease = base.records.jobs.take(["sync"], GONE, LEASE_S)
        assert lease is not None
        result = work_on_sync(base.parts, lease, lambda _: source, worker=GONE)
    assert (result.version, result.added, len(base.seen().documents)) == (1, FILES, FILES)


def test_a_file_that_changes_between_two_slices_is_kept_as_it_is_then(base: SmallBase, source: Slow) -> None:
    """The next slice looks at the source again, and the version holds one state of it."""
    base.parts = replace(base.parts, cut=Cut(inline=0))
    base.records.jobs.submit("sync", base.kb, {})
    assert one_slice(base, source) is None
    (base.folder / "d00.md").write_text("Document 0 is about pay.\n", encoding="utf-8")
    (base.folder / "d01.md").unlink()
    base.parts = replace(base.parts, cut=Cut(inline=0, seconds=FILES * FETCH_S))
    assert one_slice(base, source) is None
    lease = base.records.jobs.take(["sync"], GONE, LEASE_S)
    assert lease is not None
    assert work_on_sync(base.parts, lease, lambda _: source, worker=GONE) is not None
    assert base.seen().documents["d00.md"].text == "Document 0 is about pay."
    assert "d01.md" not in base.seen().documents


def test_workers_that_die_between_slices_that_got_further_set_nothing_aside(base: SmallBase, source: Slow) -> None:
    """A sync that takes hours survives any number of restarts of its workers, as long as it goes on."""
    base.parts = replace(base.parts, cut=Cut(inline=0))
    job = base.records.jobs.submit("sync", base.kb, {})
    for _ in range(4):
        before = stored(base)
        with suppress(Died):
            one_slice(base, source, die("blobs.put"))
        assert stored(base) == before + 1
        assert one_slice(base, source) is None
    assert base.records.jobs.state(job.id)[0] is JobState.QUEUED


def test_a_lost_index_is_built_again_in_slices(base: SmallBase) -> None:
    """Each slice writes documents that are missing, none twice, and readers see all of them in the end."""
    base.sync()
    before, written = base.seen(), 0

    def count(name: str) -> None:
        nonlocal written
        written += name == "index.rebuild"

    base.parts.index.drop(base.kb)
    job = base.records.jobs.submit("sync", base.kb, {})
    source = FolderSource(base.folder, max_file_mb=1)
    for slices in range(1, FILES + 1):
        with suppress(Died):
            one_slice(base, source, die("index.sweep" if slices % 2 else "index.revive"))
        assert one_slice(base, source, count) is None
        assert (base.records.jobs.state(job.id)[0], written) == (JobState.QUEUED, slices)
        if base.parts.index.count(base.kb) == FILES:
            break
    assert one_slice(base, source, count) is not None
    assert (written, base.seen()) == (slices, before)
