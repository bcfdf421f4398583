"""Connections to the index file, and their transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.adapters.sqlite_index.faults import UnsoundContent


_CACHE_KIB = 64 * 1024
_LOG_BYTES = 64 * 1024 * 1024


def connect(path: Path, *, wait_s: float, full_durability: bool) -> sqlite3.Connection:
    """
    Open the file, or make an empty one, in WAL mode.

    Args:
        path: the file.
        wait_s: how long a statement waits for another process's lock.
        full_durability: survive a loss of power too, not only a killed process.

    Raises:
        UnsoundContent: the file's first page cannot be that of a database.

    """
    connection = sqlite3.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=False)
    try:
        # Before anything is written; half the space that 4 KiB pages take for vectors of 1.5 KB.
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if full_durability else 'NORMAL'}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
        connection.execute("PRAGMA temp_store = MEMORY")
    except MemoryError as fault:
        # SQLite believes the sizes that a damaged first page names.
        connection.close()
        raise UnsoundContent("it names sizes that cannot be") from fault
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """See one state of the file, whatever other connections write meanwhile."""
    with _transaction(connection, "BEGIN"):
        yield


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing. The lock is taken at once: asked for after a read, it may be refused without a wait."""
    with _transaction(connection, "BEGIN IMMEDIATE"):
        yield


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
