"""
The way out to one server: only there, only what is ours, and back only what a model may send.

Whatever the client was made to add by variables of the machine, organisations, headers,
another address or key, stays here: the server's own settings say where a request goes and with which key.
"""

import logging
import ssl
from collections.abc import Iterator

import httpcore2 as httpcore
import httpx

from pipelines.adapters.openai_models.call import CallOver, call_under_way
from pipelines.adapters.openai_models.joining import EventJoiner
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.openai_models.wire import TimedBackend
from pipelines.adapters.safe_http.resolving import Resolver, system_resolver


NO_KEY = "none"
"""The client `openai` insists on a key; the transport sends only the server's own."""

_TALKATIVE = ("openai", "httpx", "httpcore2")
MAX_REPLY_BYTES = 16 * 2**20
"""Of one answer, events and all: a reply of a model has thousands of bytes."""
KEEPALIVE_S = 15.0
IDLE_CONNECTIONS = 8
_OUR_HEADERS = ("accept", "content-type", "content-length", "transfer-encoding")
_EVENTS = "text/event-stream"
_LAST = b"[DONE]"
_DRAIN_S = 0.05


def quieten() -> None:
    """Let the libraries write warnings alone: other lines hold prompts and keys, and a variable switches them on."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class BadAnswer(Exception):
    """What answers is no model server, or does not behave like one; the message ends a sentence."""


class ModelTransport(httpx.BaseTransport):
    """Requests to one server. Safe between threads; connects when it is first used."""

    def __init__(self, server: OpenAIServer, resolver: Resolver = system_resolver) -> None:
        self._server = server
        self._headers = [(b"user-agent", b"footnote"), (b"host", server.place.encode("ascii"))]
        if server.key is not None:
            self._headers.append((b"authorization", f"Bearer {server.key}".encode()))
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(cafile=server.ca_file) if server.scheme == "https" else None,
            max_connections=None,
            max_keepalive_connections=IDLE_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_S,
            network_backend=TimedBackend(resolver),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send a request to the server, whatever host it names.

        Raises:
            BadAnswer: the answer is no stream of events although the call is one.

        """
        answer = self._pool.handle_request(self._outgoing(request))
        call = call_under_way()
        streams = call is not None and answer.status == httpx.codes.OK and call.streams
        body = ReplyBody(answer, EventJoiner() if streams and _is_plain(answer) else None)
        if call is not None:
            call.body = body
        if streams:
            _check_type(answer)
        return httpx.Response(answer.status, headers=answer.headers, stream=body)

    def close(self) -> None:
        """End all connections."""
        self._pool.close()

    def _outgoing(self, request: httpx.Request) -> httpcore.Request:
        own = [(name.lower(), value) for name, value in request.headers.raw if name.decode().lower() in _OUR_HEADERS]
        url = httpcore.URL(
            scheme=self._server.scheme.encode(),
            host=self._server.host.encode("ascii"),
            port=self._server.port,
            target=request.url.raw_path,
        )
        return httpcore.Request(request.method, url, headers=self._headers + own, content=request.read())


class ReplyBody(httpx.SyncByteStream):
    """The body of an answer, as it comes, events of one read joined; too much of it is a fault."""

    def __init__(self, answer: httpcore.Response, joiner: EventJoiner | None) -> None:
        self._answer = answer
        self._joiner = joiner
        self._parts = self._read()
        self._tail = b""
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        """Yield what comes."""
        return self._parts

    def close(self) -> None:
        """Let go of the connection; if the reply is whole, in a state in which the next one can use it."""
        if self._closed:
            return
        self._closed = True
        if self._tail.rstrip().endswith(_LAST):
            self._drain()
        self._answer.close()

    def _read(self) -> Iterator[bytes]:
        size = 0
        for part in self._answer.iter_stream():
            size += len(part)
            if size > MAX_REPLY_BYTES:
                raise BadAnswer(f"sent more than {MAX_REPLY_BYTES // 2**20} MB for one reply")
            self._tail = (self._tail + part)[-len(_LAST) - 4 :]
            if self._joiner is None:
                yield part
            elif ready := self._joined(self._joiner, part):
                yield ready
        if self._joiner is not None and (ready := self._joiner.end()):
            yield ready

    def _joined(self, joiner: EventJoiner, part: bytes) -> bytes:
        """Return the events that may go on now: none while the next one is there already."""
        call = call_under_way()
        joiner.feed(part)
        if call is not None and call.follows(part):
            return b""
        if call is not None:
            call.gathers = joiner.speaks and not self._closed
        return joiner.take()

    def _drain(self) -> None:
        """Read the end of the body, which follows the last event at once or is not waited for."""
        call = call_under_way()
        if call is None:
            return
        call.gathers = False
        call.hurry(_DRAIN_S)
        try:
            for _ in self._parts:
                pass
        except (CallOver, BadAnswer, httpcore.NetworkError, httpcore.ProtocolError):
            return


def _check_type(answer: httpcore.Response) -> None:
    kinds = [value for name, value in answer.headers if name.lower() == b"content-type"]
    if not any(one.lower().startswith(_EVENTS.encode()) for one in kinds):
        raise BadAnswer("answers with something else than a stream of events")


def _is_plain(answer: httpcore.Response) -> bool:
    """Say whether a body is sent as it is, not packed: nobody asks for that, and the client would unpack it."""
    return all(name.lower() != b"content-encoding" for name, _ in answer.headers)
