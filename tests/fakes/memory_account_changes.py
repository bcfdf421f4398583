"""Changes of accounts in memory, for scenes that need no other records. It keeps the contract of the real ones."""

from collections.abc import Mapping
from typing import Any

from pipelines.ports.clock import Clock


class MemoryAccountChanges:
    """`ports.account_changes.AccountChangeRecords` of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[int, tuple[str, float, Mapping[str, Any]]] = {}
        self._newest = 0

    def note(self, platform: str, told: Mapping[str, Any]) -> int:
        """Keep a change, and forget old ones."""
        now = self._clock.now().timestamp()
        self._kept = {number: one for number, one in self._kept.items() if one[1] >= now - 3600.0}
        self._newest += 1
        self._kept[self._newest] = (platform, now, dict(told))
        return self._newest

    def after(self, platform: str, number: int) -> Mapping[int, Mapping[str, Any]]:
        """Return what is kept under greater numbers."""
        return {one: told for one, (of, _, told) in self._kept.items() if of == platform and one > number}
