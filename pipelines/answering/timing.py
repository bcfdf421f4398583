"""How long each step took."""

from collections.abc import Mapping

from pipelines.ports.clock import Clock


class Stopwatch:
    """Started with the step; adds its milliseconds to those of the steps before."""

    def __init__(self, clock: Clock, before: Mapping[str, float]) -> None:
        self._clock = clock
        self._before = before
        self._began = clock.monotonic()

    def timings(self, step: str) -> dict[str, float]:
        """Return all steps so far, this one included, in milliseconds to two places."""
        return {**self._before, step: round((self._clock.monotonic() - self._began) * 1000, 2)}
