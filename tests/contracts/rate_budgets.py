"""What all rate budgets promise. Each subclass names them in its `budgets` fixture."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.ports.rate_budget import Rate, RateBudgets


SLOW = Rate(per_second=0.001, burst=5)
FAST = Rate(per_second=20, burst=2)


@pytest.fixture
def name() -> str:
    """Return the name of a bucket that nobody used."""
    return secrets.token_hex(8)


class RateBudgetsContract:
    """The promises of `pipelines.ports.rate_budget.RateBudgets`; `let_pass` lets its time pass."""

    def test_a_bucket_gives_its_burst_and_then_a_wait(self, budgets: RateBudgets, name: str) -> None:
        """It begins full; the wait for the next token is what its rate says."""
        assert [budgets.take(name, SLOW) for _ in range(5)] == [0.0] * 5
        assert budgets.take(name, SLOW) == pytest.approx(1000, rel=0.01)

    def test_tokens_are_given_all_or_none(self, budgets: RateBudgets, name: str) -> None:
        """Who asks for more than is left gets nothing, and takes nothing from those who ask for less."""
        assert budgets.take(name, SLOW, 3) == 0.0
        assert budgets.take(name, SLOW, 4) == pytest.approx(2000, rel=0.01)
        assert budgets.take(name, SLOW, 2) == 0.0

    def test_whoever_waits_as_told_is_given(
        self, budgets: RateBudgets, name: str, let_pass: Callable[[float], None]
    ) -> None:
        """After exactly the seconds that were told there are enough."""
        assert budgets.take(name, FAST, 2) == 0.0
        for wanted in (1, 2, 1):
            wait = budgets.take(name, FAST, wanted)
            assert wait > 0
            let_pass(wait)
            assert budgets.take(name, FAST, wanted) == 0.0

    def test_a_bucket_never_holds_more_than_its_burst(
        self, budgets: RateBudgets, name: str, let_pass: Callable[[float], None]
    ) -> None:
        """What comes back while nobody asks is lost once it is full."""
        rate = Rate(per_second=4, burst=1)
        assert budgets.take(name, rate) == 0.0
        let_pass(1)
        assert budgets.take(name, rate) == 0.0
        assert budgets.take(name, rate) > 0.0

    def test_buckets_do_not_know_each_other(self, budgets: RateBudgets, name: str) -> None:
        """An empty bucket leaves another one full."""
        assert budgets.take(name, SLOW, 5) == 0.0
        assert budgets.take(name + "a", SLOW, 5) == 0.0

    def test_threads_together_get_no_more(self, budgets: RateBudgets, name: str) -> None:
        """Forty takers at once share what one bucket holds."""
        with ThreadPoolExecutor(8) as pool:
            waits = list(pool.map(lambda _: budgets.take(name, SLOW), range(40)))
        assert waits.count(0.0) == 5

    @pytest.mark.parametrize("tokens", [-1, 0, 6])
    def test_what_no_waiting_can_bring_is_refused(self, budgets: RateBudgets, name: str, tokens: int) -> None:
        """More tokens than the bucket can hold, or none, are a mistake of the caller."""
        with pytest.raises(ValueError, match="cannot be taken"):
            budgets.take(name, SLOW, tokens)
