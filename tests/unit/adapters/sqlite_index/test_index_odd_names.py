"""Bases and readers with odd names: from rights in the records to hits of the index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.domain.access import EVERYONE, OPERATOR, principal_as
from pipelines.domain.conversation import Principal
from pipelines.domain.knowledge import SyncResult
from pipelines.ports.chunk_index import IndexRow, SearchRequest, TermFields
from pipelines.ports.records import Records
from tests.contracts.chunk_index_rows import chunk, numbers
from tests.fakes.manual_clock import ManualClock


NAMES = (
    *("IT", "r&d", '"quoted"', "o'brien", "a OR b", "rule*", "{x}:", "%_"),
    *("👩‍👩‍👧", "👩", "日本", "é", "not", "--", "0"),
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """Return empty records."""
    opened = SqlRecords(Database(f"sqlite:///{tmp_path / 'records.db'}"), ManualClock())
    yield opened
    opened.close()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SqliteIndex]:
    """Return an empty index."""
    opened = SqliteIndex(tmp_path / "index.db", IndexIdentity("here", "1"))
    yield opened
    opened.close()


def test_each_reader_finds_their_own(records: Records, index: SqliteIndex) -> None:
    """In every base of an odd name every group of an odd name finds its one chunk; the operator finds all."""
    for at, name in enumerate(NAMES):
        fill(records, index, name, first=100 * at)
    everything = range(100 * len(NAMES))
    for own, group in enumerate(NAMES):
        reader = principal_as([f"group:{group}"])
        assert found(records, index, reader) == [n for n in everything if n % 100 == own]
        assert found(records, index, reader, "r&d") == [100 + own]
    operators = set(found(records, index, OPERATOR, "IT", "👩"))
    assert operators == {*range(len(NAMES)), *range(900, 900 + len(NAMES))}


def fill(records: Records, index: SqliteIndex, name: str, *, first: int) -> None:
    """Make a base with a chunk for each group."""
    kb = records.bases.add(name, "folder", "/", OPERATOR).id
    records.access.set_readers(kb, [EVERYONE], OPERATOR)
    rules = [records.access.rule(kb, [f"group:{group}"]) for group in NAMES]
    terms = TermFields(("leave",))
    index.stage([IndexRow(chunk(first + at), kb, rule, 1, terms) for at, rule in enumerate(rules)])
    lease = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, "another host:1:1", 60)
    version = records.ledger.begin(lease)
    records.ledger.finish(lease, version, SyncResult(version), promote=True)


def found(records: Records, index: SqliteIndex, reader: Principal, *bases: str) -> list[int]:
    """Return the numbers of the chunks that a reader finds, sorted."""
    scope = records.access.scope(reader, bases)
    lists = index.search(SearchRequest(TermFields(("leave",)), None, scope.access, scope.versions))
    return sorted(numbers(lists.words))
