"""
What the index was made with, what is wanted, and the change from one to the other while it is asked.

The part of the wiring that knows generations; where they lie is `index_wiring`'s.
"""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from pipelines.domain.index_generations import Generation
from pipelines.domain.index_places import Copy, Engine, IndexAt, IndexPlace, MoveProgress
from pipelines.domain.values import Value
from pipelines.embedder_wiring import Embedders
from pipelines.errors import BadInput, FootnoteError, StorageDamaged
from pipelines.index_wiring import SHOWN
from pipelines.ports.clock import Clock


if TYPE_CHECKING:
    from pipelines.domain.knowledge import KnowledgeBase
    from pipelines.ingestion.embedding import CachedEmbedding
    from pipelines.ingestion.equipment import Twin
    from pipelines.ingestion.repairing import ReadsAgain
    from pipelines.operation.moving import Moved
    from pipelines.part_wiring import FootnoteParts
    from pipelines.ports.chunk_index import ChunkIndex
    from pipelines.ports.embedder import Embedder
    from pipelines.retrieval.analysers import Analyser

_LOOKED_AT = 20
"""Rows of each base whose vectors are looked at before the switch."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GenerationState(Value):
    """
    What the index is made with.

    Attributes:
        active: what questions are asked of now.
        wanted: what the settings and this release would make.
        place: where the index is, and what is beside it.
        beside: what that was made with; None for nothing of another generation.
        analysed: whether this release has the analyser of the one in use.

    """

    active: Generation
    wanted: Generation
    place: IndexPlace
    beside: Generation | None
    analysed: bool = True

    @property
    def current(self) -> bool:
        """Whether the index is as it is wanted."""
        return self.active.fits(self.wanted)


class Generations:
    """The generations of an installation's index. Nothing is opened before it is asked for."""

    def __init__(self, footnote: "FootnoteParts", clock: Clock) -> None:
        self._footnote = footnote
        self._clock = clock
        self._embedders = Embedders(footnote)
        self._known: dict[int, Generation] = {}
        self._lock = Lock()
        self._twin: tuple[IndexAt, ChunkIndex] | None = None

    def get(self, number: int) -> Generation:
        """Return a generation; one of which nothing was written is what its file says, or what is wanted now."""
        found = self._known.get(number) or self._footnote.records.generations.get(number)
        if found is None:
            return self._first(number)
        self._known[number] = found
        return found

    def settle(self) -> None:
        """Write down what the first generation is made with, before anything is written into it."""
        number = self._footnote.indexes.place().generation
        if number not in self._known and self._footnote.records.generations.get(number) is None:
            self._footnote.records.generations.put(self._first(number))

    def state(self) -> GenerationState:
        """Return what the index is made with, and what is wanted."""
        place = self._footnote.indexes.place()
        beside = self.get(place.copy_generation) if place.rebuilt else None
        active = self.get(place.generation)
        analysed = self._footnote.analysers.has(active.analyser)
        return GenerationState(active, self._wanted(place.generation), place, beside, analysed)

    def embedder(self) -> "Embedder | None":
        """Return the embedder of the index in use; None for words only. One that is gone says so when it is asked."""
        return self._embedders.of(self._in_use())

    def made_with(self) -> tuple[str | None, str]:
        """Return its name and the version of the analyser, whether or not they can be had."""
        made = self._in_use()
        return made.embedder, made.analyser

    def analyser(self) -> "Analyser":
        """
        Return what makes the terms of the index in use.

        Raises:
            BadSettings: this release does not have it any more.

        """
        return self._analyser(self._in_use())

    def analyser_of_questions(self) -> "Analyser":
        """Return the same for questions; one that is gone is stood in for."""
        return self._footnote.analysers.for_questions(self._in_use().analyser)

    def twin(self) -> "Twin | None":
        """Return the generation that is being built, for syncs to write to; None if there is none, or it is away."""
        from pipelines.ingestion.equipment import Twin

        place = self._footnote.indexes.place()
        if place.rebuilt is not Copy.MOVING:
            self._let_go()
            return None
        try:
            generation = self.get(place.copy_generation)
            index = self._twin_index(IndexAt(place.engine, generation.number, generation.embedder))
            return Twin(index, self._embedding(generation), self._analyser(generation))
        except FootnoteError as fault:
            _log.warning("the next generation of the index is not written to: %s", fault)
            return None

    def rebuild(
        self,
        *,
        back: bool = False,
        progress: Callable[[MoveProgress], None] = lambda _: None,
        checkpoint: Callable[[str], None] = lambda _: None,
    ) -> "Moved":
        """
        Make the index anew as it is wanted; return when it is in use. What it was is kept.

        Args:
            back: let the generation that is kept be the index again, with what was synced since.
            progress: told how far it is.
            checkpoint: told after each step, by name.

        Raises:
            BadInput: it is as it is wanted, nothing is kept to go back to, or something else is kept.
            BadSettings: the embedder cannot be opened, or the analyser is gone.
            Busy: another process moves or rebuilds the index.
            FootnoteError: what an engine or the embedder could not do; the index stays what it was.

        """
        from pipelines.ingestion.generation_build import GenerationBuild
        from pipelines.ingestion.stored_lives import StoredLives
        from pipelines.operation.moving import IndexMove, Moving

        footnote = self._footnote
        footnote.indexes.settle()
        target = self.get(self._target(back=back))
        embedding, lives = self._embedding(target), StoredLives(footnote.records.ledger, footnote.blobs)
        analyser = self._analyser(target)
        build = GenerationBuild(
            footnote.records.ledger, lives, embedding, analyser=analyser, progress=progress, checkpoint=checkpoint
        )
        parts = Moving(
            footnote.records,
            self._footnote.worker,
            self._clock,
            wait=time.sleep,
            repair=lambda base, index, beat: self._compare(base, index, beat, lives, target),
            build=lambda base, index, beat: build.build(base, self._shown(base.id), index, beat),
            progress=progress,
            checkpoint=checkpoint,
        )
        engine = footnote.indexes.place().engine
        with ExitStack() as open_now:

            def opened() -> "ChunkIndex":
                index = footnote.indexes.open(engine, target.number)
                open_now.callback(index.close)
                return index

            return IndexMove(parts, engine, None, opened, target.number).run()

    def confirm(self) -> Generation:
        """
        Delete the generation that is not in use; return it.

        Raises:
            BadInput: there is none.
            StorageDamaged: the index in use lacks what readers see.
            Busy: another process moves or rebuilds the index.

        """
        place = self._footnote.indexes.place()
        if place.rebuilt is None:
            raise BadInput("there is one generation of the index, which is in use: nothing is kept")
        self._footnote.indexes.require_whole()
        return self._delete(place)

    def close(self) -> None:
        """Release what was opened."""
        self._let_go()
        self._embedders.close()

    def _in_use(self) -> Generation:
        return self.get(self._footnote.indexes.place().generation)

    def _wanted(self, number: int) -> Generation:
        return self._embedders.wanted(number, self._footnote.analysers.newest.version)

    def _first(self, number: int) -> Generation:
        """Return what a generation of which nothing was written is made with: an earlier release wrote none down."""
        from pipelines.adapters.sqlite_index import written_identity

        wanted = self._wanted(number)
        place = self._footnote.records.places.get()
        if place is not None and place.engine is not Engine.SQLITE:
            return wanted
        found = written_identity(self._footnote.indexes.file(number), self._footnote.records.installation)
        if found is None or (found.embedder, found.analyser) == (wanted.embedder, wanted.analyser):
            return wanted
        return Generation(number, found.embedder, found.dimensions, found.analyser)

    def _target(self, *, back: bool) -> int:
        """Return the number of the generation that is to be the index; written down, and alone beside it."""
        state = self.state()
        place, wanted = state.place, state.wanted
        if back:
            if place.rebuilt is not Copy.KEPT or state.beside is None:
                raise BadInput("no former generation of the index is kept: there is nothing to go back to")
            if not self._footnote.analysers.has(state.beside.analyser):
                raise BadInput(
                    f"the former generation has terms of the analyser {state.beside.analyser}, which this release does"
                    " not have any more: it can only be deleted (footnote index confirm)"
                )
            return state.beside.number
        if state.current:
            raise BadInput(
                f"the index is as it is wanted ({wanted.embedder or 'words only'}): nothing is to be rebuilt"
            )
        if state.beside is not None:
            if state.beside.fits(wanted):
                return state.beside.number
            if place.rebuilt is Copy.KEPT:
                raise BadInput(
                    "the generation before this one is still kept: delete it first (footnote index confirm), or go back"
                    " to it (footnote index rebuild --back)"
                )
            self._delete(place)
        records = self._footnote.records.generations
        number = records.next()
        return records.put(self._wanted(number)).number

    def _delete(self, place: IndexPlace) -> Generation:
        """Delete what is beside the index."""
        from pipelines.operation.moving import LEASE_S

        places, number = self._footnote.records.places, place.copy_generation
        lease = places.begin_generation(number, self._footnote.worker, LEASE_S)
        try:
            self._footnote.indexes.destroy(place.engine, number, alone=False)
            places.forget_copy(lease)
        except FootnoteError:
            with suppress(FootnoteError):
                places.leave(lease)
            raise
        return self.get(number)

    def _embedding(self, generation: Generation) -> "CachedEmbedding | None":
        from pipelines.ingestion.embedding import CachedEmbedding

        embedder = self._embedders.of(generation)
        return CachedEmbedding(embedder, self._footnote.records.vectors) if embedder else None

    def _analyser(self, generation: Generation) -> "Analyser":
        return self._footnote.analysers.of(generation.analyser)

    def _shown(self, kb: int) -> list[int]:
        return [one.number for one in self._footnote.records.bases.versions(kb) if one.state in SHOWN]

    def _compare(
        self,
        base: "KnowledgeBase",
        index: "ChunkIndex",
        beat: Callable[[], None],
        lives: "ReadsAgain",
        target: Generation,
    ) -> None:
        """Hold a generation against the records, repair it, and look at some of its vectors."""
        from pipelines.ingestion.repairing import Repair

        shown = self._shown(base.id)
        ledger, embedding = self._footnote.records.ledger, self._embedding(target)
        repair = Repair(
            index,
            ledger,
            lives,
            embedding,
            analyser=self._analyser(target),
            kb=base.id,
            kept=shown,
            renew=beat,
            checkpoint=lambda _: None,
        )
        fault = repair.attempt(shown)
        if fault is not None:
            raise fault
        keys = [(one.chunk_id, one.added_in) for one in islice(index.lives(base.id), _LOOKED_AT)]
        lacking = sum((one.row.vector is None) != (target.embedder is None) for one in index.whole(base.id, keys))
        if lacking:
            raise StorageDamaged(
                f"{base.name}: {lacking} of {len(keys)} rows of the next generation do not have the vectors of"
                f" {target.embedder}: the index stays what it was; begin again"
            )

    def _twin_index(self, at: IndexAt) -> "ChunkIndex":
        with self._lock:
            if self._twin is not None and self._twin[0] == at:
                return self._twin[1]
        self._let_go()
        index = self._footnote.indexes.open(at.engine, at.generation)
        with self._lock:
            self._twin = (at, index)
        return index

    def _let_go(self) -> None:
        with self._lock:
            twin, self._twin = self._twin, None
        if twin is not None:
            twin[1].close()
