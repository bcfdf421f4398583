"""An index of an earlier release is brought up to date when it is opened: what it held is found as before."""

import logging
from itertools import count
from pathlib import Path

import pytest

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.errors import StorageDamaged
from tests.aged_index import age, held, unmarked
from tests.contracts.chunk_index_rows import DIMENSIONS, KB, chunk, numbers, question, row


IDENTITY = IndexIdentity("here", "1", "minilm", DIMENSIONS)
ROWS = 100
RULES = (10, -11)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a closed index of today's tables."""
    made = tmp_path / "index.db"
    fill(made, ROWS)
    return made


def fill(path: Path, rows: int) -> None:
    """Make an index with so many rows."""
    index = SqliteIndex(path, IDENTITY)
    index.stage([row(n, f"leave word{n % 7}", at=[1], rule=RULES[n % 2]) for n in range(1, rows + 1)])
    index.close()


def test_an_older_index_becomes_one_of_today(path: Path) -> None:
    """Tables, words and version are those of a new file; FTS5 finds its own index sound."""
    new = held(path)
    age(path)
    assert unmarked(path) == (1, ROWS)
    index = SqliteIndex(path, IDENTITY)
    index.check()
    index.close()
    assert held(path) == new


def test_who_may_read_stays_and_can_be_changed(path: Path) -> None:
    """Readers find what they found before; another rule moves a row, as in a new file."""
    asked = question("leave", rules={KB: {RULES[1]}})
    age(path)
    index = SqliteIndex(path, IDENTITY)
    assert set(numbers(index.search(asked).words)) == set(range(1, ROWS + 1, 2))
    index.assign_rule(KB, [chunk(2)], RULES[1])
    assert set(numbers(index.search(asked).words)) == {*range(1, ROWS + 1, 2), 2}
    index.close()
    assert unmarked(path) == (2, 0)


class _EndedError(Exception):
    """A process was ended."""


@pytest.mark.parametrize("looks", [2, 4, 6])
def test_what_was_cut_off_goes_on(path: Path, looks: int) -> None:
    """Rows are written in short transactions, which stay; whoever opens the file next does the rest."""
    new = held(path)
    age(path)
    seconds = count()

    def monotonic() -> float:
        now = next(seconds)
        if now == looks:
            raise _EndedError
        return now

    with pytest.raises(_EndedError):
        SqliteIndex(path, IDENTITY, monotonic=monotonic)
    version, rows = unmarked(path)
    assert version == 1
    assert rows == ROWS - 16 * (looks // 2)
    SqliteIndex(path, IDENTITY).close()
    assert held(path) == new


def test_an_older_index_of_another_installation_stays_as_it_is(path: Path) -> None:
    """It is refused before anything is written."""
    age(path)
    before = path.read_bytes()
    with pytest.raises(StorageDamaged, match="another installation"):
        SqliteIndex(path, IndexIdentity("there", "1", "minilm", DIMENSIONS))
    assert path.read_bytes() == before


def test_what_takes_long_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A large file says why its first opening is slow; a small one, and the next opening, say nothing."""
    for rows, said in ((100, []), (2000, ["index.db is of an earlier release, its 2000 rows are written anew, once"])):
        caplog.clear()
        path = tmp_path / str(rows) / "index.db"
        fill(path, rows)
        age(path)
        with caplog.at_level(logging.INFO):
            for _ in range(2):
                SqliteIndex(path, IDENTITY).close()
        assert caplog.messages == said
