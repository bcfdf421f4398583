"""
The one HTTP application: Slack's door, and whether this process lives and can answer.

It knows no platform: each brings its routes. What a request made go wrong is logged and
answered by a short sentence, never by a trace.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from pipelines.domain.values import Value
from pipelines.errors import FootnoteError


MOST_BYTES = 1 << 20
"""Of a body that is accepted; those of chat platforms are far smaller, also with many files and long texts."""

BODY_S = 10.0
"""Within which a body must have come, seconds."""

HEAD_S = 10.0
"""Within which a new connection must have sent the head of a request, seconds."""

SMALL_BYTES = 1 << 16
"""Of a body that waits for no other one: a connection holds as much in any case."""

MOST_READ = 32
"""Larger bodies that are read at the same time."""

CHECK_S = 2.0
"""Within which a part must have said that it can work, seconds."""

Check = Callable[[], Awaitable[None]]
"""Returns if a part can work. Raises FootnoteError if it cannot."""

_READING = web.AppKey("reading", asyncio.Semaphore)

_BROKEN = (web.RequestPayloadError, HttpProcessingError, ConnectionError)
"""Of whoever sends, and no fault of ours."""

_LITTLE = {"Server": "footnote", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Names no software, and lets nothing be kept or shown in another page."""

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
    made[_READING] = asyncio.Semaphore(MOST_READ)
    made.router.add_get("/healthz", _alive)
    made.router.add_get("/readyz", _Readiness(checks, check_s).answer)
    for one in routes:
        made.router.add_route(one.method, one.path, one.handler)
    made.on_response_prepare.append(_say_little)
    return made


def runner(app: web.Application, *, head_s: float = HEAD_S) -> web.AppRunner:
    """
    Return what serves an application.

    Args:
        app: made by `application`.
        head_s: within which a new connection must have sent the head of a request, seconds.

    """
    # No chat platform packs its bodies, and nobody's are unpacked.
    own: dict[str, Any] = {"head_s": head_s, "access_log": None, "auto_decompress": False}
    return _Runner(app, handle_signals=False, shutdown_timeout=5.0, **own)


async def body_of(request: web.Request) -> bytes:
    """
    Return the body of a request; of the larger ones some are read at a time, and the others wait.

    Raises:
        web.HTTPException: it is packed, too large, broken, or comes too slowly.

    """
    if "Content-Encoding" in request.headers:
        raise web.HTTPUnsupportedMediaType
    length = request.content_length
    is_small = length is not None and length <= SMALL_BYTES
    try:
        async with asyncio.timeout(BODY_S), nullcontext() if is_small else request.app[_READING]:
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body took too long") from None
    except _BROKEN:
        raise web.HTTPBadRequest from None


class _Connection(web.RequestHandler):
    """A connection: it has to send something soon, and of what cannot be read nothing is repeated."""

    __slots__ = ("_head_s",)

    def __init__(self, server: web.Server, *, head_s: float, **more: Any) -> None:  # noqa: ANN401 - aiohttp's
        super().__init__(server, **more)
        self._head_s = head_s

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the head of the first request."""
        super().connection_made(transport)
        asyncio.get_running_loop().call_later(self._head_s, self._close_if_silent)

    def _close_if_silent(self) -> None:
        if not self._request_count:
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no request by its status alone."""
        super().handle_error(request, status, exc, message)
        made = web.Response(status=status, text=HTTPStatus(status).phrase, headers=_LITTLE)
        made.force_close()
        return made

    def log_exception(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - aiohttp's
        """Tell in a line what whoever sends did wrong."""
        if isinstance(fault := more.get("exc_info"), _BROKEN):
            _log.info("a request cannot be read: %s", type(fault).__name__)
        else:
            super().log_exception(*args, **more)


class _Server(web.Server):
    """Makes connections of ours."""

    def __call__(self) -> web.RequestHandler:
        """Return a connection that begins."""
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Runner(web.AppRunner):
    """Serves an application over connections of ours."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **self._kwargs)


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
    response.headers.update(_LITTLE)
