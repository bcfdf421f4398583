"""How often streams may be begun and go on, by all processes of a workspace together, and how fast one goes on."""

import asyncio
from collections import deque
from concurrent.futures import Executor
from functools import partial

from pipelines.ports.clock import Clock
from pipelines.ports.rate_budget import Rate, RateBudgets


STARTS = Rate(18 / 60, 3)
"""`chat.startStream` and `chat.stopStream` are of Slack's tier 2: twenty a minute, and some more."""

APPENDS = Rate(90 / 60, 10)
"""`chat.appendStream` is of tier 4: a hundred a minute, and some more."""

_QUIET = 5
"""Streams that this process began within a minute; with fewer a text goes on each second."""

_STEP_S = 1.2
_AT_FIRST = 4
"""Calls of a stream after which its pauses grow, however quiet it is: nobody waits for every word of a long answer."""


class StreamBudget:
    """The budget of one workspace. Safe to share between streams."""

    def __init__(self, team: str, budgets: RateBudgets, threads: Executor, clock: Clock) -> None:
        self._team = team
        self._budgets = budgets
        self._threads = threads
        self._clock = clock
        self._begun: deque[float] = deque()

    async def may_start(self) -> bool:
        """Say whether a stream may be begun now."""
        if await self._take("start", STARTS) > 0:
            return False
        self._begun.append(self._clock.monotonic())
        return True

    async def wait_to_append(self) -> float:
        """Take one addition to a stream; return 0.0 if it may be made now, else the seconds to wait before asking."""
        return await self._take("append", APPENDS)

    def pause_s(self, number: int) -> float:
        """
        Return how long to wait before the next addition to a stream, seconds.

        Args:
            number: additions that were made to it, its start included. Where there are many streams, and after
                the fourth call in any, each pause is twice the one before: an answer of ten seconds has
                seven calls, its end included, and one of a minute nine.

        """
        while self._begun and self._begun[0] < self._clock.monotonic() - 60:
            self._begun.popleft()
        steady = _AT_FIRST if len(self._begun) < _QUIET else 1
        return _STEP_S * float(2 ** max(0, number - steady))

    async def _take(self, what: str, rate: Rate) -> float:
        take = partial(self._budgets.take, f"slack:{self._team}:{what}", rate)
        return await asyncio.get_running_loop().run_in_executor(self._threads, take)
