"""The index moved between two engines that are dictionaries, with real records, files and syncs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from pipelines.adapters.placed_index import PlacedIndex
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.index_places import Copy, Engine, MoveProgress
from pipelines.domain.knowledge import KnowledgeBase
from pipelines.errors import BadInput, Busy, StorageDamaged, TransientError
from pipelines.ingestion.lives import LifeReader
from pipelines.ingestion.repairing import Repair
from pipelines.operation.moving import IndexMove, Moved, Moving
from pipelines.ports.chunk_index import ChunkIndex, TermFields, WholeRow
from tests.fakes.memory_index import MemoryIndex
from tests.small_base import DIMENSIONS, Died, SmallBase, open_parts


STEPS = (
    "places.begin",
    "target.restore",
    "target.delete",
    "places.hold_writes",
    "target.drop",
    "compare",
    "repair",
    "places.switch",
)


@dataclass
class Scene:
    """
    An installation whose index may be in either of two engines.

    Attributes:
        base: one base with several versions.
        engines: both.
        steps: those of the last move, by name.

    """

    base: SmallBase
    engines: Mapping[Engine, MemoryIndex]
    steps: list[str] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        """The engine in use."""
        place = self.base.records.places.get()
        assert place is not None
        return place.engine

    def move(
        self,
        to: Engine,
        *,
        target: ChunkIndex | None = None,
        rebuild: bool = False,
        at: Callable[[str], None] = lambda _: None,
        wait: Callable[[float], None] = lambda _: None,
        progress: Callable[[MoveProgress], None] = lambda _: None,
    ) -> Moved:
        """Move the index; `at` is called after each step."""
        self.steps = []

        def checkpoint(step: str) -> None:
            self.steps.append(step)
            at(step)

        parts = Moving(
            self.base.records,
            "here:1:1",
            SystemClock(),
            wait=wait,
            repair=partial(repair, self.base),
            progress=progress,
            checkpoint=checkpoint,
        )
        source = None if rebuild else self.engines[to.other]
        return IndexMove(parts, to, source, lambda: target or self.engines[to]).run()

    def held(self, engine: Engine) -> set[tuple[object, ...]]:
        """Return all that an engine holds of the base, vectors as bytes."""
        index = self.engines[engine]
        keys = [(one.chunk_id, one.added_in) for one in index.lives(self.base.kb)]
        return {
            (*key_of(one), one.removed_in, one.row.rule, one.row.terms, vector_of(one))
            for one in index.whole(self.base.kb, keys)
        }

    def write(self, name: str, text: str) -> None:
        """Write a document."""
        (self.base.folder / name).write_text(text, encoding="utf-8")


def key_of(one: WholeRow) -> tuple[str, int]:
    """Return a row's key."""
    return one.row.chunk_id, one.row.added_in


def vector_of(one: WholeRow) -> bytes | None:
    """Return a row's vector."""
    return None if one.row.vector is None else one.row.vector.tobytes()


def repair(of: SmallBase, base: KnowledgeBase, index: ChunkIndex, beat: Callable[[], None]) -> None:
    """Let an index hold what the records say of a base's newest version."""
    parts = of.parts
    lives = LifeReader(parts.records, parts.parser, parts.blobs, nothing, kb=base.id, generation=parts.generation)
    kept = [one.number for one in parts.records.bases.versions(base.id)]
    work = Repair(
        index,
        parts.records.ledger,
        lives,
        parts.embedding(),
        analyser=parts.analysing(),
        kb=base.id,
        kept=kept,
        renew=beat,
        checkpoint=ignore,
    )
    work.repair(base.newest)


def nothing(path: str) -> bytes:
    """Have no source."""
    raise AssertionError(path)


def ignore(_: object) -> None:
    """Do nothing."""


