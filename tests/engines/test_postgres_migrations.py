"""The schema on PostgreSQL: the same steps as on SQLite, once, whole, and by one process."""

from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pipelines.adapters.records import SqlRecords, schema
from pipelines.adapters.records.database import Database, migrate
from pipelines.adapters.records.migrations import HEAD
from pipelines.adapters.system_clock import SystemClock
from pipelines.errors import BadSettings, StorageDamaged
from tests.engines.postgres_databases import Server, at_once


pytestmark = pytest.mark.engines
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
EVERYTHING = """SELECT table_name, column_name, data_type, collation_name, is_nullable, character_maximum_length
                FROM information_schema.columns WHERE table_schema = 'public'
                UNION ALL SELECT tablename, indexname, indexdef, NULL, NULL, NULL FROM pg_indexes
                WHERE schemaname = 'public' ORDER BY 1, 2"""


@pytest.fixture(scope="module")
def server(postgres_url: str) -> Server:
    """Return a server."""
    return Server(postgres_url)


@pytest.fixture
def name(server: Server) -> Iterator[str]:
    """Return the name of an empty database."""
    with server.database() as made:
        yield made


@pytest.fixture
def database(server: Server, name: str) -> Iterator[Database]:
    """Return a migrated database."""
    opened = Database(server.url(name))
    yield opened
    opened.close()


def test_a_migrated_database_is_what_the_code_speaks_to(database: Database) -> None:
    """Tables, columns, types, collations and indexes of the migrations and of the code are the same."""
    with database.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


@pytest.mark.usefixtures("database")
def test_every_text_is_compared_by_its_characters(server: Server, name: str) -> None:
    """No order and no index depends on the collations of the server's system."""
    texts = (
        "SELECT table_name, column_name, collation_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('text', 'character varying') AND table_name <> 'alembic_version'"
        " AND collation_name IS DISTINCT FROM 'C'"
    )
    assert server.run(texts, name) == []


def test_it_goes_down_to_nothing_and_up_again(database: Database, server: Server, name: str) -> None:
    """Every step can be taken back, leaves no table behind, and can be taken again."""
    before = server.run(EVERYTHING, name)
    with database.write() as connection:
        migrate(connection, "base")
    assert server.run(TABLES, name) == [("alembic_version",)]
    with database.write() as connection:
        migrate(connection, HEAD)
    assert server.run(EVERYTHING, name) == before


def test_the_first_releases_rejections_are_kept(database: Database) -> None:
    """Going down and up, each rejection stays with its base, path and reason."""
    rows = [{"kb": kb, "path": f"{kb}/a.md", "reason": "it's broken"} for kb in (1, 2)]
    with database.write() as connection:
        connection.execute(schema.rejections.insert(), rows)
        for revision in ("0001", HEAD):
            migrate(connection, revision)
            kept = connection.execute(sa.text("SELECT kb, path, reason FROM rejections ORDER BY kb")).mappings().all()
            assert [dict(row) for row in kept] == rows


def test_a_migration_that_fails_changes_nothing(database: Database, server: Server, name: str) -> None:
    """A revision is applied whole or not at all, and can be applied once nothing is in the way."""
    with database.write() as connection:
        migrate(connection, "0001")
        connection.execute(sa.text("CREATE INDEX uq_jobs_running ON jobs (id)"))
    before = server.run(EVERYTHING, name)
    with pytest.raises(StorageDamaged, match='"uq_jobs_running" already exists'):
        Database(server.url(name))
    assert server.run(EVERYTHING, name) == before
    server.run("DROP INDEX uq_jobs_running", name)
    Database(server.url(name)).close()


def open_records(url: str, there: Connection) -> None:
    """Open records and tell their installation's id."""
    there.send("ready")
    there.recv()
    records = SqlRecords(Database(url), SystemClock())
    there.send(records.installation)
    there.recv()
    records.close()


