"""One page asked for: what came, or why nothing did. Knows nothing of the other pages of its site."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

from pipelines.adapters.safe_http import Refused, Response, TooLarge, Unreachable, Url
from pipelines.adapters.sources.names import too_large
from pipelines.adapters.sources.web_fetching import PoliteFetcher
from pipelines.adapters.sources.web_memory import Page, WebMemory
from pipelines.adapters.sources.web_page import as_readers_expect, media_type, page_facts
from pipelines.adapters.sources.web_urls import Scope, document_path, page_url, readable
from pipelines.domain.reading import Rejected
from pipelines.domain.values import Value


_OK = 200
_NOT_MODIFIED = 304
_GONE = (404, 410)
_REDIRECTS = (301, 302, 303, 307, 308)
_HTML = ("text/html", "application/xhtml+xml")
_NO_DOCUMENTS = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript")


@dataclass(frozen=True, slots=True)
class Gone(Value):
    """There is no document at this address."""


@dataclass(frozen=True, slots=True)
class Moved(Value):
    """The address leads to another page of the same site."""

    url: Url


class Visitor:
    """Asks for pages of one site."""

    def __init__(self, fetcher: PoliteFetcher, memory: WebMemory, scope: Scope, *, max_file_mb: int) -> None:
        self._fetcher = fetcher
        self._memory = memory
        self._scope = scope
        self._max_file_mb = max_file_mb

    def visit(self, url: Url, before: Page | None) -> Page | Gone | Moved | Rejected:
        """
        Return a page as it is now.

        Args:
            url: where.
            before: the page as it was fetched last, whose validators are sent.

        Returns:
            The page; `Gone` where its server says so, or sends what is no document; `Moved`;
            or why it cannot be had now, which says nothing about whether it is there.

        """
        try:
            answer = self._fetcher.get(url, _validators(before), wanted=self._wanted, follow=self._scope.same_site)
        except TooLarge as fault:
            return too_large(fault.size, self._max_file_mb)
        except (Refused, Unreachable) as fault:
            return Rejected(str(fault))
        if answer.status == _NOT_MODIFIED and before:
            return before
        if answer.status != _OK:
            return _without_page(answer.status)
        return self._moved(url, answer) or self._page(url, answer, before)

    def _wanted(self, url: Url, status: int, headers: Mapping[str, str]) -> bool:
        return status != _OK or readable(media_type(headers), url)

    def _moved(self, url: Url, answer: Response) -> Moved | None:
        """Return where redirects led, if that is another page."""
        found = page_url(str(answer.url), answer.url, self._scope.site)
        return Moved(found) if found and found != url else None

    def _page(self, url: Url, answer: Response, before: Page | None) -> Page | Gone | Rejected:
        kind = media_type(answer.headers)
        if not answer.read:
            known = kind.startswith(_NO_DOCUMENTS)
            return Gone() if known else Rejected(f"its kind ({kind[:60] or 'not named'}) is not one that can be read")
        facts = page_facts(answer.body, answer.headers, html=kind in _HTML)
        body = as_readers_expect(answer.body, answer.headers, kind)
        base = page_url(facts.base, url) or url if facts.base else url
        canonical = page_url(facts.canonical, base, self._scope.site) if facts.canonical else None
        return Page(
            url=str(url),
            path=before.path if before and before.media == kind else document_path(url, kind),
            media=kind,
            content_hash=self._memory.keep(body),
            size=len(body),
            etag=answer.headers.get("etag", ""),
            modified=answer.headers.get("last-modified", ""),
            day=_day(answer.headers.get("last-modified", "")),
            links=() if facts.nofollow else self._links(facts.links, base),
            canonical=str(canonical) if canonical and canonical != url and self._scope.same_site(canonical) else "",
            noindex=facts.noindex,
        )

    def _links(self, references: tuple[str, ...], base: Url) -> tuple[str, ...]:
        """Return the pages that are linked and wanted, each once, in order."""
        found = (page_url(one, base, self._scope.site) for one in references)
        return tuple(dict.fromkeys(str(one) for one in found if one and self._scope.wants(one)))


def dated(page: Page, day: str | None) -> Page:
    """Return a page with the day that a sitemap names for it."""
    return replace(page, day=day) if day else page


def _without_page(status: int) -> Gone | Rejected:
    """Return what an answer without a page means."""
    if status in _GONE:
        return Gone()
    moved = status in _REDIRECTS
    return Rejected("it leads to another site, perhaps to a sign-in" if moved else f"its server answered {status}")


def _validators(before: Page | None) -> dict[str, str]:
    """Return the headers of a conditional request; validators that cannot be sent are left out."""
    said = {"if-none-match": before.etag, "if-modified-since": before.modified} if before else {}
    return {name: value for name, value in said.items() if value and value.isascii() and value.isprintable()}


def _day(modified: str) -> str | None:
    try:
        return parsedate_to_datetime(modified).date().isoformat()
    except (TypeError, ValueError):
        return None
