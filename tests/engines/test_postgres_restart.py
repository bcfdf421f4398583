"""PostgreSQL is killed and started again under load: nothing that was acknowledged is lost, and nobody must restart."""

import threading
from collections.abc import Iterator

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, Outcome
from pipelines.errors import FootnoteError, TransientError
from pipelines.setting_forms import psycopg_address
from tests.servers import Server


pytestmark = [pytest.mark.engines, pytest.mark.losses, pytest.mark.timeout(300)]
KILLS = 3
WRITERS = 4
BETWEEN = 30


@pytest.fixture
def records(postgres: Server) -> Iterator[SqlRecords]:
    """Return records over it."""
    opened = SqlRecords(Database(psycopg_address(postgres.url)), SystemClock())
    yield opened
    opened.close()


class Writer(threading.Thread):
    """Writes as long as it is let, and remembers what was acknowledged and what was told."""

    def __init__(self, records: SqlRecords, stop: threading.Event) -> None:
        super().__init__()
        self.acknowledged: list[int] = []
        self.faults: list[FootnoteError] = []
        self._records = records
        self._stopped = stop

    def run(self) -> None:
        """Write, and go on after a fault."""
        while not self._stopped.is_set():
            try:
                number = self._records.answers.add("How?", OPERATOR, Answer(Outcome.ANSWER, "So."), {})
                self.acknowledged.append(number)
            except FootnoteError as fault:
                self.faults.append(fault)
                self._stopped.wait(0.05)


def test_no_acknowledged_write_is_lost(postgres: Server, records: SqlRecords) -> None:
    """Killed three times while four threads write: each number that was given is there, each fault says what to do."""
    stop = threading.Event()
    writers = [Writer(records, stop) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for _ in range(KILLS):
        before = sum(len(writer.acknowledged) for writer in writers)
        while sum(len(writer.acknowledged) for writer in writers) < before + BETWEEN:
            stop.wait(0.01)
        postgres.kill()
        postgres.start()
    stop.set()
    for writer in writers:
        writer.join()
    acknowledged = [number for writer in writers for number in writer.acknowledged]
    faults = [fault for writer in writers for fault in writer.faults]
    assert len(set(acknowledged)) == len(acknowledged) >= KILLS * BETWEEN
    assert faults
    assert {type(fault) for fault in faults} == {TransientError}
    with records._db.read() as connection:
        kept = set(connection.exec_driver_sql("SELECT id FROM answers").scalars())
    assert set(acknowledged) <= kept
    assert len(kept) - len(acknowledged) <= KILLS * WRITERS


def test_a_restart_in_between_is_not_noticed(postgres: Server, records: SqlRecords) -> None:
    """Connections that the server forgot are replaced before they are used."""
    kb = records.bases.add("handbook", "folder", "/", OPERATOR).id
    job = records.jobs.submit("sync", kb, {})
    for _ in range(2):
        postgres.kill()
        with pytest.raises(TransientError, match="cannot be reached"):
            records.bases.all()
        postgres.start()
        assert [base.id for base in records.bases.all()] == [kb]
        assert records.jobs.submit("sync", kb, {}) == job


def test_a_transaction_in_flight_is_told_and_changes_nothing(postgres: Server, records: SqlRecords) -> None:
    """What was under way when the server died is one transient fault; the next call works."""
    records.bases.add("handbook", "folder", "/", OPERATOR)

    def write() -> None:
        with records._db.write() as connection:
            connection.exec_driver_sql("UPDATE bases SET pinned = true")
            postgres.kill()
            connection.exec_driver_sql("SELECT 1")

    with pytest.raises(TransientError, match="was lost"):
        write()
    postgres.start()
    assert not records.bases.get("handbook").pinned
