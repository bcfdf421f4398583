"""SQLite's faults to ours. Only faults of the file are translated; a mistake in our own code stays what it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import Busy, FootnoteError, PermanentError, StorageDamaged, TransientError


_PRIMARY = 0xFF
_HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_REFUSED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_DAMAGED = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    # All statements and values are ours, so only a file with other tables can refuse them.
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """
    Raise the faults of an index file as errors of ours.

    Raises:
        Busy: another process held the file for longer than the connection waits.
        TransientError: the disk is full or cannot be read or written now.
        StorageDamaged: the file is damaged or no index of ours.
        PermanentError: the file may not be opened.

    """
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as fault:
        raise _ours(path, fault) from fault
    except OSError as fault:
        raise PermanentError(
            f"{path} cannot be opened ({fault.strerror or fault}): check its folder and its rights (FOOTNOTE_DATA_DIR)"
        ) from fault


def damaged(path: Path, reason: str) -> StorageDamaged:
    """Return the error for a file that is not what it must be, with the way out."""
    return StorageDamaged(
        f"{path} is not a sound index ({reason}): move it away and sync each base again, which builds a new one"
    )


def _ours(path: Path, fault: sqlite3.Error) -> FootnoteError:
    code = fault.sqlite_errorcode & _PRIMARY
    if code in _HELD:
        return Busy(f"{path} is in use by another process: try again when that one has ended")
    if code == sqlite3.SQLITE_FULL:
        return TransientError(f"{path} cannot grow, its disk is full: make room and try again (FOOTNOTE_DATA_DIR)")
    if code in _DAMAGED:
        return damaged(path, str(fault))
    if code in _REFUSED:
        return PermanentError(f"{path} cannot be opened ({fault}): check its folder and its rights (FOOTNOTE_DATA_DIR)")
    return TransientError(f"{path} cannot be read or written now ({fault}): check its disk and try again")
