"""Parts of large syncs as rows, and leases on them with a fencing number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.jobs import hold
from pipelines.adapters.records.ledger import stage_document
from pipelines.adapters.records.places import free_abandoned, writes_held
from pipelines.adapters.records.plans import (
    COUNTS,
    change_part,
    end_part,
    job_goes_on,
    look_after,
    new_part,
    set_free,
)
from pipelines.adapters.records.stamps import unix
from pipelines.adapters.records.workers import abandoned
from pipelines.domain.jobs import Lease, SyncProgress
from pipelines.domain.knowledge import Rejection
from pipelines.domain.sync_parts import (
    Part,
    PartedPlan,
    PartFile,
    PartLease,
    PartsOutcome,
    PartState,
    PartStep,
)
from pipelines.errors import Busy
from pipelines.ports.clock import Clock
from pipelines.ports.records import StagedDocument


class SqlParts:
    """
    `ports.sync_parts.PartRecords` over SQLAlchemy.

    A lease of a part ends as one of a job does: with its time, or with its process.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def put(self, lease: Lease, plan: PartedPlan, parts: Sequence[Sequence[PartFile]]) -> None:
        """Queue the parts of a sync; each file stands in one part, none is empty."""
        with self._db.write() as c:
            hold(c, lease)
            key = c.execute(
                t.sync_plans.insert().values(_plan_row(lease.job.id, plan, len(parts)))
            ).inserted_primary_key
            c.execute(t.sync_parts.insert(), [_new_part(int(key[0]) if key else 0, files) for files in parts])

    def plan(self, lease: Lease) -> PartedPlan | None:
        """Return the plan of a job whose parts are not finished; None if it has none."""
        with self._db.read() as c:
            row = c.execute(sa.select(t.sync_plans).where(t.sync_plans.c.job == lease.job.id)).mappings().first()
        return None if row is None else _plan(row)

    def take(self, generation: str, worker: str, seconds: float, *, job: int | None = None) -> PartLease | None:
        """Take the oldest free part whose plan is of this generation and whose job has not ended."""
        self._look_after_all()
        free = _free(generation, job)
        with self._db.read() as c:
            some_wait = c.execute(free.limit(1)).first() is not None
        # A worker that looks again and again must not lock a database in which nothing waits.
        if not some_wait:
            return None
        free_abandoned(self._db, unix(self._clock))
        with self._db.write() as c:
            # Who holds the job writes on anyway, and would wait for its own parts for ever.
            if job is None and writes_held(c):
                return None
            part = c.execute(free.limit(1).with_for_update(skip_locked=True, of=t.sync_parts)).scalar()
            return None if part is None else self._leased(c, part, worker, seconds)

    def renew(self, lease: PartLease, seconds: float) -> None:
        """Hold a lease longer."""
        with self._db.write() as c:
            _hold_part(c, lease)
            change_part(c, lease.part.id, leased_until=unix(self._clock) + seconds)

    def stage(self, lease: PartLease, documents: Sequence[StagedDocument], step: PartStep) -> bool:
        """Write new lives into the plan's version and note in the same transaction that their files are done."""
        plan = lease.part.plan
        with self._db.write() as c:
            row = _hold_part(c, lease)
            for one in documents:
                stage_document(c, plan.kb, plan.version, one)
            values: dict[str, Any] = {name: row[name] + getattr(step, name) for name in COUNTS}
            values |= {"done": row["done"] + step.files, "rejected": row["rejected"] + _pairs(step.rejected)}
            ended = bool(values["done"] == row["total"])
            # This start got further: what ends it later is not what ended those before it.
            values |= {"attempts": 1} | ({"state": PartState.DONE, "leased_until": 0.0} if ended else {})
            change_part(c, lease.part.id, **values)
        return ended

    def put_back(self, lease: PartLease) -> None:
        """Let somebody else go on with a part; this start is not counted."""
        with self._db.write() as c:
            row = _hold_part(c, lease)
            change_part(c, row["id"], **set_free(row) | {"attempts": row["attempts"] - 1})

    def fail(self, lease: PartLease, reason: str) -> None:
        """End a start of a part that failed for no foreseen reason, as if the worker had died."""
        with self._db.write() as c:
            end_part(c, _hold_part(c, lease), reason)

    def open(self, lease: Lease) -> int:
        """Return how many parts of a job's plan are not done."""
        wanted = sa.select(sa.func.count()).select_from(_of_job(lease.job.id))
        with self._db.read() as c:
            return int(c.execute(wanted.where(t.sync_parts.c.state != PartState.DONE)).scalar_one())

    def outcome(self, lease: Lease) -> PartsOutcome:
        """Return what was done in all parts of a job's plan together."""
        with self._db.read() as c:
            wanted = sa.select(t.sync_parts).select_from(_of_job(lease.job.id)).order_by(t.sync_parts.c.id)
            rows = c.execute(wanted).mappings().all()
        files = sorted((_file(one) for row in rows for one in row["files"]), key=lambda one: one.path)
        rejected = sorted((Rejection(*one) for row in rows for one in row["rejected"]), key=lambda one: one.path)
        return PartsOutcome(tuple(files), tuple(rejected), *(sum(row[name] for row in rows) for name in COUNTS))

    def progress(self, kb: int) -> SyncProgress | None:
        """Return how far the sync in parts of a base is; its path is empty. None if there is none under way."""
        parts = t.sync_parts.c
        wanted = sa.select(sa.func.sum(parts.done), sa.func.sum(parts.total)).select_from(_living())
        with self._db.read() as c:
            done, total = c.execute(wanted.where(t.sync_plans.c.kb == kb, job_goes_on())).one()
        return None if total is None else SyncProgress(int(done), int(total), "")

    def waiting(self) -> int:
        """Return how many parts somebody could work on now, abandoned ones among them."""
        queued = sa.select(sa.func.count()).select_from(_living())
        with self._db.read() as c:
            free = c.execute(queued.where(t.sync_parts.c.state == PartState.QUEUED, job_goes_on())).scalar_one()
            return int(free) + len(self._abandoned(c))

    def _leased(self, c: Connection, part: int, worker: str, seconds: float) -> PartLease:
        """Let a worker begin a part, whose row the caller has locked; the start counts before the work."""
        values = {
            "state": PartState.RUNNING,
            "attempts": t.sync_parts.c.attempts + 1,
            "token": t.sync_parts.c.token + 1,
            "worker": worker,
            "leased_until": unix(self._clock) + seconds,
        }
        change_part(c, part, **values)
        row = c.execute(sa.select(t.sync_parts).where(t.sync_parts.c.id == part)).mappings().one()
        plan = c.execute(sa.select(t.sync_plans).where(t.sync_plans.c.id == row["plan"])).mappings().one()
        files = tuple(_file(one) for one in row["files"])
        leased = Part(part, _plan(plan), files, row["done"], row["attempts"])
        return PartLease(leased, row["token"], plan["job"])

    def _look_after_all(self) -> None:
        """Decide what becomes of the parts whose worker is gone or silent."""
        with self._db.read() as c:
            found = self._abandoned(c)
        for part in found:
            with self._db.write() as c:
                look_after(c, t.sync_parts.c.id == part, unix(self._clock))

    def _abandoned(self, c: Connection) -> list[int]:
        parts = t.sync_parts.c
        wanted = sa.select(parts.id, parts.worker, parts.leased_until).select_from(_living())
        rows = c.execute(wanted.where(parts.state == PartState.RUNNING, job_goes_on()).order_by(parts.id)).mappings()
        return [row["id"] for row in rows if abandoned(row, unix(self._clock))]


