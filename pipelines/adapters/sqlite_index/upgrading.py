"""An index file of an earlier release, brought to the tables of this one in place. Knows the one step there is."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

from pipelines.adapters.sqlite_index.connection import writing
from pipelines.adapters.sqlite_index.tokens import EVERY_ROW


OLDEST = 1
"""The first version there was, in which a row's rule stood alone in its column."""

_STEP = 16
_SLOW = 2000
"""Rows that take about half a second."""

_TRIGGER = "row_ruled"
_PAGE = "SELECT rowid FROM words WHERE rowid > ? ORDER BY rowid LIMIT ?"
_MARK = f"UPDATE words SET rule = '{EVERY_ROW} ' || rule WHERE rowid = ? AND rule NOT LIKE '{EVERY_ROW} %'"  # noqa: S608 - constants

_log = logging.getLogger(__name__)


def upgrade(
    connection: sqlite3.Connection,
    path: Path,
    version: int,
    trigger: str,
    *,
    monotonic: Callable[[], float],
    step_s: float,
) -> None:
    """
    Write the token of every row before that of its rule, a few rows at a time, then the file's new version.

    No other process waits long for the lock. One that is killed leaves the old version
    and whole rows, old or new; the next opening goes on. Of several that open the
    file at once each does what is left, and none does a row twice.

    Args:
        connection: outside of a transaction.
        path: the file.
        version: the one that the file shall have.
        trigger: the statement that makes `row_ruled` as of that version.
        monotonic: seconds of a clock that never goes back.
        step_s: a transaction that took so long is committed, and the next one begun.

    """
    with writing(connection):
        if version_of(connection) == version:
            return
        # First, so that no row goes back to the old form behind us.
        connection.execute(f"DROP TRIGGER IF EXISTS {_TRIGGER}")
        connection.execute(trigger)
    (rows,) = connection.execute("SELECT count(*) FROM rows").fetchone()
    if rows >= _SLOW:
        _log.warning("%s is of an earlier release, its %d rows are written anew, once", path.name, rows)
    last: int | None = 0
    while last is not None:
        with writing(connection):
            if version_of(connection) == version:
                return
            last = _step(connection, last, monotonic, monotonic() + step_s)
            if last is None:
                connection.execute(f"PRAGMA user_version = {version}")


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of a file's tables; 0 if it has none."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _step(connection: sqlite3.Connection, last: int, monotonic: Callable[[], float], end: float) -> int | None:
    """Write rows after the last one until the time is over; return the last one then, None if none is left."""
    while page := connection.execute(_PAGE, (last, _STEP)).fetchall():
        connection.executemany(_MARK, page)
        last = page[-1][0]
        if monotonic() >= end:
            return last
    return None
