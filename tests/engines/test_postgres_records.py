"""The contract of records, run against PostgreSQL."""

from collections.abc import Iterator

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.ports.records import Records
from tests.contracts.records import RecordsContract
from tests.engines.postgres_databases import Server
from tests.fakes.manual_clock import ManualClock


pytestmark = pytest.mark.engines


class TestPostgresRecords(RecordsContract):
    """A database of the production engine."""

    @pytest.fixture(scope="class")
    @classmethod
    def empty(cls, postgres_url: str) -> Iterator[tuple[Server, str]]:
        """Return a server, and a database with the newest schema and nothing in it."""
        server = Server(postgres_url)
        with server.migrated() as name:
            yield server, name

    @pytest.fixture
    def clock(self) -> ManualClock:
        """Return the clock of the records."""
        return ManualClock()

    @pytest.fixture
    def records(self, empty: tuple[Server, str], clock: ManualClock) -> Iterator[Records]:
        """Return records over a copy of the empty database."""
        server, template = empty
        with server.database(f"TEMPLATE {template}") as name:
            records = SqlRecords(Database(server.url(name)), clock)
            yield records
            records.close()
