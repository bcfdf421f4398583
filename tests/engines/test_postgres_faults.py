"""What PostgreSQL refuses ends in one sentence that names the server and the setting, and never the password."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database, Waits
from pipelines.adapters.records.jobs import SqlJobs
from pipelines.domain.access import EVERYONE, OPERATOR
from pipelines.errors import BadSettings, FootnoteError, StorageDamaged, TransientError
from tests.engines.postgres_databases import Server
from tests.fakes.manual_clock import ManualClock
from tests.servers import free_ports


pytestmark = pytest.mark.engines
SHORT = Waits(pool=2, connect_seconds=2, lock_seconds=0.2, statement_seconds=0.5)
HIDDEN = "s3cr3t"


@pytest.fixture(scope="module")
def server(postgres_url: str) -> Server:
    """Return a server."""
    return Server(postgres_url)


@pytest.fixture(scope="module")
def name(server: Server) -> Iterator[str]:
    """Return a migrated database."""
    with server.migrated() as made:
        yield made


@pytest.fixture
def records(server: Server, name: str) -> Iterator[SqlRecords]:
    """Return records that do not wait long."""
    opened = SqlRecords(Database(server.url(name), waits=SHORT), ManualClock())
    yield opened
    opened.close()


@contextmanager
def account(server: Server, options: str) -> Iterator[str]:
    """Make an account with a password."""
    server.run(f"CREATE ROLE anna LOGIN PASSWORD '{HIDDEN}' {options}")
    try:
        yield "anna"
    finally:
        server.run("DROP OWNED BY anna")
        server.run("DROP ROLE anna")


def as_somebody(url: str, user: str) -> str:
    """Return an address with another user and the password."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{user}:{HIDDEN}@{parts.netloc.rpartition('@')[2]}").geturl()


def refused(url: str, kind: type[FootnoteError]) -> str:
    """Return the sentence with which a database is not opened."""
    with pytest.raises(kind) as fault:
        Database(url, waits=Waits(connect_seconds=2))
    said = str(fault.value)
    assert HIDDEN not in said
    assert "\n" not in said
    assert "PostgreSQL at " in said
    return said


def test_a_server_that_is_not_there() -> None:
    """The place is named as it was given, and the setting."""
    port = free_ports(1)[0]
    said = refused(f"postgresql+psycopg://u:{HIDDEN}@127.0.0.1:{port}/footnote", TransientError)
    assert said.startswith(f"PostgreSQL at 127.0.0.1:{port} cannot be reached (")
    assert said.endswith("): start it, or correct DATABASE_URL")


def test_a_host_that_does_not_exist() -> None:
    """A misspelt host is told like a server that is away."""
    said = refused(f"postgresql+psycopg://u:{HIDDEN}@db.invalid/footnote", TransientError)
    assert said.startswith("PostgreSQL at db.invalid:5432 cannot be reached (")


def test_an_account_that_does_not_exist(server: Server, name: str) -> None:
    """The account is named."""
    said = refused(as_somebody(server.url(name), "nobody"), BadSettings)
    assert said.endswith("refused the account 'nobody': check user and password (DATABASE_URL)")


def test_a_database_that_does_not_exist(server: Server) -> None:
    """The database is named."""
    said = refused(server.url("missing"), BadSettings)
    assert said.endswith("has no database 'missing': create it, or name another (DATABASE_URL)")


def test_an_account_without_rights(server: Server) -> None:
    """An account that may not make tables is told from a damaged database."""
    with server.database() as fresh, account(server, "") as user:
        said = refused(as_somebody(server.url(fresh), user), BadSettings)
    assert said.startswith("the account 'anna' lacks rights on PostgreSQL at ")
    assert "permission denied" in said


def test_a_server_without_a_free_connection(server: Server, name: str) -> None:
    """Too many connections are told with the setting that lowers ours."""
    with account(server, "CONNECTION LIMIT 1") as user:
        url = as_somebody(server.url(name), user)
        with psycopg.connect(url.replace("+psycopg", "")):
            said = refused(url, TransientError)
    assert "has no free connection (DATABASE_URL)" in said
    assert said.endswith("lower FOOTNOTE_POSTGRES__POOL")


