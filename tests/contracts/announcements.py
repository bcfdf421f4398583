"""What all announcements promise. Each subclass names them in its `announcements` fixture."""

import threading

from pipelines.ports.announcements import Announcement, Announcements


SOON = 5.0
"""Longest wait for what has been said already."""


def news(done: int) -> Announcement:
    """Return how far a job is."""
    return Announcement("job", 7, 3, done, 10)


class AnnouncementsContract:
    """The promises of `pipelines.ports.announcements.Announcements`."""

    def test_everybody_who_listens_hears_all_in_order(self, announcements: Announcements) -> None:
        """Two listeners hear the same three announcements."""
        listeners = [announcements.subscribe(), announcements.subscribe()]
        for done in (1, 2, 3):
            announcements.publish(news(done))
        for one in listeners:
            assert [one.next(SOON) for _ in range(3)] == [news(1), news(2), news(3)]
            one.close()

    def test_silence_is_none(self, announcements: Announcements) -> None:
        """Where nothing is said, waiting ends."""
        listener = announcements.subscribe()
        assert listener.next(0) is None
        assert listener.next(0.05) is None
        listener.close()

    def test_what_was_said_before_is_not_heard(self, announcements: Announcements) -> None:
        """A listener hears from when it began."""
        announcements.publish(news(1))
        listener = announcements.subscribe()
        announcements.publish(news(2))
        assert listener.next(SOON) == news(2)
        listener.close()

    def test_who_closed_hears_nothing(self, announcements: Announcements) -> None:
        """After closing, twice even, there is no news."""
        listener = announcements.subscribe()
        listener.close()
        listener.close()
        announcements.publish(news(1))
        assert listener.next(0.05) is None

    def test_a_waiting_listener_is_woken(self, announcements: Announcements) -> None:
        """News ends the waiting of a listener that waits already."""
        listener = announcements.subscribe()
        teller = threading.Timer(0.1, announcements.publish, [news(4)])
        teller.start()
        assert listener.next(SOON) == news(4)
        teller.join()
        listener.close()

    def test_who_hears_nothing_does_not_stop_the_others(self, announcements: Announcements) -> None:
        """Thousands of announcements that nobody takes are told without a fault; some are lost."""
        listener = announcements.subscribe()
        for done in range(3000):
            announcements.publish(news(done))
        assert listener.next(SOON) is not None
        listener.close()
