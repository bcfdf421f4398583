"""Which program may open which index file: words only works with any, and every refusal names the way out."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.adapters.sqlite_index.faults import translated
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.errors import BadInput, BadSettings, PermanentError, StorageDamaged
from pipelines.ingestion.equipment import SyncParts
from pipelines.ports.chunk_index import SearchLists, SearchRequest
from pipelines.ports.embedder import Embedder
from pipelines.retrieval.terms import question_terms
from tests.contracts.chunk_index_rows import DIMENSIONS, KB, numbers, question, row, words
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.in_process_parser import InProcessParser
from tests.small_base import SmallBase


WITH_VECTORS = IndexIdentity("here", "1", "minilm", DIMENSIONS)
WORDS_ONLY = IndexIdentity("here", "1")


@contextmanager
def opened(path: Path, identity: IndexIdentity) -> Iterator[SqliteIndex]:
    """Open an index and close it again."""
    index = SqliteIndex(path, identity)
    try:
        yield index
    finally:
        index.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the index shall be."""
    return tmp_path / "data" / "index.db"


@pytest.fixture
def made(path: Path) -> Path:
    """Return a closed index with one row that has a vector."""
    with opened(path, WITH_VECTORS) as index:
        index.stage([row(1, "leave", at=[1])])
    return path


def test_the_same_program_opens_the_file_again(made: Path) -> None:
    """What was written is found after a restart."""
    with opened(made, WITH_VECTORS) as index:
        found = index.search(question("leave", at=[1]))
        assert numbers(found.words) == numbers(found.vectors) == [1]


def test_words_only_works_on_an_index_with_vectors(made: Path) -> None:
    """Without an embedder words are found, rows without vectors are written, and old ones removed."""
    with opened(made, WORDS_ONLY) as index:
        index.stage([row(2, "leave"), row(3, "leave")])
        index.retire(KB, [row(3).chunk_id], 2)
        assert words(index.search(question("leave"))) == {1, 2, 3}
        assert words(index.search(question("leave", versions={KB: 2}))) == {1, 2}
        index.check()


def test_words_only_takes_no_vectors(made: Path) -> None:
    """A vector that no embedder of this program made is refused, asked or staged."""
    with opened(made, WORDS_ONLY) as index:
        with pytest.raises(BadInput, match="holds vectors of 0"):
            index.stage([row(2, at=[1])])
        with pytest.raises(BadInput, match="holds vectors of 0"):
            index.search(question("leave", at=[1]))


def test_the_embedder_comes_back_to_its_vectors(made: Path) -> None:
    """After a time without an embedder the old vectors are found, and new rows may have some again."""
    with opened(made, WORDS_ONLY) as index:
        index.stage([row(2, "leave")])
    with opened(made, WITH_VECTORS) as index:
        index.stage([row(3, "leave", at=[0.5])])
        found = index.search(question("leave", at=[1]))
        assert words(found) == {1, 2, 3}
        assert numbers(found.vectors) == [1, 3]


def test_an_embedder_adopts_an_index_of_words_only(path: Path) -> None:
    """The first embedder that opens it may write vectors; a program without one goes on beside it."""
    with opened(path, WORDS_ONLY) as plain:
        plain.stage([row(1, "leave")])
        with opened(path, WITH_VECTORS) as index:
            index.stage([row(2, "leave", at=[1])])
            assert numbers(index.search(question("leave", at=[1])).vectors) == [2]
        plain.stage([row(3, "leave")])
        assert words(plain.search(question("leave"))) == {1, 2, 3}
    with opened(path, WITH_VECTORS) as index:
        assert numbers(index.search(question(at=[1])).vectors) == [2]


def test_only_one_embedder_adopts_an_index(path: Path) -> None:
    """A second embedder is refused, though the file was made without any."""
    with opened(path, WORDS_ONLY), opened(path, WITH_VECTORS), pytest.raises(BadSettings, match=r"minilm \(4 numbers"):
        SqliteIndex(path, IndexIdentity("here", "1", "other", DIMENSIONS))


@pytest.mark.parametrize(
    ("identity", "error", "said"),
    [
        (replace(WITH_VECTORS, embedder="other"), BadSettings, "embedder minilm (4 numbers), the settings name other"),
        (replace(WITH_VECTORS, dimensions=8), BadSettings, "minilm (4 numbers), the settings name minilm (8 numbers)"),
        (replace(WITH_VECTORS, analyser="2"), StorageDamaged, "its analyser is 1, this release's is 2"),
        (replace(WORDS_ONLY, analyser="2"), StorageDamaged, "its analyser is 1, this release's is 2"),
        (replace(WITH_VECTORS, installation="there"), StorageDamaged, "it belongs to another installation"),
        (replace(WORDS_ONLY, installation="there"), StorageDamaged, "it belongs to another installation"),
    ],
)
def test_what_does_not_fit_is_refused(
    made: Path, identity: IndexIdentity, error: type[PermanentError], said: str
) -> None:
    """Another embedder, length, analyser or installation: one sentence with the file and the way out; no change."""
    before = made.read_bytes()
    with pytest.raises(error) as fault:
        SqliteIndex(made, identity)
    assert_says(str(fault.value), made, said)
    assert made.read_bytes() == before


