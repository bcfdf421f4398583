"""Leases of workers on this machine: a process that is gone blocks nobody."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.jobs import worker_name
from pipelines.domain.access import OPERATOR
from pipelines.errors import Busy
from tests.fakes.manual_clock import ManualClock


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    opened = SqlRecords(Database(f"sqlite:///{tmp_path / 'records.db'}"), ManualClock())
    opened.bases.add("handbook", "folder", "/", OPERATOR)
    yield opened
    opened.close()


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """Another process of this machine."""
    command = shutil.which("sleep") or "/bin/sleep"
    process = subprocess.Popen([command, "600"])
    yield process
    process.kill()
    process.wait()


def named(pid: int) -> str:
    """Return the name under which a process would hold leases."""
    host, own, _ = worker_name().rsplit(":", 2)
    started = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
    assert own == str(os.getpid())
    return f"{host}:{pid}:{started}"


def hold(records: SqlRecords, worker: str) -> None:
    """Let a worker hold the base for an hour."""
    records.jobs.lease(records.jobs.submit("sync", 1, {}).id, worker, 3600)


def test_this_process_knows_itself(records: SqlRecords) -> None:
    """A process that runs holds its lease."""
    hold(records, worker_name())
    assert named(os.getpid()) == worker_name()
    assert records.jobs.running(1) is not None


def test_a_living_process_is_waited_for(records: SqlRecords, sleeper: "subprocess.Popen[bytes]") -> None:
    """The sentence names the base and the worker."""
    worker = named(sleeper.pid)
    hold(records, worker)
    with pytest.raises(Busy) as fault:
        hold(records, worker_name())
    assert str(fault.value) == f"handbook is being synced by another process ({worker}): wait for it to end"


@pytest.mark.parametrize("buried", [True, False])
def test_a_dead_process_blocks_nobody(records: SqlRecords, sleeper: "subprocess.Popen[bytes]", *, buried: bool) -> None:
    """Once it is gone, its hour does not count, even if its parent has not taken note yet."""
    hold(records, named(sleeper.pid))
    os.kill(sleeper.pid, signal.SIGKILL)
    if buried:
        sleeper.wait()
    else:
        os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert records.jobs.running(1) is None
    hold(records, worker_name())


def test_another_process_with_the_same_number_is_not_the_worker(
    records: SqlRecords, sleeper: "subprocess.Popen[bytes]"
) -> None:
    """A number that was given again does not keep a dead worker's lease alive."""
    hold(records, named(sleeper.pid) + "0")
    assert records.jobs.running(1) is None


@pytest.mark.parametrize("worker", ["another-host:1:1", "celery@host", "", "::", "a:b:c:d"])
def test_a_worker_that_cannot_be_looked_at_lives_as_long_as_its_lease(records: SqlRecords, worker: str) -> None:
    """Of another host's worker nothing is concluded."""
    hold(records, worker)
    with pytest.raises(Busy):
        hold(records, worker_name())


def test_two_terminals_at_once_get_one_lease(records: SqlRecords, tmp_path: Path) -> None:
    """Of processes that start the same job at the same moment, one works and the others are told who does."""
    job = records.jobs.submit("sync", 1, {})
    script = (
        "import sys, time\n"
        "from pipelines.adapters.records import SqlRecords\n"
        "from pipelines.adapters.records.database import Database\n"
        "from pipelines.adapters.records.jobs import worker_name\n"
        "from pipelines.adapters.system_clock import SystemClock\n"
        "from pipelines.errors import Busy\n"
        "records = SqlRecords(Database(sys.argv[1]), SystemClock())\n"
        "try:\n"
        f"    records.jobs.lease({job.id}, worker_name(), 3600)\n"
        "    print('mine', flush=True)\n"
        "    sys.stdin.read()\n"
        "except Busy as fault:\n"
        "    print(fault, flush=True)\n"
        "records.close()\n"
    )
    command = [sys.executable, "-c", script, f"sqlite:///{tmp_path / 'records.db'}"]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(process.stdout.readline().strip() for process in both if process.stdout)
    for process in both:
        process.communicate()
    assert said[0].startswith("handbook is being synced by another process (")
    assert said[1] == "mine"
