"""
The page's server, on loopback: what a person sees, what a person does, and the page's own files.

It takes no request from another origin: each act is JSON, and the Host is that of this machine.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.fakes.slack_page.acts import Acts, Shortcut
from tests.fakes.slack_page.glances import Glances, Look, NotPossible
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import Installation, Json


_STATIC = Path(__file__).parent / "static"
_LOOK_S = 0.08
"""Between two looks at what has changed: with the way to the page well below 300 ms."""

_HOLD_S = 20.0
"""That a request waits for a change."""

_MOST_BYTES = 4 << 20
_HERE = frozenset(["127.0.0.1", "localhost", "[::1]"])
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Hint:
    """
    Something worth trying.

    Attributes:
        title: what it shows.
        who: id of the person who does it.
        place: id of the channel, or `direct` for the conversation with the app, or `home`.
        text: what is typed; "" for nothing.

    """

    title: str
    who: str
    place: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What the page offers besides Slack itself.

    Attributes:
        commands: of the app.
        shortcuts: of the app.
        hints: what is worth trying, in order.

    """

    commands: Sequence[str] = ()
    shortcuts: Sequence[Shortcut] = ()
    hints: Sequence[Hint] = ()


def page(slack: FakeSlack, app: Installation, offer: Offer) -> web.Application:
    """Return the page as an application."""
    made = web.Application(client_max_size=_MOST_BYTES, middlewares=[_guarded])
    glances = Glances(slack, app)
    for one in filter(glances.has_app, glances.people()):
        one.direct(app)
    desk = _Desk(glances, Acts(glances, offer.commands), offer)
    made.router.add_get("/", desk.index)
    made.router.add_get("/api/offer", desk.offered)
    made.router.add_get("/api/seen", desk.seen)
    made.router.add_post("/api/act", desk.act)
    made.router.add_static("/static/", _STATIC)
    made.on_response_prepare.append(_head)
    return made


class _Desk:
    def __init__(self, glances: Glances, acts: Acts, offer: Offer) -> None:
        self._glances = glances
        self._acts = acts
        self._offer = offer

    async def index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_STATIC / "index.html")

    async def offered(self, _request: web.Request) -> web.Response:
        """Tell who there is, the app's shortcuts and what is worth trying."""
        people = [{"id": one.id, "name": one.user.real_name} for one in self._glances.people()]
        return web.json_response({**asdict(self._offer), "people": people})

    async def seen(self, request: web.Request) -> web.Response:
        """Tell what a person sees, as soon as it is something else than the mark `seen` of the last time."""
        asked, ends = request.query, asyncio.get_running_loop().time() + _HOLD_S
        look = Look(asked.get("in", ""), asked.get("thread", ""))
        while True:
            told = self._glances.seen(self._glances.person(asked.get("as", "")), look)
            mark = _mark(told)
            if mark != asked.get("seen") or asyncio.get_running_loop().time() >= ends:
                return web.json_response({"seen": mark, **told})
            await asyncio.sleep(_LOOK_S)

    async def act(self, request: web.Request) -> web.Response:
        """Do something as a person; what cannot be done is answered with a sentence."""
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        told = await request.json()
        if not isinstance(told, dict):
            raise NotPossible("An act is a JSON object.")
        person = self._glances.person(str(told.get("as", "")))
        return web.json_response({"ok": True, **await asyncio.to_thread(self._acts.do, person, told)})


def _mark(told: Json) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


@web.middleware
async def _guarded(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Take what comes from this machine and from the page itself; say in a sentence what cannot be done."""
    if request.host.rpartition(":")[0] not in _HERE and request.host not in _HERE:
        return _refused("This page answers on 127.0.0.1 only.", 421)
    try:
        return await handler(request)
    except ValueError as wrong:
        return _refused(str(wrong), 400)


def _refused(sentence: str, status: int) -> web.Response:
    told: dict[str, Any] = {"ok": False, "error": sentence}
    return web.json_response(told, status=status)


async def _head(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
