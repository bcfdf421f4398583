"""The addresses of the fake Slack: `/api/…`, response_urls, downloads, WebSockets. Knows no method by name."""

import asyncio
import json
import socket
import struct
import urllib.parse
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.fakes import (
    slack_api_chat,
    slack_api_conversations,
    slack_api_people,
    slack_api_sessions,
    slack_api_streams,
    slack_api_views,
)
from tests.fakes.slack_errors import ApiError
from tests.fakes.slack_faults import Fault, FaultScript
from tests.fakes.slack_journal import Call
from tests.fakes.slack_methods import WITH_ANY_CALL, Asked, Method, check_scopes, read_arguments
from tests.fakes.slack_responses import use_response_url
from tests.fakes.slack_sockets import Sockets
from tests.fakes.slack_state import Installation, Json
from tests.fakes.slack_tiers import RateLimits
from tests.fakes.slack_world import World


METHODS: Mapping[str, Method] = {
    **slack_api_chat.METHODS,
    **slack_api_conversations.METHODS,
    **slack_api_people.METHODS,
    **slack_api_sessions.METHODS,
    **slack_api_streams.METHODS,
    **slack_api_views.METHODS,
}
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_SIGN_IN = b"<!DOCTYPE html><html><body>Sign in to your workspace</body></html>"
_RESET = struct.pack("ii", 1, 0)
_LOOK_S = 0.01


class Gate:
    """
    Takes requests, keeps the journal, lets scripted faults strike.

    Attributes:
        calls: every call so far.
        faults: what goes wrong.
        limits: rate limits; None for none.

    """

    def __init__(self, world: World, sockets: Sockets, *, limits: RateLimits | None) -> None:
        self.calls: list[Call] = []
        self.faults = FaultScript()
        self.limits = limits
        self._world = world
        self._sockets = sockets

    def application(self) -> web.Application:
        """Return the routes."""
        made = web.Application(client_max_size=2**22)
        made.add_routes(
            [
                web.get("/api/{method}", self._api),
                web.post("/api/{method}", self._api),
                web.post("/response/{id}", self._response),
                web.get("/files-pri/{where}/download/{name}", self._download),
                web.get("/files-pri/{where}/{name}", self._download),
                web.get("/link", self._sockets.serve),
            ]
        )
        return made

    async def _api(self, request: web.Request) -> web.StreamResponse:
        call = self._begin(request.match_info["method"], request)
        try:
            answer = await self._answer(request, call, self._fault(call))
        finally:
            call.ended = True
        return answer

    async def _answer(self, request: web.Request, call: Call, fault: Fault | None) -> web.StreamResponse:
        early = await _strike(request, call, fault)
        if early is not None:
            return early
        try:
            given, token = await _read(request)
            call.arguments = {name: value for name, value in given.items() if name not in WITH_ANY_CALL}
            status, body, headers = self._work(call, given, token, fault)
        except ApiError as refusal:
            status, body, headers = 200, refusal.body, {}
        if fault is not None and fault.kind == "lost_answer":
            return _reset(request)
        call.status, call.answer = status, body
        return web.json_response(body, status=status, headers=headers)

    def _work(self, call: Call, given: Json, token: str, fault: Fault | None) -> tuple[int, Json, dict[str, str]]:
        """Return HTTP's number, the answer and its headers."""
        with self._world.lock:
            method = METHODS.get(call.method)
            if call.method == "apps.connections.open":
                return 200, self._connections_open(token), {}
            if method is None:
                raise ApiError("unknown_method", req_method=call.method)
            to = self._installation(token)
            call.app_id, call.team_id = to.app.id, to.team_id
            wait_s = self._wait_s(call, to)
            if wait_s:
                return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait_s)}
            check_scopes(to, method.scopes)
            if call.content_type == "application/json" and not method.takes_json:
                given = {}
            call.arguments = read_arguments(method, given)
            asked = Asked(self._world, to, call.arguments)
            if fault is not None and fault.kind == "expiry":
                _expire(asked)
            if fault is not None and fault.kind == "error":
                raise ApiError(fault.error)
            headers = {
                "x-oauth-scopes": ",".join(sorted(to.scopes)),
                "x-accepted-oauth-scopes": ",".join(method.scopes),
            }
            return 200, method.run(asked), headers

    def _wait_s(self, call: Call, to: Installation) -> int:
        if self.limits is None:
            return 0
        channel = str(call.arguments.get("channel", ""))
        return self.limits.wait_s(call.method, to.app.id, to.team_id, channel, self._world.clock.monotonic())

    def _installation(self, token: str) -> Installation:
        if not token:
            raise ApiError("not_authed")
        for one in self._world.installations:
            if one.bot_token == token:
                if one.revoked:
                    raise ApiError("account_inactive")
                return one
        known = any(one.app_token == token for one in self._world.apps.values())
        raise ApiError("not_allowed_token_type" if known else "invalid_auth")

    def _connections_open(self, token: str) -> Json:
        for app in self._world.apps.values():
            if app.app_token == token:
                if not app.socket_mode:
                    raise ApiError("socket_mode_not_enabled")
                address = self._world.url.replace("http", "ws", 1)
                return {"ok": True, "url": f"{address}/link?ticket={self._sockets.ticket(app.id)}&app_id={app.id}"}
        known = any(one.bot_token == token for one in self._world.installations)
        raise ApiError(("not_allowed_token_type" if known else "invalid_auth") if token else "not_authed")

    async def _response(self, request: web.Request) -> web.StreamResponse:
        call = self._begin("response_url", request)
        fault = self._fault(call)
        early = await _strike(request, call, fault)
        if early is not None:
            call.ended = True
            return early
        try:
            call.arguments = await _json_of(request)
        except ApiError as refusal:
            status, answer = 400, refusal.body
        else:
            with self._world.lock:
                status, answer = use_response_url(self._world, request.match_info["id"], call.arguments)
        call.ended = True
        if fault is not None and fault.kind == "lost_answer":
            return _reset(request)
        call.status, call.answer = status, answer
        if status == 200:
            return web.Response(text="ok")
        return web.json_response(answer, status=status)

    def _fault(self, call: Call) -> Fault | None:
        fault = self.faults.next(call.method)
        call.fault = "" if fault is None else fault.kind
        return fault

    async def _download(self, request: web.Request) -> web.StreamResponse:
        call = self._begin("url_private_download", request)
        early = await _strike(request, call, self._fault(call))
        if early is not None:
            call.ended = True
            return early
        with self._world.lock:
            file = self._world.files.get(request.match_info["where"].partition("-")[2])
            call.arguments = {"file": file.id if file is not None else ""}
            token = _bearer(request)
            to = next((one for one in self._world.installations if one.bot_token == token and not one.revoked), None)
            allowed = to is not None and "files:read" in to.scopes and file is not None and not file.deleted
            if allowed and to is not None and file is not None:
                asked = Asked(self._world, to, {})
                allowed = slack_api_people.may_see(asked, file)
        call.status, call.ended = 200, True
        if not allowed or file is None:
            return web.Response(body=_SIGN_IN, content_type="text/html")
        call.answer = {"ok": True}
        return web.Response(body=file.content, content_type=file.mimetype)

    def _begin(self, method: str, request: web.Request) -> Call:
        call = Call(method, at_s=self._world.clock.monotonic(), when=self._world.clock.now(), http=request.method)
        call.content_type = request.content_type if request.method == "POST" else ""
        self.calls.append(call)
        return call


