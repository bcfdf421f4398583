"""What a process does in the tests that kill it: one sync of a small base, with nothing faked but the meaning."""

import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines.adapters.records.jobs import worker_name
from pipelines.adapters.sources.folder import FolderSource
from pipelines.domain.knowledge import SyncResult
from pipelines.ingestion.heartbeat import LEASE_S
from pipelines.ports.source_reader import SourceReader
from pipelines.work import run_sync
from tests.child import fill_disk
from tests.small_base import SmallBase, open_parts


STARTED, ENDED, HOLDING = "started", "ended", "holding"


def sync(data: Path, folder: Path) -> SyncResult:
    """Sync as a terminal does."""

    def source(_kb: int) -> SourceReader:
        return FolderSource(folder, max_file_mb=1)

    with open_parts(data) as parts:
        base = SmallBase(parts, folder)
        job = parts.records.jobs.submit("sync", base.kb, {})
        return run_sync(parts, job, source, worker=worker_name())


def sync_until_killed(data: Path, folder: Path, there: Connection) -> None:
    """Say that it starts, sync, say that it ended, and wait for the end."""
    there.send(STARTED)
    sync(data, folder)
    there.send(ENDED)
    signal.pause()


def sync_and_hold(data: Path, folder: Path, there: Connection) -> None:
    """Begin a sync, and hold it until it is killed."""

    def checkpoint(name: str) -> None:
        if name == "ledger.begin":
            there.send(HOLDING)
            signal.pause()

    with open_parts(data) as parts:
        stepwise(SmallBase(parts, folder), checkpoint)


def sync_and_die(data: Path, folder: Path, at: int, _there: Connection) -> None:
    """Kill this process at the checkpoint of this number, from 0."""
    left = at

    def checkpoint(_name: str) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    with open_parts(data) as parts:
        stepwise(SmallBase(parts, folder), checkpoint)


def stepwise(base: SmallBase, checkpoint: Callable[[str], None]) -> None:
    """Sync with a checkpoint after every commit, those of the job among them."""
    jobs = base.records.jobs
    job = jobs.submit("sync", base.kb, {})
    checkpoint("jobs.submit")
    lease = jobs.lease(job.id, worker_name(), LEASE_S)
    checkpoint("jobs.lease")
    base.work(checkpoint).run(lease)
    jobs.finish(lease)
    checkpoint("jobs.finish")


def sync_on_a_full_disk(data: Path, folder: Path, most: int) -> None:
    """Sync where no file may grow beyond `most` bytes."""
    fill_disk(most)
    sync(data, folder)
