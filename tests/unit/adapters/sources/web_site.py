"""A site that a test writes, crawled with a clock that stands still but for waiting."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pipelines.adapters.safe_http import HttpLimits, SafeHttp
from pipelines.adapters.sources.web import WebLimits, WebSource
from pipelines.adapters.sources.web_fetching import PoliteFetcher
from pipelines.adapters.sources.web_memory import WebMemory
from pipelines.domain.egress import Egress
from pipelines.domain.reading import Rejected
from pipelines.ports.source_reader import SourceFile
from tests.web_server import WebServer


NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Site:
    """A site, its server, and what a crawl of it finds."""

    def __init__(self, server: WebServer, folder: Path) -> None:
        self.server = server
        self.waited: list[float] = []
        self._folder = folder
        self._time = 0.0

    def page(self, path: str, links: Iterable[str] = (), *, head: str = "", **headers: str) -> None:
        """Serve a page of HTML that leads to others."""
        anchors = "".join(f'<a href="{link}">to {link}</a>' for link in links)
        body = f"<html><head>{head}</head><body><p>This is {path}</p>{anchors}</body></html>"
        sent = {"Content-Type": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.server.pages[path] = (200, sent, body.encode())

    def status(self, path: str, status: int, headers: Mapping[str, str] | None = None) -> None:
        """Serve a status without a page."""
        self.server.pages[path] = (status, headers or {}, b"")

    def source(
        self,
        start: str = "/",
        *,
        include: tuple[str, ...] = (),
        exclude: tuple[str, ...] = (),
        limits: WebLimits | None = None,
    ) -> WebSource:
        """Return a reader."""
        http = SafeHttp(Egress.parse(f"127.0.0.1:{self.server.port}"), limits=HttpLimits(max_bytes=2**20))
        fetcher = PoliteFetcher(
            http, headers={}, pause_s=1.0, sleep=self._sleep, monotonic=lambda: self._time, now=lambda: NOW
        )
        return WebSource(
            self.server.url + start,
            fetcher,
            WebMemory(self._folder),
            limits=limits or WebLimits(max_file_mb=1),
            include=include,
            exclude=exclude,
        )

    def crawl(
        self,
        start: str = "/",
        *,
        include: tuple[str, ...] = (),
        exclude: tuple[str, ...] = (),
        limits: WebLimits | None = None,
    ) -> dict[str, SourceFile]:
        """Return what one crawl lists."""
        source = self.source(start, include=include, exclude=exclude, limits=limits)
        return {one.path: one for one in source.list()}

    def paths(self, start: str = "/", *, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
        """Return the paths of the documents that one crawl can fetch."""
        return [path for path, one in self.crawl(start, include=include, exclude=exclude).items() if not one.rejected]

    def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self._time += seconds


def reason(file: SourceFile) -> str:
    """Return why a file was rejected."""
    assert isinstance(file.rejected, Rejected)
    return file.rejected.reason
