"""Time, handed in."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of day and a clock that never goes back."""

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds since an arbitrary moment; never decreases."""
