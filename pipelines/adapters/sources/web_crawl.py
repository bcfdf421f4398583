"""From page to page of one site, breadth first, each once. Fetches through its visitor, lists nothing."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines.adapters.safe_http import Url, parse_url
from pipelines.adapters.sources.web_memory import Page
from pipelines.adapters.sources.web_robots import Robots
from pipelines.adapters.sources.web_urls import Scope
from pipelines.adapters.sources.web_visit import Gone, Moved, Visitor, dated
from pipelines.domain.reading import Rejected


_MOST_TOLD = 20
_MOST_WAITING = 100_000


@dataclass(slots=True)
class Found:
    """
    What a crawl found.

    Attributes:
        pages: address -> page.
        rejected: address -> why it cannot be had now.
        memory: address as it was asked for -> page, for the next crawl.

    """

    pages: dict[str, Page] = field(default_factory=dict)
    rejected: dict[str, Rejected] = field(default_factory=dict)
    memory: dict[str, Page] = field(default_factory=dict)


class Crawl:
    """One crawl of one site."""

    def __init__(
        self,
        visitor: Visitor,
        robots: Robots,
        scope: Scope,
        before: Mapping[str, Page],
        *,
        max_pages: int,
        max_depth: int,
    ) -> None:
        """
        Take the limits.

        Args:
            visitor: asks for pages.
            robots: the site's rules.
            scope: which pages are wanted.
            before: address as it was asked for -> page, of the crawl before.
            max_pages: addresses that are asked for, at most.
            max_depth: links from a start to a page, at most.

        """
        self._visitor = visitor
        self._robots = robots
        self._scope = scope
        self._before = before
        self._max_pages = max_pages
        self._max_depth = max_depth
        self._waiting: deque[tuple[Url, int]] = deque()
        self._seen: set[str] = set()
        self._days: dict[str, str] = {}
        self._found = Found()

    def run(self, starts: Iterable[tuple[Url, str | None]]) -> Found:
        """Visit the starts, of which a sitemap may know the day of the last change, and all they lead to."""
        for url, day in starts:
            self._wait(url, 0, wanted=True)
            if day:
                self._days[str(url)] = day
        asked = 0
        while self._waiting and asked < self._max_pages:
            url, depth = self._waiting.popleft()
            if self._allowed(url):
                asked += 1
                self._visit(url, depth)
        self._tell_rest()
        return self._found

    def _wait(self, url: Url, depth: int, *, wanted: bool = False) -> None:
        """Let a page be visited, if it is wanted and was not seen."""
        key = str(url)
        fits = wanted or (depth <= self._max_depth and self._scope.wants(url))
        if fits and key not in self._seen and len(self._waiting) < _MOST_WAITING:
            self._seen.add(key)
            self._waiting.append((url, depth))

    def _allowed(self, url: Url) -> bool:
        """Say whether the site allows a page; of one that was known it is told."""
        if self._robots.allows(url):
            return True
        self._keep(url, Rejected("robots.txt of its site does not allow to fetch it"), told=False)
        return False

    def _visit(self, url: Url, depth: int) -> None:
        found = self._visitor.visit(url, self._before.get(str(url)))
        if isinstance(found, Moved):
            self._wait(found.url, depth)
        elif isinstance(found, Page):
            page = dated(found, self._days.get(str(url)))
            self._found.memory[str(url)] = page
            if self._scope.wants(url):
                self._found.pages[str(url)] = page
            self._follow(page, depth)
        elif not isinstance(found, Gone):
            self._keep(url, found, told=True)
            before = self._before.get(str(url))
            if before:
                self._follow(before, depth)

    def _follow(self, page: Page, depth: int) -> None:
        if page.canonical:
            self._wait(parse_url(page.canonical), depth)
        for link in page.links:
            self._wait(parse_url(link), depth + 1)

    def _keep(self, url: Url, reason: Rejected, *, told: bool) -> None:
        """Note a page that cannot be had now; what was known of it stays known."""
        before = self._before.get(str(url))
        if before:
            self._found.memory[str(url)] = before
        if self._scope.wants(url) and (told or (before and not before.noindex)):
            self._found.rejected[str(url)] = reason

    def _tell_rest(self) -> None:
        """Where the limit was reached: note each page that was known and not asked for, and the first of the others."""
        if not self._waiting:
            return
        limit = Rejected(f"the site has more than {self._max_pages} pages, the limit (FOOTNOTE_WEB__MAX_PAGES)")
        for number, (url, _) in enumerate(self._waiting):
            self._keep(url, limit, told=number < _MOST_TOLD)
        for key in self._before.keys() - self._seen:
            self._keep(parse_url(key), limit, told=False)
