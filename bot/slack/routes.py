"""Slack's route in the HTTP application."""

from http import HTTPStatus

from aiohttp import web

from bot.server import Route, body_of
from bot.slack.door import Door, Request
from bot.slack.manifest import PATH


_NEVER_AGAIN = {"X-Slack-No-Retry": "1"}
"""What cannot be read today cannot be read in five minutes."""

_REPEATED = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")


def routes(door: Door) -> list[Route]:
    """Return what Slack is answered by."""

    async def enter(request: web.Request) -> web.Response:
        timestamp, signature = _only(request, "X-Slack-Request-Timestamp"), _only(request, "X-Slack-Signature")
        if refused := door.refuse_unread(timestamp, signature, request.content_length or 0):
            return web.Response(status=refused.status, text=refused.text)
        told = Request(
            timestamp=timestamp,
            signature=signature,
            content_type=request.headers.get("Content-Type", ""),
            body=await body_of(request),
            repetition=" ".join(one[:40] for one in (_only(request, name) for name in _REPEATED) if one),
        )
        reply = await door.enter(told)
        headers = _NEVER_AGAIN if reply.status == HTTPStatus.BAD_REQUEST else None
        return web.Response(status=reply.status, text=reply.text, content_type=reply.content_type, headers=headers)

    return [Route("POST", PATH, enter)]


def _only(request: web.Request, name: str) -> str:
    """Return a header; nothing where it is missing or told twice: whoever stands between may heed the other one."""
    told = request.headers.getall(name, ())
    return told[0] if len(told) == 1 else ""
