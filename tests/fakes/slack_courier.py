"""Brings events, clicks and commands to apps, signed over HTTP or in envelopes; repeats events as Slack does."""

import asyncio
import json
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from tests.fakes.slack_errors import ApiError
from tests.fakes.slack_journal import Attempt, Delivery
from tests.fakes.slack_signing import signed_headers
from tests.fakes.slack_sockets import Sockets
from tests.fakes.slack_state import Json
from tests.fakes.slack_world import World


_ROBOT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True, slots=True)
class Pace:
    """
    How patient Slack is.

    Attributes:
        ack_s: within which an app must acknowledge.
        retry_after_s: pauses before the repetitions of an event that was not acknowledged.

    """

    ack_s: float = 3.0
    retry_after_s: tuple[float, ...] = (0.0, 60.0, 300.0)


class Courier:
    """Sends deliveries; lives in the fake's event loop."""

    def __init__(self, world: World, sockets: Sockets, pace: Pace) -> None:
        self.pace = pace
        self._world = world
        self._sockets = sockets
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make its connections."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        """Drop its connections."""
        if self._session is not None:
            await self._session.close()

    async def bring(self, delivery: Delivery) -> None:
        """Send until it is acknowledged or given up; to an app without an address nothing is sent."""
        if not (delivery.app.socket_mode or delivery.app.request_url):
            delivery.state = "gave_up"
            delivery.done.set()
            return
        pauses = self.pace.retry_after_s if delivery.kind == "event" else ()
        attempt = await self._try(delivery, 0, "")
        for number, pause in enumerate(pauses, start=1):
            if _acknowledged(attempt) or attempt.headers.get("x-slack-no-retry") == "1":
                break
            await asyncio.sleep(pause)
            attempt = await self._try(delivery, number, _reason(attempt))
        self._end(delivery, attempt)

    def _end(self, delivery: Delivery, attempt: Attempt) -> None:
        delivery.state = "acknowledged" if _acknowledged(attempt) else "gave_up"
        try:
            if delivery.then is not None and _acknowledged(attempt):
                with self._world.lock:
                    delivery.then(_answer(attempt.body))
        except ApiError as refusal:
            delivery.wrong = f"{refusal.code} {refusal.extra}"
        finally:
            delivery.done.set()

    async def _try(self, delivery: Delivery, number: int, reason: str) -> Attempt:
        began = asyncio.get_running_loop().time()
        way = self._by_socket if delivery.app.socket_mode else self._by_http
        try:
            async with asyncio.timeout(self.pace.ack_s):
                status, body, headers = await way(delivery, number, reason)
            error = ""
        except TimeoutError:
            status, body, headers, error = 0, b"", {}, "http_timeout"
        except (aiohttp.ClientError, OSError):
            status, body, headers, error = 0, b"", {}, "connection_failed"
        seconds = asyncio.get_running_loop().time() - began
        attempt = Attempt(number, reason, seconds, status, body, headers, error, began)
        delivery.attempts.append(attempt)
        return attempt

    async def _by_http(self, delivery: Delivery, number: int, reason: str) -> tuple[int, bytes, Mapping[str, str]]:
        assert self._session is not None
        content_type, body = encoded(delivery)
        headers = {"Content-Type": content_type, "User-Agent": _ROBOT, "Accept": "*/*"}
        headers |= signed_headers(delivery.app.signing_secret, body, self._world.seconds())
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        url = delivery.app.request_url
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            told = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, await answer.read(), told

    async def _by_socket(self, delivery: Delivery, number: int, reason: str) -> tuple[int, bytes, Mapping[str, str]]:
        told = await self._sockets.deliver(delivery, number, reason)
        return 200, json.dumps(told).encode() if told else b"", {}


def encoded(delivery: Delivery) -> tuple[str, bytes]:
    """Return content type and body: JSON for events, forms for commands and interactions."""
    if delivery.kind in ("event", "verification"):
        return "application/json", json.dumps(delivery.payload, separators=(",", ":")).encode()
    fields = delivery.payload if delivery.kind == "command" else {"payload": json.dumps(delivery.payload)}
    return "application/x-www-form-urlencoded", urllib.parse.urlencode(fields).encode()


def _acknowledged(attempt: Attempt) -> bool:
    return 200 <= attempt.status < 300


def _reason(attempt: Attempt) -> str:
    return attempt.error or "http_error"


def _answer(body: bytes) -> Json:
    """Return the body of an acknowledgement: JSON, or a text as `{"text": ...}`."""
    if not body.strip():
        return {}
    try:
        told = json.loads(body)
    except ValueError:
        return {"text": body.decode(errors="replace")}
    return told if isinstance(told, dict) else {"text": str(told)}
