"""The index wherever it is, seen by a process that lives through a move."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipelines.adapters.placed_index import PlacedIndex
from pipelines.domain.index_places import Engine
from pipelines.ports.chunk_index import ChunkIndex, OtherRows
from tests.contracts.chunk_index import ChunkIndexContract
from tests.contracts.chunk_index_rows import DIMENSIONS, KB, question, row
from tests.fakes.memory_index import MemoryIndex


class TestPlacedIndex(ChunkIndexContract):
    """It promises what the engine in use promises."""

    @pytest.fixture
    def index(self) -> Iterator[ChunkIndex]:
        """Return the index of an installation that nobody moves."""
        engine = MemoryIndex(DIMENSIONS)
        index = PlacedIndex(lambda: Engine.SQLITE, lambda _: engine)
        yield index
        index.close()


class Watched(MemoryIndex):
    """An engine that tells how often it was closed."""

    def __init__(self) -> None:
        super().__init__(DIMENSIONS)
        self.closed = 0

    def close(self) -> None:
        """Count."""
        self.closed += 1


class Process:
    """One process, and where the index is."""

    def __init__(self) -> None:
        self.place = Engine.SQLITE
        self.engines = {one: Watched() for one in Engine}
        self.opened: list[Engine] = []
        self.index = PlacedIndex(lambda: self.place, self.open)

    def open(self, engine: Engine) -> ChunkIndex:
        """Open an engine."""
        self.opened.append(engine)
        return self.engines[engine]


def test_nothing_is_opened_before_it_is_used() -> None:
    """A command that asks nothing of the index costs nothing of it."""
    process = Process()
    process.index.close()
    assert process.opened == []


def test_a_process_goes_on_with_the_new_engine() -> None:
    """The next call after the switch reads and writes there, and the old engine is let go of."""
    process = Process()
    process.index.stage([row(1)])
    process.place = Engine.WEAVIATE
    assert process.index.count(KB) == 0
    process.index.stage([row(2), row(3)])
    assert process.engines[Engine.SQLITE].count(KB) == 1
    assert process.index.count(KB) == 2
    assert process.opened == [Engine.SQLITE, Engine.WEAVIATE]
    assert [one.closed for one in process.engines.values()] == [1, 0]


def test_a_call_under_way_ends_where_it_began() -> None:
    """The old engine is closed when its last call has ended, not before."""
    process = Process()
    process.index.stage([row(1), row(2)])
    listed = process.index.lives(KB)
    next(listed)
    process.place = Engine.WEAVIATE
    assert process.index.count(KB) == 0
    assert process.engines[Engine.SQLITE].closed == 0
    assert len(list(listed)) == 1
    process.index.count(KB)
    assert process.engines[Engine.SQLITE].closed == 1


def test_back_again_is_opened_again() -> None:
    """An engine that was let go of is opened anew when the index is moved back."""
    process = Process()
    for place in (Engine.SQLITE, Engine.WEAVIATE, Engine.SQLITE):
        process.place = place
        process.index.count(KB)
    assert process.opened == [Engine.SQLITE, Engine.WEAVIATE, Engine.SQLITE]
    process.index.close()
    process.index.close()
    assert process.engines[Engine.SQLITE].closed == 2


def test_a_vector_of_another_embedder_is_not_searched_with() -> None:
    """Two embedders may have vectors of one length: the question is refused, to be embedded again."""
    made = {Engine.SQLITE: "old", Engine.WEAVIATE: "new"}
    engine = MemoryIndex(DIMENSIONS)
    engine.stage([row(1, "leave", at=[1])])
    index = PlacedIndex(lambda: Engine.WEAVIATE, lambda _: engine, made.__getitem__)
    asked = question("leave", at=[1])
    with pytest.raises(OtherRows, match="ask it again"):
        index.search(replace(asked, embedder="old"))
    for name in ("new", None):
        assert index.search(replace(asked, embedder=name)).vectors


def test_terms_of_another_analyser_are_not_searched_with() -> None:
    """They would find by chance: the question is refused, to be analysed again."""
    made = {Engine.SQLITE: "1", Engine.WEAVIATE: "2"}
    engine = MemoryIndex(DIMENSIONS)
    engine.stage([row(1, "leave", at=[1])])
    index = PlacedIndex(lambda: Engine.WEAVIATE, lambda _: engine, analyser=made.__getitem__)
    asked = question("leave")
    with pytest.raises(OtherRows, match="ask it again"):
        index.search(replace(asked, analyser="1"))
    for version in ("2", None):
        assert index.search(replace(asked, analyser=version)).words
