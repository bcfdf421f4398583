"""What a process does in the tests that kill and freeze those who work on one sync in parts."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines.adapters.records.jobs import worker_name
from pipelines.adapters.sources.folder import FolderSource
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.reading import Read, Rejected
from pipelines.errors import TransientError
from pipelines.ingestion.equipment import Cut
from pipelines.ingestion.heartbeat import LEASE_S
from pipelines.ports.source_reader import SourceReader
from pipelines.work import help_with_syncs, work_on_sync
from tests.fakes.in_process_parser import InProcessParser
from tests.fakes.ticking_clock import TickingClock
from tests.small_base import SmallBase, open_parts, open_records


FROZEN, WORKING = "frozen", "working"
CUT = Cut(inline=1, files=4)
SLICE = 16.0
"""Looks at the clock after which a task ends: planning, and a file or two."""

DEADLY, STEP = "deadly.md", "step"
_SLICE_S = 1.0
_PAUSE_S = 0.02


class DeadlyParser(InProcessParser):
    """A parser whose process one file kills."""

    def parse(self, name: str, data: bytes) -> Read | Rejected:
        """Read any other file."""
        if name == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().parse(name, data)


@contextmanager
def opened(data: Path, cut: Cut = CUT) -> Iterator[SmallBase]:
    """Open the base of an installation, whose syncs are cut, with a parser that may kill."""
    with open_parts(data, parser=DeadlyParser()) as parts:
        yield SmallBase(replace(parts, cut=cut), data / "documents")


def source(base: SmallBase) -> Callable[[int], SourceReader]:
    """Return what opens the base's folder."""
    return lambda _kb: FolderSource(base.folder, max_file_mb=1)


def work_until_killed(data: Path, there: Connection) -> None:
    """Do what there is to do, as a worker does: take a sync or help with one."""
    with opened(data) as base:
        there.send(WORKING)
        while True:
            if not work_once(base):
                time.sleep(_PAUSE_S)


class SkewedClock(SystemClock):
    """The system's clock, ahead or behind by some seconds, as that of a badly kept machine."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> datetime:
        """Return what this machine takes for the time of day."""
        return super().now() + timedelta(seconds=self._seconds)


class SteppedClock(SystemClock):
    """The clock of a machine that is put forward and back while its processes run: by as much as a file says."""

    def __init__(self, data: Path) -> None:
        self._file = data / STEP

    def now(self) -> datetime:
        """Return what this machine takes for the time of day."""
        ahead = self._file.read_text(encoding="ascii") if self._file.exists() else ""
        return super().now() + timedelta(seconds=float(ahead or 0))


def work_by_a_stepped_clock(data: Path, there: Connection) -> None:
    """Do what there is to do, as a worker does whose clock is put forward and back, until killed."""
    clock = SteppedClock(data)
    with opened(data) as base, closing(open_records(data, clock)) as records:
        parts = replace(base.parts, records=records, clock=clock)
        there.send(WORKING)
        while True:
            if not work_once(SmallBase(parts, base.folder)):
                time.sleep(_PAUSE_S)


def work_once(base: SmallBase) -> bool:
    """Do a piece of work; say whether there was any."""
    try:
        lease = base.records.jobs.take(["sync"], worker_name(), LEASE_S)
        if lease is None:
            return help_with_syncs(base.parts, worker=worker_name(), budget_s=_SLICE_S) > 0
        work_on_sync(base.parts, lease, source(base), worker=worker_name(), budget_s=_SLICE_S)
    except TransientError:
        # Taken over, or the records were busy: it is looked at again.
        return False
    return True


def help_and_freeze(data: Path, at: str, there: Connection) -> None:
    """Help with a sync, stop at a checkpoint until somebody wakes this process, and work on."""
    frozen = False

    def checkpoint(name: str) -> None:
        nonlocal frozen
        if name == at and not frozen:
            frozen = True
            there.send(FROZEN)
            os.kill(os.getpid(), signal.SIGSTOP)

    with opened(data) as base:
        done = help_with_syncs(base.parts, worker=worker_name(), checkpoint=checkpoint)
    there.send(done)


def hold_and_freeze(data: Path, at: str, there: Connection) -> None:
    """Hold a sync, stop at a checkpoint until somebody wakes this process, and say how it ended."""

    def checkpoint(name: str) -> None:
        if name == at:
            there.send(FROZEN)
            os.kill(os.getpid(), signal.SIGSTOP)

    with opened(data) as base:
        lease = base.records.jobs.take(["sync"], worker_name(), LEASE_S)
        assert lease is not None
        try:
            work_on_sync(base.parts, lease, source(base), worker=worker_name(), checkpoint=checkpoint)
        except TransientError as fault:
            there.send(str(fault))
        else:
            there.send("ended")


def slices_and_die(data: Path, at: int, _there: Connection) -> None:
    """Sync in tasks of little time, and kill this process at the checkpoint of this number, from 0."""
    left = at

    def checkpoint(_name: str) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    with opened(data) as base:
        in_slices(base, checkpoint)


def in_slices(base: SmallBase, checkpoint: Callable[[str], None]) -> None:
    """Sync in tasks that each do a file or two, with a checkpoint after every commit of the sync."""
    parts = replace(base.parts, clock=TickingClock(), cut=replace(CUT, seconds=2))
    base.records.jobs.submit("sync", base.kb, {})
    while True:
        lease = base.records.jobs.take(["sync"], worker_name(), LEASE_S)
        assert lease is not None
        ended = work_on_sync(parts, lease, source(base), worker=worker_name(), checkpoint=checkpoint, budget_s=SLICE)
        if ended is not None:
            return
