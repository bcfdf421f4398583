"""Holds a sync's lease while it works."""

from pipelines.domain.jobs import Lease
from pipelines.ports.clock import Clock
from pipelines.ports.records import JobRecords


LEASE_S = 120
"""Longer than the longest step between two beats: reading one file (30 s), or embedding one batch of chunks."""

_BEAT_S = 10


class Heartbeat:
    """Renews a lease, at most every ten seconds, however often it is called."""

    def __init__(self, jobs: JobRecords, lease: Lease, clock: Clock) -> None:
        self._jobs = jobs
        self._lease = lease
        self._clock = clock
        self._last = clock.monotonic()

    def __call__(self) -> None:
        """
        Show that this worker lives.

        Raises:
            Busy: the lease was lost.

        """
        now = self._clock.monotonic()
        if now - self._last >= _BEAT_S:
            self._jobs.renew(self._lease, LEASE_S)
            self._last = now
