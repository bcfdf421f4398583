"""One flight per key: who asks the same at once waits for one."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from pipelines.answering.flights import Flights
from pipelines.errors import TransientError


LONG = 60.0


class Work:
    """Work that ends when a test says so."""

    def __init__(self, outcome: str | Exception) -> None:
        self.began = threading.Event()
        self.may_end = threading.Event()
        self._outcome = outcome

    def __call__(self) -> str:
        """Wait, and come to the outcome."""
        self.began.set()
        assert self.may_end.wait(LONG)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


@contextmanager
def flying(flights: Flights[str], work: Work, followers: int) -> Iterator[list[Future[tuple[str | None, bool]]]]:
    """Yield the futures of one who works and of those who wait for it; the work ends with the block."""
    with ThreadPoolExecutor(followers + 1) as pool:
        futures = [pool.submit(flights.fly, "key", work, LONG)]
        assert work.began.wait(LONG)
        entered = threading.Semaphore(0)

        def follow() -> tuple[str | None, bool]:
            entered.release()
            return flights.fly("key", pytest.fail, LONG)

        futures += [pool.submit(follow) for _ in range(followers)]
        for _ in range(followers):
            assert entered.acquire(timeout=LONG)
        yield futures
        work.may_end.set()


def settle(flights: Flights[str], followers: int) -> None:
    """Wait until all followers wait."""
    flight = next(iter(flights._flying.values()))
    while len(flight._condition._waiters) < followers:  # type: ignore[attr-defined]
        threading.Event().wait(0.005)


def test_one_works_for_all() -> None:
    """Twenty who ask meanwhile get the result of the one who works, and know that it is not theirs."""
    flights: Flights[str] = Flights()
    with flying(flights, Work("done"), 20) as futures:
        settle(flights, 20)
    assert [one.result() for one in futures] == [("done", True), *[("done", False)] * 20]


def test_a_named_fault_is_told_to_all() -> None:
    """Who waited for work that failed is told its sentence, in an error of their own."""
    flights: Flights[str] = Flights()
    with flying(flights, Work(TransientError("the index does not answer")), 3) as futures:
        settle(flights, 3)
    faults = [one.exception() for one in futures]
    assert [str(one) for one in faults] == ["the index does not answer"] * 4
    assert {type(one) for one in faults} == {TransientError}
    assert len({id(one) for one in faults}) == 4


def test_a_fault_without_a_name_is_its_own_askers() -> None:
    """Others than the one whose work broke get nothing, and work themselves."""
    flights: Flights[str] = Flights()
    with flying(flights, Work(ZeroDivisionError()), 3) as futures:
        settle(flights, 3)
    assert isinstance(futures[0].exception(), ZeroDivisionError)
    assert [one.result() for one in futures[1:]] == [(None, False)] * 3


def test_waiting_has_an_end() -> None:
    """Who waited long enough gets nothing, while the work goes on."""
    flights: Flights[str] = Flights()
    with flying(flights, Work("late"), 0) as futures:
        assert flights.fly("key", lambda: "not mine", 0.01) == (None, False)
    assert futures[0].result() == ("late", True)


def test_after_a_flight_the_next_one_works() -> None:
    """A result is for those who waited; who asks later works anew, also after a fault."""
    flights: Flights[str] = Flights()
    assert flights.fly("key", lambda: "first", LONG) == ("first", True)
    with pytest.raises(ZeroDivisionError):
        flights.fly("key", lambda: str(1 // 0), LONG)
    assert flights.fly("key", lambda: "third", LONG) == ("third", True)


def test_other_keys_do_not_wait() -> None:
    """Each key has its own flight."""
    flights: Flights[str] = Flights()
    with flying(flights, Work("one"), 0):
        assert flights.fly("other", lambda: "two", LONG) == ("two", True)
