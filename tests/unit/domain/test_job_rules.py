"""The rules of a job's life, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.job_rules import (
    MOST_STARTS,
    MOVES,
    after_abandonment,
    inherited_attempts,
    is_abandoned,
    quarantine_reason,
)
from pipelines.domain.jobs import JobState


STARTS = st.integers(1, 1000)
TIMES = st.floats(0, 1e10)


@given(attempts=STARTS, another_waits=st.booleans())
def test_what_becomes_of_an_abandoned_job_is_a_move_of_the_table(attempts: int, *, another_waits: bool) -> None:
    """It is queued, failed or set aside; set aside if and only if it was started often enough."""
    state = after_abandonment(attempts, another_waits=another_waits)
    assert state in MOVES[JobState.RUNNING] - {JobState.DONE}
    assert (state == JobState.QUARANTINED) == (attempts >= MOST_STARTS)
    assert state != JobState.QUEUED or not another_waits


@given(another_waits=st.lists(st.booleans(), min_size=MOST_STARTS))
def test_no_job_is_started_more_often_than_the_limit(another_waits: list[bool]) -> None:
    """However often its workers die, by itself it is started three times at most."""
    starts, state = 0, JobState.QUEUED
    for waits in another_waits:
        if state == JobState.QUEUED:
            starts += 1
            state = after_abandonment(starts, another_waits=waits)
    assert starts <= MOST_STARTS


@given(abandoned=STARTS, waiting=st.integers(0, 1000))
def test_a_new_wish_is_tried_and_forgets_no_start(abandoned: int, waiting: int) -> None:
    """It counts at least its own starts, and unless it had as many itself, one more is left to it."""
    counted = inherited_attempts(abandoned, waiting)
    assert counted >= waiting
    assert counted >= min(abandoned, MOST_STARTS - 1)
    assert counted < MOST_STARTS or counted == waiting


@given(leased_until=TIMES, now=TIMES)
def test_a_lease_counts_until_its_time_or_its_workers_end(leased_until: float, now: float) -> None:
    """A process that is gone has lost it whatever the time; one that may live, with its last second."""
    assert is_abandoned(leased_until=leased_until, now=now, process_gone=True)
    assert is_abandoned(leased_until=leased_until, now=now, process_gone=False) == (now >= leased_until)


def test_every_state_has_its_moves() -> None:
    """The table is whole, and what ended stays as it ended."""
    assert MOVES.keys() == set(JobState)
    assert {state for state, after in MOVES.items() if not after} == {
        JobState.DONE,
        JobState.FAILED,
        JobState.QUARANTINED,
    }


def test_the_reason_names_worker_and_way_out() -> None:
    """A person reads how often, where, and what to do."""
    reason = quarantine_reason(3, "host:1:2")
    assert "3 times" in reason
    assert "host:1:2" in reason
    assert reason.endswith("then sync again")
    assert quarantine_reason(3, "host:1:2", wished=False) == reason.removesuffix(", then sync again")