def newer_schema(path: Path) -> None:
    """Let the file be one of a later release."""
    change(path, "PRAGMA user_version = 3")


def odd_schema(path: Path) -> None:
    """Let the file be one of no release."""
    change(path, "PRAGMA user_version = -1")


def other_tables(path: Path) -> None:
    """Let the file be another program's database."""
    path.unlink()
    change(path, "CREATE TABLE songs (name TEXT)")


def lost_table(path: Path) -> None:
    """Let the file lack a table."""
    change(path, "DROP TABLE identity")


def no_database(path: Path) -> None:
    """Let the file be a text."""
    path.write_bytes(b"this is a text\n" * 1000)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (newer_schema, "its tables have version 3, which a newer Footnote wrote; this one knows 2"),
        (odd_schema, "its tables have version -1, which no Footnote wrote; this one knows 2"),
        (other_tables, "it holds other tables"),
        (lost_table, "no such table: identity"),
        (no_database, "file is not a database"),
    ],
)
def test_what_is_no_index_of_ours_is_refused(made: Path, spoil: Callable[[Path], None], said: str) -> None:
    """Another release's file, another program's, a damaged one or no database: one sentence, and no change."""
    spoil(made)
    before = made.read_bytes()
    with pytest.raises(StorageDamaged) as fault:
        SqliteIndex(made, WITH_VECTORS)
    assert_says(str(fault.value), made, said)
    assert made.read_bytes() == before


def test_a_sqlite_without_fts5_is_named() -> None:
    """Python may be built with a SQLite that cannot search words: the sentence names it and the way out."""
    connection = sqlite3.connect(":memory:")
    said = r"^index\.db needs FTS5, which the SQLite \d.* use a Python whose SQLite has it"
    with pytest.raises(PermanentError, match=said), translated(Path("index.db")):
        connection.execute("CREATE VIRTUAL TABLE words USING fts5_that_is_missing (stems)")
    connection.close()


@pytest.mark.parametrize("beside", [False, True])
def test_the_way_out_works(made: Path, *, beside: bool) -> None:
    """After index.db alone is deleted, even from beside the log of a process that died, an empty index is made."""
    if beside:
        copies = {}
        with opened(made, WITH_VECTORS) as index:
            index.stage([row(2, "leave", at=[1])])
            copies = {one: one.read_bytes() for one in made.parent.iterdir()}
        for one, data in copies.items():
            one.write_bytes(data)
        assert made.with_name("index.db-wal").stat().st_size > 0
    made.unlink()
    with opened(made, replace(WITH_VECTORS, embedder="other", dimensions=2)) as index:
        assert index.count(KB) == 0
        index.check()


@pytest.mark.parametrize(("embedder", "dimensions"), [(None, 4), ("minilm", 0), ("minilm", -1), ("none", 4)], ids=str)
def test_an_identity_that_cannot_be_is_refused(embedder: str | None, dimensions: int) -> None:
    """An embedder has vectors of some length, and is not called as the lack of one is."""
    with pytest.raises(ValueError, match="dimensions"):
        IndexIdentity("here", "1", embedder, dimensions)


def test_the_next_sync_follows_the_embedder(tmp_path: Path) -> None:
    """Vectors come with the first sync with an embedder, go with one without, and come back."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in ("leave", "travel"):
        (folder / f"{name}.md").write_text(f"# About {name}\n\nEverything about {name} stands here.\n")
    embedder = HashEmbedder(DIMENSIONS)
    for used, vectors in ((None, 0), (embedder, 2), (None, 0), (embedder, 2)):
        with small_base(tmp_path, folder, used) as base:
            before = lists(base, embedder if vectors else None)
            assert len(before.words) in (0, 2)
            assert base.sync().changed in (0, 2)
            after = lists(base, used)
            assert (len(after.words), len(after.vectors)) == (2, vectors)
            assert base.sync().version == base.base.active


@contextmanager
def small_base(tmp_path: Path, folder: Path, embedder: Embedder | None) -> Iterator[SmallBase]:
    """Open an installation with or without an embedder."""
    records = SqlRecords(Database(f"sqlite:///{tmp_path / 'records.db'}"), SystemClock())
    known = (embedder.name, embedder.dimensions) if embedder else (None, 0)
    with opened(tmp_path / "index.db", IndexIdentity(records.installation, "1", *known)) as index:
        blobs = FolderBlobs(tmp_path / "blobs")
        yield SmallBase(SyncParts(records, index, embedder, InProcessParser(), blobs, SystemClock()), folder)
    records.close()


def lists(base: SmallBase, embedder: Embedder | None) -> SearchLists:
    """Return what the operator finds about everything."""
    scope = base.records.access.scope(OPERATOR)
    vector = embedder.embed(["everything"])[0].astype(np.float32) if embedder else None
    return base.parts.index.search(SearchRequest(question_terms("everything"), vector, scope.access, scope.versions))


def change(path: Path, statement: str) -> None:
    """Change a database file behind the index's back."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(statement)
    connection.commit()
    connection.close()


def assert_says(sentence: str, path: Path, said: str) -> None:
    """Check that a refusal is one sentence with the file, the reason and the way out."""
    assert str(path) in sentence
    assert re.sub(r"\s+", " ", sentence) == sentence
    assert said in sentence
    assert "delete it and sync each base again" in sentence