def test_eight_processes_at_once_migrate_once(server: Server) -> None:
    """Whoever comes first makes the tables; nobody fails, and all see one installation."""
    for _ in range(3):
        with server.database() as name:
            said = at_once(open_records, *[(server.url(name),)] * 8)
            assert len(set(said)) == 1
            assert server.run("SELECT version_num FROM alembic_version", name) == [(HEAD,)]
            assert server.run("SELECT count(*) FROM installation", name) == [(1,)]


@pytest.mark.usefixtures("database")
def test_a_newer_database_is_refused(server: Server, name: str) -> None:
    """An older Footnote says that it must be updated."""
    server.run("UPDATE alembic_version SET version_num = '9999'", name)
    with pytest.raises(StorageDamaged, match=r"was written by a newer Footnote \(schema 9999.*update Footnote"):
        Database(server.url(name))


def test_another_programs_database_is_refused(server: Server, name: str) -> None:
    """Tables that are not ours are named, and stay as they are."""
    server.run("CREATE TABLE customers (id int)", name)
    with pytest.raises(StorageDamaged, match=r"holds tables that are not Footnote's \(customers\)"):
        Database(server.url(name))
    assert server.run(TABLES, name) == [("customers",)]


@pytest.mark.usefixtures("database")
def test_a_database_that_was_restored_in_part_is_refused(server: Server, name: str) -> None:
    """The missing table is named."""
    server.run("DROP TABLE passages", name)
    with pytest.raises(StorageDamaged, match="only half there, passages is missing: restore it from a backup"):
        Database(server.url(name))


@pytest.mark.usefixtures("database")
def test_a_database_that_lost_a_column_is_refused(server: Server, name: str) -> None:
    """At the newest revision, too, columns are looked at; one that is missing is named with its table."""
    server.run("ALTER TABLE sources DROP COLUMN options", name)
    with pytest.raises(StorageDamaged, match=r"only half there, sources\.options is missing: restore it from a backup"):
        Database(server.url(name))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("revision", "word"),
    [
        ("0007", 'relation "folders" already exists'),
        ("0002", 'column "options" of relation "sources" already exists'),
    ],
)
def test_an_older_revision_with_newer_tables_names_the_way_out(
    server: Server, name: str, revision: str, word: str
) -> None:
    """What a restore of a part leaves is told in one sentence, and stays as it is."""
    server.run(f"UPDATE alembic_version SET version_num = '{revision}'", name)  # noqa: S608 - a constant
    before = server.run(EVERYTHING, name)
    with pytest.raises(StorageDamaged) as fault:
        Database(server.url(name))
    assert f"is only half migrated ({word})" in str(fault.value)
    assert "restore the backup from before the update" in str(fault.value)
    assert server.run(EVERYTHING, name) == before


@pytest.mark.usefixtures("database")
def test_tables_of_another_schema_are_not_looked_at(server: Server, name: str) -> None:
    """What another program keeps beside ours, in a schema of its own, is neither missed nor refused."""
    server.run("CREATE SCHEMA other", name)
    server.run("CREATE TABLE other.sources (id int)", name)
    Database(server.url(name)).close()


def test_an_account_without_rights_is_not_told_of_a_restore(database: Database, server: Server, name: str) -> None:
    """Where the newest step may not be taken, the rights are what is missing."""
    role = f"r_{name[-12:]}"
    with database.write() as connection:
        migrate(connection, "0007")
    server.run(f"CREATE ROLE {role} LOGIN", name)
    try:
        server.run(f"GRANT SELECT, UPDATE ON alembic_version TO {role}", name)
        server.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", name)
        with pytest.raises(BadSettings, match=f"the account '{role}' lacks rights on PostgreSQL"):
            Database(server.url(name).replace("postgres@", f"{role}@", 1))
    finally:
        server.run(f"DROP OWNED BY {role}", name)
        server.run(f"DROP ROLE {role}", name)


def test_a_database_that_cannot_hold_every_text_is_refused(server: Server) -> None:
    """The encoding is named before anything is written."""
    with (
        server.database("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0") as name,
        pytest.raises(BadSettings, match="has the encoding LATIN1 and cannot hold every text"),
    ):
        Database(server.url(name))
