"""A SQLite file as the database of the records."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine

from pipelines.adapters.records.backend import Work, work_of
from pipelines.errors import Busy, FootnoteError, StorageDamaged, TransientError


_PRIMARY = 0xFF
"""The part of SQLite's codes that names the kind of a fault."""


class SqliteFile:
    """
    `backend.Backend` over one file.

    A write begins with BEGIN IMMEDIATE: a deferred transaction that turns into a write
    fails whatever the timeout.
    """

    def __init__(self, url: URL, *, full_durability: bool, lock_wait_s: float) -> None:
        self._url = url
        self._full_durability = full_durability
        self._lock_wait_s = lock_wait_s
        self.place = url.database or str(url)

    def engine(self) -> Engine:
        """Make the file's folder and return a source of connections."""
        Path(self.place).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(
            self._url, connect_args={"timeout": self._lock_wait_s, "check_same_thread": False}, hide_parameters=True
        )
        event.listen(engine, "connect", self._prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def described(self, connection: Connection) -> str:  # noqa: ARG002 - the protocol's
        """Return kind, version and place of the database in words."""
        return f"SQLite {sqlite3.sqlite_version}, {self.place}"

    def time(self, connection: Connection) -> float | None:  # noqa: ARG002 - the protocol's
        """Return None: a file is used by processes of one machine."""
        return None

    def translated(self, fault: sa.exc.SQLAlchemyError) -> FootnoteError:
        """Return a fault of the file in our words."""
        if not isinstance(fault, sa.exc.DBAPIError):
            return Busy(f"{self.place} is in use by all threads of this process: try again")
        reason = _words(fault)
        lower = reason.lower()
        if "malformed" in lower or "not a database" in lower:
            return self.damaged(reason)
        if "disk is full" in lower or "disk i/o" in lower:
            return TransientError(f"{self.place} could not be written ({reason}): free space on its disk and try again")
        if "locked" in lower:
            wait = f"{self._lock_wait_s:g} s"
            return Busy(f"{self.place} was locked by another process for more than {wait}: try again")
        if "readonly" in lower or "unable to open" in lower:
            rights = "check the rights of its folder (FOOTNOTE_DATA_DIR)"
            return TransientError(f"{self.place} cannot be written ({reason}): {rights}")
        return StorageDamaged(f"{self.place} answered: {reason}")

    def misfit(self, fault: sa.exc.DBAPIError) -> str | None:
        """Return SQLite's words where a statement did not fit the tables or rows; None for any other fault."""
        code = getattr(fault.orig, "sqlite_errorcode", sqlite3.SQLITE_OK) & _PRIMARY
        return _words(fault) if code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT) else None

    def damaged(self, reason: str) -> StorageDamaged:
        """Return the fault that the file is not what it must be."""
        return StorageDamaged(
            f"{self.place} is damaged ({reason}): restore it from a backup, or move the whole data folder away"
            " (FOOTNOTE_DATA_DIR) and add the bases again"
        )

    def _prepare(self, raw: Any, _record: object) -> None:  # noqa: ANN401 - the vendor's connection
        raw.isolation_level = None  # transactions are begun by `_begin`
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={'FULL' if self._full_durability else 'NORMAL'}")
        cursor.execute("PRAGMA cache_size=-32768")
        cursor.close()


def _words(fault: sa.exc.DBAPIError) -> str:
    return "".join(char if char.isprintable() else " " for char in str(fault.orig))


def _begin(connection: Connection) -> None:
    work = work_of(connection)
    if work is not Work.LOOK:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if work is Work.WRITE else "BEGIN")
