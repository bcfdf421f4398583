"""Document frequencies that are kept: never too high, and counted anew when much has changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.adapters.sqlite_index.connection import connect, reading
from pipelines.adapters.sqlite_index.frequencies import Frequencies
from pipelines.adapters.sqlite_index.mirror import Mirror
from tests.contracts.chunk_index_rows import KB, chunk, row


RARE, COMMON = "srare", "scommon"


class Counting:
    """Frequencies on a connection of their own, and the tokens that they counted."""

    def __init__(self, path: Path) -> None:
        self.connection = connect(path, wait_s=1, full_durability=False)
        self.mirror = Mirror(0)
        self.frequencies = Frequencies(self.connection, self.mirror, drift=0.125, kept=2)
        self.counted: list[str] = []
        self.connection.set_trace_callback(self._note)

    def ask(self, *tokens: str) -> list[int]:
        """Ask for frequencies in a transaction of their own."""
        self.counted.clear()
        with reading(self.connection):
            self.mirror.refresh(self.connection)
            return self.frequencies.at_least(tokens)

    def _note(self, statement: str) -> None:
        if "FROM words" in statement:
            self.counted.append(statement.split('"')[1])


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SqliteIndex]:
    """Return an index of 80 rows with a common word and 8 with a rare one."""
    opened = SqliteIndex(tmp_path / "index.db", IndexIdentity("here", "1"))
    opened.stage([row(number, "common") for number in range(1, 81)])
    opened.stage([row(number, "rare") for number in range(101, 109)])
    yield opened
    opened.close()


@pytest.fixture
def counting(index: SqliteIndex, tmp_path: Path) -> Iterator[Counting]:
    """Return frequencies of `index`, asked once."""
    made = Counting(tmp_path / "index.db")
    assert index.count(KB) == 88
    assert made.ask(RARE, COMMON) == [8, 80]
    assert made.counted == [RARE, COMMON]
    yield made
    made.connection.close()


def test_a_count_is_kept(counting: Counting) -> None:
    """What was counted is not counted again while nothing changes."""
    assert counting.ask(COMMON, RARE) == [80, 8]
    assert counting.counted == []


def test_changes_lower_a_count_until_it_is_taken_anew(index: SqliteIndex, counting: Counting) -> None:
    """Every change may have been a loss; after an eighth of the count may be lost, it is counted again."""
    index.delete(KB, [(chunk(1), 1)])
    assert counting.ask(RARE, COMMON) == [7, 79]
    index.retire(KB, [chunk(number) for number in range(2, 11)], 2)
    assert counting.ask(RARE, COMMON) == [8, 70]
    assert counting.counted == [RARE]
    index.assign_rule(KB, [chunk(20)], 11)
    assert counting.ask(RARE, COMMON) == [7, 79]
    assert counting.counted == [COMMON]


def test_growth_lets_counts_be_taken_anew(index: SqliteIndex, counting: Counting) -> None:
    """New rows leave a count too low, which is allowed, until there are an eighth more rows."""
    index.stage([row(number, "rare") for number in range(201, 212)])
    assert counting.ask(RARE, COMMON) == [8, 80]
    index.stage([row(212, "rare")])
    assert counting.ask(RARE, COMMON) == [20, 80]


def test_the_last_asked_for_are_kept(counting: Counting) -> None:
    """Of more counts than are kept, those go that nobody asked for in the longest time."""
    counting.ask(RARE)
    assert counting.ask("snone") == [0]
    assert counting.ask(RARE, "snone") == [8, 0]
    assert counting.counted == []
    assert counting.ask(COMMON) == [80]
    assert counting.counted == [COMMON]
