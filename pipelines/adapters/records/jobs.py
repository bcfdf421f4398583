"""Jobs as rows, and leases on them with a fencing number."""

import os
import socket
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.stamps import stamp, unix
from pipelines.domain.jobs import Job, JobState, Lease
from pipelines.errors import Busy
from pipelines.ports.clock import Clock


_ENDED = ("Z", "X")
"""States of a process in /proc that ended and was not waited for."""


class SqlJobs:
    """
    `ports.records.JobRecords` over SQLAlchemy.

    A lease ends with its time, or at once when its worker ran on this host and its
    process is gone, so that a killed terminal blocks nobody.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def submit(self, kind: str, kb: int, payload: Mapping[str, Any]) -> Job:
        """Queue a job; one of the same kind and base that is queued already is returned instead."""
        same = (t.jobs.c.kind == kind) & (t.jobs.c.kb == kb) & (t.jobs.c.state == JobState.QUEUED)
        with self._db.write() as c:
            queued = c.execute(sa.select(t.jobs).where(same)).mappings().first()
            if queued is None:
                values = {"kind": kind, "kb": kb, "payload": dict(payload), "state": JobState.QUEUED}
                key = c.execute(
                    t.jobs.insert().values(values | {"created_at": stamp(self._clock)})
                ).inserted_primary_key
                queued = c.execute(sa.select(t.jobs).where(t.jobs.c.id == (key[0] if key else 0))).mappings().one()
            return _job(queued)

    def lease(self, job: int, worker: str, seconds: float) -> Lease:
        """Take the right to work on a job."""
        with self._db.write() as c:
            row = c.execute(sa.select(t.jobs).where(t.jobs.c.id == job)).mappings().one()
            self._end_abandoned(c, row["kind"], row["kb"])
            held = sa.select(t.jobs.c.worker).where(_running(row["kind"], row["kb"]))
            holder = c.execute(held).scalar()
            if holder is not None or row["state"] != JobState.QUEUED:
                name = c.execute(sa.select(t.bases.c.name).where(t.bases.c.id == row["kb"])).scalar()
                by = holder or row["worker"]
                raise Busy(f"{name} is being synced by another process ({by}): wait for it to end")
            values = {
                "state": JobState.RUNNING,
                "attempts": t.jobs.c.attempts + 1,
                "token": t.jobs.c.token + 1,
                "worker": worker,
                "leased_until": unix(self._clock) + seconds,
            }
            c.execute(t.jobs.update().where(t.jobs.c.id == job).values(values))
            row = c.execute(sa.select(t.jobs).where(t.jobs.c.id == job)).mappings().one()
            return Lease(_job(row), row["token"])

    def renew(self, lease: Lease, seconds: float) -> None:
        """Hold a lease longer."""
        with self._db.write() as c:
            hold(c, lease)
            until = unix(self._clock) + seconds
            c.execute(t.jobs.update().where(t.jobs.c.id == lease.job.id).values(leased_until=until))

    def finish(self, lease: Lease, error: str | None = None) -> None:
        """End a job, done or failed."""
        state = JobState.FAILED if error else JobState.DONE
        with self._db.write() as c:
            hold(c, lease)
            values = {"state": state, "error": error, "ended_at": stamp(self._clock), "leased_until": 0.0}
            c.execute(t.jobs.update().where(t.jobs.c.id == lease.job.id).values(values))

    def running(self, kb: int) -> Job | None:
        """Return the job that a living worker holds for this base."""
        wanted = sa.select(t.jobs).where(t.jobs.c.kb == kb, t.jobs.c.state == JobState.RUNNING)
        with self._db.read() as c:
            rows = c.execute(wanted).mappings().all()
        return next((_job(row) for row in rows if self._alive(row)), None)

    def _end_abandoned(self, c: Connection, kind: str, kb: int) -> None:
        for row in c.execute(sa.select(t.jobs).where(_running(kind, kb))).mappings().all():
            if not self._alive(row):
                values = {"state": JobState.FAILED, "error": "its process ended", "ended_at": stamp(self._clock)}
                # A new token, so that the old worker is refused should it wake up.
                ended = t.jobs.update().where(t.jobs.c.id == row["id"])
                c.execute(ended.values(values | {"token": row["token"] + 1}))

    def _alive(self, row: RowMapping) -> bool:
        return bool(row["leased_until"] > unix(self._clock)) and not _process_gone(row["worker"])


def worker_name() -> str:
    """Return the name under which this process holds leases: host, process id and its start."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def hold(c: Connection, lease: Lease) -> None:
    """Refuse the caller's transaction if the lease was taken over (fencing)."""
    wanted = sa.select(t.jobs.c.token).where(t.jobs.c.id == lease.job.id, t.jobs.c.state == JobState.RUNNING)
    if c.execute(wanted).scalar() != lease.token:
        raise Busy(f"job {lease.job.id} was taken over by another process")


def _running(kind: str, kb: int) -> sa.ColumnElement[bool]:
    return sa.and_(t.jobs.c.kind == kind, t.jobs.c.kb == kb, t.jobs.c.state == JobState.RUNNING)


def _process_gone(worker: str) -> bool:
    """Say whether the worker ran on this host and its process ended; unknown is not gone."""
    host, _, rest = worker.rpartition(":")[0].rpartition(":")
    pid, started = rest, worker.rpartition(":")[2]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    """Return when a process began; empty where the system does not tell, and for one that ended but is still listed."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:  # noqa: PTH123 - no Path for a pseudo file
            fields = stat.read().rpartition(")")[2].split()
            return "" if fields[0] in _ENDED else fields[19]
    except (OSError, IndexError):
        return ""


def _job(row: RowMapping) -> Job:
    return Job(row["id"], row["kind"], row["kb"], row["payload"], JobState(row["state"]), row["attempts"])
