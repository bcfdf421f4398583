"""Which versions of a base are kept, and how long other things are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.domain.schedules import DAY
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Retention(Value):
    """
    How long is kept what readers do not see any more.

    Attributes:
        days: versions of a base, that long or as many as `versions` says, whichever is more.
        versions: see `days`.
        delivery_days: deliveries of chat platforms that ended.

    """

    days: int = 30
    versions: int = 3
    delivery_days: int = 7


@dataclass(frozen=True, slots=True)
class PromotedVersion(Value):
    """A version that readers saw, and since when (Unix time)."""

    number: int
    promoted_at: float


def oldest_kept(promoted: Sequence[PromotedVersion], active: int, now: float, retention: Retention) -> int:
    """
    Return the oldest version that is kept; all newer ones are, too.

    Kept are the newest ones, those that were the newest at some moment of the last days,
    and the one that readers see, however old it is.

    Args:
        promoted: every version that readers saw and that is still kept.
        active: the one that readers see now; 0 for none.
        now: the time.
        retention: how long versions are kept.

    Returns:
        0 if there is none.

    """
    newest_first = sorted(promoted, key=lambda one: -one.number)
    kept = {one.number for one in newest_first[: retention.versions]}
    # The newest one that was promoted before the period began was what readers saw when it began.
    since = now - retention.days * DAY
    for one in newest_first:
        kept.add(one.number)
        if one.promoted_at <= since:
            break
    return min(kept | ({active} if active else set()), default=0)
