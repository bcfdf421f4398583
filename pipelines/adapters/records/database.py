"""
One SQL database: connections, transactions, migrations, and its faults in our words.

Knows nothing of what the tables mean.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url

from pipelines.adapters.records.migrations import HEAD
from pipelines.errors import Busy, FootnoteError, StorageDamaged, TransientError


_WRITES = "footnote_writes"
_NOTHING = "base"
"""Alembic's name of the schema before the first revision."""


class Database:
    """
    A database with its newest schema.

    Safe to share between threads. On SQLite a write begins with BEGIN IMMEDIATE: a
    deferred transaction that turns into a write fails whatever the timeout.
    """

    def __init__(self, url: str, *, full_durability: bool = False, lock_wait_s: float = 30.0) -> None:
        """
        Open the database, make its folder and bring its schema up to date.

        Args:
            url: SQLAlchemy's address of a SQLite file.
            full_durability: survive a loss of power too, not only a killed process.
            lock_wait_s: how long a write waits for another process's write, seconds.

        """
        parsed = make_url(url)
        self._name = parsed.database or str(parsed)
        self._lock_wait_s = lock_wait_s
        with self._faults():
            Path(self._name).parent.mkdir(parents=True, exist_ok=True)
            self._engine = _sqlite_engine(parsed, full_durability=full_durability, lock_wait_s=lock_wait_s)
            self._open()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state and changes nothing."""
        with self._faults(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes; it commits at the end, or nothing happened."""
        with (
            self._faults(),
            self._engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _open(self) -> None:
        with ExitStack() as failed:
            failed.callback(self.close)
            try:
                self._migrate()
            except MemoryError as fault:
                # SQLite believes the sizes that a damaged first page names.
                raise StorageDamaged(_damaged(self._name, "its schema cannot be read")) from fault
            failed.pop_all()

    def _migrate(self) -> None:
        with self._engine.connect() as connection:
            if _revision(connection) == HEAD:
                return
        with self.write() as connection:
            found = _revision(connection)
            if found != HEAD:
                migrate(connection, HEAD)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except FootnoteError:
            raise
        except UnicodeDecodeError as fault:
            raise StorageDamaged(_damaged(self._name, "a text is not UTF-8")) from fault
        except sa.exc.DBAPIError as fault:
            raise _translated(self._name, str(fault.orig), self._lock_wait_s) from fault
        except OSError as fault:
            raise TransientError(
                f"{self._name} cannot be opened ({fault.strerror or fault}): check its folder (FOOTNOTE_DATA_DIR)"
            ) from fault


def migrate(connection: Connection, revision: str) -> None:
    """Bring the schema to a revision, up or down, inside the caller's transaction; `base` is no tables at all."""
    # Alembic costs 0.15 s to import and is needed once per release.
    from alembic import command  # noqa: PLC0415 - as said above
    from alembic.config import Config  # noqa: PLC0415 - as said above
    from alembic.util.exc import CommandError  # noqa: PLC0415 - as said above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    found = _revision(connection)
    try:
        if revision == _NOTHING or (found is not None and found > revision):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
    except CommandError as fault:
        message = (
            f"the database was written by a newer Footnote (schema {found}, this one knows {HEAD}): update Footnote"
        )
        raise StorageDamaged(message) from fault


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _sqlite_engine(url: URL, *, full_durability: bool, lock_wait_s: float) -> Engine:
    engine = sa.create_engine(url, connect_args={"timeout": lock_wait_s, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _record: object) -> None:  # noqa: ANN401 - the vendor's connection
        raw.isolation_level = None  # transactions are begun below
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={'FULL' if full_durability else 'NORMAL'}")
        cursor.execute("PRAGMA cache_size=-32768")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _translated(name: str, reason: str, lock_wait_s: float) -> FootnoteError:
    reason = "".join(char if char.isprintable() else " " for char in reason)
    lower = reason.lower()
    if "malformed" in lower or "not a database" in lower:
        return StorageDamaged(_damaged(name, reason))
    if "disk is full" in lower or "disk i/o" in lower:
        return TransientError(f"{name} could not be written ({reason}): free space on its disk and try again")
    if "locked" in lower:
        return Busy(f"{name} was locked by another process for more than {lock_wait_s:g} s: try again")
    if "readonly" in lower or "unable to open" in lower:
        return TransientError(
            f"{name} cannot be written ({reason}): check the rights of its folder (FOOTNOTE_DATA_DIR)"
        )
    return StorageDamaged(f"{name} answered: {reason}")


def _damaged(name: str, reason: str) -> str:
    # A new records.db would refuse the index and forget who may read: the folder begins anew as a whole.
    return (
        f"{name} is damaged ({reason}): restore it from a backup, or move the whole data folder away"
        " (FOOTNOTE_DATA_DIR) and add the bases again"
    )
