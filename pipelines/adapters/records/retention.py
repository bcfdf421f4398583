"""Rows that nothing shows any more, deleted."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import Turn, insert_new, wait_for_turn
from pipelines.adapters.records.jobs import hold
from pipelines.adapters.records.model_calls import forget_calls
from pipelines.adapters.records.plans import job_goes_on
from pipelines.adapters.records.stamps import unix
from pipelines.domain.job_kinds import SYNC
from pipelines.domain.jobs import JobState, Lease
from pipelines.domain.knowledge import VersionState
from pipelines.domain.model_budget import day_of
from pipelines.domain.retention import PromotedVersion, Retention, oldest_kept
from pipelines.errors import Busy
from pipelines.ports.clock import Clock


_RUNS_KEPT = 3
"""Of each base, however old: the status and the alert speak of them."""

_CALLS_KEPT_S = 3600.0
"""A caller waits for seconds: after an hour it died, whatever its clock says."""

_AT_ONCE = 500
_OVER = (JobState.DONE, JobState.FAILED, JobState.QUARANTINED)
_REFERRING = (t.document_versions.c.content_hash, t.document_versions.c.text_hash, t.uploads.c.content_hash)


class SqlRetention:
    """`ports.retention.RetentionRecords` over SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def forget_old(self, lease: Lease, retention: Retention) -> int:
        """Delete the versions of the job's base that are not kept, with all that only they show."""
        kb = lease.job.kb
        with self._db.write() as c:
            _keep_syncs_away(c, kb)
            hold(c, lease)
            oldest = self._oldest(c, kb, retention)
            _delete_versions(c, kb, oldest)
        return oldest

    def forget_runs(self, lease: Lease, days: int) -> None:
        """Delete runs and jobs that ended longer ago, counts of what models were used for, and calls left behind."""
        before = (self._clock.now() - timedelta(days=days)).isoformat(timespec="seconds")
        runs, jobs = t.sync_runs, t.jobs
        rank = sa.func.row_number().over(partition_by=runs.c.kb, order_by=runs.c.id.desc()).label("rank")
        ranked = sa.select(runs.c.id, runs.c.ended_at, rank).subquery()
        old = sa.select(ranked.c.id).where(ranked.c.rank > _RUNS_KEPT, ranked.c.ended_at < before)
        # The newest sync stays, so that one that was set aside is not begun again by itself.
        newest = sa.select(sa.func.max(jobs.c.id)).where(jobs.c.kind == SYNC).group_by(jobs.c.kb)
        with self._db.write() as c:
            hold(c, lease)
            c.execute(t.sync_errors.delete().where(t.sync_errors.c.run.in_(old)))
            c.execute(runs.delete().where(runs.c.id.in_(old)))
            ended = jobs.c.state.in_(_OVER) & (jobs.c.ended_at < before)
            c.execute(jobs.delete().where(ended, jobs.c.id.not_in(newest)))
            self._forget_usage(c, days)
            forget_calls(c, unix(self._clock) - _CALLS_KEPT_S)

    def _forget_usage(self, c: Connection, days: int) -> None:
        """Delete counts of the days before; those of persons as soon as no answer of their day can be under way."""
        today = day_of(self._clock.now())
        for table, kept in ((t.model_usage, days), (t.model_quota, 1)):
            c.execute(table.delete().where(table.c.day < (today - timedelta(days=kept)).isoformat()))

    def refers(self, names: Collection[str]) -> bool:
        """Say whether any base has one of these blobs: a document of any version, or a file that was handed in."""
        with self._db.read() as c:
            return bool(_referred_to(c, sorted(set(names))))

    def refers_to_some(self) -> bool:
        """Say whether any base has a blob: a document of any version, or a file that was handed in."""
        with self._db.read() as c:
            return any(c.execute(sa.select(one).limit(1)).first() is not None for one in _REFERRING)

    def orphans(self, lease: Lease, names: Collection[str], seconds: float) -> tuple[str, ...]:
        """Note which of these blobs no base refers to, and return those that were so at each look for so long."""
        now, wanted = unix(self._clock), sorted(set(names))
        with self._db.write() as c:
            hold(c, lease)
            if _syncs_under_way(c):
                return ()
            known = _referred_to(c, wanted)
            found = [name for name in wanted if name not in known]
            noted = t.orphans.c
            for some in _batches(sorted(known)):
                c.execute(t.orphans.delete().where(noted.name.in_(some)))
            for name in found:
                c.execute(insert_new(c, t.orphans).values(name=name, since=now))
            since = noted.since <= now - seconds
            old = [
                name
                for some in _batches(found)
                for name in c.scalars(sa.select(noted.name).where(noted.name.in_(some), since).order_by(noted.name))
            ]
            # Whoever is killed before it deletes them notes them anew.
            for some in _batches(old):
                c.execute(t.orphans.delete().where(noted.name.in_(some)))
        return tuple(old)

    def _oldest(self, c: Connection, kb: int, retention: Retention) -> int:
        """Return the oldest version that is kept, whose row and all older ones are locked first."""
        own = sa.select(t.versions).where(t.versions.c.kb == kb).order_by(t.versions.c.number)
        rows = c.execute(own.with_for_update()).mappings().all()
        promoted = [
            PromotedVersion(row["number"], datetime.fromisoformat(row["promoted_at"]).timestamp())
            for row in rows
            if row["state"] == VersionState.PROMOTED and row["promoted_at"]
        ]
        # Read after the locks: who rolls back locks the version that it wants before it says so.
        active = c.execute(sa.select(t.bases.c.active).where(t.bases.c.id == kb)).scalar() or 0
        return oldest_kept(promoted, active, unix(self._clock), retention)


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (names[at : at + _AT_ONCE] for at in range(0, len(names), _AT_ONCE))


