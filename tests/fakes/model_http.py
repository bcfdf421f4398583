"""HTTP/1.1 as a fake server speaks it, down to the byte where it breaks off. Knows nothing of models."""

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


_RESET = struct.pack("ii", 1, 0)
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}
_LOOK_S = 0.01


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request; names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


async def read_request(reader: asyncio.StreamReader) -> HttpRequest | None:
    """Return the next request of a connection; None where it ended."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    except (asyncio.IncompleteReadError, OSError, ValueError):
        return None
    return HttpRequest(method, target.partition("?")[0], headers, body)


async def client_left(reader: asyncio.StreamReader) -> None:
    """Return as soon as the client has closed its connection; takes nothing out of what it sends."""
    while not (reader.at_eof() or reader.exception()):  # noqa: ASYNC110 - the reader tells nobody
        await asyncio.sleep(_LOOK_S)


class Responder:
    """One answer on one connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.began = False

    async def whole(self, status: int, content: Any, headers: Mapping[str, str] | None = None) -> None:
        """Send an answer at once: JSON, or bytes as they are."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        sent = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
        self._head(status, sent)
        self._writer.write(body)
        await self._writer.drain()

    async def begin(self, content_type: str) -> None:
        """Begin an answer whose length is not known yet."""
        self._head(200, {"content-type": content_type, "transfer-encoding": "chunked"})
        await self._writer.drain()

    async def piece(self, data: bytes) -> None:
        """Send a piece of it."""
        self._writer.write(b"%x\r\n%s\r\n" % (len(data), data))
        await self._writer.drain()

    async def end(self) -> None:
        """Say that it is whole."""
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    async def reset(self) -> None:
        """Break the connection off without a farewell."""
        connected = self._writer.get_extra_info("socket")
        if connected is not None and connected.fileno() >= 0:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._writer.transport.abort()

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.began = True
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}", *(f"{n}: {v}" for n, v in headers.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
