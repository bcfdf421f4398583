"""Whose rows a file holds: what the file and the program that opens it must agree on."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from pipelines.adapters.sqlite_index.faults import REBUILD, damaged
from pipelines.domain.values import Value
from pipelines.errors import BadSettings


WORDS_ONLY = "none"
"""Stands in the file for no embedder."""


@dataclass(frozen=True, slots=True)
class IndexIdentity(Value):
    """
    What every row of one index has in common. It is written into the file.

    Attributes:
        installation: id of the installation whose records name the rows.
        analyser: version of the analyser that made the terms.
        embedder: name of the embedder that made the vectors; None for words only.
        dimensions: length of its vectors; 0 for words only.

    """

    installation: str
    analyser: str
    embedder: str | None = None
    dimensions: int = 0

    def __post_init__(self) -> None:
        """Refuse an embedder without a length of vectors, a length without an embedder, and a name that is taken."""
        nameless = self.embedder is None
        if nameless != (self.dimensions == 0) or self.dimensions < 0 or self.embedder == WORDS_ONLY:
            message = f"embedder {self.embedder!r} with {self.dimensions} dimensions"
            raise ValueError(message)

    def as_rows(self) -> dict[str, str]:
        """Return what is written into the file."""
        return {
            "installation": self.installation,
            "analyser": self.analyser,
            "embedder": self.embedder or WORDS_ONLY,
            "dimensions": str(self.dimensions),
        }


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
    if found.get("installation") != wanted["installation"]:
        raise damaged(path, "it belongs to another installation than the records")
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
