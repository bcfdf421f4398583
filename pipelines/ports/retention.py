"""The records of what may be deleted."""

from collections.abc import Collection
from typing import Protocol

from pipelines.domain.jobs import Lease
from pipelines.domain.retention import Retention


class RetentionRecords(Protocol):
    """Deletes rows that nothing shows any more. Recorded answers keep their own quotes, and stay."""

    def forget_old(self, lease: Lease, retention: Retention) -> int:
        """
        Delete the versions of the job's base that are not kept, with all that only they show.

        Returns:
            the oldest version that is kept; 0 if there is none.

        Raises:
            Busy: the lease was lost, or a sync of the base is under way.

        """

    def forget_runs(self, lease: Lease, days: int) -> None:
        """
        Delete runs and jobs that ended longer ago, counts of what models were used for, and calls left behind.

        Of each base the newest runs stay. Who asked how often is counted until the next day ends.
        """

    def refers(self, names: Collection[str]) -> bool:
        """Say whether any base, also a hidden one, has one of these blobs: a document of any version, or a file."""

    def refers_to_some(self) -> bool:
        """Say whether any base, also a hidden one, has a blob."""

    def orphans(self, lease: Lease, names: Collection[str], seconds: float) -> tuple[str, ...]:
        """
        Note which of these blobs no base refers to, and return those that were so at each look for so long.

        Those that it returns are to be deleted now, by `UploadRecords.delete_unused`, and noted no
        longer. None while a sync is under way: it stores files before it writes of them.

        Args:
            lease: of the job that tidies up.
            names: blobs that are there.
            seconds: for how long nothing must have referred to a blob.

        """
