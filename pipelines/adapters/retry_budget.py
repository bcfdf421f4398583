"""A retry budget: repeated calls are a small share of all calls, so that they never become the load themselves."""

from collections import deque
from collections.abc import Callable
from threading import Lock


SHARE = 0.1
LEAST = 2
WITHIN_S = 60.0


class RetryBudget:
    """
    Allows `least` retries in any stretch of `within_s` seconds, or `share` of its calls if that is more.

    Retries are no calls of this count. Safe between threads.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        share: float = SHARE,
        least: int = LEAST,
        within_s: float = WITHIN_S,
    ) -> None:
        """
        Begin with no call.

        Args:
            monotonic: seconds of a clock that never goes back.
            share: of the calls of the last `within_s` seconds, 0..1.
            least: retries that are allowed however few calls there are: a share of one call is none.
            within_s: how long a call counts.

        """
        self._monotonic = monotonic
        self._share = share
        self._least = least
        self._within_s = within_s
        self._calls: deque[float] = deque()
        self._retries: deque[float] = deque()
        self._lock = Lock()

    def called(self) -> None:
        """Note a call that is no retry."""
        with self._lock:
            self._calls.append(self._now())

    def takes(self) -> bool:
        """Say whether a call may be repeated now; a yes is spent."""
        with self._lock:
            now = self._now()
            if len(self._retries) >= max(self._least, self._share * len(self._calls)):
                return False
            self._retries.append(now)
            return True

    def _now(self) -> float:
        """Return the time, and forget what is too long ago."""
        now = self._monotonic()
        for times in (self._calls, self._retries):
            while times and times[0] <= now - self._within_s:
                times.popleft()
        return now
