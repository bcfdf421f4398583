"""Which folder of which machine holds what no other machine sees: its mark. Not what is in it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pipelines.domain.values import Value


class Holds(StrEnum):
    """What may lie in a folder."""

    INDEX = "index"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Folder(Value):
    """
    A folder.

    Attributes:
        mark: what its file `place` says; it travels with the folder.
        shown: machine and path when that was noted, for people.

    """

    mark: str
    shown: str


class FolderRecords(Protocol):
    """One folder for each thing that is held, the same for all processes of an installation."""

    def get(self, what: Holds) -> Folder | None:
        """Return the folder that holds it; None where that was never said."""

    def settle(self, what: Holds, folder: Folder) -> Folder:
        """Say which folder holds it unless that was said before; return which one does."""

    def replace(self, what: Holds, folder: Folder | None) -> None:
        """Say which folder holds it from now on; None for no folder."""
