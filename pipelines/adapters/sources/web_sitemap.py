"""Sitemaps: lists of a site's pages, or of further sitemaps, perhaps packed. Fetches nothing."""

import io
import zlib
from dataclasses import dataclass

from lxml import etree

from pipelines.domain.values import Value
from pipelines.errors import BadInput


_GZIP = 31
_MOST_BYTES = 50 * 2**20
_MOST_ENTRIES = 50_000
_DAY = len("2026-11-21")


@dataclass(frozen=True, slots=True)
class Sitemap(Value):
    """
    One sitemap.

    Attributes:
        pages: (address as written, day of the last change or None), in order.
        sitemaps: addresses of further sitemaps as written.

    """

    pages: tuple[tuple[str, str | None], ...]
    sitemaps: tuple[str, ...]


def looks_like_sitemap(body: bytes) -> bool:
    """Say whether a body is a sitemap rather than a page: by its first tag."""
    begin = _unpacked(body, 4096)[:4096].lower()
    return any(tag in begin for tag in (b"<urlset", b"<sitemapindex")) and b"<html" not in begin


def read_sitemap(body: bytes) -> Sitemap:
    """
    Return what a sitemap lists; a text with one address a line is one too.

    Raises:
        BadInput: it is no XML, or unpacks to more than 50 MB, the most that a sitemap may have.

    """
    data = _unpacked(body, _MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise BadInput("it unpacks to more than 50 MB, the most that a sitemap may have")
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
        return Sitemap(tuple((line, None) for line in lines[:_MOST_ENTRIES] if line.startswith("http")), ())
    pages: list[tuple[str, str | None]] = []
    sitemaps: list[str] = []
    try:
        events = etree.iterparse(
            io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for _, element in events:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name in ("url", "sitemap") and len(pages) + len(sitemaps) < _MOST_ENTRIES:
                said = {etree.QName(one).localname: (one.text or "").strip() for one in element.iterchildren("{*}*")}
                if name == "sitemap":
                    sitemaps.append(said.get("loc", ""))
                else:
                    pages.append((said.get("loc", ""), said.get("lastmod", "")[:_DAY] or None))
                element.clear()
    except etree.XMLSyntaxError as fault:
        raise BadInput(f"it is no correct XML: {fault.msg}") from fault
    return Sitemap(tuple(one for one in pages if one[0]), tuple(one for one in sitemaps if one))


def _unpacked(body: bytes, most: int) -> bytes:
    """Return the first bytes of a file that may be packed as a file, beside what its transport does."""
    if not body.startswith(b"\x1f\x8b"):
        return body[:most]
    try:
        return zlib.decompressobj(_GZIP).decompress(body, most)
    except zlib.error as fault:
        raise BadInput("it is not the gzip that it seems to be") from fault
