"""The schema: every revision leads to the tables that the code speaks to, and back."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from pipelines.adapters.records import migrations, schema
from pipelines.adapters.records.database import Database, migrate
from pipelines.adapters.records.migrations import HEAD
from pipelines.errors import StorageDamaged
from tests.child import NO_FAULT, fault_in_a_child


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{file}")
    yield opened
    opened.close()


def test_the_named_head_is_the_newest_script() -> None:
    """A look at the constant suffices to know that a database is up to date."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_migrated_database_is_what_the_code_speaks_to(database: Database) -> None:
    """Tables, columns, types and indexes of the migrations and of the code are the same."""
    with database.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


def test_the_database_is_named_after_its_revision(database: Database) -> None:
    """Alembic's table holds the newest revision."""
    with database.read() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]


def test_it_goes_down_to_nothing_and_up_again(database: Database, file: Path) -> None:
    """Every step can be taken back, leaves no table behind, and can be taken again."""
    before = dumped(file)
    with database.write() as connection:
        migrate(connection, "base")
    assert tables(file) == {"alembic_version"}
    with database.write() as connection:
        migrate(connection, HEAD)
    assert dumped(file) == before


def test_a_migration_that_fails_changes_nothing(database: Database, file: Path) -> None:
    """A revision is applied whole or not at all, and can be applied once nothing is in the way."""
    with database.write() as connection:
        migrate(connection, "0001")
        connection.execute(sa.text("CREATE INDEX uq_jobs_running ON jobs (id)"))
    before = dumped(file)
    with pytest.raises(StorageDamaged, match="uq_jobs_running already exists"):
        Database(f"sqlite:///{file}")
    assert dumped(file) == before
    with database.write() as connection:
        connection.execute(sa.text("DROP INDEX uq_jobs_running"))
    Database(f"sqlite:///{file}").close()


def test_another_programs_database_is_refused(file: Path) -> None:
    """Tables that are not ours are named, and stay as they are; so does a database of another program's Alembic."""
    with sqlite3.connect(file) as raw:
        for name in "abcde":
            raw.execute(f"CREATE TABLE {name} (n INTEGER)")
    with pytest.raises(StorageDamaged, match=r"holds tables that are not Footnote's \(a, b, c and 2 more\)"):
        Database(f"sqlite:///{file}")
    with sqlite3.connect(file) as raw:
        raw.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        raw.execute("INSERT INTO alembic_version VALUES ('ae1027a6acf')")
    raw.close()
    with pytest.raises(StorageDamaged, match="not Footnote's"):
        Database(f"sqlite:///{file}")
    assert tables(file) == {*"abcde", "alembic_version"}


def test_a_database_that_lost_a_table_is_refused(database: Database, file: Path) -> None:
    """What was restored in part is told by the missing table's name."""
    with database.write() as connection:
        connection.execute(sa.text("DROP TABLE passages"))
    with pytest.raises(StorageDamaged, match="only half there, passages is missing: restore it from a backup"):
        Database(f"sqlite:///{file}")


def test_a_database_that_lost_a_column_is_refused(database: Database, file: Path) -> None:
    """At the newest revision, too, columns are looked at; one that is missing is named with its table."""
    with database.write() as connection:
        connection.execute(sa.text("ALTER TABLE sources DROP COLUMN options"))
    before = dumped(file)
    with pytest.raises(StorageDamaged, match=r"only half there, sources\.options is missing: restore it from a backup"):
        Database(f"sqlite:///{file}")
    assert dumped(file) == before


@pytest.mark.parametrize(
    ("revision", "word"),
    [("0007", "table folders already exists"), ("0002", "duplicate column name: options")],
)
def test_an_older_revision_with_newer_tables_names_the_way_out(
    database: Database, file: Path, revision: str, word: str
) -> None:
    """What a restore of a part leaves is told in one sentence, and stays as it is."""
    with database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    before = dumped(file)
    with pytest.raises(StorageDamaged) as fault:
        Database(f"sqlite:///{file}")
    assert str(fault.value) == (
        f"{file} is only half migrated ({word}), nothing was changed: restore the backup from before the update into an"
        " empty one, or name an empty database (DATABASE_URL)"
    )
    assert dumped(file) == before


def test_a_migration_looks_at_what_it_leaves(database: Database, file: Path) -> None:
    """A table that was lost before is missed after the newest revision, and nothing was written."""
    with database.write() as connection:
        migrate(connection, "0007")
        connection.execute(sa.text("DROP TABLE passages"))
    before = dumped(file)
    with pytest.raises(StorageDamaged, match="only half there, passages is missing"):
        Database(f"sqlite:///{file}")
    assert dumped(file) == before


def test_the_first_releases_rejections_are_kept(database: Database) -> None:
    """Going up and down, each rejection stays with its base, path and reason."""
    rows = [{"kb": kb, "path": f"{kb}/{'x' * 3000}", "reason": "it's broken"} for kb in (1, 2)]
    with database.write() as connection:
        connection.execute(schema.rejections.insert(), rows)
        for revision in ("0001", HEAD):
            migrate(connection, revision)
            kept = connection.execute(sa.text("SELECT kb, path, reason FROM rejections ORDER BY kb")).mappings().all()
            assert [dict(row) for row in kept] == rows


def test_opening_again_changes_nothing(database: Database, file: Path) -> None:
    """A database that is up to date is left as it is."""
    before = dumped(file)
    Database(f"sqlite:///{file}").close()
    assert dumped(file) == before
    database.close()


def test_a_newer_database_is_refused(database: Database, file: Path) -> None:
    """An older Footnote says that it must be updated, and touches nothing."""
    with database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = dumped(file)
    with pytest.raises(StorageDamaged, match=r"written by a newer Footnote \(schema 9999.*update Footnote"):
        Database(f"sqlite:///{file}")
    assert dumped(file) == before


def test_many_may_make_it_at_once(file: Path) -> None:
    """Whoever comes first makes the tables; nobody fails."""
    assert fault_in_a_child(open_eight_times, file) == NO_FAULT
    assert "documents" in tables(file)


def open_eight_times(file: Path) -> None:
    """Open a new database from eight threads, each with connections of its own."""
    with ThreadPoolExecutor(8) as pool:
        for opened in pool.map(lambda _: Database(f"sqlite:///{file}"), range(8)):
            opened.close()


def tables(file: Path) -> set[str]:
    """Return the names of all tables."""
    raw = sqlite3.connect(file)
    names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    raw.close()
    return {name for (name,) in names}


def dumped(file: Path) -> list[str]:
    """Return the whole database as statements, in a fixed order."""
    raw = sqlite3.connect(file)
    lines = sorted(raw.iterdump())
    raw.close()
    return lines
