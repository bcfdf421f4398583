"""What records promise of the accounts of chat platforms."""

import pytest

from pipelines.ports.records import Records
from tests.fakes.manual_clock import ManualClock


class AccountChangeRecordsContract:
    """The promises of `pipelines.ports.account_changes.AccountChangeRecords`."""

    def test_a_change_of_an_account_is_known_for_a_while(self, records: Records, clock: ManualClock) -> None:
        """To whoever looks as far back, each with its number, in order; each platform's by itself."""
        changes = records.account_changes
        assert changes.lately("slack", 60) == {}
        first = changes.note("slack", {"user": "U1", "own": "guest"})
        changes.note("teams", {"user": "U1"})
        clock.advance(30)
        second = changes.note("slack", {"user": "Größe", "updated": 12})
        assert first < second
        assert list(changes.lately("slack", 60).items()) == [
            (first, {"user": "U1", "own": "guest"}),
            (second, {"user": "Größe", "updated": 12}),
        ]
        assert set(changes.lately("slack", 29)) == {second}
        assert list(changes.lately("teams", 60).values()) == [{"user": "U1"}]

    def test_an_old_change_of_an_account_is_forgotten(self, records: Records, clock: ManualClock) -> None:
        """After an hour nobody can look back at it, and its number is not given again."""
        changes = records.account_changes
        first = changes.note("slack", {"user": "U1"})
        clock.advance(3601)
        assert changes.lately("slack", 1e9) == {}
        second = changes.note("slack", {"user": "U2"})
        assert second > first
        assert set(changes.lately("slack", 1e9)) == {second}

    @pytest.mark.parametrize("told", [{}, {"user": "x" * 10_000, "nested": {"a": [1, None, True]}}])
    def test_a_change_of_an_account_comes_back_as_it_was(self, records: Records, told: dict[str, object]) -> None:
        """Whatever JSON it is."""
        records.account_changes.note("slack", told)
        assert list(records.account_changes.lately("slack", 60).values()) == [told]
