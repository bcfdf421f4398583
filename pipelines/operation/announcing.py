"""How far a sync is, told between processes. News may be lost: whoever waits looks at the records as well."""

from collections.abc import Callable

from pipelines.domain.jobs import Job, SyncProgress
from pipelines.ports.announcements import Announcement, Announcements, Subscription
from pipelines.ports.clock import Clock


JOB = "job"
"""Kind of announcement."""

_EVERY_S = 0.2


def telling(announcements: Announcements, job: Job, clock: Clock) -> Callable[[SyncProgress], None]:
    """Return what announces a job's progress: at most five times a second, and always its last."""
    told_at: float | None = None

    def tell(at: SyncProgress) -> None:
        nonlocal told_at
        now = clock.monotonic()
        if told_at is None or now - told_at >= _EVERY_S or at.done >= at.total:
            told_at = now
            announcements.publish(Announcement(JOB, job.id, job.kb, at.done, at.total))

    return tell


class Listening:
    """What somebody who waits for a base hears meanwhile."""

    def __init__(
        self, announcements: Announcements, kb: int, clock: Clock, progress: Callable[[SyncProgress], None]
    ) -> None:
        """
        Take what is listened to; it begins with the first pause.

        Args:
            announcements: where news come from.
            kb: id of the base.
            clock: the time.
            progress: told of the base's jobs; the path is empty.

        """
        self._announcements = announcements
        self._kb = kb
        self._clock = clock
        self._progress = progress
        self._heard: Subscription | None = None

    def pause(self, seconds: float) -> None:
        """Wait so long, and tell what is heard."""
        if self._heard is None:
            self._heard = self._announcements.subscribe()
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            news = self._heard.next(left)
            if news is not None and (news.kind, news.kb) == (JOB, self._kb):
                self._progress(SyncProgress(news.done, news.total, ""))

    def close(self) -> None:
        """Listen no longer."""
        if self._heard is not None:
            self._heard.close()
