"""A web site as a source: the pages below a start address, or those of a sitemap. Only through safe_http."""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace

from pipelines.adapters.safe_http import Refused, Response, TooLarge, Unreachable, Url, parse_url
from pipelines.adapters.sources.web_crawl import Crawl, Found
from pipelines.adapters.sources.web_fetching import PoliteFetcher
from pipelines.adapters.sources.web_memory import Page, WebMemory
from pipelines.adapters.sources.web_robots import Robots, read_robots
from pipelines.adapters.sources.web_sitemap import looks_like_sitemap, read_sitemap
from pipelines.adapters.sources.web_urls import Scope, folder_of, likely_path, page_url
from pipelines.adapters.sources.web_visit import Visitor
from pipelines.domain.reading import Rejected
from pipelines.domain.values import Value
from pipelines.errors import BadInput, SourceUnreadable
from pipelines.ports.source_reader import SourceFile


_OK = 200
_MOST_SITEMAPS = 500


@dataclass(frozen=True, slots=True)
class WebLimits(Value):
    """Addresses that are asked for, links from the start, MB of one page."""

    max_pages: int = 2000
    max_depth: int = 20
    max_file_mb: int = 50


@dataclass(frozen=True, slots=True)
class _Start(Value):
    """The start address as it answered."""

    url: Url
    answer: Response
    is_sitemap: bool


class WebSource:
    """
    `ports.source_reader.SourceReader` over a site. One object serves one sync; it crawls once.

    Documents are those of the crawl: what is listed is what is fetched. A page that cannot
    be had now is listed as rejected, so that its document stays; only what its server
    calls gone (404, 410), what nothing leads to any more, and what wants no index is left out.
    """

    def __init__(
        self,
        start: str,
        fetcher: PoliteFetcher,
        memory: WebMemory,
        *,
        limits: WebLimits,
        include: tuple[str, ...] = (),
        exclude: tuple[str, ...] = (),
    ) -> None:
        """
        Take the start; nothing is fetched yet.

        Args:
            start: address of a page or of a sitemap.
            fetcher: makes the requests.
            memory: of the crawl before.
            limits: where the crawl ends.
            include: patterns of paths that are wanted; without any, those below the
                start's folder are, or all that a sitemap lists.
            exclude: patterns of paths that are not.

        """
        self._start = start
        self._fetcher = fetcher
        self._memory = memory
        self._limits = limits
        self._include = include
        self._exclude = exclude
        self._listing: dict[str, SourceFile] | None = None

    def check(self) -> None:
        """
        Ask for robots.txt and the start.

        Raises:
            SourceUnreadable: one of them cannot be had, or the start may not be fetched.

        """
        try:
            self._opened()
        finally:
            self._fetcher.end()

    def list(self, alive: Callable[[], None] = lambda: None) -> Iterator[SourceFile]:
        """Yield every document, each path once, sorted by path."""
        if self._listing is None:
            self._fetcher.alive = alive
            try:
                self._listing = self._crawled()
            finally:
                self._fetcher.end()
        yield from (self._listing[path] for path in sorted(self._listing))

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes of a document, or why they cannot be had."""
        file = (self._listing or {}).get(path)
        if file is None or file.rejected or file.content_hash is None:
            return Rejected("it is not among the pages of the site")
        return self._memory.body(file.content_hash)

    def audience_rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return no rules: who runs a site does not say who may read this base."""
        return ()

    def _crawled(self) -> dict[str, SourceFile]:
        robots, start = self._opened()
        scope = Scope(start.url, self._include, self._exclude, "/" if start.is_sitemap else folder_of(start.url))
        before = self._memory.load()
        starts = self._starts(robots, start, scope)
        visitor = Visitor(self._fetcher, self._memory, scope, max_file_mb=self._limits.max_file_mb)
        crawl = Crawl(
            visitor,
            robots,
            scope,
            before,
            max_pages=self._limits.max_pages,
            max_depth=0 if start.is_sitemap else self._limits.max_depth,
        )
        found = crawl.run(starts.items())
        listing, renamed = _listing(found, before)
        self._memory.save({**found.memory, **renamed}, before.values())
        return listing

    def _opened(self) -> tuple[Robots, _Start]:
        """Return the site's rules, and the start as it answered."""
        try:
            first = parse_url(self._start)
        except Refused as fault:
            raise SourceUnreadable(str(fault)) from fault
        robots = read_robots(self._fetcher, first)
        answer = self._asked(first)
        url = page_url(str(answer.url), answer.url) or answer.url
        if (url.host, url.port) != (first.host, first.port):
            robots = read_robots(self._fetcher, url)
        if not robots.allows(url):
            raise SourceUnreadable(f"robots.txt of {url.netloc} does not allow to fetch {url}")
        self._fetcher.pause_s = max(self._fetcher.pause_s, robots.pause_s)
        try:
            return robots, _Start(url, answer, looks_like_sitemap(answer.body))
        except BadInput as fault:
            raise SourceUnreadable(f"{url} cannot be read: {fault}") from fault

    def _starts(self, robots: Robots, start: _Start, scope: Scope) -> dict[Url, str | None]:
        """Return the addresses to begin with, and the day of the last change where a sitemap names it."""
        starts: dict[Url, str | None] = {} if start.is_sitemap else {start.url: None}
        waiting = [start.url] if start.is_sitemap else [*robots.sitemaps(start.url)]
        seen = set(waiting)
        while waiting:
            at = waiting.pop(0)
            body = start.answer.body if at == start.url else self._sitemap(at, needed=start.is_sitemap)
            try:
                listed = read_sitemap(body) if body else None
            except BadInput as fault:
                raise SourceUnreadable(f"the sitemap {at} cannot be read: {fault}") from fault
            for written, day in listed.pages if listed else ():
                url = page_url(written, at, scope.site)
                if url and scope.wants(url):
                    starts.setdefault(url, day)
            for written in listed.sitemaps if listed else ():
                url = page_url(written, at, scope.site)
                if url and scope.same_site(url) and url not in seen and len(seen) < _MOST_SITEMAPS:
                    seen.add(url)
                    waiting.append(url)
        return starts

    def _sitemap(self, url: Url, *, needed: bool) -> bytes:
        """Return a further sitemap; one that robots.txt names and that is not there counts as empty."""
        answer = self._asked(url, missing=not needed)
        return answer.body if answer.status == _OK else b""

    def _asked(self, url: Url, *, missing: bool = False) -> Response:
        """Return an answer without which nothing can be said of the site."""
        try:
            answer = self._fetcher.get(url)
        except (Refused, TooLarge, Unreachable) as fault:
            raise SourceUnreadable(f"{url} cannot be read: {fault}") from fault
        if answer.status != _OK and not (missing and answer.status in (404, 410)):
            raise SourceUnreadable(f"{url} cannot be read: its server answered {answer.status}")
        return answer


