"""Names of worker processes, whether one of this host is gone, and whether a row's lease is left. Asks no database."""

import functools
import hashlib
import os
import socket
from pathlib import Path

from sqlalchemy.engine import RowMapping

from pipelines.domain.job_rules import is_abandoned


_ENDED = ("Z", "X")
"""States of a process in /proc that ended and was not waited for."""


def worker_name() -> str:
    """Return the name under which this process holds leases: host, process id and its start."""
    return f"{_host()}:{os.getpid()}:{_started(os.getpid())}"


def process_gone(worker: str) -> bool:
    """Say whether a worker ran on this host and its process ended; unknown is not gone."""
    place, _, started = worker.rpartition(":")
    host, _, pid = place.rpartition(":")
    if host != _host() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _started(int(pid)) != started


def abandoned(row: RowMapping, now: float) -> bool:
    """Say whether nobody works under the lease of a row any more, by its `worker` and `leased_until` (Unix time)."""
    return is_abandoned(leased_until=row["leased_until"], now=now, process_gone=process_gone(row["worker"] or ""))


@functools.cache
def _host() -> str:
    """Return a name for the processes that this one can see: containers may share a host's name, not its processes."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
        seen = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}-{hashlib.sha256((boot + seen).encode()).hexdigest()[:8]}"


def _started(pid: int) -> str:
    """Return when a process began; empty where the system does not tell, and for one that ended but is still listed."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:  # noqa: PTH123 - no Path for a pseudo file
            fields = stat.read().rpartition(")")[2].split()
            return "" if fields[0] in _ENDED else fields[19]
    except (OSError, IndexError):
        return ""
