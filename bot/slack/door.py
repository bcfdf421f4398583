"""
What comes through the door, over HTTP: refused, kept, answered at once, or left aside; always in one short answer.

Nothing is acknowledged before it is kept, and nothing is parsed before it is verified.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.deliveries import Inbox
from bot.slack.events import Challenge, Event, Ignored, Interaction, Needed, received
from bot.slack.guard import Guard
from pipelines.domain.values import Value
from pipelines.errors import BadInput, FootnoteError


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply(Value):
    """An HTTP answer."""

    status: int
    text: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Request(Value):
    """
    An HTTP request as it was received.

    Attributes:
        timestamp: the header `X-Slack-Request-Timestamp`, or empty.
        signature: the header `X-Slack-Signature`, or empty.
        content_type: the header, or empty.
        body: its bytes.

    """

    timestamp: str
    signature: str
    content_type: str
    body: bytes


class Door:
    """Lets Slack's requests in. Safe to share between requests."""

    def __init__(
        self,
        guard: Guard,
        inbox: Inbox,
        concerns: Callable[[Event], Awaitable[bool]],
        answer: Callable[[str], Awaitable[Reply]],
    ) -> None:
        """
        Take what it works with.

        Args:
            guard: knows who is let in.
            inbox: keeps what happened.
            concerns: says whether an event that needs a condition (`Needed`) concerns us.
            answer: answers commands, buttons and dialogues, whose body it is given.

        """
        self._guard = guard
        self._inbox = inbox
        self._concerns = concerns
        self._answer = answer

    async def enter(self, request: Request) -> Reply:
        """Return the answer to a request; that of one that is not Slack's tells nothing."""
        refusal = self._guard.refusal(request.timestamp, request.signature, request.body)
        if refusal is not None:
            _log.warning("a request was refused: %s", refusal.reason)
            return Reply(refusal.status, "refused")
        try:
            return await self._admitted(request)
        except BadInput as fault:
            _log.warning("a signed request cannot be read: %s", fault)
            return Reply(400, "unreadable")
        except FootnoteError as fault:
            # Slack delivers it again: at once, after a minute and after five.
            _log.error("an event could not be kept: %s", fault)
            return Reply(503, "not kept")

    async def _admitted(self, request: Request) -> Reply:
        told = received(request.body, request.content_type)
        match told:
            case Challenge(value):
                return Reply(200, value)
            case Interaction():
                return await self._answer(request.body.decode())
            case Event():
                await self.admit(told)
            case Ignored(why):
                _log.debug("a request asks for nothing: %s", why)
        return Reply(200)

    async def admit(self, event: Event) -> bool:
        """
        Keep an event if it concerns us; return when it is durable, and whether it was kept now.

        Raises:
            FootnoteError: it could not be kept.

        """
        if event.needed is not Needed.ALWAYS and not await self._concerns(event):
            return False
        return await self._inbox.accept(event.delivery)
