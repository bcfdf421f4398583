"""A PostgreSQL database as the database of the records, through psycopg."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine

from pipelines.adapters.records.backend import Waits, Work, work_of
from pipelines.adapters.records.postgresql_faults import told
from pipelines.errors import BadSettings, FootnoteError, StorageDamaged, TransientError


OLDEST = 13
_DEFAULT_PORT = 5432
_MS = 1000

_MISFITS = ("23", "42")
"""Classes of SQLSTATE: a constraint that rows break, and what is not there, or is there already."""

_NO_RIGHTS = "42501"


class PostgresDatabase:
    """
    `backend.Backend` over one database of a server.

    A read sees one state (REPEATABLE READ) and cannot write. A write runs at READ
    COMMITTED and locks the rows that it decides by, always in the order turn, job,
    version, base: it neither fails for another's write nor waits in a circle, so
    nothing is done twice here.
    """

    def __init__(self, url: URL, waits: Waits) -> None:
        self._url = url
        self._waits = waits
        host = url.host or str(url.query.get("host", "the local socket"))
        self._server = f"PostgreSQL at {host}:{url.port or _DEFAULT_PORT}"
        self.place = f"database {url.database!r} of {self._server}"

    def engine(self) -> Engine:
        """Return a source of connections; each is tried before use, so that a restart of the server costs nothing."""
        engine = sa.create_engine(
            self._url,
            pool_size=self._waits.pool,
            max_overflow=0,
            pool_timeout=self._waits.lock_seconds,
            pool_pre_ping=True,
            pool_use_lifo=True,
            use_native_hstore=False,
            hide_parameters=True,
            connect_args=self._connect_args(),
        )
        event.listen(engine, "connect", self._prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def described(self, connection: Connection) -> str:
        """Return kind, version and place of the database in words."""
        version = connection.execute(sa.text("SHOW server_version")).scalar_one()
        return f"PostgreSQL {str(version).split()[0]}, {self.place}"

    def time(self, connection: Connection) -> float | None:
        """Return the server's time of day, seconds since 1970."""
        return float(connection.execute(sa.text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    def translated(self, fault: sa.exc.SQLAlchemyError) -> FootnoteError:
        """Return a fault of the server in our words; whatever it quotes, the password is not in it."""
        if not isinstance(fault, sa.exc.DBAPIError):
            held = f"all {self._waits.pool} connections to {self._server} are in use"
            return TransientError(f"{held} for more than {self._waits.lock_seconds:g} s: raise FOOTNOTE_POSTGRES__POOL")
        state = getattr(fault.orig, "sqlstate", None)
        return told(self._server, self._url, self._waits, state, self._words(fault), lost=fault.connection_invalidated)

    def misfit(self, fault: sa.exc.DBAPIError) -> str | None:
        """Return the server's words where a statement did not fit the tables or rows; None for any other fault."""
        state = getattr(fault.orig, "sqlstate", None) or ""
        return self._words(fault) if state[:2] in _MISFITS and state != _NO_RIGHTS else None

    def damaged(self, reason: str) -> StorageDamaged:
        """Return the fault that what is stored is not what it must be."""
        advice = "restore it from a backup, or name an empty database (DATABASE_URL)"
        return StorageDamaged(f"{self.place} is damaged ({reason}): {advice}")

    def _words(self, fault: sa.exc.DBAPIError) -> str:
        reason = " ".join(str(fault.orig).split())
        return reason.replace(str(self._url.password), "***") if self._url.password else reason

    def _connect_args(self) -> dict[str, object]:
        """Return what is told to the driver; what the address says itself stands."""
        own = {
            "connect_timeout": max(2, round(self._waits.connect_seconds)),
            "client_encoding": "utf8",
            "application_name": "footnote",
            # A host that vanished is noticed within a minute, also by a connection that waits for an answer.
            "keepalives_idle": 20,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 50 * _MS,
        }
        limits = {
            "statement_timeout": self._waits.statement_seconds,
            "lock_timeout": self._waits.lock_seconds,
            "idle_in_transaction_session_timeout": self._waits.idle_seconds,
        }
        options = [f"-c {name}={round(seconds * _MS)}" for name, seconds in limits.items()]
        # Compiling a statement takes longer than any of ours runs; they look up keys, in tables that lie in memory.
        options += ["-c jit=off", "-c random_page_cost=1.1", str(self._url.query.get("options", ""))]
        given = {name: value for name, value in own.items() if name not in self._url.query}
        return {**given, "options": " ".join(options).strip()}

    def _prepare(self, raw: Any, _record: object) -> None:  # noqa: ANN401 - the vendor's connection
        raw.autocommit = True  # transactions are begun by `_begin`
        unfit = self._unfit(raw.info.server_version // 10_000, raw.info.parameter_status("server_encoding"))
        if unfit is not None:
            raw.close()
            raise BadSettings(unfit)

    def _unfit(self, version: int, encoding: str) -> str | None:
        """Return why a server's database cannot hold the records."""
        if version < OLDEST:
            return f"{self._server} has version {version}, Footnote needs {OLDEST} or newer (DATABASE_URL)"
        if encoding != "UTF8":
            advice = "name one that was made with ENCODING 'UTF8' (DATABASE_URL)"
            return f"{self.place} has the encoding {encoding} and cannot hold every text: {advice}"
        return None


def _begin(connection: Connection) -> None:
    work = work_of(connection)
    if work is not Work.LOOK:
        connection.exec_driver_sql("BEGIN" if work is Work.WRITE else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