def _syncs_under_way(c: Connection) -> bool:
    """Say whether any sync runs, or waits between two of its parts."""
    running = sa.select(t.jobs.c.id).where(t.jobs.c.kind == SYNC, t.jobs.c.state == JobState.RUNNING)
    return any(c.execute(one.limit(1)).first() for one in (running, _plans_under_way()))


def _plans_under_way() -> sa.Select[Any]:
    """Select the plans whose job is not over."""
    return sa.select(t.sync_plans.c.id).join(t.jobs, t.jobs.c.id == t.sync_plans.c.job).where(job_goes_on())


def _referred_to(c: Connection, names: Sequence[str]) -> set[str]:
    """Return those of these names that any base has: in a document of any version, or handed in."""
    known = set[str]()
    for some in _batches(names):
        for column in _REFERRING:
            known |= set(c.scalars(sa.select(column).where(column.in_(some))))
    return known


def _keep_syncs_away(c: Connection, kb: int) -> None:
    """Refuse while a sync of the base is under way, and let none begin or write until this transaction ends."""
    wait_for_turn(c, Turn.QUEUE, kb)
    own = sa.select(t.jobs.c.kind, t.jobs.c.state).where(t.jobs.c.kb == kb).order_by(t.jobs.c.id)
    running = any(row.kind == SYNC and row.state == JobState.RUNNING for row in c.execute(own.with_for_update()))
    # A sync in parts waits between two looks of its workers; its plan names documents that may be gone otherwise.
    if running or c.execute(_plans_under_way().where(t.sync_plans.c.kb == kb)).first():
        raise Busy("a sync of this base is under way")


def _delete_versions(c: Connection, kb: int, oldest: int) -> None:
    """Delete what was over before `oldest` began to be seen."""
    dv = t.document_versions
    over = (dv.c.kb == kb) & (dv.c.removed_in <= oldest)
    c.execute(t.passages.delete().where(t.passages.c.document_version.in_(sa.select(dv.c.id).where(over))))
    c.execute(dv.delete().where(over))
    c.execute(t.chunks.delete().where(t.chunks.c.kb == kb, t.chunks.c.removed_in <= oldest))
    with_life = sa.select(dv.c.document).where(dv.c.kb == kb)
    c.execute(t.documents.delete().where(t.documents.c.kb == kb, t.documents.c.id.not_in(with_life)))
    c.execute(t.versions.delete().where(t.versions.c.kb == kb, t.versions.c.number < oldest))
