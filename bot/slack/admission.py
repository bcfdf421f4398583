"""Which events concern us, and what an event ends at once: asked at the door, before and after it is kept."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from bot.deliveries import asked_in
from bot.slack.events import PLATFORM, Event, Needed
from pipelines.domain.deliveries import Halt
from pipelines.ports.clock import Clock
from pipelines.ports.records import Records


_Result = TypeVar("_Result")

_AUTO_S = 5.0
"""After which a switch of a channel's answers is seen by all processes, seconds."""


class Admission:
    """Knows the records. Safe to share between requests."""

    def __init__(self, records: Records, threads: Executor, clock: Clock) -> None:
        self._records = records
        self._threads = threads
        self._clock = clock
        self._auto: frozenset[str] = frozenset()
        self._auto_until = 0.0

    async def concerns(self, event: Event) -> bool:
        """
        Say whether an event that needs a condition concerns us.

        What changes a message that we were asked with always does.

        Raises:
            FootnoteError: the records do not answer.

        """
        if event.needed is Needed.ALWAYS or (event.about and await self._asked(self._is_known, event)):
            return True
        match event.needed:
            case Needed.HELD_THREAD:
                return await self._asked(self._records.deliveries.holds, event.thread)
            case Needed.AUTO_ANSWER:
                return await self._is_automatic(event)
            case _:
                return False

    async def heed(self, event: Event) -> None:
        """
        End what an event that was kept just now ends, whichever process works on it.

        Raises:
            FootnoteError: the records do not answer.

        """
        if event.halts is None:
            return
        if event.about:
            await self._asked(self._records.deliveries.halt, event.about, event.halts)
        # An edit that Slack had to repeat may come after a later one, which goes on.
        below = event.delivery.key if event.halts is Halt.EDITED else ""
        await self._asked(self._records.deliveries.halt_lane, event.lane, event.halts, below)

    def _is_known(self, event: Event) -> bool:
        """Say whether we were asked with a message, by itself or by an edit of it."""
        deliveries = self._records.deliveries
        return deliveries.find(event.about) is not None or deliveries.holds(event.lane)

    async def _is_automatic(self, event: Event) -> bool:
        now = self._clock.monotonic()
        if now >= self._auto_until:
            self._auto = await self._asked(self._records.channels.auto_answer)
            self._auto_until = now + _AUTO_S
        team = event.lane.split(":")[1]
        return f"{PLATFORM}:{team}:{event.channel}" in self._auto

    async def _asked(self, function: Callable[..., _Result], *arguments: object) -> _Result:
        return await asked_in(self._threads, lambda: function(*arguments))