@contextmanager
def installed(place: Path) -> Iterator[Scene]:
    """Open an installation with three versions of one base in the first engine."""
    engines = {one: MemoryIndex(DIMENSIONS) for one in Engine}
    folder = place / "documents"
    folder.mkdir(parents=True)

    def in_use() -> Engine:
        found = parts.records.places.get()
        return found.engine if found else Engine.SQLITE

    with open_parts(place, index=PlacedIndex(in_use, engines.__getitem__)) as parts:
        parts.records.places.settle(Engine.SQLITE)
        scene = Scene(SmallBase(parts, folder), engines)
        for version in range(3):
            for number in range(3):
                scene.write(f"{number}.md", f"# Document {number}\n\nLeave is {number} weeks.\n\nText {version % 2}.\n")
            if version == 2:
                (folder / "2.md").unlink()
            scene.base.sync()
        yield scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Return an installation of its own."""
    with installed(tmp_path) as opened:
        yield opened


def test_every_row_of_every_version_is_moved(scene: Scene) -> None:
    """Keys, ends, rules, words and vectors are the same; the new engine is in use, the old one keeps what it had."""
    before = scene.held(Engine.SQLITE)
    moved = scene.move(Engine.WEAVIATE)
    assert scene.engine is Engine.WEAVIATE
    assert scene.held(Engine.WEAVIATE) == scene.held(Engine.SQLITE) == before
    assert (moved.rows, moved.copied) == (len(before), len(before))
    assert moved.sample.rows == len(before)
    assert moved.sample.overlap == 1.0
    place = scene.base.records.places.get()
    assert place is not None
    assert place.copy is Copy.KEPT


def test_the_way_back_copies_what_changed(scene: Scene) -> None:
    """After a sync in the new engine the old one gets what it lacks, loses what is gone, and is in use again."""
    scene.move(Engine.WEAVIATE)
    scene.write("0.md", "# Document 0\n\nNobody has any leave.\n")
    scene.base.sync()
    scene.engines[Engine.WEAVIATE].vacuum(scene.base.kb, 2)
    moved = scene.move(Engine.SQLITE)
    assert scene.engine is Engine.SQLITE
    assert scene.held(Engine.SQLITE) == scene.held(Engine.WEAVIATE)
    assert 0 < moved.copied < moved.rows
    assert scene.base.found("Who has leave?")


def moved_and_killed(scene: Scene, number: int) -> bool:
    """Move and die after a step; False if the move has no so many steps."""
    left = number

    def at(step: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Died(step)

    try:
        scene.move(Engine.WEAVIATE, at=at)
    except Died:
        return True
    return False


def test_a_move_killed_after_any_step_goes_on(tmp_path: Path) -> None:
    """Until the switch the old engine answers; the next move copies nothing twice and ends equal."""
    seen, number, more = set(), 0, True
    while more:
        with installed(tmp_path / str(number)) as scene:
            # What a former copy left: a row that is gone, one that ended since, and a base that is removed.
            target, source = scene.engines[Engine.WEAVIATE], scene.engines[Engine.SQLITE]
            keys = [(one.chunk_id, one.added_in) for one in source.lives(scene.base.kb)]
            first = source.whole(scene.base.kb, keys[:1])[0]
            target.restore([replace(first, removed_in=first.removed_in - 1)])
            target.restore([WholeRow(replace(first.row, chunk_id="f" * 32), 9), other_base(first)])
            more = moved_and_killed(scene, number)
            if more and scene.steps[-1] != "places.switch":
                assert scene.engine is Engine.SQLITE
                there = scene.held(Engine.WEAVIATE) & scene.held(Engine.SQLITE)
                moved = scene.move(Engine.WEAVIATE)
                assert moved.copied == len(scene.held(Engine.SQLITE) - there)
            assert scene.engine is Engine.WEAVIATE
            assert scene.held(Engine.WEAVIATE) == scene.held(Engine.SQLITE)
            assert target.bases() == (scene.base.kb,)
            assert scene.base.records.jobs.take(["sync"], "x:1:1", 1) is None
            seen |= set(scene.steps)
            scene.base.sync()
        number += 1
    assert seen == set(STEPS)


def other_base(row: WholeRow) -> WholeRow:
    """Return a row of a base that nobody knows."""
    return WholeRow(replace(row.row, kb=99, chunk_id="e" * 32), row.removed_in)


def test_a_sync_during_the_copy_is_not_lost(scene: Scene) -> None:
    """Whoever syncs while rows are copied is followed before the switch."""

    def at(step: str) -> None:
        if step == "target.restore" and scene.steps.count(step) == 1:
            scene.write("3.md", "# Document 3\n\nA new text about trains.\n")
            (scene.base.folder / "0.md").unlink()
            scene.base.sync()

    scene.move(Engine.WEAVIATE, at=at)
    assert "target.drop" not in scene.steps
    assert scene.base.base.active == 4
    assert scene.held(Engine.WEAVIATE) == scene.held(Engine.SQLITE)
    assert "3.md" in {path for path, _ in scene.base.found("trains")}


def test_no_sync_begins_between_the_last_copy_and_the_switch(scene: Scene) -> None:
    """It is told to wait, and begins when the move is done."""
    refused = []

    def at(step: str) -> None:
        if step in ("places.hold_writes", "compare", "repair"):
            with pytest.raises(Busy, match="the index is being moved"):
                scene.base.lease()
            refused.append(step)

    scene.move(Engine.WEAVIATE, at=at)
    assert refused == ["places.hold_writes", "compare", "repair"]
    assert scene.base.lease()


def test_a_sync_under_way_is_waited_for(scene: Scene) -> None:
    """The switch comes after it has ended, with what it wrote, and it is told for whom the move waits."""
    job = scene.base.records.jobs.submit("sync", scene.base.kb, {})
    lease = scene.base.records.jobs.lease(job.id, "elsewhere:1:1", 60)
    told: list[int] = []

    def wait(_: float) -> None:
        assert scene.engine is Engine.SQLITE
        scene.write("3.md", "# Document 3\n\nA new text about trains.\n")
        scene.base.work().run(lease)
        scene.base.records.jobs.finish(lease)

    scene.move(Engine.WEAVIATE, wait=wait, progress=lambda at: told.append(at.writers))
    assert 1 in told
    assert "target.drop" not in scene.steps
    assert scene.base.base.active == 4
    assert scene.held(Engine.WEAVIATE) == scene.held(Engine.SQLITE)


class Forgetful(MemoryIndex):
    """An engine that writes other words than it is given, the first time or always."""

    def __init__(self, times: int) -> None:
        super().__init__(DIMENSIONS)
        self.times = times

    def restore(self, rows: Sequence[WholeRow]) -> None:
        """Write rows, some times wrongly."""
        self.times -= 1
        wrong = [replace(one, row=replace(one.row, terms=TermFields(("wrong",)))) for one in rows]
        super().restore(wrong if self.times >= 0 else rows)


def test_rows_that_hold_something_else_are_copied_again(scene: Scene) -> None:
    """What a sample finds wrong is written anew, and the move goes on."""
    target = Forgetful(1)
    scene.engines = {**scene.engines, Engine.WEAVIATE: target}
    scene.move(Engine.WEAVIATE)
    assert scene.held(Engine.WEAVIATE) == scene.held(Engine.SQLITE)


def test_an_engine_that_keeps_something_else_is_not_used(scene: Scene) -> None:
    """The sentence names base and rows; the index stays where it was, and syncs go on."""
    with pytest.raises(StorageDamaged, match=r"handbook: \d+ rows of the index in weaviate differ"):
        scene.move(Engine.WEAVIATE, target=Forgetful(10_000))
    assert scene.engine is Engine.SQLITE
    scene.base.sync()


class Full(MemoryIndex):
    """An engine whose disk is full."""

    def restore(self, rows: Sequence[WholeRow]) -> None:
        """Refuse."""
        raise TransientError(f"no room for {len(rows)} rows")


def test_a_full_disk_leaves_the_index_where_it_was(scene: Scene) -> None:
    """The engine's own sentence is told, nothing is held up, and the next move ends."""
    with pytest.raises(TransientError, match="no room"):
        scene.move(Engine.WEAVIATE, target=Full(DIMENSIONS))
    assert scene.engine is Engine.SQLITE
    scene.base.sync()
    scene.move(Engine.WEAVIATE)
    assert scene.held(Engine.WEAVIATE) == scene.held(Engine.SQLITE)


