"""What comes over Slack's WebSocket: the same events and interactions as over HTTP, let in through the same door."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.door import Door, Reply
from bot.slack.web import SlackLockedOut, SlackRefusal, SlackWeb
from pipelines.errors import BadSettings, FootnoteError, TransientError


_INTERACTIONS = frozenset({"slash_commands", "interactive"})

_log = logging.getLogger(__name__)


@asynccontextmanager
async def connected(door: Door, app_token: str, url: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """
    Let in what comes over a WebSocket of the app until the block ends; a connection that ends is made again.

    Args:
        door: keeps events, answers interactions.
        app_token: begins with `xapp-`.
        url: address of the Web API, with a slash at its end.

    Yields:
        what says whether there is a connection now.

    Raises:
        BadSettings: Slack refuses the token.

    """
    # Asked before Slack's client, which tries for ever, also with a token that is worth nothing.
    first = await _first_address(app_token, url)
    client = SocketModeClient(app_token, web_client=AsyncWebClient(base_url=url))
    client.socket_mode_request_listeners.append(_Envelopes(door).take)
    client.wss_uri = first
    connecting = asyncio.create_task(client.connect())  # type: ignore[no-untyped-call]
    try:
        yield client.is_connected
    finally:
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        await client.close()  # type: ignore[no-untyped-call]


async def _first_address(app_token: str, url: str) -> str | None:
    """Return where to connect first; None if Slack does not tell now."""
    async with SlackWeb(app_token, url) as web:
        try:
            told = await web.write("apps.connections.open")
        except (SlackLockedOut, SlackRefusal) as refusal:
            raise BadSettings(f"Slack refuses SLACK_APP_TOKEN: {refusal.code}") from None
        except TransientError as fault:
            _log.warning("Slack does not open Socket Mode yet: %s", fault)
            return None
    return str(told["url"])


class _Envelopes:
    """Acknowledges an envelope once what is in it is kept or answered. One that is not comes again."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def take(self, client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        """Let an envelope in."""
        if envelope.retry_attempt:
            _log.warning("Slack repeats an envelope: %s %s", envelope.retry_attempt, envelope.retry_reason)
        try:
            reply = await self._let_in(envelope)
        except FootnoteError as fault:
            _log.error("an envelope of type %s could not be let in: %s", envelope.type, fault)
            return
        if reply.status != HTTPStatus.OK:
            _log.error("an envelope of type %s was not taken: %s", envelope.type, reply.text)
            return
        payload = _payload(reply)
        await client.send_socket_mode_response(SocketModeResponse(envelope.envelope_id, payload))

    async def _let_in(self, envelope: SocketModeRequest) -> Reply:
        if envelope.type == "events_api":
            return await self._door.take_event(json.dumps(envelope.payload))
        if envelope.type in _INTERACTIONS:
            return await self._door.take_interaction(json.dumps(envelope.payload))
        return Reply(200)


def _payload(reply: Reply) -> dict[str, object] | None:
    """Return what an acknowledgement carries; None for nothing."""
    if not reply.text:
        return None
    if reply.content_type == "application/json":
        told = json.loads(reply.text)
        return told if isinstance(told, dict) else None
    return {"text": reply.text}
