"""A job: a row in the records. A message, a process or a terminal only says "look"."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipelines.domain.values import Value


class JobState(StrEnum):
    """The life of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    """Started several times and never ended: nobody starts it again."""


@dataclass(frozen=True, slots=True)
class Job(Value):
    """
    One piece of work.

    Attributes:
        id: number that is never given again.
        kind: name of the work, `sync`.
        kb: id of the base that it belongs to.
        payload: plain JSON.
        state: where it stands.
        attempts: how often it was started.

    """

    id: int
    kind: str
    kb: int
    payload: dict[str, Any]
    state: JobState
    attempts: int


@dataclass(frozen=True, slots=True)
class Lease(Value):
    """
    The right to work on a job, until somebody else takes it over.

    `token` grows with every lease of the job; a write with an older token is refused
    (fencing), so that a worker that froze and woke up changes nothing.
    """

    job: Job
    token: int


@dataclass(frozen=True, slots=True)
class SyncProgress(Value):
    """How far a sync is: `done` of `total` documents, and the one at hand."""

    done: int
    total: int
    path: str
