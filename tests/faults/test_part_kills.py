"""Processes that work on one sync side by side are killed, frozen and poisoned: readers see one version, whole."""

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.jobs import Job, JobState
from tests.child import start_child
from tests.faults.part_children import (
    DEADLY,
    FROZEN,
    WORKING,
    help_and_freeze,
    hold_and_freeze,
    in_slices,
    opened,
    slices_and_die,
    work_once,
    work_until_killed,
)
from tests.faults.test_sync_kills import (
    EVERY_CHECKPOINT,
    KILLED,
    REPAIRS,
    Folder,
    copied,
    die_at,
    fill,
    markdown,
)
from tests.small_base import Died, Seen, SmallBase, open_records


FILES, WORKERS, KILLS = 200, 4, 20
PATIENCE_S = 100
"""Nobody waits longer for a sync that nobody disturbs any more."""

Child = tuple[ForkServerProcess, Connection]


def many(words: str, count: int = FILES) -> Folder:
    """Return a folder of small documents, some of them under a rule."""
    files = {f"{'hr/' if number % 7 == 0 else ''}d{number:03}.md": short(number, words) for number in range(count)}
    return {**files, ".footnote.yaml": 'audience: [{pattern: "hr/**", readers: [group:hr]}]'}


def short(number: int, words: str) -> str:
    """Return a document of two chunks."""
    return f"---\ntitle: Note {number}\n---\n## One\n\nAbout {words}, {number}.\n\n## Two\n\nAlways about {number}.\n"


def fresh(data: Path, *folders: Folder) -> Seen:
    """Return what an undisturbed installation shows after syncing the folder in each of these states, uncut."""
    data.mkdir()
    with opened(data) as base:
        for files in folders:
            fill(base.folder, files)
            base.sync()
        return base.seen()


def start_worker(data: Path) -> Child:
    """Start a process that works until it is killed."""
    child, here = start_child(work_until_killed, data)
    assert here.recv() == WORKING
    return child, here


def kill(worker: Child) -> None:
    """Kill a process, whatever it is doing."""
    child, here = worker
    child.kill()
    child.join()
    here.close()
    assert child.exitcode == KILLED


def under_way(base: SmallBase, job: Job) -> bool:
    """Say whether a sync waits or runs, by one look: between two it might do the one and then the other."""
    return base.records.jobs.state(job.id)[0] in {JobState.QUEUED, JobState.RUNNING}


@pytest.mark.engines  # of its time alone
@pytest.mark.timeout(400)
def test_twenty_kills_among_four_workers_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """Whoever dies whenever: each version that comes is a folder's state, whole, and the last as from a fresh one."""
    chance, folders = random.Random(7), (many("leave"), many("travel"))
    expected = [fresh(tmp_path / "fresh0", folders[0]), fresh(tmp_path / "fresh1", folders[1])]
    data = tmp_path / "killed"
    data.mkdir()
    killed, wanted, shown = 0, 0, 0
    with opened(data) as base:
        fill(base.folder, folders[wanted])
        job = base.records.jobs.submit("sync", base.kb, {})
        workers = [start_worker(data) for _ in range(WORKERS)]
        while killed < KILLS or under_way(base, job):
            time.sleep(chance.uniform(0.05, 0.4))
            if killed < KILLS:
                at = chance.randrange(WORKERS)
                kill(workers[at])
                workers[at] = start_worker(data)
                killed += 1
            if base.base.newest > shown:
                shown = base.base.newest
                assert base.seen() == expected[wanted]
            if killed < KILLS and not under_way(base, job):
                wanted = 1 - wanted
                fill(base.folder, folders[wanted])
                job = base.records.jobs.submit("sync", base.kb, {})
        for one in workers:
            kill(one)
        assert (base.base.newest > 0, base.seen()) == (True, expected[wanted])
        assert base.index_differs() == set()
        lives = Counter(one.path for one in base.records.ledger.documents(base.kb, base.base.newest))
        assert (len(lives), set(lives.values())) == (FILES, {1})
        assert base.records.ledger.rejections(base.kb) == ()


def test_a_file_that_kills_its_workers_is_set_aside_while_others_go_on(tmp_path: Path) -> None:
    """Five workers later it is rejected with a reason, and every other document is there."""
    data = tmp_path / "poisoned"
    data.mkdir()
    with opened(data) as base:
        fill(base.folder, {**many("leave", 12), DEADLY: "Who reads this dies.\n"})
        job = base.records.jobs.submit("sync", base.kb, {})
        deaths, until = 0, time.monotonic() + PATIENCE_S
        worker = start_worker(data)
        while under_way(base, job) and time.monotonic() < until:
            worker[0].join(0.05)
            if worker[0].exitcode is not None:
                deaths += 1
                worker[1].close()
                worker = start_worker(data)
        kill(worker)
        (told,) = base.records.ledger.rejections(base.kb)
        assert (told.path, deaths) == (DEADLY, 5)
        assert told.reason.startswith("reading it ended its worker three times (its worker died or fell silent, last")
        assert len(base.seen().documents) == 12
        assert base.index_differs() == set()


