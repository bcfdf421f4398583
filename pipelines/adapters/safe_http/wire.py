"""Connections that go to a checked address and end with their request's time. Knows no HTTP."""

import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2 as httpcore

from pipelines.adapters.safe_http.resolving import Resolver, checked_addresses
from pipelines.domain.egress import Egress


class Deadline:
    """The moment at which a request must have ended; set anew for each request."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Take a clock in seconds that never goes back."""
        self._now = now
        self._at = float("inf")

    def set(self, seconds: float) -> None:
        """Let the time end so many seconds from now."""
        self._at = self._now() + seconds

    def bounded(self, timeout: float | None) -> float:
        """
        Return the shorter of a timeout and the time that is left.

        Raises:
            httpcore.ReadTimeout: no time is left.

        """
        left = self._at - self._now()
        if left <= 0:
            raise httpcore.ReadTimeout("the time of the request is over")
        return left if timeout is None else min(left, timeout)


class CheckedBackend(httpcore.NetworkBackend):
    """
    Resolves a host, checks every address, and connects to one of exactly these.

    The host's name still goes into the TLS handshake: its certificate is checked against
    the name, not against the address.
    """

    def __init__(self, egress: Egress, resolver: Resolver, deadline: Deadline) -> None:
        self._egress = egress
        self._resolver = resolver
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()
        self.scheme = "https"

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers."""
        fault: Exception | None = None
        for address in checked_addresses(self._egress, host, port, self.scheme, self._resolver):
            try:
                stream = self._sockets.connect_tcp(
                    str(address), port, self._deadline.bounded(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as raised:
                fault = raised
            else:
                return _TimedStream(stream, self._deadline)
        raise fault or httpcore.ConnectError(f"{host} has no address")


class _TimedStream(httpcore.NetworkStream):
    """A connection none of whose steps outlasts its request."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.bounded(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.bounded(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        encrypted = self._stream.start_tls(ssl_context, server_hostname, self._deadline.bounded(timeout))
        return _TimedStream(encrypted, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's signature
        return self._stream.get_extra_info(info)
