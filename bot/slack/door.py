"""
What comes through the door, over HTTP: refused, kept, answered at once, or left aside; always in one short answer.

Nothing is acknowledged before it is kept, and nothing is parsed before it is verified.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.deliveries import Inbox
from bot.slack.admission import Admission
from bot.slack.events import Challenge, Event, Ignored, Interaction, Received, received, received_event
from bot.slack.guard import Guard, Refusal
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
        repetition: the headers `X-Slack-Retry-Num` and `-Reason`, such as `1 http_timeout`; empty for the first.

    """

    timestamp: str
    signature: str
    content_type: str
    body: bytes
    repetition: str = ""


class Door:
    """Lets Slack's requests in. Safe to share between requests."""

    def __init__(
        self,
        guard: Guard | None,
        inbox: Inbox,
        admission: Admission,
        answer: Callable[[str], Awaitable[Reply]],
    ) -> None:
        """
        Take what it works with.

        Args:
            guard: knows who is let in over HTTP; None where nobody is.
            inbox: keeps what happened.
            admission: says whether an event concerns us, and ends what it ends.
            answer: answers commands, buttons and dialogues, whose body it is given.

        """
        self._guard = guard
        self._inbox = inbox
        self._admission = admission
        self._answer = answer

    def refuse_unread(self, timestamp: str, signature: str, length: int) -> Reply | None:
        """
        Return the answer to a request that is refused whatever stands in its body; None if that must be read.

        Args:
            timestamp: the header `X-Slack-Request-Timestamp`, or empty.
            signature: the header `X-Slack-Signature`, or empty.
            length: of the body in bytes; 0 if it is not known.

        """
        if self._guard is None:
            return Reply(404, "not here")
        return _refused(self._guard.refusal_unread(timestamp, signature, length))

    async def enter(self, request: Request) -> Reply:
        """Return the answer to a request; that of one that is not Slack's tells nothing."""
        if self._guard is None:
            return Reply(404, "not here")
        if refused := _refused(self._guard.refusal(request.timestamp, request.signature, request.body)):
            return refused
        if request.repetition:
            # It is known again by its key; that Slack had to repeat it is for whoever looks after this server.
            _log.warning("Slack repeats a request: %s", request.repetition)
        try:
            return await self._admitted(request)
        except BadInput as fault:
            _log.warning("a signed request cannot be read: %s", fault)
            return Reply(400, "unreadable")
        except FootnoteError as fault:
            # Slack delivers it again: at once, after a minute and after five.
            _log.error("an event could not be kept: %s", fault)
            return Reply(503, "not kept")

    async def take_event(self, text: str) -> Reply:
        """
        Take an event whose sender is verified, as JSON.

        Raises:
            BadInput: it cannot be read.
            FootnoteError: it could not be kept.

        """
        return await self._taken(received_event(text), text)

    async def take_interaction(self, body: str) -> Reply:
        """Answer a command, a button or a dialogue whose sender is verified: a form, or JSON."""
        return await self._answer(body)

    async def _admitted(self, request: Request) -> Reply:
        return await self._taken(received(request.body, request.content_type), request.body.decode())

    async def _taken(self, told: Received, body: str) -> Reply:
        match told:
            case Challenge(value):
                return Reply(200, value)
            case Interaction():
                return await self._answer(body)
            case Event():
                await self._admit(told)
            case Ignored(why, is_loss):
                _log.log(logging.WARNING if is_loss else logging.DEBUG, "a request asks for nothing: %s", why)
        return Reply(200)

    async def _admit(self, event: Event) -> None:
        """Keep an event if it concerns us; return when it is durable."""
        if await self._admission.concerns(event) and await self._inbox.accept(event.delivery):
            await self._admission.heed(event)


def _refused(refusal: Refusal | None) -> Reply | None:
    if refusal is None:
        return None
    _log.warning("a request was refused: %s", refusal.reason)
    return Reply(refusal.status, "refused")
