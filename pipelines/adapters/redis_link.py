"""
One Redis as the adapters see it: an answer soon, or none.

No call is repeated, none waits longer than its time-out, and behind the breaker none waits at
all: a server that is away is tried by a thread of its own, never by somebody's question.
"""

import logging
import os
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import MaxConnectionsError, RedisError
from redis.retry import Retry

from pipelines.adapters.breaker import Breaker
from pipelines.ports.clock import Clock


if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CONNECTIONS = 64
"""Connections of one process; a call that finds none free is a miss."""

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


def redis_client(url: str, *, timeout_s: float) -> "Redis":
    """
    Return a client that never repeats a call; it connects when it is first used.

    Args:
        url: redis:// or rediss://, with a database number.
        timeout_s: for connecting and for each reply. The library's own five seconds, ten times
            repeated, let a silent server hold a call for more than half a minute.

    """
    pool = ConnectionPool.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
        max_connections=MAX_CONNECTIONS,
        # A connection begins with nothing but what it needs: each further exchange could wait once more.
        protocol=2,
        driver_info=None,
    )
    return Redis(connection_pool=pool)


@dataclass(slots=True)
class _Process:
    """What belongs to one process: after a fork it is made anew, since locks and sockets may be in use."""

    pid: int
    client: "Redis"
    breaker: Breaker
    probing: threading.Lock = field(default_factory=threading.Lock)


class RedisLink:
    """
    A Redis behind a breaker. Safe to share between threads, and to use on both sides of a fork.

    Attributes:
        faults: calls that came to nothing in this process, for metrics.

    """

    def __init__(self, url: str, clock: Clock, *, timeout_s: float, probe_s: float) -> None:
        """
        Take the address; nothing is opened yet.

        Args:
            url: redis:// or rediss://, with a database number.
            clock: of the breaker.
            timeout_s: longest wait for one reply.
            probe_s: seconds between attempts while Redis is away.

        """
        self.faults = 0
        self._url = url
        self._clock = clock
        self._timeout_s = timeout_s
        self._probe_s = probe_s
        self._process: _Process | None = None

    def call(self, do: "Callable[[Redis], _Result]", otherwise: _Result) -> _Result:
        """Return what a call returns; `otherwise` on a fault or while the breaker is open."""
        own = self._own()
        if own.breaker.is_open:
            self._try_again(own)
            return otherwise
        return self._call(own, do, otherwise)

    def client(self) -> "Redis":
        """Return this process's client, for what the breaker must not judge: a listener that waits."""
        return self._own().client

    @property
    def away(self) -> bool:
        """Say whether the breaker is open."""
        return self._own().breaker.is_open

    def close(self) -> None:
        """Release the connections of this process."""
        own, self._process = self._process, None
        if own is not None and own.pid == os.getpid():
            own.client.connection_pool.disconnect()

    def _call(self, own: _Process, do: "Callable[[Redis], _Result]", otherwise: _Result) -> _Result:
        try:
            result = do(own.client)
        except MaxConnectionsError:
            # Many threads at once say nothing about the server.
            self._note("no free connection", warn=False)
            return otherwise
        except (RedisError, OSError) as fault:
            self._failed(own, fault)
            return otherwise
        own.breaker.succeeded()
        return result

    def _failed(self, own: _Process, fault: Exception) -> None:
        was_open = own.breaker.is_open
        own.breaker.failed()
        # The class alone: a message may hold an address, and replies may hold what was sent.
        self._note(type(fault).__name__, warn=own.breaker.is_open and not was_open)

    def _note(self, what: str, *, warn: bool) -> None:
        self.faults += 1
        if warn:
            _log.warning("Redis does not answer (%s): going on without it", what)
        else:
            _log.debug("Redis: %s", what)

    def _try_again(self, own: _Process) -> None:
        """Let a thread ask the server whether it is back, if it is time to."""
        if not own.breaker.admits() or not own.probing.acquire(blocking=False):
            return
        threading.Thread(target=self._probe, args=(own,), name="redis-probe", daemon=True).start()

    def _probe(self, own: _Process) -> None:
        try:
            if self._call(own, lambda client: bool(client.ping()), otherwise=False):
                _log.warning("Redis answers again")
        finally:
            own.probing.release()

    def _own(self) -> _Process:
        # Without a lock, which a fork could leave held: two threads that begin at once make two, and one is kept.
        own = self._process
        if own is None or own.pid != os.getpid():
            client = redis_client(self._url, timeout_s=self._timeout_s)
            breaker = Breaker(self._clock.monotonic, probe_s=self._probe_s)
            own = self._process = _Process(os.getpid(), client, breaker)
        return own
