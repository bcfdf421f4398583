"""A look into an index file from outside: whose it is, whether it has rows, and that nothing is made by it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex, holds_rows
from pipelines.errors import StorageDamaged
from tests.contracts.chunk_index_rows import row


OURS = IndexIdentity("here", "1")


def state(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_rows_are_seen_while_the_file_is_open_and_afterwards(tmp_path: Path) -> None:
    """Also those that are in its log alone; of a file that is closed nothing changes, and nothing is made beside it."""
    path = tmp_path / "in dex?#.db"
    assert not holds_rows(path, "here")
    assert list(tmp_path.iterdir()) == []
    path.touch()
    assert not holds_rows(path, "here")
    index = SqliteIndex(path, OURS)
    assert not holds_rows(path, "here")
    index.stage([row(1, "leave")])
    assert holds_rows(path, "here")
    index.close()
    before = state(tmp_path)
    assert holds_rows(path, "here")
    assert state(tmp_path) == before
    assert list(before) == [path.name]


def test_another_installations_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """Whether it has rows or not."""
    path = tmp_path / "index.db"
    SqliteIndex(path, OURS).close()
    before = state(tmp_path)
    with pytest.raises(StorageDamaged, match=r"index\.db .*belongs to another installation than the records"):
        holds_rows(path, "there")
    assert state(tmp_path) == before


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    """Another program's tables, or no database at all: one sentence names the file."""
    path = tmp_path / "index.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StorageDamaged, match="it holds other tables"):
        holds_rows(path, "here")
    path.write_bytes(b"no database" * 100)
    with pytest.raises(StorageDamaged, match="no index that can be used"):
        holds_rows(path, "here")
