"""A web server on loopback whose pages a test writes, with a record of what was asked of it."""

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self, TypeAlias


Page: TypeAlias = tuple[int, Mapping[str, str], bytes]
"""Status, headers, body. A body whose headers name no Content-Length is sent with its length."""

Answer: TypeAlias = Page | Callable[[Mapping[str, str]], Page]
"""A page, or what makes one of the headers of a request (names in lower case)."""


class WebServer:
    """Serves `pages` by path with query; 404 for any other. Use it with `with`."""

    def __init__(self, pages: Mapping[str, Answer] | None = None) -> None:
        """Take path -> page; `pages` may be changed at any time."""
        self.pages: dict[str, Answer] = dict(pages or {})
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Begin to serve."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client may break off."""


class _Handler(BaseHTTPRequestHandler):
    site: WebServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.site.asked.append(self.path)
        self.site.headers.append(headers)
        answer = self.site.pages.get(self.path, (404, {}, b"nothing here"))
        status, sent, body = answer(headers) if callable(answer) else answer
        self.send_response(status)
        names = {name.lower() for name in sent}
        if not names & {"content-length", "transfer-encoding"} and status != 304:
            self.send_header("Content-Length", str(len(body)))
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""
