"""
The text of one answer while it is written: streamed by time, within the workspace's budget.

Whatever Slack does to a stream, the text is never lost: what was not taken is kept, and the
end (`bot.slack.outbox`) shows the whole answer. A stream that cannot be begun is no fault.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from bot.slack.blocks.markdown import markdown_pieces
from bot.slack.blocks.progress import text_chunk
from bot.slack.blocks.shapes import Json, size_of
from bot.slack.checks import InvalidMessage, check_blocks, check_chunks
from bot.slack.places import Place
from bot.slack.posting import patiently
from bot.slack.stream_budget import StreamBudget
from bot.slack.web import SlackAway, SlackBusy, SlackRefusal, SlackWeb
from pipelines.errors import Busy, TransientError


STREAM_BYTES = 9000
"""Bytes of one streamed message; Slack refuses somewhat more than 10,000."""

_PIECE_BYTES = 3000
_ENDING_BYTES = 600
"""Of the plan's last steps and the metadata, which come with the end."""

_TOO_LONG = "msg_too_long"
_STOPPED = "stopped_by_user"

_log = logging.getLogger(__name__)


class LiveState(Enum):
    """How far a text is."""

    UNBEGUN = "unbegun"
    """Nothing of it is shown."""
    OPEN = "open"
    """A stream shows it, and is still to be ended."""
    BROKEN = "broken"
    """Messages show a part of it, and no stream is open any more: they are to be replaced."""
    DOUBTFUL = "doubtful"
    """Slack did not say whether a stream was begun: the thread is to be looked at."""
    OFF = "off"
    """It is not streamed."""


