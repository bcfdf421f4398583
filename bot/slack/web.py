"""
The way out to Slack: one call of its Web API, with Slack's refusals as errors of ours. It repeats nothing.

Not what is said: whether a message is valid is `bot.slack.checks`' to say, and when it is sent `bot.slack.posting`'s.
"""

import asyncio
import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.blocks.shapes import Json
from pipelines.errors import PermanentError, TransientError
from pipelines.setting_slack import PUBLIC_API


TIMEOUT_S = 10
"""For one call, seconds."""

_CONNECTIONS = 32
_ITS_OWN_FAULTS = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "rollback"}
)
_LOCKED_OUT = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
_LOCKED_OUT_S = 15.0
"""Before a token that Slack takes no more is tried again, seconds."""

_UNHEARD = (aiohttp.ClientError, TimeoutError, OSError, AttributeError)
"""What is raised where no answer came; the last by Slack's client, at a bare text in place of JSON."""

_FAULT_BYTES = 200
_ANSWER_HOSTS = (".slack.com",)
_FILE_HOSTS = (*_ANSWER_HOSTS, ".slack-files.com")
_TALKATIVE = ("slack_sdk", "slack_bolt", "aiohttp.client")


_Part = TypeVar("_Part")


class SlackRefusal(PermanentError):
    """
    Slack refuses what was asked.

    Attributes:
        method: what was called.
        code: Slack's word for the reason, such as `channel_not_found`.

    """

    def __init__(self, method: str, code: str, detail: str = "") -> None:
        super().__init__(f"Slack refused {method}: {code}{f' ({detail})' if detail else ''}.")
        self.method = method
        self.code = code


class SlackBusy(TransientError):
    """
    Slack wants to be asked less often.

    Attributes:
        retry_after_s: when it may be asked again, seconds.

    """

    retry_after_s: float

    def __init__(self, method: str, retry_after_s: float) -> None:
        super().__init__(f"Slack wants {method} to be called again in {retry_after_s:g} s.")
        self.retry_after_s = retry_after_s


class SlackLockedOut(TransientError):
    """
    Slack does not take our token, until somebody installs the app again or sets another token.

    Attributes:
        code: Slack's word for the reason, such as `token_revoked`.
        retry_after_s: when it may be tried again, seconds.

    """

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refused {method}: {code}.")
        self.code = code
        self.retry_after_s = _LOCKED_OUT_S


class SlackAway(TransientError):
    """Slack did not answer, or not with an answer: what was asked may have been done or not."""


