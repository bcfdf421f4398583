"""The parts of large syncs, as they stand in the records."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from pipelines.domain.jobs import Lease, SyncProgress
from pipelines.domain.sync_parts import PartedPlan, PartFile, PartLease, PartsOutcome, PartStep


if TYPE_CHECKING:
    from pipelines.ports.records import StagedDocument


class PartRecords(Protocol):
    """
    Parts of syncs, and leases on them with a fencing number.

    A plan is there as long as its version is staged: promoting, readying or sweeping the
    version takes plan and parts away in the same transaction, so that no worker writes afterwards.
    """

    def put(self, lease: Lease, plan: PartedPlan, parts: Sequence[Sequence[PartFile]]) -> None:
        """
        Queue the parts of a sync; each file stands in one part, none is empty.

        Raises:
            Busy: the job's lease was lost.

        """

    def plan(self, lease: Lease) -> PartedPlan | None:
        """Return the plan of a job whose parts are not finished; None if it has none."""

    def take(self, generation: str, worker: str, seconds: float, *, job: int | None = None) -> PartLease | None:
        """
        Take a free part whose plan is of this generation and whose job has not ended.

        First those that ended fewer workers, of these the oldest. Parts whose worker is gone
        or silent are looked after before: they are queued again;
        after the second start without getting further they are split into single files, and
        a single file whose third start never ended is rejected with a reason.

        Args:
            generation: how this worker reads documents.
            worker: its name.
            seconds: how long it may be silent.
            job: take parts of this job only.

        Returns:
            None if there is no such part.

        """

    def renew(self, lease: PartLease, seconds: float) -> None:
        """
        Hold a lease longer.

        Raises:
            Busy: it was taken over, or the version is not staged any more.

        """

    def stage(self, lease: PartLease, documents: "Sequence[StagedDocument]", step: PartStep) -> bool:
        """
        Write new lives into the plan's version and note in the same transaction that their files are done.

        Args:
            lease: the lease.
            documents: the lives; fewer than files where some were rejected.
            step: what was done; its files are the next ones of the part.

        Returns:
            whether that were the part's last files, and it is done.

        Raises:
            Busy: it was taken over, or the version is not staged any more.

        """

    def put_back(self, lease: PartLease) -> None:
        """
        Let somebody else go on with a part; this start is not counted.

        Raises:
            Busy: it was taken over, or the version is not staged any more.

        """

    def fail(self, lease: PartLease, reason: str) -> None:
        """
        End a start of a part that failed for no foreseen reason, as if the worker had died.

        Raises:
            Busy: it was taken over, or the version is not staged any more.

        """

    def open(self, lease: Lease) -> int:
        """Return how many parts of a job's plan are not done."""

    def outcome(self, lease: Lease) -> PartsOutcome:
        """Return what was done in all parts of a job's plan together."""

    def progress(self, kb: int) -> SyncProgress | None:
        """Return how far the sync in parts of a base is; its path is empty. None if there is none under way."""

    def waiting(self) -> int:
        """Return how many parts somebody could work on now, abandoned ones among them."""
