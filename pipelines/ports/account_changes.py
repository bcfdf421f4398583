"""What chat platforms told of accounts lately, for the processes that were not told."""

from collections.abc import Mapping
from typing import Any, Protocol


class AccountChangeRecords(Protocol):
    """Changes of accounts, each with a number of its own. What is older than an hour is forgotten."""

    def note(self, platform: str, told: Mapping[str, Any]) -> int:
        """
        Keep a change; return its number.

        Args:
            platform: such as `slack`.
            told: what the account is now, as the platform's own reader wants it; JSON.

        """

    def lately(self, platform: str, seconds: float) -> Mapping[int, Mapping[str, Any]]:
        """Return what was kept in the last so many seconds, an hour at most, by number, in the order of numbers."""
