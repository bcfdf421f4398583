"""Who waits for a call hears at once that it is over. One listener for a process; without news everybody looks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.ports.announcements import Announcement, Announcements, Subscription


CALL = "model_call"
"""Kind of announcement."""

_LISTEN_S = 0.5


def tell_of(announcements: Announcements, number: int) -> None:
    """Say that a call is over."""
    announcements.publish(Announcement(CALL, number, 0, 1, 1))


class CallNews:
    """
    What is announced of calls. Listens from its first wait on, on a thread of its own, so that nobody waits for Redis.

    Safe between threads.
    """

    def __init__(self, announcements: Announcements) -> None:
        """Take where news come from; nothing is opened yet."""
        self._announcements = announcements
        self._changed = threading.Condition()
        self._over: dict[int, bool] = {}
        self._closed = False
        self._heard: Subscription | None = None
        self._thread: threading.Thread | None = None

    def wait(self, number: int, seconds: float) -> None:
        """Wait so long, or until it is told that this call is over; a call has one who waits."""
        with self._changed, self._waiting_for(number):
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._listen, name="call-news", daemon=True)
                self._thread.start()
            self._changed.wait_for(lambda: self._over[number], seconds)

    def close(self) -> None:
        """Listen no longer."""
        with self._changed:
            self._closed, thread = True, self._thread
        if self._heard is not None:
            self._heard.close()
        if thread is not None:
            thread.join()

    @contextmanager
    def _waiting_for(self, number: int) -> Iterator[None]:
        self._over[number] = False
        try:
            yield
        finally:
            del self._over[number]

    def _listen(self) -> None:
        self._heard = self._announcements.subscribe()
        while not self._closed:
            news = self._heard.next(_LISTEN_S)
            if news is not None and news.kind == CALL:
                with self._changed:
                    if news.id in self._over:
                        self._over[news.id] = True
                        self._changed.notify_all()
