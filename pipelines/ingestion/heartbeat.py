"""Holds a lease while its work goes on."""

from typing import Generic, Protocol, TypeVar

from pipelines.ports.clock import Clock


LEASE_S = 120
"""Longer than the longest step between two beats: reading one file (30 s), or embedding one batch of chunks."""

_BEAT_S = 10

Held_contra = TypeVar("Held_contra", contravariant=True)
Held = TypeVar("Held")


class Leases(Protocol[Held_contra]):
    """Records whose leases can be held longer: those of jobs, or of parts."""

    def renew(self, lease: Held_contra, seconds: float) -> None:
        """
        Hold a lease longer.

        Raises:
            Busy: it was taken over.

        """


class Heartbeat(Generic[Held]):
    """Renews a lease, at most every ten seconds, however often it is called."""

    def __init__(self, leases: Leases[Held], lease: Held, clock: Clock, seconds: float = LEASE_S) -> None:
        self._leases = leases
        self._seconds = seconds
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
            self._leases.renew(self._lease, self._seconds)
            self._last = now
