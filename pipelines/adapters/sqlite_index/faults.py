"""SQLite's faults to ours. Only faults of the file are translated; a mistake in our own code stays what it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import Busy, FootnoteError, PermanentError, StorageDamaged, TransientError


REBUILD = "delete it and sync each base again, which builds it anew from the stored files"
"""The way out of every index that cannot be used: it holds nothing that is nowhere else."""

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


class UnsoundContent(Exception):
    """The file was read, but what it holds is not what was written. Never leaves this package."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """
    Raise the faults of an index file as errors of ours.

    Raises:
        Busy: another process held the file for longer than the connection waits.
        TransientError: the disk is full or cannot be read or written now.
        StorageDamaged: the file is damaged or no index of ours.
        PermanentError: the file may not be opened, or this Python's SQLite cannot search words.

    """
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except UnsoundContent as fault:
        raise damaged(path, str(fault)) from fault
    except UnicodeDecodeError as fault:
        raise damaged(path, "a text is not UTF-8") from fault
    except sqlite3.Error as fault:
        raise _ours(path, fault) from fault
    except OSError as fault:
        raise PermanentError(
            f"{path} cannot be opened ({fault.strerror or fault}): check its folder and its rights (FOOTNOTE_DATA_DIR)"
        ) from fault


def damaged(path: Path, reason: str) -> StorageDamaged:
    """Return the error for a file that is not what it must be, with the way out."""
    return StorageDamaged(f"{path} is no index that can be used ({_one_line(reason)}): {REBUILD}")


def _one_line(reason: str) -> str:
    """Return SQLite's words without the parts of a damaged file that cannot be shown."""
    return " ".join("".join(char if char.isprintable() else " " for char in reason).split())


def _ours(path: Path, fault: sqlite3.Error) -> FootnoteError:
    # Without a code it comes from Python's module, which could not decode a text.
    code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & _PRIMARY
    reason = _one_line(str(fault))
    if code in _HELD:
        return Busy(f"{path} is in use by another process: try again when that one has ended")
    if code == sqlite3.SQLITE_FULL:
        return TransientError(f"{path} cannot grow, its disk is full: make room and try again (FOOTNOTE_DATA_DIR)")
    if "no such module" in str(fault):
        return PermanentError(
            f"{path} needs FTS5, which the SQLite {sqlite3.sqlite_version} of this Python lacks:"
            " use a Python whose SQLite has it, as those of python.org and the distributions have"
        )
    if code in _DAMAGED:
        return damaged(path, reason)
    if code in _REFUSED:
        return PermanentError(
            f"{path} cannot be opened ({reason}): check its folder and its rights (FOOTNOTE_DATA_DIR)"
        )
    return TransientError(
        f"{path} cannot be read or written now ({reason}): check that its disk is sound and has room, and try again"
    )