class LiveText:
    """
    One answer's text. Belongs to one event loop.

    Attributes:
        state: how far it is.
        times: of the messages that show it, in order.

    """

    def __init__(
        self,
        web: SlackWeb,
        place: Place,
        budget: StreamBudget,
        plan: Callable[[], Sequence[Json]],
        shown: Callable[[], Awaitable[None]],
    ) -> None:
        """
        Begin with nothing.

        Args:
            web: Slack.
            place: where it is shown.
            budget: how often.
            plan: returns the pieces that stand above the text.
            shown: told before and after each message that is begun; raises `Busy` if another process shows it now.

        """
        self.state = LiveState.UNBEGUN
        self.times: list[str] = []
        self._web = web
        self._place = place
        self._budget = budget
        self._plan = plan
        self._shown = shown
        self._said: list[str] = []
        self._waiting: list[str] = []
        self._bytes = 0
        self._calls = 0
        self._is_stale = False
        self._resting = asyncio.Event()
        self._taken_over: Busy | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def text(self) -> str:
        """Return all that was said since it was begun anew, whether it is shown or not."""
        return "".join(self._said)

    @property
    def room(self) -> int:
        """Return the bytes that blocks may have at the end of the message that is streamed."""
        waiting = sum(len(one.encode()) for one in self._waiting)
        return max(0, STREAM_BYTES - self._bytes - waiting - _ENDING_BYTES)

    def say(self, text: str) -> None:
        """Show a piece as soon as time and budget allow."""
        self._said.append(text)
        self._waiting.extend(markdown_pieces(text, {}, _PIECE_BYTES))
        if self._task is None and not self._is_stale:
            self._task = asyncio.create_task(self._stream())

    def start_over(self) -> None:
        """Show nothing more: what was said does not count, and is replaced in the end."""
        self._said.clear()
        self._waiting.clear()
        self._is_stale = bool(self.times) or self._task is not None

    async def rest(self) -> None:
        """
        Begin no further call; return once none is under way.

        Raises:
            Busy: another process shows it now.

        """
        self._resting.set()
        if self._task is not None:
            await self._task
        if self._taken_over is not None:
            raise self._taken_over

    async def end(self, chunks: Sequence[Json], blocks: Sequence[Json], metadata: Mapping[str, Any]) -> bool:
        """
        Show what waits, and end the stream with these; call `rest` before.

        Returns:
            whether all that was said is shown and these are; if not, the messages are to be replaced.

        Raises:
            TransientError: Slack does not take it now.

        """
        if self.state is not LiveState.OPEN or self._is_stale:
            await self.close()
            return False
        waiting = [text_chunk("".join(self._waiting))] if self._waiting else []
        try:
            check_chunks([*waiting, *chunks])
            check_blocks(blocks)
            await self._stop(
                chunks=[*waiting, *chunks], blocks=list(blocks), metadata=dict(metadata), session_status="active"
            )
        except (InvalidMessage, SlackRefusal) as fault:
            _log.warning("a stream is not ended with all that belongs to it: %s", fault)
            await self.close()
            return False
        self.state = LiveState.OFF
        return True

    async def close(self, text: str = "") -> bool:
        """
        End the stream, if one is open, with what it shows; call `rest` before.

        Args:
            text: Markdown that stands at its end.

        Returns:
            whether it was ended so.

        """
        if self.state is not LiveState.OPEN:
            return False
        self.state = LiveState.BROKEN
        try:
            await self._stop(chunks=[text_chunk(text)] if text else None, session_status="active")
        except SlackRefusal as refusal:
            _log.warning("a stream was over before it was ended: %s", refusal)
            return False
        return True

    async def _stop(self, **arguments: Any) -> None:  # noqa: ANN401 - Slack's own arguments
        place = {"channel": self._place.channel, "ts": self.times[-1]}

        async def call() -> Json:
            return await self._web.write("chat.stopStream", **place, **arguments)

        try:
            await patiently(call)
        except SlackAway:
            # If it was ended after all, Slack says so now.
            await patiently(call)

    async def _stream(self) -> None:
        """Show what waits, by time, until nothing waits or it is to rest."""
        try:
            while self._waiting and self._goes_on():
                pause = await self._step()
                await self._pause(max(pause, self._budget.pause_s(self._calls) if self._calls else 0.0))
        finally:
            self._task = None

    def _goes_on(self) -> bool:
        alive = self.state in (LiveState.UNBEGUN, LiveState.OPEN)
        return alive and not self._is_stale and not self._resting.is_set()

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._resting.wait()
        except TimeoutError:
            return

    async def _step(self) -> float:
        """Begin the stream, or add to it; return after how many seconds to go on at the earliest."""
        try:
            if self.state is LiveState.UNBEGUN:
                await self._begin(list(self._plan()))
                return 0.0
            pause = await self._budget.wait_to_append()
            if not pause:
                await self._append()
        except SlackBusy as busy:
            return busy.retry_after_s
        except SlackRefusal as refusal:
            _log.warning("a text cannot be streamed any more: %s", refusal)
            # A stream that a person stopped is still to be ended.
            self._is_stale = True
            self.state = self.state if refusal.code == _STOPPED else LiveState.BROKEN
            return 0.0
        except Busy as fault:
            self._taken_over, self._is_stale = fault, True
            return 0.0
        except TransientError as fault:
            _log.warning("nobody knows what of a text is shown: %s", fault)
            self._is_stale = True
            return 0.0
        return pause

    async def _begin(self, plan: list[Json]) -> None:
        """Begin a stream; where that is not to be, the answer is shown whole in the end."""
        otherwise = LiveState.BROKEN if self.times else LiveState.OFF
        if not await self._budget.may_start():
            self.state = otherwise
            return
        await self._shown()
        self._bytes = size_of(plan)
        taken = self._fitting()
        place = self._place
        try:
            told = await self._web.write(
                "chat.startStream",
                channel=place.channel,
                thread_ts=place.thread,
                recipient_user_id=place.user,
                recipient_team_id=place.user_team,
                task_display_mode="plan",
                chunks=[*plan, text_chunk("".join(taken))],
            )
        except (SlackBusy, SlackRefusal) as fault:
            _log.warning("an answer is not streamed: %s", fault)
            self._waiting[:0] = taken
            self.state = otherwise
            return
        except SlackAway:
            self.state = LiveState.DOUBTFUL
            raise
        self.times.append(str(told["ts"]))
        self.state = LiveState.OPEN
        self._calls += 1
        await self._shown()

    async def _append(self) -> None:
        """Add what fits; where nothing fits, go on in another message."""
        taken = self._fitting()
        if not taken:
            await self._roll_over()
            return
        self._calls += 1
        place = {"channel": self._place.channel, "ts": self.times[-1]}
        try:
            await self._web.write("chat.appendStream", **place, chunks=[text_chunk("".join(taken))])
        except (SlackBusy, SlackRefusal) as fault:
            self._waiting[:0] = taken
            self._bytes -= sum(len(one.encode()) for one in taken)
            if isinstance(fault, SlackBusy) or fault.code != _TOO_LONG:
                raise
            await self._roll_over()

    async def _roll_over(self) -> None:
        """End this message, and go on in a new one."""
        await self._stop()
        await self._begin([])

    def _fitting(self) -> list[str]:
        """Take the pieces that wait and fit into the message."""
        taken: list[str] = []
        while self._waiting and self._bytes + len(self._waiting[0].encode()) <= STREAM_BYTES - _ENDING_BYTES:
            taken.append(self._waiting.pop(0))
            self._bytes += len(taken[-1].encode())
        return taken
