"""Jobs as rows, and leases on them with a fencing number."""

import logging
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.backend import Locked
from pipelines.adapters.records.censuses import compare_again
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import PATIENCE_S, Turn, wait_at_most, wait_for_turn
from pipelines.adapters.records.places import MOVING, free_abandoned, writes_held
from pipelines.adapters.records.plans import got_further, hand_over, plan_is_older
from pipelines.adapters.records.runs import record_run
from pipelines.adapters.records.stamps import stamp, unix
from pipelines.adapters.records.workers import abandoned, worker_name
from pipelines.domain.job_rules import after_abandonment, inherited_attempts, pause_after_failure, quarantine_reason
from pipelines.domain.jobs import Job, JobState, Lease
from pipelines.domain.knowledge import SyncResult
from pipelines.errors import Busy, NotFound
from pipelines.ports.clock import Clock


__all__ = ["SqlJobs", "hold", "worker_name"]

_SYNC = "sync"
_PROCESS_ENDED = "its process ended"
_HANDED_OVER = "the sync that was asked for meanwhile goes on with it"

_log = logging.getLogger(__name__)


class SqlJobs:
    """
    `ports.job_records.JobRecords` over SQLAlchemy.

    A lease ends with its time, or at once when its worker ran on this host and its
    process is gone, so that a killed terminal blocks nobody. What concerns more than one
    job of a base (queueing, taking over) is done by one transaction at a time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def submit(self, kind: str, kb: int, payload: Mapping[str, Any]) -> Job:
        """Queue a job; one of the same kind and base that is queued already is returned instead."""
        with self._db.write() as c:
            wait_for_turn(c, Turn.QUEUE, kb)
            return queue_job(c, kind, kb, payload, stamp(self._clock))

    def lease(self, job: int, worker: str, seconds: float) -> Lease:
        """Take the right to work on a job."""
        free_abandoned(self._db, unix(self._clock))
        with self._db.write() as c:
            kind, kb = c.execute(sa.select(t.jobs.c.kind, t.jobs.c.kb).where(t.jobs.c.id == job)).one()
            self._look_after(c, kind, kb)
            row = c.execute(sa.select(t.jobs).where(t.jobs.c.id == job).with_for_update()).mappings().one()
            held = sa.select(t.jobs.c.worker).where(_in_state(JobState.RUNNING, kind, kb))
            holder = c.execute(held).scalar()
            if holder is not None or row["state"] != JobState.QUEUED:
                name = c.execute(sa.select(t.bases.c.name).where(t.bases.c.id == kb)).scalar()
                raise Busy(_why_not(row, name, holder))
            if writes_held(c):
                raise Busy(MOVING)
            return self._leased(c, job, worker, seconds)

    def take(self, kinds: Collection[str], worker: str, seconds: float) -> Lease | None:
        """Take the oldest queued job of these kinds that nobody holds and whose base no job of its kind works on."""
        some_wait = self._look_after_all(kinds)
        # A worker that looks again and again must not lock a database in which nothing waits.
        if not some_wait:
            return None
        free_abandoned(self._db, unix(self._clock))
        with self._db.write() as c:
            job = c.execute(_oldest(sorted(set(kinds)), unix(self._clock))).scalar()
            return None if job is None or writes_held(c) else self._leased(c, job, worker, seconds)

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

    def put_back(self, lease: Lease, *, failed: bool = False, further: bool = False) -> None:
        """Queue a job again that its worker leaves unfinished, or let the one that waits go on with it."""
        job = lease.job
        with self._db.write() as c:
            wait_for_turn(c, Turn.QUEUE, job.kb)
            hold(c, lease)
            attempts = 1 if got_further(c, job.id, unix(self._clock)) or further else job.attempts
            pause = pause_after_failure(attempts) if failed else 0.0
            attempts -= 0 if failed else 1
            waits = c.execute(_waiting(job.kind, job.kb)).first()
            self._leave(c, job.id, lease.token, attempts=attempts, waits=waits, reason=_HANDED_OVER, pause=pause)

    def running(self, kb: int) -> Job | None:
        """Return the sync that a living worker holds for this base."""
        wanted = sa.select(t.jobs).where(_in_state(JobState.RUNNING, _SYNC, kb))
        with self._db.read() as c:
            rows = c.execute(wanted).mappings().all()
        return next((_job(row) for row in rows if not self._abandoned(row)), None)

    def waiting(self) -> Mapping[str, int]:
        """Return, by kind, how many jobs could be taken now: queued, or left by a worker that is gone."""
        states = (JobState.QUEUED, JobState.RUNNING)
        with self._db.look() as c:
            due = (t.jobs.c.state == JobState.RUNNING) | (t.jobs.c.leased_until <= unix(self._clock))
            rows = c.execute(sa.select(t.jobs).where(t.jobs.c.state.in_(states), due)).mappings().all()
        running = [row for row in rows if row["state"] == JobState.RUNNING]
        held = {(row["kind"], row["kb"]) for row in running if not self._abandoned(row)}
        # Of a base at which somebody works nothing can be taken, and its dead worker's job and a new wish are one.
        return Counter(kind for kind, _ in {(row["kind"], row["kb"]) for row in rows} - held)

    def state(self, job: int) -> tuple[JobState, str | None]:
        """Return where a job stands, and why it failed or was set aside."""
        wanted = sa.select(t.jobs.c.state, t.jobs.c.error).where(t.jobs.c.id == job)
        with self._db.look() as c:
            row = c.execute(wanted).first()
        if row is None:
            raise NotFound(f"job {job} is gone: its knowledge base was removed, or it ended long ago")
        return JobState(row.state), row.error

    def quarantined(self, kind: str, kb: int) -> str | None:
        """Return why the newest job of this kind and base was set aside; None if it was not."""
        own = (t.jobs.c.kind == kind) & (t.jobs.c.kb == kb)
        wanted = sa.select(t.jobs.c.state, t.jobs.c.error).where(own).order_by(t.jobs.c.id.desc()).limit(1)
        with self._db.read() as c:
            newest = c.execute(wanted).first()
        return str(newest.error) if newest is not None and newest.state == JobState.QUARANTINED else None

    def _leased(self, c: Connection, job: int, worker: str, seconds: float) -> Lease:
        """Let a worker begin a job, whose row the caller has locked; the start counts before the work."""
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

    def _look_after_all(self, kinds: Collection[str]) -> bool:
        """Look after all abandoned jobs of these kinds, base by base, and say whether any job may be queued."""
        states = (JobState.QUEUED, JobState.RUNNING)
        with self._db.read() as c:
            wanted = sa.select(t.jobs).where(t.jobs.c.state.in_(states), t.jobs.c.kind.in_(sorted(set(kinds))))
            rows = c.execute(wanted.order_by(t.jobs.c.id)).mappings().all()
        left = [row for row in rows if row["state"] == JobState.RUNNING and self._abandoned(row)]
        locked: set[int] = set()
        for row in left:
            if row["kb"] not in locked and not self._looked_after(row["kind"], row["kb"]):
                locked.add(row["kb"])
        return bool(left) or any(row["state"] == JobState.QUEUED for row in rows)

    def _looked_after(self, kind: str, kb: int) -> bool:
        """Look after a base's abandoned job; False where another process locks it: that costs no other base a look."""
        try:
            with self._db.write() as c:
                wait_at_most(c, PATIENCE_S)
                self._look_after(c, kind, kb)
        except Locked:
            named = {"kind": kind, "kb": kb}
            _log.warning(
                "was left by its worker, but another process locks this base: left to the next look", extra=named
            )
            return False
        return True

    def _look_after(self, c: Connection, kind: str, kb: int) -> None:
        """Take the turn of a base's queue, and decide what becomes of its abandoned job."""
        wait_for_turn(c, Turn.QUEUE, kb)
        running = sa.select(t.jobs).where(_in_state(JobState.RUNNING, kind, kb)).with_for_update()
        for row in c.execute(running).mappings().all():
            if self._abandoned(row):
                self._end_abandoned(c, row)

    def _end_abandoned(self, c: Connection, row: RowMapping) -> None:
        if row["kind"] == _SYNC:
            compare_again(c, row["kb"], unix(self._clock))
        waits = c.execute(_waiting(row["kind"], row["kb"])).first()
        attempts = 1 if got_further(c, row["id"], unix(self._clock)) else row["attempts"]
        state = after_abandonment(attempts, another_waits=waits is not None)
        if state != JobState.QUARANTINED:
            self._leave(c, row["id"], row["token"], attempts=attempts, waits=waits, reason=_PROCESS_ENDED)
            return
        reason = quarantine_reason(attempts, row["worker"] or "", wished=row["kind"] == _SYNC)
        self._set_free(c, row["id"], row["token"], state, error=reason, ended_at=stamp(self._clock))
        if waits is not None:
            self._inherit(c, row["id"], waits, attempts)
        if row["kind"] == _SYNC:
            record_run(c, _job(row), SyncResult(0), stamp(self._clock), reason)

    def _leave(
        self,
        c: Connection,
        job: int,
        token: int,
        *,
        attempts: int,
        waits: sa.Row[Any] | None,
        reason: str,
        pause: float = 0.0,
    ) -> None:
        """Let a job that nobody works on any more wait again, or let the one that waits go on with its work."""
        if waits is None:
            begins = unix(self._clock) + pause if pause else 0.0
            self._set_free(c, job, token, JobState.QUEUED, attempts=attempts, leased_until=begins)
            return
        self._set_free(c, job, token, JobState.FAILED, error=reason, ended_at=stamp(self._clock))
        self._inherit(c, job, waits, attempts)
        hand_over(c, job, waits.id)

    def _set_free(self, c: Connection, job: int, token: int, state: JobState, **values: Any) -> None:  # noqa: ANN401 - a row's values
        """End a lease, with a new token, so that the old worker is refused should it wake up."""
        free = {"state": state, "token": token + 1, "leased_until": 0.0}
        c.execute(t.jobs.update().where(t.jobs.c.id == job).values(free | values))

    def _inherit(self, c: Connection, job: int, waits: sa.Row[Any], attempts: int) -> None:
        """Let the job that waits go on with what another was asked for, and with its starts."""
        own, other = _row(c, waits.id)["payload"], _row(c, job)["payload"]
        values = {"attempts": inherited_attempts(attempts, waits.attempts), "payload": {**other, **own}}
        c.execute(t.jobs.update().where(t.jobs.c.id == waits.id).values(values))

    def _abandoned(self, row: RowMapping) -> bool:
        return abandoned(row, unix(self._clock))