def test_a_server_that_can_only_be_read(server: Server, name: str) -> None:
    """A replica answers questions; a write names what is to be done."""
    SqlRecords(Database(server.url(name)), ManualClock()).close()
    url = f"{server.url(name)}?options=-c%20default_transaction_read_only%3Don"
    records = SqlRecords(Database(url, waits=SHORT), ManualClock())
    assert records.bases.all() == ()
    with pytest.raises(TransientError, match=r"can only be read, as a replica can: name its primary \(DATABASE_URL\)"):
        records.bases.add("handbook", "folder", "/", OPERATOR)
    records.close()


def test_a_row_that_somebody_locks(server: Server, name: str, records: SqlRecords) -> None:
    """Another program's lock ends in a passing fault after our time, and the write succeeds once it is gone."""
    kb = records.bases.add("locked", "folder", "/", OPERATOR).id
    with psycopg.connect(server.url(name).replace("+psycopg", "")) as other:
        other.execute("SELECT * FROM bases FOR UPDATE")
        limit = r"0.2 s \(FOOTNOTE_POSTGRES__LOCK_SECONDS\): try again"
        with pytest.raises(TransientError, match=f"were locked by another process for more than {limit}"):
            records.access.set_readers(kb, [EVERYONE], OPERATOR)
    records.access.set_readers(kb, [EVERYONE], OPERATOR)
    assert records.access.readers(kb) == (EVERYONE,)


def test_a_process_that_was_frozen_in_a_transaction(server: Server, name: str) -> None:
    """The server ends its transaction, so that others can go on; it is told so when it wakes up."""
    database = Database(server.url(name), waits=Waits(idle_seconds=0.3))

    def freeze() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(78)")
            with psycopg.connect(server.url(name).replace("+psycopg", "")) as other:
                other.execute("SELECT pg_advisory_xact_lock(78)")
            connection.exec_driver_sql("SELECT 1")

    with pytest.raises(TransientError, match=r"silent for 0.3 s \(FOOTNOTE_POSTGRES__IDLE_SECONDS\): try again"):
        freeze()
    assert database.described().startswith("PostgreSQL")
    database.close()


def test_a_statement_without_an_end(server: Server, name: str) -> None:
    """It is stopped, and the limit is named."""
    database = Database(server.url(name), waits=SHORT)
    limit = r"0.5 s \(FOOTNOTE_POSTGRES__STATEMENT_SECONDS\)"
    with pytest.raises(TransientError, match=limit), database.read() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(60)")
    database.close()


def test_more_threads_than_connections(server: Server, name: str) -> None:
    """Who gets no connection in time is told which setting gives more."""
    database = Database(server.url(name), waits=SHORT)
    told = r"all 2 connections.*FOOTNOTE_POSTGRES__POOL"
    with database.read(), database.read(), pytest.raises(TransientError, match=told):
        database.described()
    assert database.described()
    database.close()


def test_two_that_wait_for_each_other(server: Server, name: str) -> None:
    """A circle of locks is ended by the server: one is told that nothing was written, the other goes on."""
    database = Database(server.url(name), waits=Waits())

    def lock(numbers: tuple[int, int]) -> str:
        try:
            with database.write() as connection:
                for number in numbers:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(77, {number}), pg_sleep(0.3)")
        except TransientError as fault:
            return str(fault)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(lock, [(1, 2), (2, 1)]))
    assert said[1].startswith("two processes got into each other's way in PostgreSQL at ")
    assert said[0] == "done"
    database.close()


def test_a_table_that_vanished(server: Server) -> None:
    """A database that lost a table while we run is told as what it is."""
    with server.migrated() as own:
        jobs = SqlJobs(database := Database(server.url(own), waits=SHORT), ManualClock())
        server.run("DROP TABLE jobs", own)
        with pytest.raises(StorageDamaged, match=r'lacks what this Footnote made .*"jobs" does not exist'):
            jobs.running(1)
        database.close()


def test_a_text_that_is_too_long_or_odd_is_one_sentence(records: SqlRecords) -> None:
    """What a key cannot hold is the caller's fault, not the database's."""
    with pytest.raises(FootnoteError, match="NUL"):
        records.jobs.submit("sy\x00nc", 1, {})
    with pytest.raises(FootnoteError, match="does not store a text or number that was given"):
        records.jobs.submit("s" * 1000, 1, {})
    with pytest.raises(FootnoteError, match="half of a character"):
        records.jobs.submit("\ud800", 1, {})
