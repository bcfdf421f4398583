"""The identity in an index file: written once, compared whenever the file is opened."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from pipelines.adapters.sqlite_index.faults import REBUILD, damaged
from pipelines.domain.index_identity import WORDS_ONLY, IndexIdentity
from pipelines.errors import BadSettings


def write_identity(connection: sqlite3.Connection, identity: IndexIdentity) -> None:
    """Write the identity into a file, inside the caller's transaction."""
    rows = identity.as_rows().items()
    connection.executemany("INSERT OR REPLACE INTO identity (name, value) VALUES (?, ?)", rows)


def check_identity(connection: sqlite3.Connection, identity: IndexIdentity, path: Path) -> bool:
    """
    Compare the file with the program.

    A program without an embedder may use any file: it asks for no vectors and writes none.

    Returns:
        whether the file is the program's to adopt: it was made for words only, and the
        program has an embedder. Its rows have no vectors until they are staged again.

    Raises:
        BadSettings: the settings name another embedder.
        StorageDamaged: another installation's, or made by a release with another analyser.

    """
    found: dict[str, str] = dict(connection.execute("SELECT name, value FROM identity"))
    wanted = identity.as_rows()
    check_installation(found, wanted["installation"], path)
    if found.get("analyser") != wanted["analyser"]:
        raise damaged(path, f"its analyser is {found.get('analyser')}, this release's is {wanted['analyser']}")
    if identity.embedder is None:
        return False
    if found.get("embedder") == WORDS_ONLY:
        return True
    made, used = (f"{one.get('embedder')} ({one.get('dimensions')} numbers)" for one in (found, wanted))
    if made != used:
        raise BadSettings(
            f"{path} holds vectors of the embedder {made}, the settings name {used}: set FOOTNOTE_EMBEDDER and"
            f" FOOTNOTE_EMBED_DIR back, or {REBUILD}"
        )
    return False


def check_installation(found: Mapping[str, str], installation: str, path: Path) -> None:
    """
    Compare whose a file says that it is.

    Raises:
        StorageDamaged: another installation's.

    """
    if found.get("installation") != installation:
        raise damaged(path, "it belongs to another installation than the records")