async def _read(request: web.Request) -> tuple[Json, str]:
    """Return the arguments as they came and the token, of a header or an argument."""
    given: Json = dict(request.query)
    if request.method == "POST" and request.can_read_body:
        if request.content_type == "application/json":
            given |= await _json_of(request)
        elif request.content_type == _FORM:
            given |= dict(urllib.parse.parse_qsl((await request.read()).decode(), keep_blank_values=True))
        elif request.content_type == _MULTIPART:
            given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        else:
            raise ApiError("invalid_post_type")
    return given, _bearer(request) or str(given.get("token", ""))


def _bearer(request: web.Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def _json_of(request: web.Request) -> Json:
    try:
        given = json.loads(await request.read())
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(given, dict):
        raise ApiError("json_not_object")
    return given


async def _strike(request: web.Request, call: Call, fault: Fault | None) -> web.StreamResponse | None:
    """Answer in place of the method, where the fault is of that kind."""
    match fault:
        case Fault(kind="status"):
            call.status, call.answer = fault.status, {"ok": False, "error": fault.error}
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            return web.json_response(call.answer, status=fault.status, headers=headers)
        case Fault(kind="body"):
            call.status = 200
            return web.Response(body=fault.body, content_type="application/json")
        case Fault(kind="silence"):
            while not _gone(request):  # noqa: ASYNC110 - nobody tells a handler that its client left
                await asyncio.sleep(_LOOK_S)
            return _reset(request)
        case Fault(kind="reset"):
            return _reset(request)
        case Fault(kind="slow"):
            await asyncio.sleep(fault.seconds)
    return None


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _reset(request: web.Request) -> web.StreamResponse:
    """Break the connection off without a farewell."""
    if request.transport is not None:
        connected: Any = request.transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        request.transport.abort()
    return web.Response(status=500)


def _expire(asked: Asked) -> None:
    message = asked.world.message(asked.text("channel"), asked.text("ts"))
    if message is not None and message.stream is not None and message.stream.state == "in_progress":
        message.stream.state = "expired"
