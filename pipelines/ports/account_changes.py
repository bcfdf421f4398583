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

    def after(self, platform: str, number: int) -> Mapping[int, Mapping[str, Any]]:
        """
        Return what is kept under greater numbers, in their order.

        A number may be seen after greater ones: two processes keep something at the same moment.
        """
