"""Who waits for a call and is told that it is over. What nobody tells is found by looking."""

import threading
from collections.abc import Iterator

import pytest

from pipelines.adapters.call_news import CallNews, tell_of
from pipelines.adapters.memory_announcements import MemoryAnnouncements
from pipelines.ports.announcements import Announcement


FOREVER_S = 3600.0
"""A wait that nobody ends outlasts the test."""


@pytest.fixture
def announced() -> MemoryAnnouncements:
    return MemoryAnnouncements()


@pytest.fixture
def news(announced: MemoryAnnouncements) -> Iterator[CallNews]:
    listening = CallNews(announced)
    yield listening
    listening.close()


def test_a_wait_ends_with_the_news(news: CallNews, announced: MemoryAnnouncements) -> None:
    """Of this call; those of others, and other news, end none."""
    waits = [threading.Thread(target=news.wait, args=(number, FOREVER_S)) for number in (7, 8)]
    for one in waits:
        one.start()
    while waits[0].is_alive():
        announced.publish(Announcement("job", 8, 0, 1, 1))
        tell_of(announced, 9)
        tell_of(announced, 7)
        waits[0].join(0.01)
    assert waits[1].is_alive()
    while any(one.is_alive() for one in waits):
        tell_of(announced, 8)
        waits[1].join(0.01)


def test_a_wait_without_news_ends(news: CallNews) -> None:
    """With its time; the next look at the row tells."""
    news.wait(7, 0.01)


def test_closed_it_leaves_no_thread(announced: MemoryAnnouncements) -> None:
    """Whether it ever listened or not; a wait ends all the same."""
    before = set(threading.enumerate())
    for waits in (False, True):
        news = CallNews(announced)
        if waits:
            news.wait(7, 0.01)
        news.close()
        assert set(threading.enumerate()) <= before
        news.wait(7, 0.01)
