"""Which engine and which generation hold the index, and what is kept or made beside it. Not the moving."""

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
    """What there is beside the index: in the other engine, or in the same one as another generation."""

    MOVING = "moving"
    """What a move, or a rebuilding, has written so far."""

    KEPT = "kept"
    """What was the index until it was moved or rebuilt."""


@dataclass(frozen=True, slots=True)
class IndexAt(Value):
    """
    Rows of an index that belong together.

    Attributes:
        engine: holds them.
        generation: number of what they were made with.
        embedder: name of the embedder that made their vectors; None for words only.
        analyser: version of the analyser that made their terms.

    """

    engine: Engine
    generation: int
    embedder: str | None = None
    analyser: str = ""


@dataclass(frozen=True, slots=True)
class IndexPlace(Value):
    """
    Where the index is.

    Attributes:
        engine: searches and takes what syncs write.
        copy: what there is beside it; None for nothing of ours.
        since: when that became so, ISO 8601 in UTC.
        generation: number of what its rows were made with.
        copy_generation: the same of the copy. One of the same generation is in the other engine, one of
            another generation in the same engine.

    """

    engine: Engine
    copy: Copy | None
    since: str
    generation: int = 0
    copy_generation: int = 0

    @property
    def moved(self) -> Copy | None:
        """What the other engine holds."""
        return self.copy if self.copy_generation == self.generation else None

    @property
    def rebuilt(self) -> Copy | None:
        """What there is of another generation, in the same engine."""
        return None if self.copy_generation == self.generation else self.copy


@dataclass(frozen=True, slots=True)
class MoveLease(Value):
    """The right to move the index to an engine, or to another generation; `token` grows with every lease (fencing)."""

    target: Engine
    token: int
    generation: int = 0


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