def _listing(found: Found, before: Mapping[str, Page]) -> tuple[dict[str, SourceFile], dict[str, Page]]:
    """Return the documents by path, and pages whose path had to change since another has it."""
    files: dict[str, SourceFile] = {}
    renamed: dict[str, Page] = {}
    # Pages that were known come first: a new one does not take their name.
    for url, page in sorted(found.pages.items(), key=lambda one: (one[0] not in before, one[0])):
        if page.noindex or _is_copy(page, found):
            continue
        path = _free_name(page.path, files)
        if path != page.path:
            renamed[url] = replace(page, path=path)
        files[path] = SourceFile(path, page.size, None, page.content_hash, page.url, page.day)
    for url, reason in sorted(found.rejected.items()):
        known = before.get(url)
        path = known.path if known else _free_name(likely_path(parse_url(url)), files)
        files.setdefault(path, SourceFile(path, 0, reason, address=url))
    return files, renamed


def _free_name(path: str, taken: Container[str]) -> str:
    """Return the path, with a number before its ending if it is taken."""
    stem, dot, ending = path.rpartition(".")
    number, free = 1, path
    while free in taken:
        number += 1
        free = f"{stem} ({number}){dot}{ending}"
    return free


def _is_copy(page: Page, found: Found) -> bool:
    """Say whether a page calls another its proper address, and that one is there and does not call back."""
    proper = found.pages.get(page.canonical)
    return proper is not None and not proper.noindex and proper.canonical != page.url
