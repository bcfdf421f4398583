"""Socket Mode: WebSockets that apps open, envelopes that they acknowledge by their ids."""

import asyncio
import json
import random
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.slack_journal import Delivery
from tests.fakes.slack_state import Json


MOST_CONNECTIONS = 10
_TYPES = {"event": "events_api", "interaction": "interactive", "command": "slash_commands"}


class NoConnection(OSError):
    """An app in Socket Mode has no open connection."""


@dataclass(slots=True)
class Connection:
    """An open WebSocket. `sent` counts envelopes."""

    app_id: str
    socket: web.WebSocketResponse
    sent: int = 0
    leaving: bool = False


@dataclass(slots=True)
class Sockets:
    """
    The open WebSockets of all apps; lives in the fake's event loop.

    Attributes:
        chance: picks the connection that gets an envelope.
        stray: acknowledgements of envelopes that nobody waits for.

    """

    chance: random.Random
    connections: list[Connection] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    _tickets: dict[str, str] = field(default_factory=dict)
    _waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    def ticket(self, app_id: str) -> str:
        """Return a ticket with which this app may connect once."""
        ticket = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        self._tickets[ticket] = app_id
        return ticket

    def of(self, app_id: str) -> list[Connection]:
        """Return the connections of an app that take envelopes."""
        return [one for one in self.connections if one.app_id == app_id and not (one.leaving or one.socket.closed)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        app_id = self._tickets.pop(request.query.get("ticket", ""), "")
        if not app_id or len(self.of(app_id)) >= MOST_CONNECTIONS:
            return web.Response(status=404 if not app_id else 409)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(app_id, socket)
        self.connections.append(connection)
        try:
            await self._hello(connection)
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            self.connections.remove(connection)
        return socket

    async def deliver(self, delivery: Delivery, number: int, reason: str) -> Json:
        """
        Send an envelope to one connection of the app and return the payload of its acknowledgement.

        Raises:
            NoConnection: the app has none.

        """
        open_ones = self.of(delivery.app.id)
        if not open_ones:
            raise NoConnection(f"app {delivery.app.id} has no open connection")
        connection = self.chance.choice(open_ones)
        envelope_id = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        envelope: Json = {"envelope_id": envelope_id, "type": _TYPES[delivery.kind], "payload": delivery.payload}
        envelope["accepts_response_payload"] = delivery.kind != "event"
        if delivery.kind == "event":
            envelope |= {"retry_attempt": number, "retry_reason": reason.replace("http_timeout", "timeout")}
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        try:
            await connection.socket.send_str(json.dumps(envelope))
            connection.sent += 1
            return await answer
        finally:
            self._waiting.pop(envelope_id, None)

    async def disconnect(self, app_id: str, reason: str, *, close: bool) -> None:
        """Tell the connections of an app that they will be closed, and close them where that is asked for."""
        for one in self.of(app_id):
            told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}}
            await one.socket.send_str(json.dumps(told))
            if close:
                one.leaving = True
                await one.socket.close()

    async def close(self) -> None:
        """Close everything."""
        for one in list(self.connections):
            await one.socket.close()

    async def _hello(self, connection: Connection) -> None:
        told: Json = {
            "type": "hello",
            "num_connections": len(self.of(connection.app_id)),
            "debug_info": {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": connection.app_id},
        }
        await connection.socket.send_str(json.dumps(told))

    def _acknowledge(self, text: str) -> None:
        try:
            told = json.loads(text)
            envelope_id = str(told["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self.stray.append(text)
            return
        answer = self._waiting.get(envelope_id)
        if answer is None or answer.done():
            self.stray.append(envelope_id)
        else:
            answer.set_result(told.get("payload") or {})
