"""
The index moved to another engine, or made anew with another embedder, while it is asked and synced.

Rows are copied while others write; then nobody begins to write, what was missed is
copied, both are compared, and one row of the records names the new engine. Killed
anywhere, the index stays where it was, and the next move copies what is missing.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from pipelines.domain.index_places import Engine, MoveLease, MoveProgress
from pipelines.domain.knowledge import KnowledgeBase
from pipelines.domain.values import Value
from pipelines.errors import FootnoteError, StorageDamaged
from pipelines.ingestion.heartbeat import Heartbeat
from pipelines.operation.index_copy import AT_ONCE, copy_base, differing
from pipelines.operation.index_sample import Sample, compare
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.ports.clock import Clock
from pipelines.ports.records import Records


LEASE_S = 300.0
"""Longer than one batch may take that an engine refuses three times."""

PAUSE_S = 1.0
"""Between two looks whether somebody still writes."""

PASSES = 5
"""Of making rows while others write, at most: what is left then is made while they wait."""

LEAST_OVERLAP = 0.5
"""Of what sample searches find in both engines; they rank differently, but not as differently as this."""


@dataclass(frozen=True, slots=True)
class Moved(Value):
    """
    What a move came to.

    Attributes:
        engine: holds the index now.
        bases: knowledge bases.
        rows: of all their versions.
        copied: of them, those that this move wrote.
        sample: rows and searches that were compared; nothing where the rows were made anew.

    """

    engine: Engine
    bases: int
    rows: int
    copied: int
    sample: Sample


@dataclass(frozen=True, slots=True)
class Moving:
    """
    What a move works with.

    Attributes:
        records: the memory.
        worker: name of this process.
        clock: the time.
        wait: lets seconds pass.
        repair: lets an index hold what the records say of a base: (base, index, beat). What differs is made
            from the stored files.
        build: makes what an index lacks of a base, and says how many rows: (base, index, beat); None where
            rows are copied, or made while nobody may write.
        progress: told how far the move is.
        checkpoint: told after each step, by name.

    """

    records: Records
    worker: str
    clock: Clock
    wait: Callable[[float], None]
    repair: Callable[[KnowledgeBase, ChunkIndex, Callable[[], None]], None]
    progress: Callable[[MoveProgress], None] = lambda _: None
    checkpoint: Callable[[str], None] = lambda _: None
    build: Callable[[KnowledgeBase, ChunkIndex, Callable[[], None]], int] | None = None


class IndexMove:
    """One move from an index to another, or to another generation. The caller closes both."""

    def __init__(
        self,
        parts: Moving,
        engine: Engine,
        source: ChunkIndex | None,
        open_target: Callable[[], ChunkIndex],
        generation: int | None = None,
    ) -> None:
        """
        Take the parts.

        Args:
            parts: what it works with.
            engine: the target's.
            source: the index as it is; None to make all rows anew from the stored files.
            open_target: opens the other one, once nobody else may move the index.
            generation: the target's, where the engine stays; None for a move between engines.

        """
        self._generation = generation
        self._parts = parts
        self._engine = engine
        self._source = source
        self._open_target = open_target
        self._target: ChunkIndex
        self._done = self._total = 0

    def run(self) -> Moved:
        """
        Move; return when the new engine is the index.

        Raises:
            BadInput: the index is there already.
            Busy: another process moves it, or took over; the index stays where it is.
            StorageDamaged: the two differ although all was copied; the index stays where it is.
            FootnoteError: an engine, the records or the stored files fail; the index stays where it is.

        """
        parts = self._parts
        places = parts.records.places
        if self._generation is None:
            lease = places.begin(self._engine, parts.worker, LEASE_S)
        else:
            lease = places.begin_generation(self._generation, parts.worker, LEASE_S)
        beat = Heartbeat(places, lease, parts.clock, LEASE_S)
        switched = False
        try:
            parts.checkpoint("places.begin")
            self._target = self._open_target()
            moved = self._move(lease, beat)
            places.switch(lease)
            switched = True
            parts.checkpoint("places.switch")
        finally:
            if not switched:
                # What stopped the move is told, not that the records could not be written either.
                with suppress(FootnoteError):
                    places.leave(lease)
        return moved

    def _move(self, lease: MoveLease, beat: Callable[[], None]) -> Moved:
        written = self._copied(self._source, beat) if self._source is not None else self._built(beat)
        self._hold_writes(lease, beat)
        written += self._copied(self._source, beat) if self._source is not None else self._build(beat)
        self._drop_unknown()
        sample = Sample()
        for base in self._bases():
            beat()
            if self._source is not None:
                sample += self._compared(base, self._source, beat)
            self._parts.repair(base, self._target, beat)
            self._parts.checkpoint("repair")
        self._require_overlap(sample)
        rows = sum(self._target.count(base.id) for base in self._bases())
        return Moved(self._engine, len(self._bases()), rows, written, sample)

    def _built(self, beat: Callable[[], None]) -> int:
        """Make rows as long as others write many of them meanwhile; return how many."""
        written = 0
        for _ in range(PASSES):
            new = self._build(beat)
            written += new
            if new < AT_ONCE:
                break
        return written

    def _build(self, beat: Callable[[], None]) -> int:
        """Make what the target lacks now; return how many rows."""
        build = self._parts.build
        if build is None:
            return 0
        written = sum(build(base, self._target, beat) for base in self._bases())
        self._parts.checkpoint("build")
        return written

    def _copied(self, source: ChunkIndex, beat: Callable[[], None]) -> int:
        """Copy all bases as they are now; return how many rows were written."""
        bases, written = self._bases(), 0
        self._done, self._total = 0, sum(source.count(base.id) for base in bases)
        for base in bases:
            written += copy_base(
                source, self._target, base.id, looked_at=self._looking(base.name, beat), step=self._parts.checkpoint
            )
        return written

    def _looking(self, name: str, beat: Callable[[], None]) -> Callable[[int], None]:
        def looked_at(rows: int) -> None:
            beat()
            self._done += rows
            self._parts.progress(MoveProgress(min(self._done, self._total), self._total, name))

        return looked_at

    def _hold_writes(self, lease: MoveLease, beat: Callable[[], None]) -> None:
        """Let nobody begin to write, and wait for those who do."""
        places = self._parts.records.places
        while writers := places.hold_writes(lease):
            self._parts.progress(MoveProgress(self._done, self._total, "", writers))
            self._parts.wait(PAUSE_S)
            beat()
        self._parts.checkpoint("places.hold_writes")

    def _compared(self, base: KnowledgeBase, source: ChunkIndex, beat: Callable[[], None]) -> Sample:
        """Compare both indexes; where a row holds something else than its twin, copy the whole base again, once."""
        for again in (False, True):
            rows = differing(source, self._target, base.id, looked_at=lambda _: beat())
            sample = compare(source, self._target, base.id, base.active, Random(base.id))  # noqa: S311 - a sample
            self._parts.checkpoint("compare")
            if not rows and not sample.differing:
                return sample
            if not again:
                self._target.drop(base.id)
                self._parts.checkpoint("target.drop")
                copy_base(source, self._target, base.id, looked_at=lambda _: beat(), step=self._parts.checkpoint)
        raise StorageDamaged(
            f"{base.name}: {rows or sample.differing} rows of the index in {self._engine} differ from what was copied:"
            " the index stays where it was; begin the move again"
        )

    def _require_overlap(self, sample: Sample) -> None:
        if sample.overlap < LEAST_OVERLAP:
            raise StorageDamaged(
                f"{sample.searches} sample searches find {sample.overlap:.0%} of the same passages in both engines,"
                f" less than {LEAST_OVERLAP:.0%}: the index stays where it was"
            )

    def _drop_unknown(self) -> None:
        """Drop the rows of bases that are not in the records any more."""
        known = {base.id for base in self._bases()}
        for kb in self._target.bases():
            if kb not in known:
                self._target.drop(kb)
                self._parts.checkpoint("target.drop")

    def _bases(self) -> tuple[KnowledgeBase, ...]:
        return self._parts.records.bases.all()
