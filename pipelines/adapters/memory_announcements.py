"""Announcements within this process."""

import queue
from contextlib import suppress
from threading import Lock

from pipelines.ports.announcements import Announcement


_UNHEARD = 1000
"""News that a listener may have waiting; the oldest is lost first."""


class MemoryAnnouncements:
    """`ports.announcements.Announcements` between the threads of one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: list[MemorySubscription] = []

    def publish(self, news: Announcement) -> None:
        """Tell it to whoever listens now."""
        with self._lock:
            for one in self._listeners:
                one.hear(news)

    def subscribe(self) -> "MemorySubscription":
        """Begin to listen."""
        listener = MemorySubscription(self)
        with self._lock:
            self._listeners.append(listener)
        return listener

    def close(self) -> None:
        """Let nobody listen any longer."""
        with self._lock:
            self._listeners.clear()

    def leave(self, listener: "MemorySubscription") -> None:
        """Tell a listener nothing more."""
        with self._lock, suppress(ValueError):
            self._listeners.remove(listener)


class MemorySubscription:
    """`ports.announcements.Subscription` over a queue."""

    def __init__(self, told_by: MemoryAnnouncements) -> None:
        self._told_by = told_by
        self._heard: queue.Queue[Announcement] = queue.Queue(_UNHEARD)

    def hear(self, news: Announcement) -> None:
        """Take one more; its publisher holds the lock, so that none comes between."""
        if self._heard.full():
            with suppress(queue.Empty):
                self._heard.get_nowait()
        self._heard.put_nowait(news)

    def next(self, seconds: float) -> Announcement | None:
        """Return the next announcement."""
        try:
            return self._heard.get(timeout=seconds) if seconds > 0 else self._heard.get_nowait()
        except queue.Empty:
            return None

    def close(self) -> None:
        """Listen no longer."""
        self._told_by.leave(self)