def queue_job(c: Connection, kind: str, kb: int, payload: Mapping[str, Any], now: str) -> Job:
    """Queue a job, or add a new wish to the one that is queued already; the caller took the turn of its queue."""
    waiting = sa.select(t.jobs).where(_in_state(JobState.QUEUED, kind, kb))
    # Locked: who takes it at this moment either sees the new wish, or has begun and a new job is queued.
    queued = c.execute(waiting.with_for_update()).mappings().first()
    if queued is None:
        values = {"kind": kind, "kb": kb, "payload": dict(payload), "state": JobState.QUEUED, "created_at": now}
        key = c.execute(t.jobs.insert().values(values)).inserted_primary_key
        return _job(_row(c, int(key[0]) if key else 0))
    plan_is_older(c, queued["id"])
    values = {"payload": {**queued["payload"], **payload}, "leased_until": 0.0}
    c.execute(t.jobs.update().where(t.jobs.c.id == queued["id"]).values(values))
    return _job(_row(c, queued["id"]))


def hold(c: Connection, lease: Lease) -> None:
    """
    Refuse the caller's transaction if the lease was taken over (fencing).

    The job's row stays locked until the transaction ends, so that nobody takes over in the midst of it.
    """
    wanted = sa.select(t.jobs.c.token).where(t.jobs.c.id == lease.job.id, t.jobs.c.state == JobState.RUNNING)
    if c.execute(wanted.with_for_update()).scalar() != lease.token:
        raise Busy(f"job {lease.job.id} was taken over by another process")


