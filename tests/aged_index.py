"""Index files as the first tables had them: a row's rule stood alone in its column."""

import sqlite3
from pathlib import Path


_AGED = """
DROP TRIGGER row_ruled;
CREATE TRIGGER row_ruled AFTER UPDATE OF rule ON rows BEGIN
        UPDATE words SET rule = 'r' || replace(new.rule, '-', '_') WHERE rowid = new.id;
        INSERT INTO changes (id) VALUES (new.id);
    END;
UPDATE words SET rule = substr(rule, 3);
PRAGMA user_version = 1;
"""
_TABLES = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
_WORDS = "SELECT rowid, stems, bigrams, grams, title, rule FROM words ORDER BY rowid"
_UNMARKED = "SELECT count(*) FROM words WHERE rule NOT LIKE 'r r%'"


def age(path: Path) -> None:
    """Let a closed file be one of the first tables."""
    connection = sqlite3.connect(path)
    connection.executescript(_AGED)
    connection.close()


def held(path: Path) -> list[object]:
    """Return the version, the tables and the words of a file."""
    connection = sqlite3.connect(path)
    found = [row for statement in ("PRAGMA user_version", _TABLES, _WORDS) for row in connection.execute(statement)]
    connection.close()
    return found


def unmarked(path: Path) -> tuple[int, int]:
    """Return a file's version, and how many rows are as the first tables had them."""
    connection = sqlite3.connect(path)
    ((version,), (rows,)) = (connection.execute(one).fetchone() for one in ("PRAGMA user_version", _UNMARKED))
    connection.close()
    return version, rows
