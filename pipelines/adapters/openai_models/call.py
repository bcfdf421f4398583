"""
One call, known to its connection: when it ends, how long it may be silent, whether it is taken back.

And how often the connection is read: what a server sends in twenty events costs less if it is read at once.
"""

import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Protocol


LOOK_S = 0.25
"""How often a waiting call asks whether it is taken back."""

APART_S = 0.05
"""Between two reads of a reply that has begun to speak: a reader sees whole sentences, and misses nothing by it."""

_FRAMES = re.compile(rb"[\r\n0-9A-Fa-f]*")
"""What HTTP writes around the parts of a body."""

_SHORTEST = 16
"""Bytes of a part; an event has more."""


class Why(StrEnum):
    """Why a call ends before its reply is whole."""

    CANCELLED = "cancelled"
    STALLED = "stalled"
    TIME = "time"


class CallOver(Exception):
    """The call may go on no longer."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Closable(Protocol):
    """What holds a connection."""

    def close(self) -> None:
        """Let go of it."""


class ModelCall:
    """
    One call. Belongs to the thread that makes it.

    Attributes:
        body: the answer's body once it is there.
        streams: whether the answer must be a stream of events.
        connected: whether a connection was made for it; else one is used that an earlier call left.
        gathers: whether the reply may come in fewer parts, each up to `APART_S` later.

    """

    def __init__(
        self, *, seconds: float, stall_s: float, cancelled: Callable[[], bool], monotonic: Callable[[], float]
    ) -> None:
        """Begin now."""
        self.body: Closable | None = None
        self.streams = True
        self.connected = False
        self.gathers = False
        self._came, self._passed = b"", 0
        self._read_at = -math.inf
        self._monotonic = monotonic
        self._cancelled = cancelled
        self._stall_s = stall_s
        self._began = self._quiet_since = monotonic()
        self._ends = self._began + seconds
        self._next_look = self._began

    @property
    def is_unheard_on_kept_connection(self) -> bool:
        """Whether nothing came yet, on a connection that an earlier call left."""
        return self.body is None and not self.connected

    @property
    def spent_s(self) -> float:
        """Seconds since it began."""
        return self._monotonic() - self._began

    def heard(self) -> None:
        """Note that something came."""
        self._quiet_since = self._monotonic()

    def pause(self) -> float:
        """
        Return the seconds that the connection is to be left alone before it is read.

        Raises:
            CallOver: the call may go on no longer.

        """
        if not self.gathers:
            return 0.0
        return max(0.0, min(self._read_at + APART_S - self._monotonic(), self.look()))

    def came(self, part: bytes, *, more: bool) -> None:
        """Note what a read brought; more may be there to be read at once."""
        self._came, self._passed = part, 0
        self._read_at = -math.inf if more else self._monotonic()

    def follows(self, part: bytes) -> bool:
        """
        Say whether the last read brought more of the body behind a part of it: then nothing need be waited for.

        Args:
            part: of the body, in order. Of a very short one it is not said: it may stand in the headers too.

        """
        at = self._came.find(part, self._passed)
        if at < 0:
            return False
        self._passed = at + len(part)
        return len(part) >= _SHORTEST and not _FRAMES.fullmatch(self._came, self._passed)

    def hurry(self, seconds: float) -> None:
        """Let it end so many seconds from now, if not before."""
        self._ends = min(self._ends, self._monotonic() + seconds)

    def look(self) -> float:
        """
        Return the seconds that may be waited until this is asked again, > 0.

        Raises:
            CallOver: the call may go on no longer.

        """
        now = self._monotonic()
        if now >= self._next_look:
            self._next_look = now + LOOK_S
            if self._cancelled():
                raise CallOver(Why.CANCELLED)
        if now >= self._ends:
            raise CallOver(Why.TIME)
        silent_until = self._quiet_since + self._stall_s
        if now >= silent_until:
            raise CallOver(Why.STALLED)
        return min(self._ends, silent_until, self._next_look) - now

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Let what is connected meanwhile, in this thread, keep to this call's time; close what it left open."""
        token = _under_way.set(self)
        try:
            yield
        finally:
            if self.body is not None:
                self.body.close()
            _under_way.reset(token)


_under_way: ContextVar[ModelCall | None] = ContextVar("model_call", default=None)


def call_under_way() -> ModelCall | None:
    """Return the call of this thread; None outside of one."""
    return _under_way.get()
