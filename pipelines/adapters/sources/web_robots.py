"""What robots.txt of a site allows us, as RFC 9309 reads it. Parsed by protego, Scrapy's own parser."""

from protego import Protego

from pipelines.adapters.safe_http import Refused, TooLarge, Unreachable, Url
from pipelines.adapters.sources.web_fetching import PoliteFetcher
from pipelines.adapters.sources.web_urls import Scope, page_url
from pipelines.errors import SourceUnreadable


AGENT = "Footnote"
"""The name that a line `User-agent:` means us by."""

_LONGEST_PAUSE_S = 30.0
_MOST_BYTES = 500 * 1024
_SERVER_FAULT = 500
_OK = 200


class Robots:
    """The rules of one site."""

    def __init__(self, text: str) -> None:
        """Take the text of robots.txt; an empty one allows everything."""
        self._rules = Protego.parse(text)

    def allows(self, url: Url) -> bool:
        """Say whether we may fetch an address."""
        return bool(self._rules.can_fetch(str(url), AGENT))

    @property
    def pause_s(self) -> float:
        """The pause between two requests that the site wishes, at most half a minute; 0 if it wishes none."""
        wished = float(self._rules.crawl_delay(AGENT) or 0.0)
        # Not a number is no wish.
        return min(wished, _LONGEST_PAUSE_S) if wished > 0 else 0.0

    def sitemaps(self, site: Url) -> tuple[Url, ...]:
        """Return the sitemaps of this very site that it names."""
        found = [page_url(one, site, site) for one in self._rules.sitemaps]
        return tuple(one for one in found if one and Scope(site).same_site(one))


def read_robots(fetcher: PoliteFetcher, site: Url) -> Robots:
    """
    Return the rules of a site; one without robots.txt allows everything.

    Raises:
        SourceUnreadable: the site cannot say now what it allows.

    """
    url = Url(site.scheme, site.host, site.port, "/robots.txt")
    try:
        answer = fetcher.get(url)
    except (Unreachable, Refused, TooLarge) as fault:
        raise SourceUnreadable(f"the site {site.netloc} cannot be read: {fault}") from fault
    if answer.status >= _SERVER_FAULT:
        raise SourceUnreadable(f"the site {site.netloc} answered its robots.txt with {answer.status}: sync again later")
    return Robots(answer.body[:_MOST_BYTES].decode("utf-8", "replace") if answer.status == _OK else "")
