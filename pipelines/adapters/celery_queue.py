"""Words to Celery's workers over Redis: "look". A job itself never travels."""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from celery import Celery
from kombu.exceptions import KombuError, OperationalError

from pipelines.domain.job_kinds import QUEUES
from pipelines.ports.clock import Clock


LOOK = "footnote.look"
"""Name of the task that takes jobs of a queue."""

LOOK_EXPIRES_S = 60
"""A word is sent again every half minute while its job waits; older ones would only pile up."""

VISIBILITY_S = 4000
"""
After how long Redis gives the message of a silent worker to another one.

Longer than the longest task (3,660 s), else a task is started a second time while it runs.
"""

SEND_S = 2.0
"""Whoever submits a job waits no longer for Redis: the word is sent again by a tick."""

_PAUSE_S = 5.0
"""Many words at once do not wait one by one for a Redis that is away."""

TRANSPORT: Mapping[str, Any] = MappingProxyType(
    {
        # Of all that share a broker the shortest counts, so senders and workers say the same.
        "visibility_timeout": VISIBILITY_S,
        # A killed worker's message comes back after 7 s instead of 101 s: each second every message is looked at.
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        # A silent server is noticed; the library's own wait has no end.
        "socket_connect_timeout": SEND_S,
        "socket_keepalive": True,
    }
)

_log = logging.getLogger(__name__)


def queue_settings(url: str) -> dict[str, Any]:
    """Return the settings that senders and workers must share."""
    return {
        "broker_url": url,
        "broker_transport_options": dict(TRANSPORT),
        "task_queues": {name: {"routing_key": name} for name in QUEUES},
        "task_default_queue": next(iter(QUEUES)),
        # A queue that nobody consumes is a mistake in a name, not a new queue.
        "task_create_missing_queues": False,
        # Nothing is pickled: a message can name a task and its queue, and no code.
        "task_serializer": "json",
        "accept_content": ["json"],
        # Nothing is read back: how a job ended stands in the records.
        "task_ignore_result": True,
        "task_store_eager_result": False,
    }


class CeleryQueue:
    """`ports.job_queue.JobQueue` over Celery's message broker."""

    def __init__(self, url: str, clock: Clock, *, send_s: float = SEND_S) -> None:
        """Take the broker's address, connected when the first word is sent, and how long a silent one is waited for."""
        self._clock = clock
        self._silent_until = clock.monotonic()
        self._app = Celery("footnote-sender", set_as_current=False)
        settings = queue_settings(url)
        # One attempt: the library's own ones hold whoever submits a job for six seconds.
        settings["broker_transport_options"] |= {
            "socket_timeout": send_s,
            "socket_connect_timeout": send_s,
            "max_retries": 0,
        }
        self._app.conf.update(settings)

    def announce(self, queue: str) -> None:
        """Tell one worker of a queue to look for jobs; for a moment after a fault nobody is told."""
        if self._clock.monotonic() < self._silent_until:
            return
        try:
            self._app.send_task(LOOK, (queue,), queue=queue, expires=LOOK_EXPIRES_S, retry=False)
        except (OperationalError, KombuError, OSError) as fault:
            # The class alone: a message may hold an address with a password.
            self._silent_until = self._clock.monotonic() + _PAUSE_S
            _log.warning("a worker could not be told (%s): it is tried again", type(fault).__name__)

    def close(self) -> None:
        """Release connections."""
        self._app.close()
