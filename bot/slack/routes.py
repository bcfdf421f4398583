"""Slack's route in the HTTP application."""

from aiohttp import web

from bot.server import Route, body_of
from bot.slack.door import Door, Request
from bot.slack.manifest import PATH


def routes(door: Door) -> list[Route]:
    """Return what Slack is answered by."""

    async def enter(request: web.Request) -> web.Response:
        told = Request(
            timestamp=request.headers.get("X-Slack-Request-Timestamp", ""),
            signature=request.headers.get("X-Slack-Signature", ""),
            content_type=request.headers.get("Content-Type", ""),
            body=await body_of(request),
        )
        reply = await door.enter(told)
        return web.Response(status=reply.status, text=reply.text, content_type=reply.content_type)

    return [Route("POST", PATH, enter)]
