"""Whose rows a file holds: what must be equal between the file and the program that opens it."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from pipelines.adapters.sqlite_index.faults import damaged
from pipelines.domain.values import Value
from pipelines.errors import BadSettings


@dataclass(frozen=True, slots=True)
class IndexIdentity(Value):
    """
    What every row of one index has in common. It is written when the file is made.

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
        """Refuse an embedder without a length of vectors, and a length without an embedder."""
        if (self.embedder is None) != (self.dimensions == 0) or self.dimensions < 0:
            message = f"embedder {self.embedder!r} with {self.dimensions} dimensions"
            raise ValueError(message)

    def as_rows(self) -> dict[str, str]:
        """Return what is written into the file."""
        return {
            "installation": self.installation,
            "analyser": self.analyser,
            "embedder": self.embedder or "none",
            "dimensions": str(self.dimensions),
        }


def write_identity(connection: sqlite3.Connection, identity: IndexIdentity) -> None:
    """Write the identity into a new file, inside the caller's transaction."""
    connection.executemany("INSERT INTO identity (name, value) VALUES (?, ?)", identity.as_rows().items())


def check_identity(connection: sqlite3.Connection, identity: IndexIdentity, path: Path) -> None:
    """
    Compare the file with the program.

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
    made, used = (f"{one.get('embedder')} ({one.get('dimensions')} numbers)" for one in (found, wanted))
    if made != used:
        raise BadSettings(
            f"{path} was made with the embedder {made}, the settings name {used}: set FOOTNOTE_EMBEDDER back,"
            " or move the file away and sync each base again"
        )