class SlackWeb:
    """
    Slack's Web API for one token. Use it with `async with`, in one event loop.

    Attributes:
        is_locked_out: Slack did not take the token when it looked at it last.
        judged_at: when that was, seconds of the event loop's clock; minus infinity for never.

    """

    def __init__(self, token: str, url: str = PUBLIC_API) -> None:
        """
        Take the token; nothing is connected yet.

        Args:
            token: the bot's, or the app's for Socket Mode.
            url: address of the API, with a slash at its end.

        """
        for name in _TALKATIVE:
            # Their other lines hold what people write, or tell of settings that are none of ours.
            logging.getLogger(name).setLevel(logging.ERROR)
        # Of a failed handshake it tells the address, which holds a ticket.
        logging.getLogger("slack_sdk.socket_mode").setLevel(logging.CRITICAL)
        self._token = token
        self._url = url
        self.is_locked_out = False
        self.judged_at = -math.inf
        self._client: AsyncWebClient | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Make the session that all calls share: a connection per call would cost forty times as long."""
        connector = aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=15.0)
        # Slack's client applies no timeout of its own to a session that it is given.
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False)
        self._client = AsyncWebClient(
            self._token,
            base_url=self._url,
            session=self._session,
            timeout=TIMEOUT_S,
            retry_handlers=[],
            trust_env_in_session=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the session, for what is no call of the API: files and response addresses."""
        return _opened(self._session)

    @property
    def client(self) -> AsyncWebClient:
        """Return Slack's own client over the same session, for Bolt."""
        return _opened(self._client)

    async def read(self, method: str, **arguments: Any) -> Json:  # noqa: ANN401 - Slack's own arguments
        """
        Ask for something, once more where Slack did not answer.

        Args:
            method: such as `users.info`.
            arguments: as Slack names them.

        Raises:
            SlackRefusal: it may not be known, or was asked wrongly.
            SlackBusy: too often.
            SlackLockedOut: the token is taken no more.
            SlackAway: Slack did not answer.

        """
        try:
            return await self._call(method, "GET", arguments)
        except SlackAway:
            return await self._call(method, "GET", arguments)

    async def write(self, method: str, **arguments: Any) -> Json:  # noqa: ANN401 - Slack's own arguments
        """
        Change something, asked once.

        Raises:
            SlackRefusal: Slack does not do it.
            SlackBusy: too often; it was not done.
            SlackLockedOut: the token is taken no more; it was not done.
            SlackAway: Slack did not answer; it was done or not.

        """
        return await self._call(method, "POST", arguments)

    async def download(self, url: str, most_bytes: int) -> bytes | None:
        """
        Return a file that Slack keeps; None if it is larger.

        Args:
            url: `url_private_download` of `files.info`; host and scheme are the API's or Slack's, else it is refused:
            the token goes along.
            most_bytes: that are read.

        Raises:
            SlackRefusal: it is another host's, or Slack does not hand it out.
            SlackAway: Slack did not answer.

        """
        if not self._is_slacks(url, _FILE_HOSTS):
            raise SlackRefusal("a file", "not_at_slack")
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self.session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise _kept_back(response.status)
                content = bytearray()
                while len(content) <= most_bytes and (more := await response.content.read(most_bytes + 1)):
                    content += more
        except _UNHEARD as error:
            raise SlackAway(f"Slack did not send a file: {type(error).__name__}.") from None
        return bytes(content) if len(content) <= most_bytes else None

    async def read_with_headers(self, method: str) -> tuple[Json, Mapping[str, str]]:
        """
        Ask for something without arguments, once; return the answer and HTTP's headers, names in lower case.

        Raises:
            SlackRefusal: it may not be known.
            SlackBusy: too often.
            SlackLockedOut: the token is not taken.
            SlackAway: Slack did not answer.

        """
        response = await self._respond(method, "GET", {})
        return _told(response), {name.lower(): value for name, value in response.headers.items()}

    async def respond(self, url: str, body: Json) -> None:
        """
        Answer at the address that came with an interaction; it takes five answers within half an hour.

        Args:
            url: its host is the API's, below it, or Slack's, else it is refused.
            body: as Slack names it.

        Raises:
            SlackRefusal: it is another host's, or Slack takes none there any more.
            SlackAway: Slack did not answer.

        """
        if not self._is_slacks(url, _ANSWER_HOSTS):
            raise SlackRefusal("an answer", "not_at_slack")
        try:
            async with self.session.post(url, json=body, allow_redirects=False) as response:
                told = (await response.content.read(_FAULT_BYTES)).decode(errors="replace")
        except _UNHEARD as error:
            raise SlackAway(f"Slack did not take an answer: {type(error).__name__}.") from None
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise SlackAway(f"Slack did not take an answer: status {response.status}.")
        if response.status != HTTPStatus.OK:
            raise SlackRefusal("an answer", f"status_{response.status}", told)

    def _is_slacks(self, url: str, hosts: tuple[str, ...]) -> bool:
        """
        Say whether an address is the API's neighbour, and as safe on its way as the API is.

        Args:
            url: it.
            hosts: how the names of Slack's other hosts end.

        """
        try:
            parts, api = urlsplit(url), urlsplit(self._url)
        except ValueError:
            return False
        host, home = parts.hostname or "", api.hostname or ""
        return parts.scheme == api.scheme and (host == home or host.endswith((f".{home}", *hosts)))

    async def _call(self, method: str, verb: str, arguments: Json) -> Json:
        return _told(await self._respond(method, verb, arguments))

    async def _respond(self, method: str, verb: str, arguments: Json) -> AsyncSlackResponse:
        given = {name: value for name, value in arguments.items() if value is not None}
        passed: dict[str, Any] = {"params": given} if verb == "GET" else {"json": given}
        try:
            response = await self.client.api_call(method, http_verb=verb, **passed)
        except SlackApiError as error:
            fault = _fault(method, error)
            if isinstance(fault, SlackLockedOut | SlackRefusal):
                self._judged(taken=isinstance(fault, SlackRefusal))
            raise fault from None
        except _UNHEARD as error:
            raise SlackAway(f"Slack did not answer {method}: {type(error).__name__}.") from None
        self._judged(taken=True)
        return response

    def _judged(self, *, taken: bool) -> None:
        """Note that Slack looked at the token just now."""
        self.is_locked_out, self.judged_at = not taken, asyncio.get_running_loop().time()


def _told(response: AsyncSlackResponse) -> Json:
    """Return the answer; nothing where it is no JSON object."""
    return response.data if isinstance(response.data, dict) else {}


def _opened(part: _Part | None) -> _Part:
    if part is None:
        message = "Slack's client is used with `async with`"
        raise RuntimeError(message)
    return part


def _fault(method: str, error: SlackApiError) -> PermanentError | TransientError:
    """Return what Slack's answer means for us."""
    response = error.response
    status, told = getattr(response, "status_code", 0), getattr(response, "data", response)
    code = str(told.get("error", "")) if isinstance(told, dict) else ""
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in ("ratelimited", "rate_limited"):
        return SlackBusy(method, _seconds(getattr(response, "headers", {}).get("Retry-After")))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _ITS_OWN_FAULTS or not code:
        return SlackAway(f"Slack did not answer {method}: status {status} {code}.".replace(" .", "."))
    if code in _LOCKED_OUT:
        return SlackLockedOut(method, code)
    metadata = told.get("response_metadata") if isinstance(told, dict) else None
    messages = metadata.get("messages", []) if isinstance(metadata, dict) else []
    detail = "; ".join(str(one)[:200] for one in messages[:3])
    needed = str(told.get("needed", "")) if isinstance(told, dict) else ""
    return SlackRefusal(method, code, detail or (f"needed: {needed}" if needed else ""))


def _kept_back(status: int) -> SlackRefusal | SlackAway:
    """Return what it means that Slack answers for a file with an HTTP status."""
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return SlackAway(f"Slack did not send a file: status {status}.")
    return SlackRefusal("a file", f"status_{status}")


def _seconds(told: object) -> float:
    """Return after how many seconds Slack may be asked again; it tells whole seconds, or nothing."""
    text = str(told)
    return float(text) if text.isascii() and text.isdigit() else 1.0
