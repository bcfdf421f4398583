"""The records of what is due by itself, and of the alerts that were given."""

from collections.abc import Collection, Mapping
from typing import Protocol

from pipelines.domain.alerts import Alert, SyncHealth
from pipelines.domain.jobs import Job


class ScheduleRecords(Protocol):
    """
    Schedules of bases. Every method is one transaction, or one for each job that it queues.

    The census of a base that has chores is due `SETTLED_S` after readers were shown another
    version, a staged one was swept, or a worker of its sync was taken for gone; by the same transaction.
    """

    def set_every(self, kb: int, seconds: int | None) -> None:
        """Let a base be synced at an interval, the first time after one; None ends that."""

    def every(self, kb: int) -> int | None:
        """Return the interval at which a base is synced, in seconds; None if it has none."""

    def next_at(self, kb: int) -> float | None:
        """Return when the next sync of a base is due, Unix time; None if it has no schedule."""

    def add_chores(self, kinds: Collection[str], whole: Collection[str], every: int) -> None:
        """
        Let these kinds of jobs be due for every base, spread over the interval, and forget those of removed bases.

        Args:
            kinds: for each base.
            whole: for the installation.
            every: their interval in seconds; what is scheduled already keeps its time.

        """

    def submit_due(self) -> tuple[Job, ...]:
        """
        Queue a job for everything that is due, once, however many processes ask, and set its next time.

        Not where one waits already, and not where the newest of its kind and base was set aside:
        that waits for a person. A base that another process locks is left to the next call,
        where the database can lock one base alone.
        """

    def postpone(self, kind: str, kb: int, seconds: float) -> None:
        """Let a chore be due again in this time, if that is sooner."""

    def healths(self, kb: int | None = None) -> Mapping[int, SyncHealth]:
        """Return how the syncs of each base went that has a schedule or was ever synced; of one base only, if named."""

    def alerts(self) -> Mapping[int, Alert]:
        """Return which bases need a person, as was told before."""

    def change_alert(self, kb: int, alert: Alert | None) -> bool:
        """
        Note that a base needs a person, or no longer does; True if a person must be told, to one caller only.

        A base that another process locks is left as it is, as by `submit_due`: False, and the next call notes it.
        """
