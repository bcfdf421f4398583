"""Short news between processes: how far a job is. Any of them may be lost; nothing correct depends on one."""

from dataclasses import dataclass
from typing import Protocol

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Announcement(Value):
    """
    How far something is.

    Attributes:
        kind: what it is about, such as `job`.
        id: number of the job.
        kb: id of its base.
        done: parts that are done.
        total: parts in all, as far as known.

    """

    kind: str
    id: int
    kb: int
    done: int
    total: int


class Subscription(Protocol):
    """What is announced from now on."""

    def next(self, seconds: float) -> Announcement | None:
        """Return the next announcement; None when none came within these seconds, or on a fault."""

    def close(self) -> None:
        """Listen no longer."""


class Announcements(Protocol):
    """Publish and subscribe. Everybody who listens hears each, in the order of its publisher."""

    def publish(self, news: Announcement) -> None:
        """Tell it to whoever listens now. A fault is logged, never raised."""

    def subscribe(self) -> Subscription:
        """Begin to listen."""

    def close(self) -> None:
        """Release connections."""
