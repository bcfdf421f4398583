"""Several courses of work of which one runs at a time: who goes on at each point is a matter of seeded chance."""

import random
import threading
from collections.abc import Callable, Sequence
from typing import Any


class Turns:
    """Runs works in threads that take turns. Control changes only where `point` is called, so a seed repeats a run."""

    def __init__(self, chance: random.Random, before: Callable[[], None] = lambda: None) -> None:
        """
        Take where chance comes from.

        Args:
            chance: says who goes on.
            before: called before each turn, while nobody runs.

        """
        self._chance = chance
        self._before = before
        self._back = threading.Semaphore(0)
        self._running: threading.Semaphore | None = None
        self._faults: list[BaseException] = []
        self.turns = 0

    def point(self) -> None:
        """Let somebody else go on, if a work calls this; nothing otherwise."""
        own = self._running
        if own is not None:
            self._back.release()
            own.acquire()

    def run(self, works: Sequence[Callable[[], None]]) -> None:
        """Run works to their ends; the first fault of any is raised, after all have ended."""
        waiting: dict[int, tuple[threading.Semaphore, threading.Thread]] = {}
        for number, work in enumerate(works):
            go = threading.Semaphore(0)
            thread = threading.Thread(target=self._work, args=(go, work), daemon=True)
            waiting[number] = go, thread
            thread.start()
        while waiting:
            chosen = self._chance.choice(sorted(waiting))
            go, thread = waiting[chosen]
            self._before()
            self.turns += 1
            self._running = go
            go.release()
            self._back.acquire()
            self._running = None
            if getattr(go, "ended", False):
                thread.join()
                del waiting[chosen]
        self._before()
        if self._faults:
            raise self._faults[0]

    def _work(self, go: threading.Semaphore, work: Callable[[], None]) -> None:
        go.acquire()
        try:
            work()
        except BaseException as fault:  # noqa: BLE001 - told to the test, whatever it is
            self._faults.append(fault)
        go.ended = True  # type: ignore[attr-defined]
        self._back.release()


class Stepped:
    """What it holds, with a point before and after each call of each of its methods, and of its parts' methods."""

    def __init__(self, inner: object, point: Callable[[], None], told: Callable[[str], None] = lambda _: None) -> None:
        """
        Take what is called.

        Args:
            inner: what is called.
            point: lets others go on.
            told: told the name of each method directly before it is called.

        """
        self._inner = inner
        self._point = point
        self._told = told

    def __getattr__(self, name: str) -> Any:
        """Return a method that lets others go on, or a part that does."""
        found = getattr(self._inner, name)
        if isinstance(found, str | int | float | None):
            return found
        return self._method(name, found) if callable(found) else Stepped(found, self._point, self._told)

    def _method(self, name: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        def method(*given: Any, **named: Any) -> Any:
            self._point()
            self._told(name)
            result = inner(*given, **named)
            self._point()
            return result

        return method
