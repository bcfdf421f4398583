"""The jobs of an installation: asked for, leased, ended. What becomes of them is `pipelines.domain.job_rules`."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from pipelines.domain.jobs import Job, JobState, Lease


class JobRecords(Protocol):
    """Jobs and leases."""

    def submit(self, kind: str, kb: int, payload: Mapping[str, Any]) -> Job:
        """Queue a job; one of the same kind and base that is queued already takes on this payload too instead."""

    def lease(self, job: int, worker: str, seconds: float) -> Lease:
        """
        Take the right to work on a job.

        Raises:
            Busy: another living worker holds a job of the same kind and base, or took this very
                job; or the index is being moved.

        """

    def take(self, kinds: Collection[str], worker: str, seconds: float) -> Lease | None:
        """
        Take the oldest queued job of these kinds that nobody holds and whose base no job of its kind works on.

        None is taken while a move of the index holds writes (`ports.index_places`).

        Jobs whose worker is gone or silent are looked after first: they are queued again,
        or, after their third start, quarantined with a reason. One whose base another process
        locks is left to the next look, where the database can lock one base alone.

        Returns:
            None if there is no such job.

        """

    def renew(self, lease: Lease, seconds: float) -> None:
        """
        Hold a lease longer.

        Raises:
            Busy: it was taken over.

        """

    def finish(self, lease: Lease, error: str | None = None) -> None:
        """End a job, done or failed."""

    def put_back(self, lease: Lease, *, failed: bool = False, further: bool = False) -> None:
        """
        Queue a job again that its worker leaves unfinished; or, if one of its kind and base waits, let that go on.

        Args:
            lease: the lease.
            failed: count this start, unless files of its plan were done since, and wait a little before the next.
            further: forget the starts before this one: it got further, as the records do not show.

        Raises:
            Busy: it was taken over.

        """

    def running(self, kb: int) -> Job | None:
        """Return the sync that a living worker holds for this base."""

    def waiting(self) -> Mapping[str, int]:
        """Return, by kind, how many jobs could be taken now: queued, or left by a worker that is gone."""

    def state(self, job: int) -> tuple[JobState, str | None]:
        """
        Return where a job stands, and why it failed or was set aside.

        Raises:
            NotFound: there is no such job any more.

        """

    def quarantined(self, kind: str, kb: int) -> str | None:
        """Return why the newest job of this kind and base was set aside; None if it was not."""
