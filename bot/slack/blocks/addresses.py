"""Which addresses become links, and how they are written. Addresses come from our record of a source alone."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from bot.printable import address
from bot.rendering import SourceCard
from bot.slack.limits import URL
from pipelines.domain.citations import Citation


# What ends a destination in Markdown, begins a token of Slack, or may be taken for markup.
_MARKUP = {ord(char): f"%{ord(char):02X}" for char in "!'()*[]"}
_REFERENCE = re.compile(r"&(?=#?\w+;)")


def linkable(url: str) -> str:
    """
    Return the address as it is put into a link; empty if it must not become one.

    Only http and https with a host, at most `limits.URL` characters; a longer one loses its
    fragment first. The result holds no blank, bracket, quotation mark or entity, so that it is
    the same address in Markdown, in JSON and in Slack's own tokens.
    """
    written = address(url)
    try:
        parts = urlsplit(written)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return ""
    escaped = _REFERENCE.sub("%26", _escaped(written, parts.netloc))
    if len(escaped) > URL:
        escaped = escaped.partition("#")[0]
    return escaped if len(escaped) <= URL else ""


def _escaped(url: str, netloc: str) -> str:
    """Return the address with its markup escaped; the host of an IPv6 address keeps its brackets."""
    head, found, tail = url.partition(netloc)
    return head + found + tail.translate(_MARKUP)


def addresses_of(citations: Iterable[Citation]) -> dict[int, str]:
    """Return number -> address of all citations; empty for one without. Of equal numbers the first counts."""
    return _first_of_each((one.number, one.url or "") for one in citations)


def addresses_of_cards(sources: Iterable[SourceCard]) -> Mapping[int, str]:
    """Return the same of the sources of a page."""
    return _first_of_each((int(one.mark.strip("[]")), one.url) for one in sources)


def _first_of_each(urls: Iterable[tuple[int, str]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for number, url in urls:
        found.setdefault(number, linkable(url))
    return found
