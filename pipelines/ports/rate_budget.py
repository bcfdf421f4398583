"""Rate budgets: how often something may be done, by all processes together."""

from dataclasses import dataclass
from typing import Protocol

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Rate(Value):
    """
    A token bucket. It begins full.

    Attributes:
        per_second: tokens that come back in a second, > 0.
        burst: tokens that it holds at most, >= 1.

    """

    per_second: float
    burst: int

    def __post_init__(self) -> None:
        """Refuse a bucket that never gives anything."""
        if not self.per_second > 0 or self.burst < 1:
            message = f"a rate needs tokens: {self.burst} at most, {self.per_second} a second"
            raise ValueError(message)


class RateBudgets(Protocol):
    """
    Token buckets by name.

    In any stretch of t seconds a bucket gives `burst + t * per_second` tokens at most. A
    bucket shared over a server that is away is counted in this process alone: then each
    process gives as much.
    """

    def take(self, name: str, rate: Rate, tokens: int = 1) -> float:
        """
        Take tokens, all or none.

        Args:
            name: names the bucket; who shares it names the same rate.
            rate: its rate.
            tokens: how many, 1..`rate.burst`.

        Returns:
            0.0 if they were taken; else the seconds until there are enough, if nobody
            takes any meanwhile.

        Raises:
            ValueError: more tokens than the bucket can hold, or none.

        """