def _waiting(kind: str, kb: int) -> sa.Select[Any]:
    """Return the statement that locks the job that waits."""
    wanted = sa.select(t.jobs.c.id, t.jobs.c.attempts).where(_in_state(JobState.QUEUED, kind, kb))
    return wanted.with_for_update()


def _in_state(state: JobState, kind: str, kb: int) -> sa.ColumnElement[bool]:
    return sa.and_(t.jobs.c.kind == kind, t.jobs.c.kb == kb, t.jobs.c.state == state)


def _oldest(kinds: Collection[str], now: float) -> sa.Select[Any]:
    """Return the statement that locks the oldest queued job that nobody else is about to take."""
    other = t.jobs.alias()
    worked_on = sa.exists().where(
        other.c.kind == t.jobs.c.kind, other.c.kb == t.jobs.c.kb, other.c.state == JobState.RUNNING
    )
    queued = (t.jobs.c.state == JobState.QUEUED) & t.jobs.c.kind.in_(kinds) & (t.jobs.c.leased_until <= now)
    free = sa.select(t.jobs.c.id).where(queued, ~worked_on)
    return free.order_by(t.jobs.c.id).limit(1).with_for_update(skip_locked=True, of=t.jobs)


def _why_not(row: RowMapping, name: str | None, holder: str | None) -> str:
    if holder is None and row["state"] == JobState.QUARANTINED:
        return f"the work on {name} was set aside: {row['error']}"
    return f"{name} is being synced by another process ({holder or row['worker']}): wait for it to end"


def _row(c: Connection, job: int) -> RowMapping:
    return c.execute(sa.select(t.jobs).where(t.jobs.c.id == job)).mappings().one()


def _job(row: RowMapping) -> Job:
    return Job(row["id"], row["kind"], row["kb"], row["payload"], JobState(row["state"]), row["attempts"])
