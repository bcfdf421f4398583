"""A place of stored files belongs to one installation: compared before it is used, claimed before it is changed."""

from collections.abc import Callable

from pipelines.adapters.local_folder import LocalFolder
from pipelines.errors import BadSettings
from pipelines.ports.blobs import Mark


class Ownership:
    """
    Whether a place belongs to the installation of the records.

    An installation deletes what its own records do not know: two in one place would delete
    each other's files.
    """

    def __init__(
        self,
        mark: Mark,
        *,
        place: str,
        setting: str,
        installation: Callable[[], str],
        ours: Callable[[], bool],
        folder: LocalFolder | None = None,
    ) -> None:
        """
        Take what tells; nothing is looked at yet.

        Args:
            mark: of the place.
            place: its name, for messages.
            setting: what names it, for messages.
            installation: gives the id in the records.
            ours: says of a place without a mark, as an earlier version left it, whether it
                is empty or holds a file that the records know.
            folder: that it is the one which the records name is compared and claimed with it.

        """
        self._mark = mark
        self._place = place
        self._setting = setting
        self._installation = installation
        self._ours = ours
        self._folder = folder
        self._compared = False
        self._claimed = False

    def require(self) -> None:
        """
        Compare, unless this object did before; a place without a mark stays so.

        Raises:
            BadSettings: the place is another installation's, or a folder of another machine is meant.

        """
        if not self._compared:
            self.compare()

    def claim(self) -> None:
        """
        Have the place marked as this installation's; once it is, nothing is looked at again.

        Raises:
            BadSettings: as `check`; also where another one claims it at this moment.

        """
        if self._claimed or self.compare():
            return
        if self._folder is not None:
            self._folder.check()
        self._mark.claim(self._installation())
        if not self.compare() and self._folder is not None:
            self._folder.claim()
            self.compare()

    def check(self) -> None:
        """
        Look now whether the place may be used; nothing is written.

        Raises:
            BadSettings: as `compare`; also where no folder was named yet, and this one lacks what the records know.

        """
        self.compare()
        if self._folder is not None:
            self._folder.check()

    def compare(self) -> bool:
        """
        Compare now.

        Returns:
            whether the place is marked, and named where that is wanted.

        Raises:
            BadSettings: it is another installation's, or a folder of another machine is meant.

        """
        owner = self._mark.owner()
        if owner is None and not self._ours():
            raise self._refusal(f"{self._place} holds files that the records know nothing of, as if it belonged")
        if owner is not None and owner != self._installation():
            raise self._refusal(f"{self._place} belongs")
        named = self._folder is None or self._folder.compare()
        self._compared = True
        self._claimed = owner is not None and named
        return self._claimed

    def _refusal(self, what: str) -> BadSettings:
        return BadSettings(
            f"{what} to another installation than the records: give this one its own records back (DATABASE_URL, or"
            f" a backup), or choose another {self._setting}"
        )
