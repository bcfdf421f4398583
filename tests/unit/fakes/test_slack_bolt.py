"""The fake Slack with a whole app on the other side: Bolt for Python, over HTTP and over Socket Mode."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import App, Installation
from tests.unit.fakes.slack_scene import Scene, scene


def plain(text: str) -> dict[str, Any]:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text}


WHY = {"type": "button", "action_id": "why", "text": plain("Why?")}
REASON = {"type": "plain_text_input", "action_id": "reason"}
MODAL = {
    "type": "modal",
    "callback_id": "why",
    "title": plain("Why?"),
    "submit": plain("Send"),
    "blocks": [{"type": "input", "block_id": "reason", "label": plain("Why?"), "element": REASON}],
}


def answering(slack: FakeSlack, to: Installation) -> AsyncApp:
    """Return an app of Bolt's that streams answers, opens a modal, refuses what is filled in, and knows a command."""
    client = AsyncWebClient(to.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=to.app.signing_secret)

    @app.event("app_mention")
    async def answer(say_stream: Any) -> None:
        stream = await say_stream()
        await stream.append(markdown_text="25 days")
        await stream.stop(blocks=[{"type": "actions", "elements": [WHY]}])

    @app.event("message")
    async def ignore() -> None:
        """Do nothing."""

    @app.action("why")
    async def ask(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("why")
    async def refuse(ack: Any, body: dict[str, Any]) -> None:
        said = body["view"]["state"]["values"]["reason"]["reason"]["value"]
        await ack(response_action="errors", errors={"reason": f"not {said}"})

    @app.command("/kb")
    async def respond_twice(ack: Any, respond: Any) -> None:
        await ack("at once")
        await respond("later")

    return app


@asynccontextmanager
async def listening(slack: FakeSlack, app: App, bolt: AsyncApp) -> AsyncIterator[None]:
    """Let Bolt take what the app is sent, in the way that the app is set to."""
    if app.socket_mode:
        web_client = AsyncWebClient(base_url=slack.api_url)
        handler = AsyncSocketModeHandler(bolt, app.app_token, web_client=web_client)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await until(slack, lambda: bool(slack.connections(app)))
        yield
        await handler.close_async()  # type: ignore[no-untyped-call]
        return
    runner = web.AppRunner(bolt.web_app("/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()


async def until(slack: FakeSlack, promise: Callable[[], bool]) -> None:
    """Wait until a promise has come true."""
    assert await asyncio.to_thread(slack.wait_for, promise)


async def converse(town: Scene) -> None:
    """Ask, read the answer, press its button, fill in the modal, use the command."""
    slack, ann = town.slack, town.ann
    asked = ann.mentions(town.bot, town.general, "how many days?")
    await until(slack, lambda: [one.text for one in slack.thread(asked) if slack.blocks(one)[1:]] == ["25 days"])
    await asyncio.to_thread(ann.clicks(slack.thread(asked)[0], "why").wait)
    await until(slack, lambda: bool(ann.modals))
    await asyncio.to_thread(ann.submits(ann.modals[0], {"reason": {"reason": {"value": "so"}}}).wait)
    assert ann.errors == {"reason": "not so"}
    await asyncio.to_thread(ann.commands(town.bot, "/kb", "help", town.general).wait)
    await until(slack, lambda: {one.text for one in ann.whispers(town.general)} == {"at once", "later"})
    await asyncio.to_thread(slack.settle)


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_an_app_of_bolts_lives_in_it(*, socket_mode: bool) -> None:
    """A mention is answered by a stream, a click opens a modal, a command answers twice; nothing is repeated."""

    async def work(town: Scene) -> None:
        town.app.socket_mode = socket_mode
        async with listening(town.slack, town.app, answering(town.slack, town.bot)):
            await converse(town)

    with scene() as town:
        asyncio.run(work(town))
        assert {one.state for one in town.slack.deliveries} == {"acknowledged"}
        assert {len(one.attempts) for one in town.slack.deliveries} == {1}
        assert all(one.ok for one in town.slack.calls)
