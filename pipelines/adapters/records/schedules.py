"""Schedules of bases and their alerts, in SQL."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.backend import Locked
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import PATIENCE_S, Turn, insert_new, wait_at_most, wait_for_turn
from pipelines.adapters.records.jobs import queue_job
from pipelines.adapters.records.stamps import stamp, unix
from pipelines.domain.alerts import FAILED_IN_A_ROW, Alert, SyncHealth
from pipelines.domain.job_kinds import SYNC, WHOLE
from pipelines.domain.jobs import Job, JobState
from pipelines.domain.schedules import first_time, next_time
from pipelines.ports.clock import Clock


_DONE = "done"

_log = logging.getLogger(__name__)


class SqlSchedules:
    """
    `ports.schedules.ScheduleRecords` over SQLAlchemy.

    On PostgreSQL a lock that is held for long costs its own base a look. SQLite has one
    writer: whoever holds it delays all bases, as it delays every write.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def set_every(self, kb: int, seconds: int | None) -> None:
        """Let a base be synced at an interval, the first time after one; None ends that."""
        with self._db.write() as c:
            # As whoever queues its jobs, so that none is queued by the old interval afterwards.
            wait_for_turn(c, Turn.QUEUE, kb)
            c.execute(t.schedules.delete().where(_of(SYNC, kb)))
            if seconds is not None:
                now = unix(self._clock)
                row = {"kind": SYNC, "kb": kb, "every": seconds, "since": now, "next_at": now + seconds}
                c.execute(t.schedules.insert().values(row))

    def every(self, kb: int) -> int | None:
        """Return the interval at which a base is synced, in seconds; None if it has none."""
        with self._db.look() as c:
            return c.execute(sa.select(t.schedules.c.every).where(_of(SYNC, kb))).scalar()

    def next_at(self, kb: int) -> float | None:
        """Return when the next sync of a base is due, Unix time; None if it has no schedule."""
        with self._db.look() as c:
            return c.execute(sa.select(t.schedules.c.next_at).where(_of(SYNC, kb))).scalar()

    def add_chores(self, kinds: Collection[str], whole: Collection[str], every: int) -> None:
        """Let these kinds of jobs be due for every base and for the whole, and forget those of removed bases."""
        with self._db.read() as c:
            bases = set(c.scalars(sa.select(t.bases.c.id).where(t.bases.c.hidden_at.is_(None))))
            known = {(row.kind, row.kb) for row in c.execute(sa.select(t.schedules.c.kind, t.schedules.c.kb))}
        wanted = {(kind, kb) for kind in kinds for kb in bases} | {(kind, WHOLE) for kind in whole}
        removed = sorted({kb for _, kb in known} - bases - {WHOLE})
        missing = sorted(wanted - known)
        # A look every half minute must not lock a database in which nothing changes.
        if not missing and not removed:
            return
        now = unix(self._clock)
        with self._db.write() as c:
            c.execute(t.schedules.delete().where(t.schedules.c.kb.in_(removed)))
            c.execute(t.alerts.delete().where(t.alerts.c.kb.in_(removed)))
            for kind, kb in missing:
                row = {"kind": kind, "kb": kb, "every": every, "since": now, "next_at": first_time(kb, every, now)}
                c.execute(insert_new(c, t.schedules).values(row))

    def submit_due(self) -> tuple[Job, ...]:
        """Queue a job for everything that is due, once, and set its next time."""
        due = sa.select(t.schedules.c.kind, t.schedules.c.kb).where(t.schedules.c.next_at <= unix(self._clock))
        with self._db.look() as c:
            rows = c.execute(due.order_by(t.schedules.c.next_at)).all()
        submitted: list[Job] = []
        locked: set[int] = set()
        for row in rows:
            if row.kb in locked:
                continue
            try:
                job = self._submit(row.kind, row.kb)
            except Locked:
                locked.add(row.kb)
                named = {"kind": row.kind, "kb": row.kb}
                _log.warning("is due, but another process locks this base: left to the next tick", extra=named)
            else:
                submitted += [job] if job else []
        return tuple(submitted)

    def postpone(self, kind: str, kb: int, seconds: float) -> None:
        """Let a chore be due again in this time, if that is sooner."""
        sooner = unix(self._clock) + seconds
        with self._db.write() as c:
            row = _of(kind, kb) & (t.schedules.c.next_at > sooner)
            c.execute(t.schedules.update().where(row).values(next_at=sooner))

    def healths(self, kb: int | None = None) -> Mapping[int, SyncHealth]:
        """Return how the syncs of each base went that has a schedule or was ever synced; of one base only, if named."""
        runs, wanted = t.sync_runs.c, _wanted(kb)
        rank = sa.func.row_number().over(partition_by=runs.kb, order_by=runs.id.desc()).label("rank")
        ranked = sa.select(runs.kb, runs.state, rank).where(wanted(runs.kb)).subquery()
        newest = sa.select(ranked).where(ranked.c.rank <= FAILED_IN_A_ROW).order_by(ranked.c.kb, ranked.c.rank)
        good = sa.select(runs.kb, sa.func.max(runs.ended_at).label("at")).where(runs.state == _DONE, wanted(runs.kb))
        every = sa.select(t.schedules).where(t.schedules.c.kind == SYNC, wanted(t.schedules.c.kb))
        with self._db.read() as c:
            states: dict[int, list[str]] = defaultdict(list)
            for row in c.execute(newest):
                states[row.kb].append(row.state)
            ended = {row.kb: datetime.fromisoformat(row.at).timestamp() for row in c.execute(good.group_by(runs.kb))}
            schedules = {row.kb: row for row in c.execute(every)}
        return {
            one: _health(states[one], ended.get(one, 0.0), schedules.get(one)) for one in sorted({*states, *schedules})
        }

    def alerts(self) -> Mapping[int, Alert]:
        """Return which bases need a person, as was told before."""
        with self._db.look() as c:
            return {row.kb: Alert(row.alert) for row in c.execute(sa.select(t.alerts))}

    def change_alert(self, kb: int, alert: Alert | None) -> bool:
        """Note that a base needs a person, or no longer does; True if a person must be told, to one caller only."""
        try:
            return self._change_alert(kb, alert)
        except Locked:
            return False

    def _change_alert(self, kb: int, alert: Alert | None) -> bool:
        with self._short_turn(kb) as c:
            if c.execute(sa.select(t.alerts.c.alert).where(t.alerts.c.kb == kb)).scalar() == alert:
                return False
            c.execute(t.alerts.delete().where(t.alerts.c.kb == kb))
            if alert is not None:
                c.execute(t.alerts.insert().values(kb=kb, alert=alert, since=stamp(self._clock)))
        return alert is not None

    @contextmanager
    def _short_turn(self, kb: int) -> Iterator[Connection]:
        """Write in the turn of a base's queue, or fail as `Locked` if that is not to be had soon."""
        with self._db.write() as c:
            wait_at_most(c, PATIENCE_S)
            wait_for_turn(c, Turn.QUEUE, kb)
            yield c

    def _submit(self, kind: str, kb: int) -> Job | None:
        """Queue one job if it is still due; None where it waits already, or was set aside."""
        # In turn with all who queue or take this base's jobs: of several processes one finds it due.
        with self._short_turn(kb) as c:
            row = c.execute(sa.select(t.schedules).where(_of(kind, kb))).mappings().first()
            now = unix(self._clock)
            if row is None or row["next_at"] > now:
                return None
            later = next_time(row["next_at"], row["every"], now)
            c.execute(t.schedules.update().where(_of(kind, kb)).values(next_at=later))
            if _stands_in_the_way(c, kind, kb):
                return None
            return queue_job(c, kind, kb, {}, stamp(self._clock))


