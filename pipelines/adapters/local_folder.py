"""Is a folder of this machine the one that the records mean? Refuses every other one; reads nothing in it but marks."""

import secrets
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from pipelines.adapters.folder_mark import PLACE, FolderMark
from pipelines.errors import BadSettings
from pipelines.ports.folders import Folder, FolderRecords, Holds


class LocalFolder:
    """
    What the records say of a folder, compared with the mark in it.

    Records that several machines share know of what lies in a folder that only one of them
    sees. The mark is a random word: it moves with the folder, by whatever it is copied, and
    a folder that all machines share has it for all of them.
    """

    def __init__(
        self,
        what: Holds,
        folders: Sequence[Path],
        *,
        setting: str,
        records: Callable[[], FolderRecords],
        refusal: Callable[[Folder, Path], str],
    ) -> None:
        """
        Take what tells; nothing is looked at yet.

        Args:
            what: that is held.
            folders: the folder, and those in it that have its mark too: any of them is enough.
            setting: what names the folder, for messages.
            records: gives what the records say.
            refusal: words that this is another folder than the one in the records; the path is that of a mark.

        """
        self._what = what
        self._marks = [FolderMark(one, setting=setting, name=PLACE) for one in folders]
        self._path = folders[0].absolute()
        self._records = records
        self._refusal = refusal

    def compare(self) -> bool:
        """
        Compare now.

        Returns:
            whether the records name this folder; False where they name none.

        Raises:
            BadSettings: they name another one.

        """
        known = self._records().get(self._what)
        if known is not None and known.mark not in [one.owner() for one in self._marks]:
            raise BadSettings(self._refusal(known, self._path / PLACE))
        return known is not None

    def claim(self) -> None:
        """
        Have the records name this folder, unless they name one.

        Raises:
            BadSettings: they name another one.

        """
        # Also where they name it: what was restored from a backup may have one of its marks.
        self.compare()
        self._records().settle(self._what, self._marked())
        self.compare()

    def take(self) -> None:
        """Have the records name this folder, whatever they named."""
        self._records().replace(self._what, self._marked())

    def forget(self) -> None:
        """Have the records name no folder."""
        self._records().replace(self._what, None)

    def _marked(self) -> Folder:
        """Return this folder, with its mark, which is made if need be."""
        found = next(filter(None, (one.owner() for one in self._marks)), None) or secrets.token_hex(8)
        for one in self._marks:
            if one.owner() is None:
                one.claim(found)
        return Folder(self._marks[0].owner() or found, f"{socket.gethostname()}:{self._path}")