class LaterClock(SystemClock):
    """The system's clock, some minutes ahead: leases that are held now have run out."""

    def now(self) -> datetime:
        """Return the time of day."""
        return super().now() + timedelta(minutes=5)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Return an installation with one version, whose folder has changed since."""
    data = tmp_path / "frozen"
    data.mkdir()
    with opened(data) as base:
        fill(base.folder, many("leave", 12))
        base.sync()
        fill(base.folder, many("travel", 12))
    return data


def later(base: SmallBase) -> Iterator[SmallBase]:
    """Yield the base as a process sees it whose clock says that all leases have run out."""
    with closing(open_records(base.folder.parent, LaterClock())) as records:
        yield SmallBase(replace(base.parts, records=records), base.folder)


def wake(worker: Child) -> str | int:
    """Let a frozen process go on; return what it says at its end."""
    child, here = worker
    assert child.pid is not None
    os.kill(child.pid, signal.SIGCONT)
    said: str | int = here.recv()
    child.join()
    here.close()
    return said


@pytest.mark.parametrize("at", ["parts.take", "life.store", "vectors.put", "index.stage", "index.retire"])
def test_a_frozen_helper_that_wakes_up_changes_nothing(tmp_path: Path, changed: Path, at: str) -> None:
    """Its part was done by another, its version is shown; what it still writes is what is there already."""
    expected = fresh(tmp_path / "fresh", many("leave", 12), many("travel", 12))
    with opened(changed) as base:
        job = plan_only(base)
        frozen = start_child(help_and_freeze, changed, at)
        assert frozen[1].recv() == FROZEN
        for other in later(base):
            while under_way(other, job):
                work_once(other)
        assert base.seen() == expected
        assert wake(frozen) == 0
        assert (base.base.newest, base.seen(), base.index_differs()) == (2, expected, set())
        assert base.sync().unchanged == 12


def plan_only(base: SmallBase) -> Job:
    """Let a sync be planned, and its holder die."""
    lease = base.lease()
    with pytest.raises(Died):
        base.work(die_at("parts.put")).run(lease)
    base.records.jobs.put_back(lease)
    return lease.job


@pytest.mark.parametrize("at", ["parts.put", "parts.take", "parts.stage", "index.stage", "ledger.reject", "census"])
def test_a_frozen_holder_that_wakes_up_changes_nothing(tmp_path: Path, changed: Path, at: str) -> None:
    """Another process took the job over and ended it; the old one is told so, and shows nothing."""
    expected = fresh(tmp_path / "fresh", many("leave", 12), many("travel", 12))
    with opened(changed) as base:
        job = base.records.jobs.submit("sync", base.kb, {})
        frozen = start_child(hold_and_freeze, changed, at)
        assert frozen[1].recv() == FROZEN
        for other in later(base):
            while under_way(other, job):
                work_once(other)
        assert "taken over" in str(wake(frozen))
        assert base.records.jobs.state(job.id)[0] is JobState.DONE
        assert (base.base.newest, base.seen(), base.index_differs()) == (base.base.active, expected, set())
        assert base.sync().unchanged == 12


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Return an installation with one version and a dead staged one, whose folder has changed since."""
    data = tmp_path / "prepared"
    data.mkdir()
    files = many("leave", 5)
    with opened(data) as base:
        fill(base.folder, files)
        base.sync()
        fill(base.folder, {**files, "d002.md": markdown(2, "pay"), "d001.md": markdown(1, "pay")})
        with pytest.raises(Died):
            base.sync(die_at("parts.stage"))
        fill(base.folder, last_state(files))
    return data


def last_state(files: Mapping[str, str]) -> Folder:
    """Return a state with an edit, a new file, one that is gone, one that cannot be read, and other rights."""
    changed = {**files, "d003.md": short(3, "pay"), "new.md": short(9, "notice"), "d001.md": ""}
    del changed["d002.md"]
    return {**changed, ".footnote.yaml": 'audience: [{pattern: "**", readers: [group:hr]}]'}


@pytest.mark.engines  # of its time alone
def test_a_kill_after_each_step_of_a_sync_in_parts_is_made_good(tmp_path: Path, prepared: Path) -> None:
    """Readers see the old version or the new one; the next sync ends as if nobody had been killed."""
    old = fresh(tmp_path / "old", many("leave", 5))
    new = fresh(tmp_path / "new", many("leave", 5), last_state(many("leave", 5)))
    names: list[str] = []
    with opened(copied(prepared, "undisturbed")) as base:
        in_slices(base, names.append)
        assert base.seen() == new
    unseen = {*REPAIRS, "jobs.submit", "jobs.lease", "ledger.stage", "ledger.finish_unchanged", "parts.fail"}
    assert set(names) == (EVERY_CHECKPOINT - unseen) | {"index.retire"}
    for at, name in enumerate(names):
        data = copied(prepared, f"killed{at}")
        child, here = start_child(slices_and_die, data, at)
        child.join()
        here.close()
        assert child.exitcode == KILLED
        with opened(data) as base:
            ended = name in {"ledger.finish", "jobs.finish"}
            assert (at, name, base.seen()) == (at, name, new if ended else old)
            base.sync()
            assert (at, name, base.seen()) == (at, name, new)
            assert (at, name, base.index_differs()) == (at, name, set())
        shutil.rmtree(data)
