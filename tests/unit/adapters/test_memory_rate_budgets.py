"""Rate budgets in memory over any course of time. Their contract is run elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.memory_rate_budgets import MemoryRateBudgets
from pipelines.ports.rate_budget import Rate
from tests.fakes.manual_clock import ManualClock


RATES = st.builds(Rate, per_second=st.floats(0.01, 100), burst=st.integers(1, 20))


@given(RATES, st.lists(st.tuples(st.floats(0, 10), st.integers(1, 20)), max_size=40))
def test_no_stretch_of_time_gives_more_than_the_rate(rate: Rate, steps: list[tuple[float, int]]) -> None:
    """Between any two moments a bucket gives its burst and what came back meanwhile, at most."""
    clock = ManualClock()
    budgets = MemoryRateBudgets(clock)
    given_at: list[tuple[float, int]] = []
    for pause, tokens in steps:
        clock.advance(pause)
        if tokens <= rate.burst and budgets.take("it", rate, tokens) == 0.0:
            given_at.append((clock.monotonic(), tokens))
    for first, (began, _) in enumerate(given_at):
        taken = 0
        for at, tokens in given_at[first:]:
            taken += tokens
            assert taken <= rate.burst + (at - began) * rate.per_second + 1e-3


@given(RATES, st.lists(st.integers(1, 20), max_size=20))
def test_waiting_as_told_is_always_enough(rate: Rate, wishes: list[int]) -> None:
    """Whoever waits exactly as long as told is given."""
    clock = ManualClock()
    budgets = MemoryRateBudgets(clock)
    for wish in wishes:
        tokens = min(wish, rate.burst)
        clock.advance(budgets.take("it", rate, tokens))
        wait = budgets.take("it", rate, tokens)
        assert wait == 0.0 or wait > 0.0
        clock.advance(wait)


def test_many_names_do_not_fill_the_memory() -> None:
    """Buckets that are full again are forgotten; one that is empty is not."""
    clock = ManualClock()
    budgets = MemoryRateBudgets(clock)
    slow, fast = Rate(0.001, 1), Rate(1000, 1)
    assert budgets.take("slow", slow) == 0.0
    for number in range(10_001):
        budgets.take(f"name {number}", fast)
        clock.advance(0.001)
    assert len(budgets._buckets) < 10
    assert budgets.take("slow", slow) > 0.0


@pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (float("nan"), 1), (1, 0)])
def test_a_bucket_that_never_gives_is_refused(per_second: float, burst: int) -> None:
    """A rate without tokens is a mistake of the caller."""
    with pytest.raises(ValueError, match="a rate needs tokens"):
        Rate(per_second, burst)
