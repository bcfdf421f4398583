"""
The one HTTP application: Slack's door, and whether this process lives and can answer.

It knows no platform: each brings its routes. What a request made go wrong is logged and
answered by a short sentence, never by a trace.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from pipelines.domain.values import Value
from pipelines.errors import FootnoteError


MOST_BYTES = 1 << 20
"""Of a body that is accepted; those of chat platforms are far smaller, also with many files and long texts."""

BODY_S = 10.0
"""Within which a body must have come, seconds."""

CHECK_S = 2.0
"""Within which a part must have said that it can work, seconds."""

Check = Callable[[], Awaitable[None]]
"""Returns if a part can work. Raises FootnoteError if it cannot."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Route(Value):
    """A method, a path and who answers there."""

    method: str
    path: str
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(routes: list[Route], checks: Mapping[str, Check], *, check_s: float = CHECK_S) -> web.Application:
    """
    Return the application.

    Args:
        routes: of the platforms that are switched on.
        checks: name of a part -> whether it can work.
        check_s: within which a part must say so, seconds.

    """
    made = web.Application(client_max_size=MOST_BYTES, middlewares=[_short_answers])
    made.router.add_get("/healthz", _alive)
    made.router.add_get("/readyz", _Readiness(checks, check_s).answer)
    for one in routes:
        made.router.add_route(one.method, one.path, one.handler)
    made.on_response_prepare.append(_say_little)
    return made


async def body_of(request: web.Request) -> bytes:
    """
    Return the body of a request.

    Raises:
        web.HTTPException: it is too large, or comes too slowly.

    """
    try:
        async with asyncio.timeout(BODY_S):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body took too long") from None


class _Readiness:
    """Whether questions can be answered, and which part is missing if not."""

    def __init__(self, checks: Mapping[str, Check], seconds: float) -> None:
        self._checks = checks
        self._seconds = seconds
        self._asking: asyncio.Task[list[str]] | None = None
        self._looks: dict[str, asyncio.Task[None]] = {}

    async def answer(self, _: web.Request) -> web.Response:
        """Name the parts that cannot work; whoever asks meanwhile gets the same answer: nobody has to sign here."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._missing())
        missing = await asyncio.shield(self._asking)
        return web.json_response({"ready": not missing, "missing": missing}, status=503 if missing else 200)

    async def _missing(self) -> list[str]:
        """Ask all parts at once; return those that cannot work, and tell why in the log alone."""
        told = await asyncio.gather(*(self._lacks(name, check) for name, check in self._checks.items()))
        return [name for name, lacks in zip(self._checks, told, strict=True) if lacks]

    async def _lacks(self, name: str, check: Check) -> bool:
        """Look at a part; where an earlier look has not ended yet, at what that one says: it may hold a thread."""
        look = self._looks.get(name)
        if look is None or look.done():
            look = self._looks[name] = asyncio.ensure_future(check())
        try:
            async with asyncio.timeout(self._seconds):
                await asyncio.shield(look)
        except TimeoutError:
            _log.warning("%s did not answer within %s seconds", name, self._seconds)
            return True
        except FootnoteError as fault:
            _log.warning("%s cannot work: %s", name, fault)
            return True
        return False


async def _alive(_: web.Request) -> web.Response:
    return web.json_response({"alive": True})


@web.middleware
async def _short_answers(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer what is refused by its status, and what went wrong here by 500, in a word."""
    try:
        return await handler(request)
    except web.HTTPException as refused:
        return web.Response(status=refused.status, text=refused.reason, headers=_allowed(refused))
    except Exception:  # noqa: BLE001 - the outermost edge of one request: the others do not suffer
        _log.exception("a request to %s failed", request.path)
        return web.Response(status=500, text="failed")


def _allowed(refused: web.HTTPException) -> dict[str, str]:
    """Return which methods there are, where another one was used."""
    return {"Allow": refused.headers["Allow"]} if "Allow" in refused.headers else {}


async def _say_little(_: web.Request, response: web.StreamResponse) -> None:
    """Name no software, and let nothing be kept or shown in another page."""
    response.headers["Server"] = "footnote"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
