"""The index's contract, run against the fake and the embedded index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.ports.chunk_index import ChunkIndex
from tests.contracts.chunk_index import ChunkIndexContract
from tests.contracts.chunk_index_rows import DIMENSIONS
from tests.fakes.memory_index import MemoryIndex


IDENTITY = IndexIdentity("here", "1", "contract", DIMENSIONS)


class TestMemoryIndex(ChunkIndexContract):
    """The fake, by which the others are measured."""

    @pytest.fixture
    def index(self) -> ChunkIndex:
        """Return an empty index."""
        return MemoryIndex(DIMENSIONS)


class TestSqliteIndex(ChunkIndexContract):
    """The embedded default."""

    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[ChunkIndex]:
        """Return an index in a new file."""
        index = SqliteIndex(tmp_path / "index.db", IDENTITY)
        yield index
        index.close()


class TestSqliteIndexOfAnotherProcess(ChunkIndexContract):
    """The embedded default, searched over one object and written over another."""

    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[ChunkIndex]:
        """Return an index that writes through a second one."""
        index = WrittenElsewhere(tmp_path / "index.db")
        yield index
        index.close()


class WrittenElsewhere(SqliteIndex):
    """What one process sees of another's writes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, IDENTITY)
        elsewhere = SqliteIndex(path, IDENTITY)
        for name in ("stage", "retire", "sweep", "vacuum", "assign_rule", "delete", "revive", "drop", "restore"):
            setattr(self, name, getattr(elsewhere, name))
        self._elsewhere = elsewhere

    def close(self) -> None:
        """Close both."""
        self._elsewhere.close()
        super().close()
