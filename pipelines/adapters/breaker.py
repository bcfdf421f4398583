"""A breaker: who does not answer is left alone for a while. It knows no vendor and makes no call."""

from collections import deque
from collections.abc import Callable
from threading import Lock


FAULTS = 5
WITHIN_S = 30.0
PROBE_S = 10.0


class Breaker:
    """
    Opens after some faults in a row within some seconds; then one call in a while is a probe.

    Closed, it admits every call. Open, it admits one call every `probe_s`, the first of
    them `probe_s` after the last fault that opened it; a call that succeeds, be it the probe
    or one that began before, closes it. A probe that fails, or never tells how it ended,
    leaves it open. Safe between threads.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        faults: int = FAULTS,
        within_s: float = WITHIN_S,
        probe_s: float = PROBE_S,
    ) -> None:
        """
        Begin closed.

        Args:
            monotonic: seconds of a clock that never goes back.
            faults: how many in a row open it, at least 1.
            within_s: the first and the last of them are at most so many seconds apart.
            probe_s: seconds between two probes.

        """
        self.probe_s = probe_s
        self._monotonic = monotonic
        self._within_s = within_s
        self._times: deque[float] = deque(maxlen=faults)
        self._next_probe: float | None = None
        self._lock = Lock()

    @property
    def is_open(self) -> bool:
        """Tell whether calls are held back now; asking admits none."""
        return self._next_probe is not None

    def admits(self) -> bool:
        """Tell whether a call may be made now. Open, a yes is this period's only one."""
        with self._lock:
            if self._next_probe is None:
                return True
            now = self._monotonic()
            if now < self._next_probe:
                return False
            self._next_probe = now + self.probe_s
            return True

    def succeeded(self) -> None:
        """Note that a call was answered: faults before it count no longer."""
        with self._lock:
            self._times.clear()
            self._next_probe = None

    def failed(self) -> None:
        """Note that a call was not answered."""
        with self._lock:
            now = self._monotonic()
            self._times.append(now)
            whole = len(self._times) == self._times.maxlen
            if self._next_probe is None and whole and now - self._times[0] <= self._within_s:
                self._next_probe = now + self.probe_s
