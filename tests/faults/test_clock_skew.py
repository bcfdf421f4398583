"""
The clock of a machine is put forward and back while its workers work; what comes of it is right all the same.

That the clocks of several machines are minutes apart is refused: `tests/engines/test_bad_days.py`.
"""

import time
from collections import Counter
from pathlib import Path

import pytest

from pipelines.domain.jobs import JobState
from tests.child import start_child
from tests.faults.part_children import STEP, WORKING, opened, work_by_a_stepped_clock
from tests.faults.test_part_kills import fresh, kill, many
from tests.faults.test_sync_kills import Folder, fill
from tests.small_base import SmallBase


FILES, WORKERS = 24, 3
STEPS_S = (600, -600, 3600)
"""More than a lease lasts: all that are held seem to have run out at once, or to last for long."""

PATIENCE_S = 200.0


@pytest.mark.timeout(300)
def test_a_clock_that_is_put_forward_and_back_loses_nothing(tmp_path: Path) -> None:
    """Each version is the folder's state, whole; nothing is set aside that only had to change hands."""
    folders = (many("leave", FILES), many("travel", FILES), many("pay", FILES))
    data = tmp_path / "stepped"
    data.mkdir()
    with opened(data) as base:
        workers = [start_child(work_by_a_stepped_clock, data) for _ in range(WORKERS)]
        try:
            assert all(here.recv() == WORKING for _, here in workers)
            for number, (files, step) in enumerate(zip(folders, STEPS_S, strict=True)):
                sync(base, files, step)
                assert base.seen() == fresh(tmp_path / f"fresh{number}", *folders[: number + 1])
        finally:
            for one in workers:
                kill(one)
        assert base.index_differs() == set()
        assert base.records.ledger.rejections(base.kb) == ()
        lives = Counter(one.path for one in base.records.ledger.documents(base.kb, base.base.newest))
        assert (len(lives), set(lives.values())) == (FILES, {1})


def sync(base: SmallBase, files: Folder, step: int) -> None:
    """Have the folder synced by the workers, and put their clock to another time in the midst of it."""
    fill(base.folder, files)
    job = base.records.jobs.submit("sync", base.kb, {})
    written, stepped = base.folder.parent / "next_step", False
    deadline = time.monotonic() + PATIENCE_S
    while (state := base.records.jobs.state(job.id)[0]) in {JobState.QUEUED, JobState.RUNNING}:
        assert time.monotonic() < deadline
        progress = base.records.parts.progress(base.kb)
        if progress is not None and progress.done > 0 and not stepped:
            stepped = True
            # At once, so that nobody reads half of it.
            written.write_text(str(step), encoding="ascii")
            written.rename(base.folder.parent / STEP)
        time.sleep(0.02)
    assert state is JobState.DONE
