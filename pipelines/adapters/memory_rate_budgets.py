"""Rate budgets in the memory of this process."""

from dataclasses import dataclass
from threading import Lock

from pipelines.ports.clock import Clock
from pipelines.ports.rate_budget import Rate


_BUCKETS = 10_000
"""Buckets that are kept; full ones are forgotten first, since a new one is full too."""

_ROUNDING = 1e-6
"""Part of a token that may be missing: whoever waited as long as told is given."""


@dataclass(frozen=True, slots=True)
class _Bucket:
    rate: Rate
    tokens: float
    at: float


class MemoryRateBudgets:
    """`ports.rate_budget.RateBudgets` for one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._buckets: dict[str, _Bucket] = {}

    def take(self, name: str, rate: Rate, tokens: int = 1) -> float:
        """Take tokens, all or none; return the seconds to wait."""
        check_tokens(rate, tokens)
        with self._lock:
            now = self._clock.monotonic()
            held = _filled(self._buckets.get(name), rate, now)
            if held < tokens - _ROUNDING:
                return (tokens - held) / rate.per_second
            self._buckets[name] = _Bucket(rate, max(0.0, held - tokens), now)
            if len(self._buckets) > _BUCKETS:
                self._forget_full(now)
            return 0.0

    def _forget_full(self, now: float) -> None:
        """Forget full buckets; were there none, the one that was made first."""
        full = [name for name, one in self._buckets.items() if _filled(one, one.rate, now) >= one.rate.burst]
        for name in full or [next(iter(self._buckets))]:
            del self._buckets[name]


def check_tokens(rate: Rate, tokens: int) -> None:
    """
    Refuse what no waiting can bring.

    Raises:
        ValueError: more tokens than the bucket can hold, or none.

    """
    if not 1 <= tokens <= rate.burst:
        message = f"{tokens} tokens cannot be taken from a bucket of {rate.burst}"
        raise ValueError(message)


def _filled(bucket: _Bucket | None, rate: Rate, now: float) -> float:
    """Return the tokens that a bucket holds by now."""
    if bucket is None:
        return float(rate.burst)
    return min(float(rate.burst), bucket.tokens + (now - bucket.at) * rate.per_second)
