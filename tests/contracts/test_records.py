"""The contract of records, run against SQLite."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.ports.records import Records
from tests.contracts.records import RecordsContract
from tests.fakes.manual_clock import ManualClock


class TestSqliteRecords(RecordsContract):
    """A file of the embedded default."""

    @pytest.fixture(scope="class")
    @classmethod
    def empty(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """Return a database file with the newest schema and nothing in it."""
        file = tmp_path_factory.mktemp("empty") / "records.db"
        Database(f"sqlite:///{file}").close()
        return file

    @pytest.fixture
    def clock(self) -> ManualClock:
        """Return the clock of the records."""
        return ManualClock()

    @pytest.fixture
    def records(self, empty: Path, tmp_path: Path, clock: ManualClock) -> Iterator[Records]:
        """Return records over a copy of the empty file."""
        file = tmp_path / "records.db"
        shutil.copy(empty, file)
        records = SqlRecords(Database(f"sqlite:///{file}"), clock)
        yield records
        records.close()
