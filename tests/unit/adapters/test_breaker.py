"""The breaker, compared step by step with a plain list of what happened."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pipelines.adapters.breaker import Breaker
from tests.examples import examples


FAULTS, WITHIN_S, PROBE_S = 3, 30.0, 10.0


class BreakerMachine(RuleBasedStateMachine):
    """Calls succeed, fail or never end, in any order and at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.breaker = Breaker(lambda: self.now, faults=FAULTS, within_s=WITHIN_S, probe_s=PROBE_S)
        self.faults: list[float] = []
        self.open = False
        self.last_admitted = 0.0

    @rule(seconds=st.sampled_from([0.0, 0.5, 9.5, 10.0, 14.0, 31.0]))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    @rule()
    def call(self) -> None:
        """A closed breaker admits every call, an open one a call every ten seconds."""
        due = self.now - self.last_admitted >= PROBE_S
        assert self.breaker.admits() == (not self.open or due)
        if self.open and due:
            self.last_admitted = self.now

    @rule()
    def fail(self) -> None:
        """Three faults in a row within thirty seconds open it; more of them change nothing."""
        self.breaker.failed()
        self.faults.append(self.now)
        recent = self.faults[-FAULTS:]
        if not self.open and len(recent) == FAULTS and recent[-1] - recent[0] <= WITHIN_S:
            self.open, self.last_admitted = True, self.now

    @rule()
    def succeed(self) -> None:
        """One success closes it, and faults before it count no longer."""
        self.breaker.succeeded()
        self.faults, self.open = [], False

    @precondition(lambda self: not self.open)
    @invariant()
    def a_closed_one_admits_all(self) -> None:
        """Asking a closed breaker has no effect, however often."""
        assert all(self.breaker.admits() for _ in range(3))


BreakerMachine.TestCase.settings = settings(max_examples=examples(100), stateful_step_count=40, deadline=None)
TestBreaker = BreakerMachine.TestCase


def test_five_faults_in_half_a_minute_open_it_and_a_probe_goes_every_ten_seconds() -> None:
    """The shipped figures."""
    times = [0.0, 7.5, 15.0, 22.5, 30.0]
    breaker = Breaker(lambda: times[0])
    while len(times) > 1:
        breaker.failed()
        assert breaker.admits()
        times.pop(0)
    breaker.failed()
    asked = {30.0: False, 39.9: False, 40.0: True, 40.1: False, 49.9: False, 50.0: True}
    for now, admitted in asked.items():
        times[0] = now
        assert breaker.admits() == admitted


@pytest.mark.parametrize("gap", [7.6, 100.0])
def test_rare_faults_never_open_it(gap: float) -> None:
    """Five faults that take longer than half a minute are bad luck, not an outage."""
    times = [0.0]
    breaker = Breaker(lambda: times[0])
    for _ in range(20):
        times[0] += gap
        breaker.failed()
    assert breaker.admits()
