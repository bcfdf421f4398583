"""Which addresses of a site are one page, which belong to the site, and what a page is called. Fetches nothing."""

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import quote, unquote, urljoin

from pipelines.adapters.safe_http import Refused, Url, parse_url
from pipelines.adapters.sources.names import unprintable
from pipelines.domain.egress import DEFAULT_PORTS
from pipelines.domain.values import Value
from pipelines.ingestion.audience import pattern_matches


_ENDINGS = MappingProxyType(
    {
        "text/html": (".html", ".htm", ".xhtml"),
        "application/xhtml+xml": (".html", ".htm", ".xhtml"),
        "text/markdown": (".md", ".markdown"),
        "text/x-markdown": (".md", ".markdown"),
        "text/plain": (".txt", ".text", ".md", ".markdown", ".csv", ".tsv"),
        "text/csv": (".csv",),
        "text/tab-separated-values": (".tsv",),
        "application/pdf": (".pdf",),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    }
)
"""Media type -> endings that name it, the first of which is put behind a name that has none of them."""

_ANY_BYTES = ("", "application/octet-stream", "binary/octet-stream", "application/x-download")
_TRACKING = re.compile(
    r"(?:utm_\w+|gclid|gclsrc|dclid|fbclid|msclkid|yclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi|_ga|_gl|vero_id|mkt_tok)"
    r"|(?:jsessionid|phpsessid|aspsessionid\w*)",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
_CODED = re.compile(r"%[0-9A-Fa-f]{2}")
_BARE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Scope(Value):
    """
    Which pages of one site are wanted. Patterns are those of audience files, over the path without its first `/`.

    Attributes:
        site: any address of the site; scheme, host and port count.
        include: patterns, one of which must match; none: `below` decides.
        exclude: patterns, none of which may match.
        below: path that a page must begin with where no `include` is given.

    """

    site: Url
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    below: str = "/"

    def same_site(self, url: Url) -> bool:
        """Say whether an address has the site's host and port; http and https at their usual ports are one site."""
        usual = url.port == DEFAULT_PORTS[url.scheme] and self.site.port == DEFAULT_PORTS[self.site.scheme]
        return url.host == self.site.host and (usual or url.port == self.site.port)

    def wants(self, url: Url) -> bool:
        """Say whether a page is to be listed."""
        path = unquote(url.target.partition("?")[0])
        if not self.same_site(url) or any(pattern_matches(one, path[1:]) for one in self.exclude):
            return False
        if self.include:
            return any(pattern_matches(one, path[1:]) for one in self.include)
        return path.startswith(self.below)


def page_url(reference: str, base: Url, site: Url | None = None) -> Url | None:
    """
    Return the one address of a page that a reference leads to; None where it leads to no page.

    Fragments, session numbers and parameters that only track a reader are dropped, codes
    that need none are written out, `.` and `..` resolved; an address of the site itself
    has the site's scheme.

    Args:
        reference: as a page writes it.
        base: what it is relative to.
        site: an address of the site, if it is known.

    """
    try:
        url = parse_url(urljoin(str(base), reference.strip()))
    except (Refused, ValueError):
        return None
    path, _, query = url.target.partition("?")
    path = _coded(_SESSION.sub("", path))
    kept = [one for one in query.split("&") if one and not _TRACKING.fullmatch(one.partition("=")[0])]
    target = _without_dots(path) + (f"?{_coded('&'.join(kept))}" if kept else "")
    found = replace(url, target=target)
    if site and Scope(site).same_site(found):
        return replace(found, scheme=site.scheme, port=site.port)
    return found


def readable(media_type: str, url: Url) -> bool:
    """Say whether a reader may know what comes with this media type from this address."""
    return media_type in _ENDINGS or (media_type in _ANY_BYTES and _ending(url) in _all_endings())


def document_path(url: Url, media_type: str) -> str:
    """Return a page's name within its source: its path and query, with an ending that names its format."""
    path, _, query = url.target.partition("?")
    parts = [_shown(part) for part in path.split("/") if part]
    if path.endswith("/"):
        parts.append("index")
    if query:
        parts[-1] = f"{parts[-1]}?{_shown(query)}"
    name = unicodedata.normalize("NFC", "/".join(parts))
    endings = _ENDINGS.get(media_type, ())
    return name if not endings or PurePosixPath(name).suffix.lower() in endings else name + endings[0]


def likely_path(url: Url) -> str:
    """Return the name that a page will probably have, whose media type is not known."""
    return document_path(url, "" if _ending(url) in _all_endings() else "text/html")


def folder_of(url: Url) -> str:
    """Return the path that pages below an address begin with: up to its last `/`, decoded."""
    return unquote(url.target.partition("?")[0].rpartition("/")[0] + "/")


def _ending(url: Url) -> str:
    return PurePosixPath(unquote(url.target.partition("?")[0])).suffix.lower()


def _all_endings() -> frozenset[str]:
    return frozenset(ending for endings in _ENDINGS.values() for ending in endings)


def _coded(text: str) -> str:
    """Return a part of an address in which every `%` begins a code, and only what needs a code has one."""
    return _CODED.sub(_plain_code, _BARE.sub("%25", text))


def _plain_code(found: re.Match[str]) -> str:
    char = chr(int(found[0][1:], 16))
    return char if char in _UNRESERVED else found[0].upper()


def _without_dots(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/")[1:]:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    ends = path.endswith(("/.", "/..")) and parts != [""]
    return "/" + "/".join(parts) + ("/" if ends and parts else "")


def _shown(part: str) -> str:
    """Return a part of an address decoded, where that can be shown and stays one part."""
    try:
        plain = unquote(part, errors="strict")
    except UnicodeDecodeError:
        return part
    odd = unprintable(plain) or "/" in plain or plain in ("", ".", "..")
    return quote(part, safe="%") if odd else plain