def _stands_in_the_way(c: Connection, kind: str, kb: int) -> bool:
    """Say whether a job of this kind and base waits already, or the newest was set aside, or the base is gone."""
    jobs = t.jobs.c
    newest = sa.select(jobs.state).where(jobs.kind == kind, jobs.kb == kb).order_by(jobs.id.desc()).limit(1)
    state = c.execute(newest).scalar()
    # A sync that was set aside waits for a person; nobody can ask for a chore.
    if state == JobState.QUEUED or (kind == SYNC and state == JobState.QUARANTINED):
        return True
    visible = sa.select(t.bases.c.id).where(t.bases.c.id == kb, t.bases.c.hidden_at.is_(None))
    return kb != WHOLE and c.execute(visible).first() is None


def _health(newest: Sequence[str], last_good: float, schedule: Any) -> SyncHealth:  # noqa: ANN401 - a row
    """Return how the syncs of a base went, from the states of its newest runs, newest first."""
    failed = next((at for at, state in enumerate(newest) if state == _DONE), len(newest))
    if schedule is None:
        return SyncHealth(failed, None, last_good)
    return SyncHealth(failed, schedule.every, max(last_good, schedule.since))


def _wanted(kb: int | None) -> Callable[[sa.ColumnElement[int]], sa.ColumnElement[bool]]:
    """Return the condition on a column that holds a base's number."""
    return lambda column: sa.true() if kb is None else column == kb


def _of(kind: str, kb: int) -> sa.ColumnElement[bool]:
    return (t.schedules.c.kind == kind) & (t.schedules.c.kb == kb)
