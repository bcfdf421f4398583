"""The life of a job as rules without a database: who lost a lease, and what becomes of a job that never ended."""

from collections.abc import Mapping

from pipelines.domain.jobs import JobState


MOST_STARTS = 3
"""A job that was started this often and never ended is not started again by itself: it may kill its workers."""

_PAUSES_S = (5.0, 30.0)

MOVES: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING}),
    JobState.RUNNING: frozenset({JobState.QUEUED, JobState.DONE, JobState.FAILED, JobState.QUARANTINED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.QUARANTINED: frozenset(),
}
"""State -> the states that may follow it."""


def is_abandoned(*, leased_until: float, now: float, process_gone: bool) -> bool:
    """
    Say whether nobody works on a running job any more.

    Args:
        leased_until: end of its lease, seconds.
        now: the time, in the same seconds.
        process_gone: its worker ran on this host and its process ended.

    """
    return process_gone or leased_until <= now


def after_abandonment(attempts: int, *, another_waits: bool) -> JobState:
    """
    Return what becomes of an abandoned job.

    Args:
        attempts: how often it was started, >= 1.
        another_waits: a job of the same kind and base is queued, and will do its work.

    """
    if attempts >= MOST_STARTS:
        return JobState.QUARANTINED
    return JobState.FAILED if another_waits else JobState.QUEUED


def pause_after_failure(attempts: int) -> float:
    """Return how many seconds a job waits that was put back because of a fault: an engine may be starting again."""
    return _PAUSES_S[min(max(attempts, 1), len(_PAUSES_S)) - 1]


def inherited_attempts(abandoned: int, waiting: int) -> int:
    """
    Return how often a queued job counts as started, once it takes over the work of an abandoned one.

    Work that kills its workers is not made harmless by a new wish for it; but a new wish is tried once.
    """
    return max(waiting, min(abandoned, MOST_STARTS - 1))


def quarantine_reason(attempts: int, worker: str, *, wished: bool = True) -> str:
    """Return why a job is not started again, and what a person can do; nobody wishes for a chore."""
    return (
        f"it was started {attempts} times and its worker died or fell silent each time (last {worker}):"
        f" look into that worker's log{', then sync again' if wished else ''}"
    )
