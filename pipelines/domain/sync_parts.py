"""A large sync cut into parts that several processes work on side by side. Types and rules, without a database."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.knowledge import Rejection
from pipelines.domain.values import Value


MOST_STARTS_OF_MANY = 2
"""A part of several files that was started this often and got no further is split into single files."""

MOST_STARTS_OF_ONE = 3
"""A file that was started this often and never ended is set aside."""


class PartState(StrEnum):
    """The life of a part."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


class PartFate(StrEnum):
    """What becomes of a part whose worker died, fell silent or failed."""

    AGAIN = "again"
    SPLIT = "split"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class PartFile(Value):
    """
    One file of a part: all that a process without the source needs to read it.

    Attributes:
        path: its name within the source.
        change: why it is read, as `ingestion.planning.Change` says.
        content_hash: SHA-256 of its bytes, the name of their blob; empty if there are none.
        previous: id of the life that it continues; None for a new document.
        returning: (document, key) of a document that was removed at this path before.
        address: where the source shows it; None for a file of this machine.
        date: when the source says that it changed last; None where it does not.
        rejected: why the source did not give the bytes after all; None when it did.

    """

    path: str
    change: str
    content_hash: str
    previous: int | None = None
    returning: tuple[int, str] | None = None
    address: str | None = None
    date: str | None = None
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class PartedPlan(Value):
    """
    What a sync in parts found when it looked at its source; its files are in the parts.

    Attributes:
        kb: the base.
        version: the version that it stages.
        generation: how documents are read; processes that read otherwise do not help.
        began: when the sync began, Unix time in seconds.
        rules: (pattern, readers) of the source's audience file.
        removed: ids of the lives whose file is gone; they ended with `version` already.
        rejected: files that the source itself could not give.
        chunks_removed: index rows that ended with the removed lives.
        inherited: it was made before the sync that goes on with it was asked for, or asked for again.

    """

    kb: int
    version: int
    generation: str
    began: float
    rules: tuple[tuple[str, tuple[str, ...]], ...] = ()
    removed: tuple[int, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    chunks_removed: int = 0
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Part(Value):
    """
    Some files of a sync, read one after the other.

    Attributes:
        id: number that is never given again.
        plan: the plan that it belongs to.
        files: its files, in order.
        done: so many of them, the first ones, are staged or rejected.
        attempts: how often it was started since it got any further.

    """

    id: int
    plan: PartedPlan
    files: tuple[PartFile, ...]
    done: int
    attempts: int


@dataclass(frozen=True, slots=True)
class PartLease(Value):
    """
    The right to work on a part, until somebody else takes it over or the version is swept.

    `token` grows with every lease of the part; a write with an older one is refused. `job`
    is the sync that the part was a part of when it was leased.
    """

    part: Part
    token: int
    job: int


@dataclass(frozen=True, slots=True)
class PartStep(Value):
    """
    What a worker did with the next files of its part.

    Attributes:
        files: how many files, >= 1.
        rejected: those that were not taken, and why.
        chunks_added: index rows written.
        chunks_removed: index rows that end with the version.
        chunks_embedded: texts that went through the embedder.

    """

    files: int
    rejected: tuple[Rejection, ...] = ()
    chunks_added: int = 0
    chunks_removed: int = 0
    chunks_embedded: int = 0


@dataclass(frozen=True, slots=True)
class PartsOutcome(Value):
    """
    All parts of a sync together, its removed documents not counted.

    Attributes:
        files: the files of all parts, by path.
        rejected: those that were not taken, by path.
        chunks_added: index rows written.
        chunks_removed: index rows that end with the version.
        chunks_embedded: texts that went through the embedder.

    """

    files: tuple[PartFile, ...]
    rejected: tuple[Rejection, ...]
    chunks_added: int
    chunks_removed: int
    chunks_embedded: int


def fate(*, attempts: int, left: int) -> PartFate:
    """
    Return what becomes of a part that was started and not ended.

    Args:
        attempts: how often it was started since it got any further, >= 1.
        left: files that are neither staged nor rejected, >= 1.

    """
    if left > 1:
        return PartFate.SPLIT if attempts >= MOST_STARTS_OF_MANY else PartFate.AGAIN
    return PartFate.REJECT if attempts >= MOST_STARTS_OF_ONE else PartFate.AGAIN


def silence(worker: str) -> str:
    """Return why a part was not ended, where its worker was not heard of any more."""
    return f"its worker died or fell silent, last {worker}"


def rejection_reason(attempts: int, why: str) -> str:
    """Return why a file is set aside, and what a person can do."""
    return (
        f"reading it ended its worker {_times(attempts)} ({why}):"
        " look into that worker's log, then change the file or take it out of the source"
    )


def _times(number: int) -> str:
    return "three times" if number == MOST_STARTS_OF_ONE else f"{number} times"
