"""One flight per key: of questions that are asked at once, one is worked on and the others wait for it."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Waited
from threading import Lock
from typing import Generic, TypeVar

from pipelines.errors import FootnoteError
from pipelines.ports.answer_cache import AnswerSlot
from pipelines.ports.clock import Clock


_POLL_S = 0.03

_Result = TypeVar("_Result")


class Flights(Generic[_Result]):
    """Calls of this process by key. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._flying: dict[str, Future[_Result | None]] = {}

    def fly(self, key: str, work: Callable[[], _Result], wait_s: float) -> tuple[_Result | None, bool]:
        """
        Do the work, or wait for whoever does it now.

        Args:
            key: what is worked on.
            work: does it.
            wait_s: seconds that a call waits for another one's work.

        Returns:
            the result, and whether it is this call's own. None of another one's that took
            too long, or ended with a fault that has no name.

        Raises:
            FootnoteError: what the work raised; everybody who waited for it is told the same.

        """
        with self._lock:
            flight = self._flying.get(key)
            if flight is None:
                own = self._flying[key] = Future[_Result | None]()
        if flight is not None:
            return _waited(flight, wait_s), False
        try:
            return self._worked(key, own, work), True
        finally:
            if not own.done():
                self._land(key)
                own.set_result(None)

    def _worked(self, key: str, own: "Future[_Result | None]", work: Callable[[], _Result]) -> _Result:
        try:
            result = work()
        except FootnoteError as fault:
            self._land(key)
            own.set_exception(fault)
            raise
        self._land(key)
        own.set_result(result)
        return result

    def _land(self, key: str) -> None:
        with self._lock:
            del self._flying[key]


def _waited(flight: "Future[_Result | None]", seconds: float) -> _Result | None:
    try:
        return flight.result(seconds)
    except Waited:
        return None
    except FootnoteError as fault:
        # One of its own for each: a raised error holds the frames that it passed.
        raise type(fault)(*fault.args) from None


class SharedWork:
    """What one process has kept in a slot, others need not make: one makes it, over all processes if that can be."""

    def __init__(self, clock: Clock, wait_s: float, pause: Callable[[float], None] = time.sleep) -> None:
        """
        Take the parts.

        Args:
            clock: for waits.
            wait_s: seconds that a call waits for another one's work.
            pause: waits some seconds.

        """
        self._clock = clock
        self._wait_s = wait_s
        self._pause = pause

    def kept_or_made(
        self,
        slot: AnswerSlot,
        read: Callable[[bytes], _Result | None],
        make: Callable[[], _Result],
        wanted: Callable[[], None] = lambda: None,
    ) -> _Result:
        """
        Return what is kept, or what is made now.

        Args:
            slot: where it may be kept.
            read: what is kept as a result; None if it is not to be used.
            make: makes it, and keeps it in the slot.
            wanted: raises when nobody waits for it any longer; called while it waits.

        """
        until = self._clock.monotonic() + self._wait_s
        while True:
            wanted()
            data = slot.get()
            found = None if data is None else read(data)
            if found is not None:
                return found
            # What may not be used is replaced by whoever sees it: to wait for another would bring the same.
            if data is not None or self._clock.monotonic() >= until:
                return make()
            if slot.take(self._wait_s):
                try:
                    return make()
                finally:
                    slot.release()
            while slot.taken() and self._clock.monotonic() < until and not slot.get():
                wanted()
                self._pause(_POLL_S)
