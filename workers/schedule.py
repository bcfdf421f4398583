"""What beat sends. One entry: what is due is decided in the records, so that several beats do no harm."""

from typing import Any

from pipelines.domain.job_kinds import INGEST


TICK = "footnote.tick"
"""Name of the task that submits what is due and tells workers of what waits."""


def schedule(tick_s: int) -> dict[str, dict[str, Any]]:
    """Return beat's entries; a tick that nobody took by the next one is worth nothing."""
    return {"tick": {"task": TICK, "schedule": float(tick_s), "options": {"queue": INGEST, "expires": tick_s}}}
