"""Chunks made from stored texts and recorded passages are those that reader and chunker made."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.errors import NotFound
from pipelines.ingestion.lives import LifeReader
from pipelines.ingestion.preparing import PreparedChunk
from pipelines.ingestion.staging import NewLife
from pipelines.ingestion.stored_lives import StoredLives
from tests.small_base import SmallBase, open_parts


if TYPE_CHECKING:
    from pipelines.domain.knowledge import DocumentVersion


DEMO = Path(__file__).parents[3] / "demo" / "documents"


def searched(chunk: PreparedChunk) -> tuple[object, ...]:
    """Return all that decides a chunk's row."""
    return chunk.passage, chunk.title, chunk.searched, chunk.embedded


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an installation with the demonstration base, synced."""
    made = tmp_path_factory.mktemp("data")
    with open_parts(made) as parts:
        assert SmallBase(parts, DEMO).sync().added > 5
    return made


def test_stored_texts_give_the_same_chunks(data: Path) -> None:
    """Of every document of the demonstration: places, titles, leads and texts, in order."""
    with open_parts(data) as parts:
        base = SmallBase(parts, DEMO)
        reader = LifeReader(
            parts.records, parts.parser, parts.blobs, not_fetched, kb=base.kb, generation=parts.generation
        )
        stored, chunks = StoredLives(parts.records.ledger, parts.blobs), 0
        for life in parts.records.ledger.documents(base.kb, 1):
            read = reader.read_again(life)
            assert isinstance(read, NewLife)
            again = stored.read_again(life)
            assert [searched(one) for one in again.chunks] == [searched(one) for one in read.chunks]
            assert again.life is life
            chunks += len(again.chunks)
        assert chunks > 50


def test_a_text_that_is_gone_is_named(data: Path) -> None:
    """Nothing is made up: the fault is that of the stored files."""
    with open_parts(data) as parts:
        lives: list[DocumentVersion] = list(parts.records.ledger.documents(SmallBase(parts, DEMO).kb, 1))
        parts.blobs.delete(lives[0].text_hash)
        with pytest.raises(NotFound):
            StoredLives(parts.records.ledger, parts.blobs).read_again(lives[0])


def not_fetched(path: str) -> bytes:
    """Refuse to read a source."""
    raise AssertionError(path)
