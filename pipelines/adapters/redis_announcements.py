"""Announcements over Redis's publish and subscribe. What nobody hears is gone."""

import json
import logging
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from redis.client import PubSub
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import RedisError

from pipelines.adapters.redis_link import RedisLink
from pipelines.ports.announcements import Announcement
from pipelines.ports.clock import Clock


_SILENCE_S = 15.0
"""A listener that heard nothing for so long asks whether its connection lives; after as long again it hangs up."""

_AGAIN_S = 0.5
"""Pause of a listener after a fault."""

_log = logging.getLogger(__name__)


class RedisAnnouncements:
    """`ports.announcements.Announcements` on one channel of an installation."""

    def __init__(self, link: RedisLink, clock: Clock, *, installation: str) -> None:
        """
        Take the link; the wiring closes it.

        Args:
            link: the Redis.
            clock: for how long a listener waits.
            installation: id in the name of the channel.

        """
        self._link = link
        self._clock = clock
        self._channel = f"footnote:{installation}:announcements"

    def publish(self, news: Announcement) -> None:
        """Tell it to whoever listens now."""
        message = json.dumps(asdict(news), ensure_ascii=True)
        self._link.call(lambda client: client.publish(self._channel, message), None)

    def subscribe(self) -> "RedisSubscription":
        """Begin to listen."""
        return RedisSubscription(self._link, self._clock, self._channel)

    def close(self) -> None:
        """Do nothing: the link is closed by who made it."""


class RedisSubscription:
    """`ports.announcements.Subscription` over a connection of its own, made again after a fault."""

    def __init__(self, link: RedisLink, clock: Clock, channel: str) -> None:
        self._link = link
        self._clock = clock
        self._channel = channel
        self._closed = threading.Event()
        self._pubsub: PubSub | None = None
        self._heard_at = clock.monotonic()
        self._asked = False
        with suppress(RedisError, OSError):
            self._listen()

    def next(self, seconds: float) -> Announcement | None:
        """Return the next announcement; after a fault, wait a little and listen anew."""
        until = self._clock.monotonic() + seconds
        while not self._closed.is_set():
            left = max(0.0, until - self._clock.monotonic())
            try:
                news = self._heard(left)
            except (RedisError, OSError, ValueError) as fault:
                _log.debug("announcements: %s", type(fault).__name__)
                self._hang_up()
                self._closed.wait(min(left, _AGAIN_S))
                news = None
            if news is not None or self._clock.monotonic() >= until:
                return news
        return None

    def close(self) -> None:
        """Listen no longer."""
        self._closed.set()
        self._hang_up()

    def _heard(self, seconds: float) -> Announcement | None:
        pubsub = self._pubsub or self._listen()
        message = pubsub.get_message(ignore_subscribe_messages=True, timeout=min(seconds, _AGAIN_S))
        self._watch(pubsub, heard=message is not None)
        return _news(message["data"]) if message and message["type"] == "message" else None

    def _watch(self, pubsub: PubSub, *, heard: bool) -> None:
        """Ask a silent connection whether it lives, and give it up when it does not tell."""
        now = self._clock.monotonic()
        if heard:
            self._heard_at, self._asked = now, False
        elif now - self._heard_at > _SILENCE_S:
            if self._asked:
                raise Disconnected("silent")
            self._heard_at, self._asked = now, True
            pubsub.ping()

    def _listen(self) -> PubSub:
        pubsub = PubSub(self._link.client().connection_pool)
        try:
            pubsub.subscribe(self._channel)
            # What is published from now on is heard: the server has said so.
            if pubsub.get_message(timeout=_AGAIN_S) is None:
                raise Disconnected("silent")
        except (RedisError, OSError):
            pubsub.close()
            raise
        self._pubsub, self._asked = pubsub, False
        self._heard_at = self._clock.monotonic()
        return pubsub

    def _hang_up(self) -> None:
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            with suppress(RedisError, OSError):
                pubsub.close()


def _news(data: object) -> Announcement | None:
    """Return the announcement; None for what is none of ours."""
    try:
        values: Any = json.loads(data if isinstance(data, bytes) else b"")
        kind, numbers = values["kind"], [values[name] for name in ("id", "kb", "done", "total")]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(kind, str) or not all(type(one) is int for one in numbers):
        return None
    return Announcement(kind, *numbers)
