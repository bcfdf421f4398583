"""
Requests into the network. Every connection, of a redirect too, is checked where it is made.

Reads no proxy, cookie, password or setting from the machine that it runs on.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin

import httpcore2 as httpcore

from pipelines.adapters.safe_http.faults import Refused, TooLarge, Unreachable
from pipelines.adapters.safe_http.resolving import Resolver, system_resolver
from pipelines.adapters.safe_http.unpacking import unpacked
from pipelines.adapters.safe_http.urls import Url, parse_url
from pipelines.adapters.safe_http.wire import CheckedBackend, Deadline
from pipelines.domain.egress import Egress
from pipelines.domain.values import Value


_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_ANY_HOST = ("accept", "accept-language", "user-agent")
"""Headers that go along to another host; every other may hold a credential, or speak of one host's file."""
_REDIRECT_BYTES = 2**16
"""Of a redirect's own body, which is read so that its connection serves the next request."""
_IDLE_S = 15.0
_FAULTS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    ssl.SSLError,
)


@dataclass(frozen=True, slots=True)
class HttpLimits(Value):
    """
    What one request may cost.

    Attributes:
        max_bytes: of a body, as it comes and as it unpacks.
        seconds: from the first look-up to the last byte, redirects included.
        step_seconds: without a byte.
        redirects: how many are followed.

    """

    max_bytes: int = 50 * 2**20
    seconds: float = 30.0
    step_seconds: float = 10.0
    redirects: int = 10


@dataclass(frozen=True, slots=True)
class Response(Value):
    """
    An answer.

    Attributes:
        url: the address that answered, after redirects.
        status: HTTP's number.
        headers: names in lower case; of a repeated one the values with commas between.
        body: unpacked; empty where it was not wanted.
        read: the body was wanted, and is whole.

    """

    url: Url
    status: int
    headers: Mapping[str, str]
    body: bytes
    read: bool = True


def _everything(_url: Url, _status: int, _headers: Mapping[str, str]) -> bool:
    return True


def _everywhere(_url: Url) -> bool:
    return True


class SafeHttp:
    """One client for one thread. Keeps connections to a host for the next request; close it."""

    def __init__(
        self,
        egress: Egress,
        *,
        limits: HttpLimits = HttpLimits(),
        resolver: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Take what is allowed; nothing is connected yet.

        Args:
            egress: where requests may go.
            limits: what one request may cost.
            resolver: finds the addresses of a name.
            tls: whom to trust; the machine's own authorities when None.
            now: seconds, never going back.

        """
        self._limits = limits
        self._deadline = Deadline(now)
        self._backend = CheckedBackend(egress, resolver, self._deadline)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, network_backend=self._backend, max_connections=2, keepalive_expiry=_IDLE_S
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End all connections."""
        self._pool.close()

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        max_bytes: int | None = None,
        wanted: Callable[[Url, int, Mapping[str, str]], bool] = _everything,
        follow: Callable[[Url], bool] = _everywhere,
    ) -> Response:
        """
        Return the answer to a GET request, whatever its status.

        Args:
            url: http or https.
            headers: to be sent; to another host than the first only what says nothing of anybody.
            max_bytes: another limit of the body than the client's.
            wanted: told address, status and headers; the body is not read where it returns False.
            follow: told where a redirect leads; where it returns False, the redirect is the answer.

        Raises:
            Refused: an address is not allowed, there are too many redirects, or the body is not readable.
            TooLarge: the body.
            Unreachable: no whole answer in time.

        """
        self._deadline.set(self._limits.seconds)
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        at = parse_url(url)
        for _ in range(self._limits.redirects + 1):
            answer = self._one(at, sent, max_bytes or self._limits.max_bytes, wanted)
            to = _target(answer)
            if to is None or not follow(to):
                return answer
            if at.scheme == "https" and to.scheme == "http":
                raise Refused(f"{at} leads from https to http: {to}")
            if to.origin != at.origin:
                sent = {name: value for name, value in sent.items() if name in _FOR_ANY_HOST}
            at = to
        raise Refused(f"{url} leads through more than {self._limits.redirects} redirects")

    def _one(
        self,
        url: Url,
        headers: Mapping[str, str],
        max_bytes: int,
        wanted: Callable[[Url, int, Mapping[str, str]], bool],
    ) -> Response:
        """Return the answer of one server."""
        self._backend.scheme = url.scheme
        request = _request(url, headers, self._limits.step_seconds)
        try:
            answer = self._pool.handle_request(request)
            try:
                received = _joined(answer.headers)
                parts = answer.stream
                if not isinstance(parts, Iterable) or not wanted(url, answer.status, received):
                    return Response(url, answer.status, received, b"", read=False)
                most = _REDIRECT_BYTES if answer.status in _REDIRECTS else max_bytes
                return Response(url, answer.status, received, _body(url, received, parts, most))
            finally:
                answer.close()
        except _FAULTS as fault:
            raise Unreachable(f"{url} gave no whole answer: {_reason(fault)}") from fault


def _request(url: Url, headers: Mapping[str, str], step_seconds: float) -> httpcore.Request:
    fixed = {"host": url.netloc, "accept": "*/*", "accept-encoding": "gzip"}
    sent = fixed | {name: value for name, value in headers.items() if name not in ("host", "accept-encoding")}
    if any("\r" in value or "\n" in value or not value.isascii() for value in sent.values()):
        raise Refused(f"a header for {url} holds a line end or a character beyond ASCII")
    times = dict.fromkeys(("connect", "read", "write", "pool"), step_seconds)
    target = httpcore.URL(
        scheme=url.scheme.encode(), host=url.host.encode(), port=url.port, target=url.target.encode("ascii")
    )
    return httpcore.Request("GET", target, headers=list(sent.items()), extensions={"timeout": times})


def _body(url: Url, headers: Mapping[str, str], parts: Iterable[bytes], max_bytes: int) -> bytes:
    announced = headers.get("content-length", "")
    size = int(announced) if announced.isascii() and announced.isdigit() else None
    if size is not None and size > max_bytes:
        raise TooLarge(f"{url} has {size} bytes, more than {max_bytes}", size)
    return b"".join(unpacked(parts, headers.get("content-encoding", ""), max_bytes=max_bytes, shown=str(url)))


def _target(answer: Response) -> Url | None:
    """Return where a redirect leads; None for any other answer."""
    location = answer.headers.get("location")
    if answer.status not in _REDIRECTS or not location:
        return None
    try:
        return parse_url(urljoin(str(answer.url), location))
    except ValueError as fault:
        raise Refused(f"{answer.url} leads to what is no web address") from fault


def _joined(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _reason(fault: Exception) -> str:
    if isinstance(fault, httpcore.TimeoutException):
        return "it took too long"
    return str(fault) or type(fault).__name__
