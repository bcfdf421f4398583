"""The tables of the index file. A row's id grows with every insert and is never given again."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from pipelines.adapters.sqlite_index.connection import writing
from pipelines.adapters.sqlite_index.faults import damaged
from pipelines.adapters.sqlite_index.identity import check_identity, write_identity
from pipelines.adapters.sqlite_index.upgrading import OLDEST, upgrade, version_of
from pipelines.domain.index_identity import IndexIdentity


SCHEMA_VERSION = 2

_ROW_RULED = """CREATE TRIGGER row_ruled AFTER UPDATE OF rule ON rows BEGIN
        UPDATE words SET rule = 'r r' || replace(new.rule, '-', '_') WHERE rowid = new.id;
        INSERT INTO changes (id) VALUES (new.id);
    END"""
_TABLES = (
    "CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE rows (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kb INTEGER NOT NULL,
        chunk_id TEXT NOT NULL,
        rule INTEGER NOT NULL,
        added_in INTEGER NOT NULL,
        removed_in INTEGER NOT NULL,
        UNIQUE (chunk_id, added_in)
    )""",
    "CREATE INDEX rows_of_base ON rows (kb, removed_in)",
    "CREATE TABLE vectors (id INTEGER PRIMARY KEY, vector BLOB NOT NULL)",
    # Terms come encoded (tokens.py): the tokenizer splits at blanks and has nothing to fold.
    """CREATE VIRTUAL TABLE words USING fts5 (
        stems, bigrams, grams, title, rule, tokenize = "ascii tokenchars '_~='"
    )""",
    # Two segments of the words' index are enough to be merged when `vacuum` asks for it.
    "INSERT INTO words (words, rank) VALUES ('usermerge', 2)",
    # Rows that changed or went, for the memory of other processes (mirror.py).
    "CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER NOT NULL)",
    """CREATE TRIGGER row_ended AFTER UPDATE OF removed_in ON rows BEGIN
        INSERT INTO changes (id) VALUES (new.id);
    END""",
    _ROW_RULED,
    """CREATE TRIGGER row_deleted AFTER DELETE ON rows BEGIN
        DELETE FROM vectors WHERE id = old.id;
        DELETE FROM words WHERE rowid = old.id;
        INSERT INTO changes (id) VALUES (old.id);
    END""",
)


def prepare(
    connection: sqlite3.Connection,
    identity: IndexIdentity,
    path: Path,
    *,
    monotonic: Callable[[], float],
    step_s: float,
) -> None:
    """
    Make the tables in an empty file, or check that the file is the one that is wanted, and bring it up to date.

    Args:
        connection: outside of a transaction.
        identity: what is wanted.
        path: the file.
        monotonic: seconds of a clock that never goes back.
        step_s: a transaction that took so long is committed, and the next one begun.

    Raises:
        StorageDamaged: made by a newer release or another installation, or no index.
        BadSettings: made with another embedder.

    """
    if version_of(connection) == 0:
        with writing(connection):
            # Another process may have been faster.
            if version_of(connection) == 0:
                _create(connection, identity, path)
    version = version_of(connection)
    if not OLDEST <= version <= SCHEMA_VERSION:
        wrote = "a newer" if version > SCHEMA_VERSION else "no"
        raise damaged(
            path, f"its tables have version {version}, which {wrote} Footnote wrote; this one knows {SCHEMA_VERSION}"
        )
    adopted = check_identity(connection, identity, path)
    if version < SCHEMA_VERSION:
        upgrade(connection, path, SCHEMA_VERSION, _ROW_RULED, monotonic=monotonic, step_s=step_s)
    if adopted:
        with writing(connection):
            # As above; and only one embedder may be first.
            if check_identity(connection, identity, path):
                write_identity(connection, identity)


def _create(connection: sqlite3.Connection, identity: IndexIdentity, path: Path) -> None:
    if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise damaged(path, "it holds other tables")
    for statement in _TABLES:
        connection.execute(statement)
    write_identity(connection, identity)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
