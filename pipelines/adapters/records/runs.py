"""What a sync did, taken down within the transaction that ends it."""

from dataclasses import asdict

from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.domain.jobs import Job
from pipelines.domain.knowledge import SyncResult


def record_run(c: Connection, job: Job, result: SyncResult, now: str, error: str | None = None) -> None:
    """Record a run that ended now, well or with an error."""
    # Which documents they were is told once; a record of every run would grow with each of them.
    figures = {name: value for name, value in asdict(result).items() if not name.endswith("_paths")}
    rejected = figures.pop("rejected")
    values = {
        "kb": job.kb,
        "job": job.id,
        "version": result.version,
        "state": "failed" if error else "done",
        "ended_at": now,
        "result": figures | {"rejected": len(rejected)},
        "error": error,
    }
    # The run may have set rules or lost rows right: what was answered before counts no longer.
    counter = t.bases.c.rights_counter + 1
    c.execute(t.bases.update().where(t.bases.c.id == job.kb).values(rights_counter=counter))
    key = c.execute(t.sync_runs.insert().values(values)).inserted_primary_key
    run = int(key[0]) if key else 0
    if rejected:
        c.execute(t.sync_errors.insert(), [{"run": run, **one} for one in rejected])
