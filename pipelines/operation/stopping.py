"""How a process that is asked to end lets go of what it is at."""

from collections.abc import Callable
from datetime import datetime

from pipelines.ports.clock import Clock


AHEAD_S = 3600.0
"""More than the time of any look: it is over at once."""


class EndingClock:
    """
    `ports.clock.Clock` that is an hour ahead once its process is asked to end.

    Work that may take so many seconds then finds its time over at its next step, and puts
    back what is not done. The time of day is not touched.
    """

    def __init__(self, clock: Clock, stopping: Callable[[], bool]) -> None:
        self._clock = clock
        self._stopping = stopping

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        return self._clock.now()

    def monotonic(self) -> float:
        """Return seconds since an arbitrary moment; never decreases, since nobody takes the wish to end back."""
        return self._clock.monotonic() + (AHEAD_S if self._stopping() else 0.0)