def test_rows_that_the_old_engine_lost_are_made_from_stored_files(scene: Scene) -> None:
    """A move does not carry a loss along: afterwards readers find what the records name."""
    before = scene.base.seen()
    lost = [(one.chunk_id, one.added_in) for one in scene.engines[Engine.SQLITE].lives(scene.base.kb)][-2:]
    scene.engines[Engine.SQLITE].delete(scene.base.kb, lost)
    assert scene.base.seen() != before
    scene.move(Engine.WEAVIATE)
    assert scene.base.seen() == before


def test_an_engine_that_cannot_be_read_is_rebuilt_elsewhere(scene: Scene) -> None:
    """Without reading the old engine all rows of all versions are made from records and stored files."""
    before = [scene.base.seen(version) for version in (1, 2, 3)]
    scene.engines[Engine.SQLITE].destroy()
    scene.move(Engine.WEAVIATE, rebuild=True)
    assert [scene.base.seen(version) for version in (1, 2, 3)] == before


def test_two_moves_at_once_are_one(scene: Scene) -> None:
    """The second is told who moves the index; when the first is done there is nothing to move."""
    places = scene.base.records.places
    lease = places.begin(Engine.WEAVIATE, "elsewhere:1:1", 60)
    with pytest.raises(Busy, match="elsewhere"):
        scene.move(Engine.WEAVIATE)
    assert scene.engine is Engine.SQLITE
    places.leave(lease)
    scene.move(Engine.WEAVIATE)
    with pytest.raises(BadInput, match="in weaviate already"):
        scene.move(Engine.WEAVIATE)
