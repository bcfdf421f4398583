"""What becomes of plans and parts of large syncs when a version, job or worker ends; in the caller's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.workers import abandoned
from pipelines.domain.jobs import JobState
from pipelines.domain.sync_parts import PartFate, PartState, fate, rejection_reason, silence


COUNTS = ("chunks_added", "chunks_removed", "chunks_embedded")
_NEW: Mapping[str, Any] = {
    "done": 0,
    "rejected": [],
    **dict.fromkeys(COUNTS, 0),
    "state": PartState.QUEUED,
    "attempts": 0,
    "token": 0,
    "leased_until": 0.0,
}


def job_goes_on() -> sa.ColumnElement[bool]:
    """Return the condition that a plan's job is not over: one that failed or was set aside may wait for ever."""
    return t.jobs.c.state.in_((JobState.QUEUED, JobState.RUNNING))


def drop_plans(c: Connection, kb: int, version: int | None = None) -> None:
    """
    Take plans and parts of a base away, those of one version or all.

    Before anything else of a version changes: a worker that writes at this moment ends its
    transaction first, and whoever comes after finds its part gone.
    """
    own = t.sync_plans.c.kb == kb
    if version is not None:
        own &= t.sync_plans.c.version == version
    plans = c.scalars(sa.select(t.sync_plans.c.id).where(own).order_by(t.sync_plans.c.id).with_for_update()).all()
    of_plans = t.sync_parts.c.plan.in_(plans)
    c.execute(sa.select(t.sync_parts.c.id).where(of_plans).order_by(t.sync_parts.c.id).with_for_update()).all()
    c.execute(t.sync_parts.delete().where(of_plans))
    c.execute(t.sync_plans.delete().where(t.sync_plans.c.id.in_(plans)))


def hand_over(c: Connection, job: int, to: int) -> None:
    """Let another job go on with the plan of one that ended unfinished; it was asked for after that plan was made."""
    c.execute(t.sync_plans.update().where(t.sync_plans.c.job == job).values(job=to, inherited=True))


def plan_is_older(c: Connection, job: int) -> None:
    """Note that a sync was asked for after a waiting job's plan was made: whoever ends it looks at the source again."""
    c.execute(t.sync_plans.update().where(t.sync_plans.c.job == job).values(inherited=True))


def got_further(c: Connection, job: int, now: float) -> bool:
    """
    Say whether the work on a job's plan got further since this was asked last, by whomever.

    Further is every file that was done or set aside, and every part that was split to find
    the file that ends workers: a job whose workers die of one file is not set aside with it.
    """
    plan = c.execute(sa.select(t.sync_plans).where(t.sync_plans.c.job == job).with_for_update()).mappings().first()
    if plan is None:
        return False
    of_plan = t.sync_parts.c.plan == plan["id"]
    look_after(c, of_plan, now)
    sums = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(t.sync_parts.c.done), 0)).where(of_plan)
    now_there = sum(c.execute(sums).one())
    c.execute(t.sync_plans.update().where(t.sync_plans.c.id == plan["id"]).values(noticed=now_there))
    return bool(now_there > plan["noticed"])


def look_after(c: Connection, which: sa.ColumnElement[bool], now: float) -> None:
    """Decide what becomes of those of these parts whose worker is gone or silent."""
    # Whoever holds a row looks after it already, or is heard of after all.
    wanted = sa.select(t.sync_parts).where(which, t.sync_parts.c.state == PartState.RUNNING)
    for row in c.execute(wanted.order_by(t.sync_parts.c.id).with_for_update(skip_locked=True)).mappings().all():
        if abandoned(row, now):
            end_part(c, row, silence(row["worker"] or ""))


def end_part(c: Connection, row: RowMapping, why: str) -> None:
    """Do with a part, whose row the caller has locked, what its start calls for that came to nothing."""
    done, rest = row["files"][: row["done"]], row["files"][row["done"] :]
    becomes = fate(attempts=row["attempts"], left=len(rest))
    if becomes is PartFate.AGAIN:
        change_part(c, row["id"], **set_free(row))
    elif becomes is PartFate.REJECT:
        told = [rest[0]["path"], rejection_reason(row["attempts"], why)]
        values = {"rejected": [*row["rejected"], told], "done": row["total"], "state": PartState.DONE}
        change_part(c, row["id"], **set_free(row) | values)
    else:
        values = {"files": done, "total": len(done), "state": PartState.DONE}
        change_part(c, row["id"], **set_free(row) | values)
        c.execute(t.sync_parts.insert(), [new_part(row["plan"], [one]) for one in rest])


def set_free(row: RowMapping) -> dict[str, Any]:
    """Return the values of a part that nobody holds: a new token, so that the old worker is refused."""
    return {"state": PartState.QUEUED, "token": row["token"] + 1, "leased_until": 0.0}


def change_part(c: Connection, part: int, **values: Any) -> None:  # noqa: ANN401 - a row's values
    """Change a part's row, which the caller has locked."""
    c.execute(t.sync_parts.update().where(t.sync_parts.c.id == part).values(values))


def new_part(plan: int, files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the row of a part that waits."""
    return {**_NEW, "plan": plan, "files": list(files), "total": len(files)}
