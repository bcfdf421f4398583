"""A small world in the fake Slack, an app's side of the wire, and a client that nobody here wrote."""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_courier import Pace
from tests.fakes.slack_people import Person
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import App, Channel, Installation, Workspace


FAST = Pace(retry_after_s=(0.0, 0.01, 0.02))
"""Slack's patience with hasty repetitions, so that a busy machine is not taken for a silent app."""
HASTY = Pace(ack_s=0.4, retry_after_s=(0.0, 0.01, 0.02))


@dataclass(frozen=True, slots=True)
class Received:
    """A request that the app got; names of headers in lower case."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body: JSON, the payload of a form, or the fields of a form."""
        if self.headers["content-type"].startswith("application/json"):
            return json.loads(self.body)
        fields = {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}
        return json.loads(fields["payload"]) if "payload" in fields else fields


@dataclass(slots=True)
class Inbox:
    """
    Where an app takes requests. It acknowledges all with 200 and nothing, unless a test says otherwise.

    Attributes:
        replies: status, body and headers of the next answers; None waits until `free` is set.

    """

    url: str = ""
    received: list[Received] = field(default_factory=list)
    replies: deque[tuple[int, bytes, dict[str, str]] | None] = field(default_factory=deque)
    free: threading.Event = field(default_factory=threading.Event)

    @property
    def events(self) -> list[Any]:
        """Return the events inside of what came."""
        return [one.json["event"] for one in self.received]


@contextmanager
def inbox() -> Iterator[Inbox]:
    """Listen as an app does."""
    box = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            box.received.append(Received({name.lower(): value for name, value in self.headers.items()}, body))
            reply = box.replies.popleft() if box.replies else (200, b"", {})
            if reply is None:
                box.free.wait(10)
                self.close_connection = True
                return
            # A fake that has ended no longer waits for the answer.
            with suppress(OSError):
                self._answer(*reply)

        def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    box.url = f"http://127.0.0.1:{server.server_address[1]}/slack/events"
    try:
        yield box
    finally:
        box.free.set()
        server.shutdown()
        server.server_close()


@dataclass(slots=True)
class Scene:
    """One workspace, two people, an app in one of two channels."""

    slack: FakeSlack
    team: Workspace
    app: App
    bot: Installation
    ann: Person
    bob: Person
    general: Channel
    secret: Channel
    box: Inbox

    def call(self, method: str, *, token: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Return the answer of a method, called by slack_sdk's client; a refusal's too."""
        name = method.replace(".", "_")
        return self.use(lambda client: getattr(client, name)(**arguments), token=token)

    def use(
        self, work: Callable[[AsyncWebClient], Coroutine[Any, Any, Any]], *, token: str | None = None
    ) -> dict[str, Any]:
        """Return the answer of what is done with slack_sdk's client."""
        client = AsyncWebClient(self.bot.bot_token if token is None else token, self.slack.api_url, timeout=5)
        client.retry_handlers = []
        return asyncio.run(_answer(work(client)))


async def _answer(work: Coroutine[Any, Any, Any]) -> dict[str, Any]:
    try:
        answered = await work
    except SlackApiError as refusal:
        answered = refusal.response
    return dict(answered.data) | {"_status": answered.status_code, "_headers": dict(answered.headers)}


@contextmanager
def scene(**settings: Any) -> Iterator[Scene]:
    """Make a scene; settings are those of FakeSlack."""
    with inbox() as box, FakeSlack(pace=settings.pop("pace", FAST), **settings) as slack:
        team = slack.workspace("Acme")
        app = slack.app("Helper", request_url=box.url)
        bot = slack.install(app, team)
        ann, bob = slack.person(team, "ann", real_name="Ann Lee"), slack.person(team, "bob", "admin")
        general = slack.channel(team, "general", [ann, bob, bot])
        secret = slack.channel(team, "secret", [ann], private=True)
        yield Scene(slack, team, app, bot, ann, bob, general, secret, box)
