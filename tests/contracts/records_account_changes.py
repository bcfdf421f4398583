"""What records promise of the accounts of chat platforms."""

import pytest

from pipelines.ports.records import Records
from tests.fakes.manual_clock import ManualClock


class AccountChangeRecordsContract:
    """The promises of `pipelines.ports.account_changes.AccountChangeRecords`."""

    def test_a_change_of_an_account_is_known_for_a_while(self, records: Records, clock: ManualClock) -> None:
        """To whoever was told less, each with its number, in order; each platform's by itself."""
        changes = records.account_changes
        assert changes.after("slack", 0) == {}
        first = changes.note("slack", {"user": "U1", "own": "guest"})
        changes.note("teams", {"user": "U1"})
        clock.advance(30)
        second = changes.note("slack", {"user": "Größe", "updated": 12})
        assert first < second
        assert list(changes.after("slack", 0).items()) == [
            (first, {"user": "U1", "own": "guest"}),
            (second, {"user": "Größe", "updated": 12}),
        ]
        assert set(changes.after("slack", first)) == {second}
        assert changes.after("slack", second) == {}
        assert list(changes.after("teams", 0).values()) == [{"user": "U1"}]

    def test_an_old_change_of_an_account_is_forgotten(self, records: Records, clock: ManualClock) -> None:
        """After an hour, with the next one; its number is not given again."""
        changes = records.account_changes
        first = changes.note("slack", {"user": "U1"})
        clock.advance(3601)
        second = changes.note("slack", {"user": "U2"})
        assert second > first
        assert set(changes.after("slack", 0)) == {second}

    @pytest.mark.parametrize("told", [{}, {"user": "x" * 10_000, "nested": {"a": [1, None, True]}}])
    def test_a_change_of_an_account_comes_back_as_it_was(self, records: Records, told: dict[str, object]) -> None:
        """Whatever JSON it is."""
        records.account_changes.note("slack", told)
        assert list(records.account_changes.after("slack", 0).values()) == [told]
