"""The retry budget: a share of the calls of the last minute, and never less than two."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from pipelines.adapters.retry_budget import RetryBudget
from tests.examples import examples


SHARE, LEAST, WITHIN_S = 0.1, 2, 60.0


class RetryBudgetMachine(RuleBasedStateMachine):
    """Calls and wishes to repeat one, in any order and at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.budget = RetryBudget(lambda: self.now, share=SHARE, least=LEAST, within_s=WITHIN_S)
        self.calls: list[float] = []
        self.retries: list[float] = []

    @rule(seconds=st.sampled_from([0.0, 0.1, 7.0, 59.0, 60.0, 200.0]))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    @rule(count=st.integers(1, 40))
    def call(self, count: int) -> None:
        """Calls are made."""
        for _ in range(count):
            self.budget.called()
        self.calls += [self.now] * count

    @rule()
    def retry(self) -> None:
        """A retry is granted just while those of the last minute are fewer than its share, or than two."""
        calls, retries = (sum(one > self.now - WITHIN_S for one in times) for times in (self.calls, self.retries))
        granted = self.budget.takes()
        assert granted == (retries < max(LEAST, SHARE * calls))
        if granted:
            self.retries.append(self.now)


RetryBudgetMachine.TestCase.settings = settings(max_examples=examples(100), stateful_step_count=40, deadline=None)
TestRetryBudget = RetryBudgetMachine.TestCase


def test_a_hundred_calls_allow_ten_retries() -> None:
    """The shipped figures: a tenth of the calls of a minute, two where there are few."""
    budget = RetryBudget(lambda: 0.0)
    assert [budget.takes() for _ in range(3)] == [True, True, False]
    for _ in range(100):
        budget.called()
    assert [budget.takes() for _ in range(9)] == [True] * 8 + [False]
