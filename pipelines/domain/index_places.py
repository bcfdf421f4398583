"""Which engine holds the index, and what is left of it in the other one. Not the moving."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.values import Value


class Engine(StrEnum):
    """What holds the index."""

    SQLITE = "sqlite"
    WEAVIATE = "weaviate"

    @property
    def other(self) -> "Engine":
        """The one that does not."""
        return Engine.SQLITE if self is Engine.WEAVIATE else Engine.WEAVIATE


class Copy(StrEnum):
    """What the other engine holds."""

    MOVING = "moving"
    """What a move has written so far."""

    KEPT = "kept"
    """What it held when the index was moved away from it."""


@dataclass(frozen=True, slots=True)
class IndexPlace(Value):
    """
    Where the index is.

    Attributes:
        engine: searches and takes what syncs write.
        copy: what the other engine holds; None for nothing of ours.
        since: when that became so, ISO 8601 in UTC.

    """

    engine: Engine
    copy: Copy | None
    since: str


@dataclass(frozen=True, slots=True)
class MoveLease(Value):
    """The right to move the index to an engine; `token` grows with every lease (fencing)."""

    target: Engine
    token: int


@dataclass(frozen=True, slots=True)
class MoveProgress(Value):
    """
    How far a move is.

    Attributes:
        done: rows looked at.
        total: rows in all.
        kb: name of the base at hand; empty while writers are waited for.
        writers: that are waited for.

    """

    done: int
    total: int
    kb: str
    writers: int = 0
