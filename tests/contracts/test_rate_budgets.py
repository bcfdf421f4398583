"""The rate budgets' contract, run against the memory of this process."""

from collections.abc import Callable

import pytest

from pipelines.adapters.memory_rate_budgets import MemoryRateBudgets
from pipelines.ports.rate_budget import RateBudgets
from tests.contracts.rate_budgets import RateBudgetsContract, name
from tests.fakes.manual_clock import ManualClock


__all__ = ["name"]
CLOCK = ManualClock()


class TestMemoryRateBudgets(RateBudgetsContract):
    """The embedded default."""

    @pytest.fixture(scope="class")
    @classmethod
    def budgets(cls) -> RateBudgets:
        """Return budgets."""
        return MemoryRateBudgets(CLOCK)

    @pytest.fixture
    def let_pass(self) -> Callable[[float], None]:
        """Return what moves the clock."""
        return CLOCK.advance
