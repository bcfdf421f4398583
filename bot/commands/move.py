"""The index moved to another engine, and what a move left deleted. How it is moved is `pipelines.operation.moving`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bot import move_texts as texts
from bot.commands.authority import require_admin
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.index_places import Engine, MoveProgress
from pipelines.domain.values import Value
from pipelines.errors import Busy, TransientError


@dataclass(frozen=True, slots=True)
class IndexWhere(Value):
    """
    Where the index is.

    Attributes:
        engine: holds it.
        rows: of all bases and versions.
        copy: `moving` where the other engine holds what a move has written so far, `kept` where it holds
            what was moved away from it; None for nothing.
        copy_rows: what it holds; None where that cannot be asked.
        since: when `copy` became so.

    """

    engine: Engine
    rows: int
    copy: str | None
    copy_rows: int | None
    since: str

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return asdict(self) | {"engine": self.engine.value}


@dataclass(frozen=True, slots=True)
class IndexMoved(Value):
    """
    A move that is done.

    Attributes:
        engine: holds the index now.
        bases: knowledge bases.
        rows: of all their versions.
        copied: of them, those that this move wrote; the others were there.
        rebuilt: whether they were made anew from the stored files.
        compared_rows: rows whose words and vectors were held against each other.
        sample_questions: asked of both engines.
        overlap: share of what the old one found first that the new one finds first, 0..1.

    """

    engine: Engine
    bases: int
    rows: int
    copied: int
    rebuilt: bool
    compared_rows: int
    sample_questions: int
    overlap: float

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return asdict(self) | {"engine": self.engine.value, "moved": True}


@dataclass(frozen=True, slots=True)
class CopyDeleted(Value):
    """What a move left is gone from an engine; not `deleted` where it could only be forgotten."""

    engine: Engine
    deleted: bool

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"copy": self.engine.value, "deleted": self.deleted}


def state(footnote: Footnote, principal: Principal) -> IndexWhere:
    """Tell where the index is."""
    require_admin(principal)
    found = footnote.indexes.state()
    copy, rows = (found.place.moved.value, found.copy_rows) if found.place.moved else (None, None)
    return IndexWhere(found.place.engine, found.rows, copy, rows, found.place.since)


def move(
    footnote: Footnote,
    principal: Principal,
    engine: Engine,
    *,
    rebuild: bool,
    progress: Callable[[MoveProgress], None],
) -> IndexMoved:
    """
    Move the index to an engine, and wait until it is in use there.

    Raises:
        TransientError: it stopped; the same command goes on with it.
        FootnoteError: see `Indexes.move`.

    """
    require_admin(principal)
    try:
        moved = footnote.indexes.move(engine, rebuild=rebuild, progress=progress)
    except Busy:
        raise
    except TransientError as fault:
        raise TransientError(texts.stopped(str(fault))) from fault
    sample = moved.sample
    result = IndexMoved(
        moved.engine,
        moved.bases,
        moved.rows,
        moved.copied,
        rebuild,
        sample.rows,
        sample.searches,
        round(sample.overlap, 4),
    )
    footnote.records.answers.audit(principal, "move index", engine.value, {"rows": moved.rows, "rebuilt": rebuild})
    return result


def confirm(footnote: Footnote, principal: Principal) -> CopyDeleted:
    """Delete what the engine that is not in use holds; see `Indexes.confirm` for what may fail."""
    require_admin(principal)
    other = footnote.indexes.place().engine.other
    deleted = footnote.indexes.confirm()
    footnote.records.answers.audit(principal, "move index --confirm", other.value, {"deleted": deleted})
    return CopyDeleted(other, deleted)
