"""The fake Slack's Socket Mode, used by slack_sdk's own client: envelopes, acknowledgements, reconnections."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_sockets import MOST_CONNECTIONS
from tests.unit.fakes.slack_scene import HASTY, Scene, scene


@pytest.fixture
def town() -> Iterator[Scene]:
    """Return a scene whose app uses Socket Mode."""
    with scene() as made:
        made.app.socket_mode = True
        yield made


class Listener:
    """An app in Socket Mode; acknowledges all but the first `deaf` envelopes, with `answer`."""

    def __init__(self, *, deaf: int = 0, answer: dict[str, Any] | None = None) -> None:
        self.got: list[SocketModeRequest] = []
        self._deaf = deaf
        self._answer = answer

    async def __call__(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Take an envelope."""
        self.got.append(request)
        if len(self.got) > self._deaf:
            payload = self._answer if request.accepts_response_payload else None
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))


@asynccontextmanager
async def connected(town: Scene, listener: Listener) -> AsyncIterator[SocketModeClient]:
    """Connect an app by slack_sdk's client."""
    web = AsyncWebClient(base_url=town.slack.api_url)
    client = SocketModeClient(town.app.app_token, web_client=web, ping_interval=30)
    client.socket_mode_request_listeners.append(listener)
    try:
        await client.connect()  # type: ignore[no-untyped-call]
        await until(town, lambda: len(town.slack.connections(town.app)) == 1)
        yield client
    finally:
        await client.close()  # type: ignore[no-untyped-call]


async def until(town: Scene, promise: Any) -> None:
    """Wait until a promise has come true."""
    assert await asyncio.to_thread(town.slack.wait_for, promise)


def test_events_clicks_and_commands_come_in_envelopes(town: Scene) -> None:
    """Each comes with its type and payload, is acknowledged by its id, and may be answered in the acknowledgement."""
    listener = Listener(answer={"text": "Working on it"})

    async def work() -> None:
        async with connected(town, listener):
            town.ann.mentions(town.bot, town.general, "hello")
            town.ann.shortcuts(town.bot, "ask")
            town.ann.commands(town.bot, "/kb", "help", town.general)
            await asyncio.to_thread(town.slack.settle)

    asyncio.run(work())
    assert sorted(one.type for one in listener.got) == ["events_api", "events_api", "interactive", "slash_commands"]
    assert {one.state for one in town.slack.deliveries} == {"acknowledged"}
    events = [one.payload["event"] for one in listener.got if one.type == "events_api"]
    assert {one["type"] for one in events} == {"message", "app_mention"}
    assert [one.text for one in town.ann.whispers(town.general)] == ["Working on it"]
    assert town.box.received == []


def test_an_envelope_that_is_not_acknowledged_comes_again() -> None:
    """The repetition has another envelope id, the same event id, its number and the reason."""
    listener = Listener(deaf=1)

    async def work(town: Scene) -> None:
        town.app.socket_mode = True
        async with connected(town, listener):
            town.ann.tells(town.bot, "hello")
            await asyncio.to_thread(town.slack.settle)

    with scene(pace=HASTY) as town:
        asyncio.run(work(town))
    first, again = listener.got[:2]
    assert first.envelope_id != again.envelope_id
    assert first.payload["event_id"] == again.payload["event_id"]
    assert (first.retry_attempt, again.retry_attempt, again.retry_reason) == (0, 1, "timeout")


def test_an_event_goes_to_one_of_several_connections(town: Scene) -> None:
    """Two connections share the events between them, and none comes twice."""
    listeners = Listener(), Listener()

    async def work() -> None:
        web = AsyncWebClient(base_url=town.slack.api_url)
        clients = [SocketModeClient(town.app.app_token, web_client=web, ping_interval=30) for _ in listeners]
        for client, listener in zip(clients, listeners, strict=True):
            client.socket_mode_request_listeners.append(listener)
            await client.connect()  # type: ignore[no-untyped-call]
        await until(town, lambda: len(town.slack.connections(town.app)) == 2)
        for number in range(20):
            town.ann.tells(town.bot, str(number))
        await asyncio.to_thread(town.slack.settle)
        for client in clients:
            await client.close()  # type: ignore[no-untyped-call]

    asyncio.run(work())
    got = [[one.payload["event"]["text"] for one in listener.got] for listener in listeners]
    assert sorted(map(int, got[0] + got[1])) == list(range(20))
    assert all(got)


def test_a_connection_that_is_closed_is_made_anew(town: Scene) -> None:
    """After Slack's `disconnect` the client asks for another address and gets the next event there."""
    listener = Listener()

    async def work() -> None:
        async with connected(town, listener):
            await asyncio.to_thread(town.slack.disconnect, town.app, close=False)
            await until(town, lambda: len(town.slack.calls_of("apps.connections.open")) == 2)
            await until(town, lambda: bool(town.slack.connections(town.app)))
            town.ann.tells(town.bot, "hello")
            await asyncio.to_thread(town.slack.settle)

    asyncio.run(work())
    assert listener.got[-1].payload["event"]["text"] == "hello"


def test_without_a_connection_an_event_fails(town: Scene) -> None:
    """Nobody there is a failed connection, tried again as over HTTP."""
    town.ann.tells(town.bot, "hello")
    town.slack.settle()
    [delivery] = town.slack.deliveries
    assert ([one.error for one in delivery.attempts], delivery.state) == (["connection_failed"] * 4, "gave_up")


def test_only_an_app_token_opens_a_connection(town: Scene) -> None:
    """A bot token is of the wrong kind; an app without Socket Mode gets no address; a ticket is good for one use."""

    def ask(token: str) -> dict[str, Any]:
        return town.use(lambda client: client.apps_connections_open(app_token=token), token="")

    assert ask(town.bot.bot_token)["error"] == "not_allowed_token_type"
    assert ask("xapp-no")["error"] == "invalid_auth"
    address = ask(town.app.app_token)["url"]
    town.app.socket_mode = False
    assert ask(town.app.app_token)["error"] == "socket_mode_not_enabled"

    async def twice() -> None:
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(address) as socket:
                assert (await socket.receive_json())["type"] == "hello"
                await socket.send_str("no JSON")
                await socket.send_json({"envelope_id": "nobody's"})
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(address)

    asyncio.run(twice())
    assert town.slack.strays == ["no JSON", "nobody's"]


def test_an_app_has_ten_connections_at_most(town: Scene) -> None:
    """The eleventh is refused."""

    async def work() -> None:
        web = AsyncWebClient(base_url=town.slack.api_url)
        async with aiohttp.ClientSession() as session:
            sockets = []
            for _ in range(MOST_CONNECTIONS):
                address = (await web.apps_connections_open(app_token=town.app.app_token))["url"]
                socket = await session.ws_connect(address)
                assert (await socket.receive_json())["connection_info"]["app_id"] == town.app.id
                sockets.append(socket)
            address = (await web.apps_connections_open(app_token=town.app.app_token))["url"]
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(address)
            for socket in sockets:
                await socket.close()

    asyncio.run(work())
