"""Models that fail in every way, in every order: a question has its answer or an honest fault in time. Shortly."""

import pytest

from tests.faults.model_schedules import check_in_process, check_over_http


@pytest.mark.parametrize("block", range(10))
def test_every_schedule_ends_in_time(block: int) -> None:
    """In a clock of its own: two calls at most, none after a refusal, no half reply, not a second too late."""
    for seed in range(30 * block, 30 * block + 30):
        check_in_process(seed)


@pytest.mark.parametrize("block", range(3))
def test_every_schedule_over_http_leaves_nothing(block: int) -> None:
    """Over real HTTP besides: no thread and no connection is left, and the server sees every client leave."""
    for seed in range(10 * block, 10 * block + 10):
        check_over_http(seed)
