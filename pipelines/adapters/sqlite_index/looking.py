"""A look into an index file from outside: whose it is, and whether it holds anything. Makes and changes nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.adapters.sqlite_index.faults import damaged, translated
from pipelines.adapters.sqlite_index.identity import check_installation
from pipelines.domain.index_identity import WORDS_ONLY, IndexIdentity


def holds_rows(path: Path, installation: str) -> bool:
    """
    Say whether an index file has rows; False where there is none, or nothing was written into it yet.

    Args:
        path: the file, of whichever release.
        installation: whose it must be.

    Raises:
        StorageDamaged: the file is no index, or another installation's.
        PermanentError: it cannot be opened.

    """
    if not path.exists():
        return False
    with translated(path), closing(_opened(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not tables:
            return False
        if not {"identity", "rows"} <= tables:
            raise damaged(path, "it holds other tables")
        check_installation(dict(connection.execute("SELECT name, value FROM identity")), installation, path)
        return connection.execute("SELECT 1 FROM rows LIMIT 1").fetchone() is not None


def written_identity(path: Path, installation: str) -> IndexIdentity | None:
    """Return what an index file was made with; None where there is none that could be used, whatever is wrong."""
    if not path.exists():
        return None
    try:
        with closing(_opened(path)) as connection:
            found = dict(connection.execute("SELECT name, value FROM identity"))
        if found.get("installation") != installation:
            return None
        embedder = None if found["embedder"] == WORDS_ONLY else found["embedder"]
        return IndexIdentity(installation, found["analyser"], embedder, int(found["dimensions"]))
    except (sqlite3.Error, OSError, KeyError, ValueError, TypeError):
        # Whoever opens the file says what is wrong with it.
        return None


def _opened(path: Path) -> sqlite3.Connection:
    # Without a log beside it the file is whole and nobody has it open; even a reader would make a log otherwise.
    alone = "" if Path(f"{path}-wal").exists() else "&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{alone}", uri=True)
