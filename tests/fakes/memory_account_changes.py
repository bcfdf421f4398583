"""Changes of accounts in memory, for scenes that need no other records. It keeps the contract of the real ones."""

from collections.abc import Mapping
from typing import Any

from pipelines.ports.clock import Clock


class MemoryAccountChanges:
    """`ports.account_changes.AccountChangeRecords` of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: list[tuple[str, float, Mapping[str, Any]]] = []

    def note(self, platform: str, told: Mapping[str, Any]) -> int:
        """Keep a change."""
        self._kept.append((platform, self._clock.now().timestamp(), dict(told)))
        return len(self._kept)

    def lately(self, platform: str, seconds: float) -> Mapping[int, Mapping[str, Any]]:
        """Return what was kept lately."""
        since = self._clock.now().timestamp() - min(seconds, 3600.0)
        kept = enumerate(self._kept, start=1)
        return {number: told for number, (of, at, told) in kept if of == platform and at >= since}
