"""The page that plays Slack, with a small app of Bolt's behind it, and a client that does what a browser does."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_page.acts import Shortcut
from tests.fakes.slack_page.page import Hint, Offer, page
from tests.fakes.slack_people import Person
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import Installation
from tests.unit.fakes.slack_scene import Scene


Json = dict[str, Any]
PATIENCE_S = 10.0
TOO_LONG = "too long"
"""What the app finds wrong with a reason."""


def plain(text: str) -> Json:
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
HOME = {"type": "home", "blocks": [{"type": "header", "text": plain("Welcome")}]}


def chatty(slack: FakeSlack, to: Installation) -> AsyncApp:
    """
    Return an app that does one of each.

    It answers a mention by a stream, a direct message with a status that stays; a button opens a
    modal, which takes no long reason; it knows `/kb`, has a Home tab and a shortcut.
    """
    app = AsyncApp(client=AsyncWebClient(to.bot_token, base_url=slack.api_url), signing_secret=to.app.signing_secret)

    @app.event("app_mention")
    async def answer(say_stream: Any) -> None:
        stream = await say_stream()
        await stream.append(markdown_text="**25** days")
        await stream.stop(blocks=[{"type": "actions", "elements": [WHY]}])

    @app.event("message")
    async def think(event: Json, client: AsyncWebClient) -> None:
        if event["channel_type"] == "im" and "subtype" not in event:
            place = {"channel_id": event["channel"], "thread_ts": event["ts"]}
            await client.api_call("agents.sessions.setStatus", json={**place, "status": "processing"})
            await client.api_call("assistant.threads.setStatus", json={**place, "status": "is reading"})

    @app.event("agent_session_stopped")
    async def rest(event: Json, client: AsyncWebClient) -> None:
        place = {"channel_id": event["channel"], "thread_ts": event["thread_ts"]}
        await client.api_call("agents.sessions.setStatus", json={**place, "status": "active"})
        await client.api_call("assistant.threads.setStatus", json={**place, "status": ""})

    @app.event("app_home_opened")
    async def welcome(event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=HOME)

    _add_dialogues(app)
    return app


def _add_dialogues(app: AsyncApp) -> None:
    @app.action("why")
    async def ask(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("why")
    async def take(ack: Any, body: Json) -> None:
        said = body["view"]["state"]["values"]["reason"]["reason"]["value"]
        await (ack(response_action="errors", errors={"reason": TOO_LONG}) if len(said) > 9 else ack())

    @app.command("/kb")
    async def command(ack: Any, body: Json) -> None:
        await ack(f"you typed {body['text']}")

    @app.shortcut("explain")
    async def explain(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)


@dataclass(slots=True)
class Browser:
    """One person at the page, looking at one place."""

    session: ClientSession
    url: str
    person: Person
    place: str
    thread: str = ""

    async def seen(self, mark: str = "") -> Json:
        """Return what the person sees, once it is something else than at `mark`."""
        look = {"as": self.person.id, "in": self.place, "thread": self.thread, "seen": mark}
        async with self.session.get(f"{self.url}/api/seen", params=look) as answer:
            told: Json = await answer.json()
            return told | {"status": answer.status}

    async def until(self, promise: Callable[[Json], Any]) -> Json:
        """Return what the person sees once a promise is true of it."""
        mark, ends = "", time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            told = await asyncio.wait_for(self.seen(mark), PATIENCE_S)
            if promise(told):
                return told
            mark = told["seen"]
        raise AssertionError(told)

    async def does(self, act: str, **more: Any) -> Json:
        """Do something where the person looks; return what the page says to it."""
        what = {"as": self.person.id, "in": self.place, "act": act, **more}
        async with self.session.post(f"{self.url}/api/act", json=what) as answer:
            told: Json = await answer.json()
            return told

    def at(self, place: str, person: Person | None = None) -> "Browser":
        """Return a person, this one if none is named, at another place."""
        return Browser(self.session, self.url, person or self.person, place)


@asynccontextmanager
async def at_the_page(town: Scene) -> AsyncIterator[Browser]:
    """Open the page as Ann, in the public channel."""
    hints = (Hint("Ask in a channel", town.ann.id, town.general.id, "@helper how many days?"),)
    offer = Offer(("/kb",), (Shortcut("explain", "Explain", on_message=True),), hints)
    bolt = chatty(town.slack, town.bot).web_app("/slack/events")
    async with _served(bolt) as app_url, _served(page(town.slack, town.bot, offer)) as url:
        town.app.request_url = f"{app_url}/slack/events"
        async with ClientSession(timeout=ClientTimeout(30)) as session:
            yield Browser(session, url, town.ann, town.general.id)
        await asyncio.to_thread(town.slack.settle)


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
