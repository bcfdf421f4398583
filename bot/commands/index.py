"""What the index is made with, and its rebuilding. How it is rebuilt is `pipelines.generation_wiring`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bot import index_texts as texts
from bot.commands.authority import require_admin
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.index_places import MoveProgress
from pipelines.domain.values import Value
from pipelines.errors import Busy, FootnoteError, TransientError
from pipelines.ports.embedder import QuestionEmbedder


_PROBE = "footnote"


@dataclass(frozen=True, slots=True)
class IndexMade(Value):
    """
    What the index is made with.

    Attributes:
        embedder: made its vectors; None for words only.
        dimensions: numbers of a vector; 0 for words only.
        analyser: version of what made its terms.
        rows: of all bases and versions.
        wanted_embedder: that of the settings.
        wanted_analyser: that of this release.
        current: whether it is made as it is wanted.
        other: `moving` where another generation is being built, `kept` where the former one is kept; None for nothing.
        other_embedder: of that generation.
        since: when that became so.

    """

    embedder: str | None
    dimensions: int
    analyser: str
    rows: int
    wanted_embedder: str | None
    wanted_analyser: str
    current: bool
    other: str | None
    other_embedder: str | None
    since: str

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class IndexRebuilt(Value):
    """
    A rebuilding that is done.

    Attributes:
        embedder: of the index now; None for words only.
        former: of the index before; what it was is kept.
        bases: knowledge bases.
        rows: of all their versions.
        written: of them, those that were made now; the others were there.

    """

    embedder: str | None
    former: str | None
    bases: int
    rows: int
    written: int

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return asdict(self) | {"rebuilt": True}


@dataclass(frozen=True, slots=True)
class GenerationDeleted(Value):
    """The generation that was not in use is gone."""

    embedder: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"embedder": self.embedder, "deleted": True}


def show(footnote: Footnote, principal: Principal) -> IndexMade:
    """Tell what the index is made with."""
    require_admin(principal)
    state, rows = footnote.generations.state(), footnote.indexes.state().rows
    return IndexMade(
        state.active.embedder,
        state.active.dimensions,
        state.active.analyser,
        rows,
        state.wanted.embedder,
        state.wanted.analyser,
        state.current,
        state.place.rebuilt.value if state.place.rebuilt else None,
        state.beside.embedder if state.beside else None,
        state.place.since,
    )


def rebuild(
    footnote: Footnote, principal: Principal, *, back: bool, progress: Callable[[MoveProgress], None]
) -> IndexRebuilt:
    """
    Rebuild the index, or go back, and wait until it is in use.

    Raises:
        TransientError: it stopped; the same command goes on with it.
        FootnoteError: see `Generations.rebuild`.

    """
    require_admin(principal)
    former = footnote.generations.state().active.embedder
    try:
        moved = footnote.generations.rebuild(back=back, progress=progress)
    except Busy:
        raise
    except TransientError as fault:
        raise TransientError(texts.stopped(str(fault))) from fault
    now = footnote.generations.state().active.embedder
    details = {"rows": moved.rows, "former": former, "back": back}
    footnote.records.answers.audit(principal, "index rebuild", now or "words only", details)
    return IndexRebuilt(now, former, moved.bases, moved.rows, moved.copied)


def confirm(footnote: Footnote, principal: Principal) -> GenerationDeleted:
    """Delete the generation that is not in use; see `Generations.confirm` for what may fail."""
    require_admin(principal)
    gone = footnote.generations.confirm().embedder
    footnote.records.answers.audit(principal, "index confirm", gone or "words only", {})
    return GenerationDeleted(gone)


def words_only(footnote: Footnote) -> str | None:
    """
    Say why questions are searched by words only although the index has vectors; None if they are not.

    A model behind a server is asked, in the time of a question; one of this machine is not loaded for it.
    """
    try:
        asked: object = footnote.generations.embedder()
        if isinstance(asked, QuestionEmbedder):
            asked.embed_question(_PROBE)
    except FootnoteError as fault:
        return texts.words_only(str(fault))
    return None


def is_outdated(footnote: Footnote) -> str | None:
    """Say that the settings want another embedder than the index has, or this release another analyser; else None."""
    state = footnote.generations.state()
    if state.current:
        return None
    if state.active.embedder != state.wanted.embedder:
        return texts.wanted(state.wanted.embedder)
    told = texts.other_analyser(state.active.analyser, state.wanted.analyser)
    return f"{told} {texts.asked_in_its_terms() if state.analysed else texts.analyser_is_gone()}"
