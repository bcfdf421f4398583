"""
A server that plays Slack, over real HTTP and WebSockets on loopback. It knows no product, and is no kinder than Slack.

`with FakeSlack() as slack:` build a world, let people act, then read the messages, the calls and the deliveries.
"""

import asyncio
import random
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.fakes.slack_courier import Courier, Pace
from tests.fakes.slack_faults import Fault
from tests.fakes.slack_http import Gate
from tests.fakes.slack_journal import Call, Delivery
from tests.fakes.slack_message_json import present_blocks
from tests.fakes.slack_sockets import Connection, Sockets
from tests.fakes.slack_state import App, Channel, Json, Message, Session
from tests.fakes.slack_tiers import RateLimits
from tests.fakes.slack_town import Town
from tests.fakes.slack_world import Clock, RealClock, Rules, World


_TURNS_OF_A_GREETING = 3
"""Of the loop, after which a connection that was accepted is known to the server, and so is closed with it."""

_Result = TypeVar("_Result")

AT_THE_END: list[Callable[["FakeSlack"], None]] = []
"""Told of each fake once it listens no longer, such as by `tests.kept_slack_calls`."""


class FakeSlack(Town):
    """
    Slack. Use it with `with`.

    Attributes:
        url: its address, without a slash at its end; the Web API is at `url + "/api/"`.
        calls: each call of the Web API and use of a response_url, in the order in which they came.
        deliveries: each event, click and command that apps were sent.
        faults: scripts what goes wrong, and counts it.

    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        rules: Rules | None = None,
        pace: Pace | None = None,
        rate_limits: bool = False,
        seed: int = 0,
    ) -> None:
        """
        Take its rules; it listens from `with` on.

        Args:
            clock: the time that timestamps, signatures, streams, triggers and rate limits go by.
            rules: Slack's limits.
            pace: how long it waits for acknowledgements, and when it repeats events.
            rate_limits: whether tiers are enforced.
            seed: of the choice among WebSockets.

        """
        super().__init__(World(clock or RealClock(), rules or Rules()))
        self.url = ""
        self.deliveries: list[Delivery] = []
        self._sockets = Sockets(random.Random(seed))
        self._gate = Gate(self.world, self._sockets, limits=RateLimits() if rate_limits else None)
        self._courier = Courier(self.world, self._sockets, pace or Pace())
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake-slack", daemon=True)
        self.calls = self._gate.calls
        self.faults = self._gate.faults
        self.world.send = self._send

    @property
    def api_url(self) -> str:
        """Return the address of the Web API, with a slash at its end."""
        return f"{self.url}/api/"

    @property
    def limits(self) -> RateLimits | None:
        """Return the rate limits; None where they are switched off."""
        return self._gate.limits

    def calls_of(self, *methods: str) -> list[Call]:
        """Return the calls of some methods."""
        return [one for one in list(self.calls) if one.method in methods]

    def script(self, method: str, *faults: Fault | None) -> None:
        """Let the next calls of a method go wrong so; None for one that goes well."""
        self.faults.script(method, *faults)

    def messages(self, channel: Channel) -> list[Message]:
        """Return the messages of a channel that are not deleted, oldest first, those in threads too."""
        with self.world.lock:
            kept = self.world.messages.get(channel.id, {}).values()
            return sorted((one for one in kept if not one.deleted), key=lambda one: one.ts)

    def thread(self, message: Message) -> list[Message]:
        """Return the replies of the thread that a message is in or begins, oldest first."""
        with self.world.lock:
            return self.world.replies(message.channel, message.root)

    def blocks(self, message: Message) -> list[Json]:
        """Return the blocks that a message shows now; those of a stream come of its chunks."""
        with self.world.lock:
            return present_blocks(message)

    def session(self, app: App, message: Message) -> Session | None:
        """Return the agent session of a thread."""
        return self.world.sessions.get((app.id, message.channel, message.root))

    def status(self, message: Message) -> str:
        """Return the status that a thread shows now; "" for none."""
        with self.world.lock:
            return self.world.thread_status(message.channel, message.root)

    def verify_url(self, app: App, challenge: str = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P") -> Delivery:
        """Ask an app whether its address is its own, as Slack does when the address is set."""
        body = {"token": app.verification_token, "challenge": challenge, "type": "url_verification"}
        delivery = Delivery("verification", app, "", body)
        self._send(delivery)
        return delivery

    def repeat(self, delivery: Delivery) -> Delivery:
        """Deliver an event once more under the same event id, as Slack may."""
        again = Delivery(delivery.kind, delivery.app, delivery.team_id, delivery.payload)
        self._send(again)
        return again

    def connections(self, app: App) -> list[Connection]:
        """Return the WebSockets of an app."""
        return self._sockets.of(app.id)

    @property
    def strays(self) -> list[str]:
        """Return what came over WebSockets and acknowledged nothing that was waited for."""
        return list(self._sockets.stray)

    def disconnect(self, app: App, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Tell the WebSockets of an app to go, and close them."""
        self._do(self._sockets.disconnect(app.id, reason, close=close))

    def settle(self, seconds: float = 10.0) -> None:
        """
        Wait until everything that was sent is acknowledged or given up. Blocks.

        Raises:
            TimeoutError: it took longer.

        """
        if not self.wait_for(lambda: all(one.done.is_set() for one in list(self.deliveries)), seconds):
            waiting = [one.payload.get("type") for one in list(self.deliveries) if not one.done.is_set()]
            raise TimeoutError(f"not acknowledged within {seconds} s: {waiting}")

    def wait_for(self, promise: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Say whether a promise came true within some seconds. Blocks."""
        ends = time.monotonic() + seconds
        while not promise() and time.monotonic() < ends:
            time.sleep(0.005)
        return promise()

    def __enter__(self) -> Self:
        """Listen on a free port."""
        self._thread.start()
        self.url = self.world.url = self._do(self._begin())
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no longer and break everything off."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        for tell in AT_THE_END:
            tell(self)

    def _do(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _begin(self) -> str:
        await self._courier.open()
        self._runner = web.AppRunner(self._gate.application(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        self._door = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(self._runner, self._door).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _end(self) -> None:
        for one in list(self._tasks):
            one.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sockets.close()
        # asyncio loses a connection that it accepts in the moment in which its server is closed.
        self._loop.remove_reader(self._door)
        for _ in range(_TURNS_OF_A_GREETING):
            await asyncio.sleep(0)
        await self._runner.cleanup()
        await self._courier.close()

    def _send(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        self._loop.call_soon_threadsafe(self._start, delivery)

    def _start(self, delivery: Delivery) -> None:
        task = self._loop.create_task(self._courier.bring(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
