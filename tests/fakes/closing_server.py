"""A model server that promises to keep its connections and closes each behind one reply, as llama.cpp's does."""

import json
import socket
import struct
import threading
from types import TracebackType
from typing import Self

from tests.fakes.model_behaviour import ANSWER
from tests.fakes.model_server import CONTEXT, MODEL


_RESET = struct.pack("ii", 1, 0)
_KEPT = "Keep-Alive: timeout=5, max=100"


class ClosingServer:
    """
    Answers the first request of each connection, and closes it when the next one comes.

    Attributes:
        dropped: requests that came on a connection which was then closed.

    """

    def __init__(self, *, resets: bool = False) -> None:
        """
        Listen on a free port.

        Args:
            resets: connections are broken off and not closed in order.

        """
        self.dropped = 0
        self._ending = False
        self._resets = resets
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/v1"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # A blocked accept() does not notice close(); a connection that says nothing ends it.
        self._ending = True
        with socket.create_connection(self._listening.getsockname()):
            pass
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while not self._ending:
            connected, _ = self._listening.accept()
            with connected:
                path = _read(connected)
                if path is None:
                    continue
                connected.sendall(_models() if path.endswith("/models") else _chat())
                if _read(connected) is not None:
                    self.dropped += 1
                    if self._resets:
                        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def _read(connected: socket.socket) -> str | None:
    """Return the path of the next request, read whole; None where the client has left."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connected.recv(65_536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    sizes = [line.partition(":")[2] for line in lines if line.lower().startswith("content-length:")]
    while len(body) < int(sizes[0] if sizes else 0):
        body += connected.recv(65_536)
    return lines[0].split(" ")[1]


def _chat() -> bytes:
    events = [*({"delta": {"content": ANSWER}, "finish_reason": why} for why in (None, "stop"))]
    events[1]["delta"] = {}
    chunks = [
        json.dumps(
            {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": MODEL,
                "choices": [{"index": 0, **one}],
            }
        )
        for one in events
    ]
    body = "".join(f"data: {one}\n\n" for one in [*chunks, "[DONE]"]).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n{_KEPT}\r\n\r\n"
    return head.encode() + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def _models() -> bytes:
    one = {"id": MODEL, "object": "model", "created": 1, "owned_by": "us", "max_model_len": CONTEXT}
    body = json.dumps({"object": "list", "data": [one]}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{_KEPT}\r\n\r\n"
    return head.encode() + body
