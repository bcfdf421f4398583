"""Progress between processes: how often it is told, and what who waits hears."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.memory_announcements import MemoryAnnouncements
from pipelines.domain.jobs import Job, JobState, SyncProgress
from pipelines.operation.announcing import JOB, Listening, telling
from pipelines.ports.announcements import Announcement
from tests.fakes.manual_clock import ManualClock
from tests.fakes.ticking_clock import TickingClock


def job_of(kb: int) -> Job:
    """Return a sync of a base."""
    return Job(7, "sync", kb, {}, JobState.RUNNING, 1)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_progress_is_told_rarely_and_its_last_always(pauses: list[float]) -> None:
    """The first file and the last are told; between two that are told lies a fifth of a second."""
    clock, announcements, told = ManualClock(), MemoryAnnouncements(), dict[int, float]()
    heard = announcements.subscribe()
    tell = telling(announcements, job_of(3), clock)
    for done, pause in enumerate(pauses, start=1):
        clock.advance(pause)
        tell(SyncProgress(done, len(pauses), "a.md"))
        if news := heard.next(0):
            assert news == Announcement(JOB, 7, 3, done, len(pauses))
            told[done] = clock.monotonic()
    assert {1, len(pauses)} <= told.keys()
    times = [at for done, at in told.items() if done < len(pauses)]
    assert all(b - a >= 0.2 for a, b in pairwise(times))


def test_who_waits_hears_of_its_own_base() -> None:
    """From the first pause on, and of no other base or kind of news."""
    announcements, told = MemoryAnnouncements(), list[SyncProgress]()
    listening = Listening(announcements, 3, TickingClock(), told.append)
    announcements.publish(Announcement(JOB, 6, 3, 1, 9))
    listening.pause(0)
    for news in (Announcement(JOB, 7, 3, 2, 9), Announcement(JOB, 8, 4, 5, 9), Announcement("budget", 7, 3, 6, 9)):
        announcements.publish(news)
    listening.pause(4.5)
    assert told == [SyncProgress(2, 9, "")]
    listening.close()
    announcements.publish(Announcement(JOB, 7, 3, 3, 9))
    assert len(told) == 1
