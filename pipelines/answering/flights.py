"""One flight per key: of questions that are asked at once, one is worked on and the others wait for it."""

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Waited
from threading import Lock
from typing import Generic, TypeVar

from pipelines.errors import FootnoteError


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
