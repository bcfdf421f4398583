"""
One SQL database: connections, transactions, and its faults in our words.

Knows nothing of what the tables mean, and of SQLite and PostgreSQL no more than which is which.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url

from pipelines.adapters.records.backend import WORK, Backend, Waits, Work
from pipelines.adapters.records.dialects import POSTGRESQL
from pipelines.adapters.records.migrating import bring_up_to_date, half_migrated, is_current, migrate
from pipelines.adapters.records.migrations import HEAD
from pipelines.errors import BadInput, BadSettings, FootnoteError, TransientError


__all__ = ["Database", "Waits", "migrate"]

APART_S = 60.0
"""Half a lease: what two machines may be apart without taking each other's work."""


class Database:
    """
    A database with its newest schema. Safe to share between threads.

    A transaction is never repeated here: on PostgreSQL a write locks what it decides by,
    so none fails for another's, and a fault goes to whoever can do the whole step again.
    """

    def __init__(
        self, url: str, *, full_durability: bool = False, lock_wait_s: float = 30.0, waits: Waits | None = None
    ) -> None:
        """
        Open the database and bring its schema up to date.

        Args:
            url: SQLAlchemy's address of a SQLite file (its folder is made) or of a PostgreSQL database.
            full_durability: SQLite survives a loss of power too; PostgreSQL does as its server is set.
            lock_wait_s: how long a write waits for another process's write on SQLite, seconds.
            waits: how long PostgreSQL may take.

        """
        self._backend = _backend(url, waits or Waits(), full_durability=full_durability, lock_wait_s=lock_wait_s)
        with self._faults():
            self._engine = self._backend.engine()
            self._writing = self._engine.execution_options(**{WORK: Work.WRITE})
            self._looking = self._engine.execution_options(**{WORK: Work.LOOK})
            self._open()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state and changes nothing."""
        with self._faults(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """Open a connection for one statement that reads: without a transaction, two ways to the server are saved."""
        with self._faults(), self._looking.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes; it commits at the end, or nothing happened."""
        with self._faults(), self._writing.connect() as connection, connection.begin():
            yield connection

    def described(self) -> str:
        """Return kind, version, place and schema in words."""
        with self.read() as connection:
            return f"{self._backend.described(connection)}, schema {HEAD}"

    def require_same_time(self, now: float) -> None:
        """
        Refuse a machine whose clock is not the server's: leases count by it.

        Args:
            now: the time of day of this machine, seconds since 1970.

        Raises:
            BadSettings: they are more than a minute apart.

        """
        with self.look() as connection:
            server = self._backend.time(connection)
        if server is not None and abs(now - server) > APART_S:
            differs = f"{abs(now - server):.0f} seconds {'ahead of' if now > server else 'behind'}"
            raise BadSettings(
                f"the clock of this machine is {differs} that of {self._backend.place} (DATABASE_URL), the limit is"
                f" {APART_S:.0f} seconds, since leases on jobs count by it: set both clocks right, by NTP"
            )

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
                raise self._backend.damaged("its schema cannot be read") from fault
            failed.pop_all()

    def _migrate(self) -> None:
        place = self._backend.place
        with self._engine.connect() as connection:
            if is_current(connection, place):
                return
        with self.write() as connection:
            try:
                bring_up_to_date(connection, place)
            except sa.exc.DBAPIError as fault:
                reason = self._backend.misfit(fault)
                if reason is None:
                    raise
                raise half_migrated(place, reason) from fault

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except FootnoteError:
            raise
        except UnicodeDecodeError as fault:
            raise self._backend.damaged("a text is not UTF-8") from fault
        except UnicodeEncodeError as fault:
            raise BadInput("a text holds half of a character and cannot be stored") from fault
        except (sa.exc.DBAPIError, sa.exc.TimeoutError) as fault:
            raise self._backend.translated(fault) from fault
        except OSError as fault:
            reason = fault.strerror or fault
            raise TransientError(
                f"{self._backend.place} cannot be opened ({reason}): check its folder (FOOTNOTE_DATA_DIR)"
            ) from fault


def _backend(url: str, waits: Waits, *, full_durability: bool, lock_wait_s: float) -> Backend:
    parsed = make_url(url)
    if parsed.get_backend_name() == POSTGRESQL:
        # psycopg costs 0.3 s to import.
        from pipelines.adapters.records.postgresql import PostgresDatabase  # noqa: PLC0415 - as said above

        return PostgresDatabase(parsed, waits)
    from pipelines.adapters.records.sqlite import SqliteFile  # noqa: PLC0415 - the other one of two

    return SqliteFile(parsed, full_durability=full_durability, lock_wait_s=lock_wait_s)
