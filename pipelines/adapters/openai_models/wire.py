"""
Connections that keep to the time of their call at every step: look-up, connecting, handshake, each read and write.

Sockets do not block; whoever waits looks up every quarter of a second. A time-out of the
library holds for one step alone, so a trickle outlasts it, and nobody can take such a wait back.
"""

import errno
import math
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from typing import Any, TypeVar

import httpcore2 as httpcore

from pipelines.adapters.openai_models.call import ModelCall, call_under_way
from pipelines.adapters.safe_http.resolving import Resolver, system_resolver
from pipelines.domain.network_addresses import Address


CONNECT_S = 3.0
"""For one address of several; the last one has all the time that is left."""
OUTSIDE_S = 30.0
"""For one step where no call is under way."""
_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN)
_Result = TypeVar("_Result")


def _call() -> ModelCall:
    """Return the call that is under way, or one for this step alone."""
    return call_under_way() or ModelCall(
        seconds=OUTSIDE_S, stall_s=OUTSIDE_S, cancelled=lambda: False, monotonic=time.monotonic
    )


class TimedBackend(httpcore.NetworkBackend):
    """Connects in the time of the call."""

    def __init__(self, resolver: Resolver = system_resolver) -> None:
        """Take what finds the addresses of a name."""
        self._resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the call knows better
        local_address: str | None = None,  # noqa: ARG002 - none is used
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers."""
        call, literal = _call(), _as_address(host)
        call.connected = True
        *others, last = [literal] if literal else _LookUp(host, self._resolver).wait(call)
        for address in others:
            try:
                return _connected(call, address, port, CONNECT_S, socket_options)
            except httpcore.ConnectError:
                continue
        return _connected(call, last, port, math.inf, socket_options)


class TimedStream(httpcore.NetworkStream):
    """A connection none of whose steps outlasts its call."""

    def __init__(self, connected: socket.socket) -> None:
        """Take a socket that does not block."""
        self._socket = connected

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - as above
        """Return what came, b"" at the end; a reply that speaks already is left time to say more."""
        call = _call()
        if pause := call.pause():
            time.sleep(pause)
        try:
            part = self._step(partial(self._received, max_bytes), select.POLLIN)
        except OSError as fault:
            raise httpcore.ReadError(type(fault).__name__) from fault
        call.came(part, more=len(part) == max_bytes)
        return part

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - as above
        """Send all of it."""
        rest = memoryview(buffer)
        try:
            while rest:
                rest = rest[self._step(partial(self._socket.send, rest), select.POLLOUT) :]
        except OSError as fault:
            raise httpcore.WriteError(type(fault).__name__) from fault

    def close(self) -> None:
        """Close it at once; what is still to come is refused."""
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.NetworkStream:
        """Return the encrypted connection."""
        encrypted = ssl_context.wrap_socket(
            self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
        )
        stream = TimedStream(encrypted)
        try:
            stream._step(encrypted.do_handshake, select.POLLIN)
        except OSError as fault:
            encrypted.close()
            raise httpcore.ConnectError(_tls_reason(fault)) from fault
        except BaseException:
            encrypted.close()
            raise
        return stream

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's signature
        """Return what the library asks for to reuse a connection."""
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        if info == "is_readable":
            return _waits_for(self._socket, select.POLLIN, 0.0)
        return self._socket if info == "socket" else None

    def _received(self, most: int) -> bytes:
        """Return all that is there, without waiting: an encrypted connection gives out one record at a time."""
        parts = [self._socket.recv(most)]
        if isinstance(self._socket, ssl.SSLSocket):
            left = most - len(parts[0])
            # What breaks it here breaks the next read as well.
            with suppress(OSError):
                while parts[-1] and left:
                    parts.append(self._socket.recv(left))
                    left -= len(parts[-1])
        return b"".join(parts)

    def _step(self, attempt: Callable[[], _Result], usual: int) -> _Result:
        """Return what an attempt returns as soon as it need not wait; `usual` is what it waits for as a rule."""
        call = _call()
        while True:
            wait = call.look()
            try:
                return attempt()
            except BlockingIOError:
                event = usual
            except ssl.SSLWantReadError:
                event = select.POLLIN
            except ssl.SSLWantWriteError:
                event = select.POLLOUT
            _waits_for(self._socket, event, wait)


def _connected(
    call: ModelCall, address: Address, port: int, seconds: float, options: Iterable[httpcore.SOCKET_OPTION] | None
) -> TimedStream:
    """Return a connection to an address, made within some seconds."""
    made = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)  # noqa: PLR2004 - IPv4
    try:
        made.setblocking(False)  # noqa: FBT003 - the library's signature
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in options or ():
            made.setsockopt(*one)
        code = _connect(call, made, (str(address), port), seconds)
    except BaseException:
        made.close()
        raise
    if code:
        made.close()
        raise httpcore.ConnectError(errno.errorcode.get(code, str(code)))
    return TimedStream(made)


def _connect(call: ModelCall, made: socket.socket, place: tuple[str, int], seconds: float) -> int:
    """Return the system's code for connecting, 0 for success."""
    until = call.spent_s + seconds
    code = made.connect_ex(place)
    while code in _UNDER_WAY:
        if _waits_for(made, select.POLLOUT, call.look()):
            return made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if call.spent_s >= until:
            return errno.ETIMEDOUT
    return code


def _as_address(text: str) -> Address | None:
    """Return an address; None where the text is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


class _LookUp:
    """
    One look-up of a name, by a thread: the system's own wait has no end that we set.

    Given up, the thread ends with that wait and disturbs nobody.
    """

    def __init__(self, host: str, resolver: Resolver) -> None:
        self._host = host
        self._resolver = resolver
        self._found: list[Address] = []
        self._fault = "no address"
        self._done = threading.Event()
        threading.Thread(target=self._ask, name="model-look-up", daemon=True).start()

    def wait(self, call: ModelCall) -> list[Address]:
        while not self._done.wait(call.look()):
            pass
        if not self._found:
            raise httpcore.ConnectError(f"the name cannot be resolved now: {self._fault}")
        return self._found

    def _ask(self) -> None:
        try:
            found = [_as_address(one) for one in self._resolver(self._host)]
            self._found = [one for one in found if one is not None]
        except (OSError, UnicodeError) as fault:
            self._fault = type(fault).__name__
        finally:
            self._done.set()


def _waits_for(one: socket.socket, event: int, seconds: float) -> bool:
    """Say whether something happens to a socket within some seconds."""
    poll = select.poll()
    poll.register(one, event)
    return bool(poll.poll(seconds * 1000))


def _tls_reason(fault: OSError) -> str:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {fault.verify_message}"
    return f"no encrypted connection ({type(fault).__name__})"
