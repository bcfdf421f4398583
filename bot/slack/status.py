"""
What a thread shows while its question is worked on: the state of its session, with the stop button, and a line.

None of it takes anything from the answer: a call that fails is logged. A line never stays behind the outcome.
"""

import asyncio
import logging
from collections.abc import Awaitable
from functools import cache

from bot.slack.blocks.shapes import Json
from bot.slack.places import Place
from bot.slack.web import SlackRefusal, SlackWeb
from pipelines.errors import TransientError


_PATIENCE_S = 2.0
"""That an outcome waits for a call that shows a status, at most."""

_MOMENT_S = 0.2
"""Within which an outcome, or its first words, make another line needless."""

_NO_STOP = "missing_agent_session_stopped_event_subscription"

_log = logging.getLogger(__name__)


class Status:
    """The status of one question. Belongs to one event loop."""

    def __init__(self, web: SlackWeb, place: Place) -> None:
        """Begin with nothing shown."""
        self._web = web
        self._place = place
        self._shown: asyncio.Task[None] | None = None
        self._is_changed = False
        self._enough = asyncio.Event()
        self._under_way = 0
        self._is_late = False

    def begin(self, title: str, line: str, *, renamed: bool = False) -> None:
        """
        Show that a question is worked on; nothing waits for that.

        Args:
            title: of the session; empty for none.
            line: what is done; Slack puts our name before it.
            renamed: the session has a title, and is to get this one.

        """
        self._shown = asyncio.create_task(self._announced(title, line, renamed=renamed))

    def change(self, line: str) -> None:
        """Show another line in a moment, once; not where none was begun, or something better is there by then."""
        if self._shown is not None and not self._is_changed:
            self._is_changed = True
            self._shown = asyncio.create_task(self._changed(self._shown, line))

    def is_enough(self) -> None:
        """Show no other line from now on: there is text."""
        self._enough.set()
        # Slack may heed it when the text has begun: then the text does not take it away.
        self._is_late = self._is_late or self._under_way > 0

    async def rest(self) -> None:
        """Return once no call is under way: one that shows a status would show it behind the outcome."""
        self._enough.set()
        if self._shown is not None:
            await asyncio.wait([self._shown], timeout=_PATIENCE_S)
            self._is_late = self._shown.cancel() or self._is_late
            self._shown = None

    async def calm(self, *, silently: bool = False) -> None:
        """Show that nothing is worked on; `silently` where no new message does so by itself."""
        await self._told(self._session("active"), *([self._line("")] if silently or self._is_late else []))

    async def calm_late(self) -> None:
        """Show it where a status may have been shown behind the beginning or the end of a stream."""
        if self._is_late:
            await self.calm()

    async def _announced(self, title: str, line: str, *, renamed: bool) -> None:
        begun = self._session("processing", title=title or None, initiator_user_id=self._place.user)
        await self._told(begun, self._line(line))
        if renamed:
            await self._told(self._web.write("agents.sessions.rename", **self._where(), title=title))

    async def _changed(self, before: asyncio.Task[None], line: str) -> None:
        await before
        try:
            async with asyncio.timeout(_MOMENT_S):
                await self._enough.wait()
        except TimeoutError:
            await self._told(self._line(line))

    def _session(self, status: str, **more: str | None) -> Awaitable[Json]:
        return self._web.write("agents.sessions.setStatus", **self._where(), status=status, **more)

    def _line(self, status: str) -> Awaitable[Json]:
        return self._web.write("assistant.threads.setStatus", **self._where(), status=status)

    def _where(self) -> dict[str, str]:
        return {"channel_id": self._place.channel, "thread_ts": self._place.thread}

    async def _told(self, *calls: Awaitable[Json]) -> None:
        """Make calls whose failure takes nothing from the answer."""
        self._under_way += 1
        try:
            told = await asyncio.gather(*calls, return_exceptions=True)
        finally:
            self._under_way -= 1
        for one in told:
            if isinstance(one, SlackRefusal | TransientError):
                _log.warning("a status could not be shown: %s", one)
            elif isinstance(one, BaseException):
                raise one
            elif _NO_STOP in str(one.get("warning", "")):
                _warn_of_stops()


@cache
def _warn_of_stops() -> None:
    """Log, once in a process, that nobody can stop an answer."""
    _log.warning(
        "Slack shows nobody a button that stops an answer: the app is not subscribed to agent_session_stopped; "
        "give it the events that `footnote manifest slack` prints"
    )