def _hold_part(c: Connection, lease: PartLease) -> RowMapping:
    """
    Return a part's row, locked, or refuse the caller's transaction if it was taken over or its version is not staged.

    A plan and its parts go in the transaction that lets the version be anything else
    (`plans.drop_plans`), which waits for this lock.
    """
    own = (t.sync_parts.c.id == lease.part.id) & (t.sync_parts.c.state == PartState.RUNNING)
    row = c.execute(sa.select(t.sync_parts).where(own).with_for_update()).mappings().first()
    if row is None or row["token"] != lease.token:
        raise Busy(f"part {lease.part.id} of a sync was taken over by another process, or its sync has ended")
    return row


def _free(generation: str, job: int | None) -> sa.Select[Any]:
    """Return the statement of the parts that wait: those that ended fewer workers first, then the oldest."""
    wanted = sa.select(t.sync_parts.c.id).select_from(_living()).order_by(t.sync_parts.c.attempts, t.sync_parts.c.id)
    wanted = wanted.where(t.sync_parts.c.state == PartState.QUEUED, t.sync_plans.c.generation == generation)
    return wanted.where(t.sync_plans.c.job == job) if job is not None else wanted.where(job_goes_on())


def _living() -> sa.Join:
    """Return parts with their plan and its job."""
    plans = t.sync_parts.join(t.sync_plans, t.sync_plans.c.id == t.sync_parts.c.plan)
    return plans.join(t.jobs, t.jobs.c.id == t.sync_plans.c.job)


def _of_job(job: int) -> sa.Join:
    on = (t.sync_plans.c.id == t.sync_parts.c.plan) & (t.sync_plans.c.job == job)
    return t.sync_parts.join(t.sync_plans, on)


def _plan_row(job: int, plan: PartedPlan, parts: int) -> dict[str, Any]:
    body = {
        "rules": [[pattern, list(readers)] for pattern, readers in plan.rules],
        "removed": list(plan.removed),
        "rejected": _pairs(plan.rejected),
        "chunks_removed": plan.chunks_removed,
    }
    names = ("kb", "version", "generation", "began", "inherited")
    return {name: getattr(plan, name) for name in names} | {"job": job, "noticed": parts, "body": body}


def _plan(row: RowMapping) -> PartedPlan:
    body = row["body"]
    return PartedPlan(
        row["kb"],
        row["version"],
        row["generation"],
        row["began"],
        tuple((pattern, tuple(readers)) for pattern, readers in body["rules"]),
        tuple(body["removed"]),
        tuple(Rejection(*one) for one in body["rejected"]),
        body["chunks_removed"],
        bool(row["inherited"]),
    )


def _new_part(plan: int, files: Sequence[PartFile]) -> dict[str, Any]:
    return new_part(plan, [{name: value for name, value in asdict(one).items() if value is not None} for one in files])


def _file(data: Mapping[str, Any]) -> PartFile:
    returning = data.get("returning")
    return PartFile(**{**data, "returning": (returning[0], returning[1]) if returning else None})


def _pairs(rejections: Iterable[Rejection]) -> list[list[str]]:
    return [[one.path, one.reason] for one in rejections]
