"""What was asked, for a while: equal look-ups of one moment share one call, and nothing is older than its life."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from pipelines.errors import TransientError
from pipelines.ports.clock import Clock


_Key = TypeVar("_Key")
_Found = TypeVar("_Found")


class Fresh(Generic[_Key, _Found]):
    """
    Remembers what look-ups found; of one event loop.

    What was forgotten while a look-up is under way is not remembered of it, nor does anybody
    join it any more: it may have been answered before the change.
    """

    def __init__(self, clock: Clock, life_s: float, most: int) -> None:
        """
        Begin with nothing.

        Args:
            clock: the time.
            life_s: for which something is good, counted from the moment at which it was asked for.
            most: that are remembered; the oldest goes first.

        """
        self._clock = clock
        self._life_s = life_s
        self._most = most
        self._kept: dict[_Key, tuple[float, _Found]] = {}
        self._flights: dict[_Key, asyncio.Task[_Found]] = {}
        self._running: set[asyncio.Task[_Found]] = set()

    async def get(self, key: _Key, ask: Callable[[], Coroutine[Any, Any, _Found]]) -> _Found:
        """
        Return what is known, or what `ask` finds.

        Raises:
            TransientError: it came so late that it is too old already.
            Exception: whatever `ask` raises; it is not remembered.

        """
        kept = self._kept.get(key)
        if kept is not None and self._age(kept[0]) <= self._life_s:
            return kept[1]
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(self._look_up(key, ask))
            self._running.add(flight)
            flight.add_done_callback(lambda landed: self._landed(key, landed))
        # Whoever is cancelled takes nobody else's look-up along.
        return await asyncio.shield(flight)

    def forget(self, key: _Key) -> None:
        """Ask again next time."""
        self._kept.pop(key, None)
        self._flights.pop(key, None)

    async def _look_up(self, key: _Key, ask: Callable[[], Coroutine[Any, Any, _Found]]) -> _Found:
        began = self._clock.monotonic()
        found = await ask()
        if self._age(began) > self._life_s:
            raise TransientError("Slack took so long to tell of people and channels that it may be true no longer.")
        if self._flights.get(key) is asyncio.current_task():
            self._keep(key, began, found)
        return found

    def _keep(self, key: _Key, began: float, found: _Found) -> None:
        self._kept.pop(key, None)
        self._kept[key] = (began, found)
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]

    def _landed(self, key: _Key, flight: asyncio.Task[_Found]) -> None:
        self._running.discard(flight)
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not flight.cancelled():
            # Read once here: nobody may be left who waits for it.
            flight.exception()

    def _age(self, since: float) -> float:
        return self._clock.monotonic() - since
