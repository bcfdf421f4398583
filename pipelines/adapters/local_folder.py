"""Is a folder of this machine the one that the records mean? Every other one is refused; only its mark is read."""

import secrets
import socket
from collections.abc import Callable
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
        folder: Path,
        *,
        setting: str,
        records: Callable[[], FolderRecords],
        first: Callable[[], bool],
        refusal: Callable[[Folder | None, Path], str],
    ) -> None:
        """
        Take what tells; nothing is looked at yet.

        Args:
            what: that is held.
            folder: it has the mark of what is held in it, and of nothing else.
            setting: what names the folder, for messages.
            records: gives what the records say.
            first: says of a folder without a mark, where the records name none, whether it
                holds what they know of, or they know of nothing.
            refusal: words that this is another folder than the one in the records, or, for None,
                that they name none and this one does not hold what it should; the path is that of the mark.

        """
        self._what = what
        self._mark = FolderMark(folder, setting=setting, name=PLACE)
        self._path = folder.absolute()
        self._records = records
        self._first = first
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
        if known is not None and known.mark != self._mark.owner():
            raise BadSettings(self._refusal(known, self._path / PLACE))
        return known is not None

    def check(self) -> None:
        """
        Look whether this folder may be used; nothing is written.

        Raises:
            BadSettings: the records name another one, or none and this one lacks what they know
                of, as a share does that is not mounted. A mark that a person wrote vouches for it.

        """
        if not self.compare() and self._mark.owner() is None and not self._first():
            raise BadSettings(self._refusal(None, self._path / PLACE))

    def claim(self) -> None:
        """
        Have the records name this folder, unless they name one.

        Raises:
            BadSettings: as `check`; nothing was written.

        """
        self.check()
        self.name()

    def name(self) -> None:
        """
        Have the records name this folder, unless they name one, whatever is in it.

        Raises:
            BadSettings: they name another one.

        """
        if not self.compare():
            self._records().settle(self._what, self._marked())
            self.compare()

    def forget(self) -> None:
        """Have the records name no folder."""
        self._records().replace(self._what, None)

    def _marked(self) -> Folder:
        """Return this folder with its mark, which is made if need be: of several at once one stays."""
        if self._mark.owner() is None:
            self._mark.claim(secrets.token_hex(8))
        return Folder(self._mark.owner() or "", f"{socket.gethostname()}:{self._path}")
