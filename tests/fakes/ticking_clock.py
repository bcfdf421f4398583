"""A clock whose monotonic time grows with each look at it: work ends at the same step on every machine."""

from datetime import datetime

from pipelines.adapters.system_clock import SystemClock


class TickingClock:
    """`ports.clock.Clock` with the system's time of day, and one second between two looks at the monotonic time."""

    def __init__(self) -> None:
        self._looks = 0

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        return SystemClock().now()

    def monotonic(self) -> float:
        """Return how often this was asked."""
        self._looks += 1
        return float(self._looks)
