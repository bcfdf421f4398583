"""The contract of changes of accounts, by the fake; the real records keep it among all others."""

from types import SimpleNamespace

import pytest

from tests.contracts.records_account_changes import AccountChangeRecordsContract
from tests.fakes.manual_clock import ManualClock
from tests.fakes.memory_account_changes import MemoryAccountChanges


class TestMemoryAccountChanges(AccountChangeRecordsContract):
    """In memory."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        """Return the time that it goes by."""
        return ManualClock()

    @pytest.fixture
    def records(self, clock: ManualClock) -> SimpleNamespace:
        """Return what has it."""
        return SimpleNamespace(account_changes=MemoryAccountChanges(clock))
