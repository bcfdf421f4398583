"""What a page says to a crawler: its links, its proper address, and whether it may be indexed. Fetches nothing."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from pipelines.domain.values import Value


_MOST_HTML = 10 * 2**20
_MOST_LINKS = 5000
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9_.:-]+)", re.ASCII | re.IGNORECASE)
_ROBOTS = ("robots", "footnote")
_NONE = frozenset({"noindex", "nofollow"})


@dataclass(frozen=True, slots=True)
class PageFacts(Value):
    """
    What a page of HTML says of itself.

    Attributes:
        links: references as written, in order, those with `rel=nofollow` left out.
        base: what they are relative to, as written; "" for the page's own address.
        canonical: its proper address as written; "" if it names none.
        noindex: it does not want to be found.
        nofollow: its links are not to be followed.

    """

    links: tuple[str, ...] = ()
    base: str = ""
    canonical: str = ""
    noindex: bool = False
    nofollow: bool = False


def media_type(headers: Mapping[str, str]) -> str:
    """Return the type of what an answer holds, in lower case, without parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def page_facts(body: bytes, headers: Mapping[str, str], *, html: bool) -> PageFacts:
    """
    Return what a page says, in its head, its links and its headers.

    Args:
        body: the page, of which the first 10 MB are looked at.
        headers: names in lower case; `X-Robots-Tag` counts as the page's own word.
        html: whether the body is looked at.

    """
    target = _Target()
    if html and body:
        encoding = _encoding(body, headers)
        # Names and values of attributes are always text here; the stubs allow for bytes.
        parser = etree.HTMLParser(target=target, huge_tree=False, encoding=encoding)  # type: ignore[arg-type]
        try:
            parser.feed(body[:_MOST_HTML])
            parser.close()
        except (etree.XMLSyntaxError, ValueError, AssertionError):
            pass  # what was read before the fault counts
    said = target.robots | _header_words(headers.get("x-robots-tag", ""))
    return PageFacts(
        tuple(target.links), target.base, target.canonical, noindex="noindex" in said, nofollow="nofollow" in said
    )


def as_readers_expect(body: bytes, headers: Mapping[str, str], kind: str) -> bytes:
    """Return a text in UTF-8 with its mark where the server names another encoding: the file itself cannot."""
    found = _CHARSET.search(headers.get("content-type", ""))
    if not found or not (kind.startswith("text/") or kind == "application/xhtml+xml"):
        return body
    try:
        name = codecs.lookup(found[1]).name
        if name in ("utf-8", "ascii") or body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return body
        return codecs.BOM_UTF8 + str(body, name).encode()
    except (LookupError, ValueError):
        return body


def _encoding(body: bytes, headers: Mapping[str, str]) -> str | None:
    """Return the encoding that a server names, if there is such a one and the page does not begin with a mark."""
    found = _CHARSET.search(headers.get("content-type", ""))
    if body.startswith(codecs.BOM_UTF8):
        return "utf-8"
    try:
        return codecs.lookup(found[1]).name if found else None
    except LookupError:
        return None


def _header_words(value: str) -> set[str]:
    """Return what X-Robots-Tag says to everybody or to us; `otherbot: noindex` is for another."""
    words: set[str] = set()
    for part in value.lower().split(","):
        agent, colon, word = part.strip().rpartition(":")
        if not colon or agent.strip() in _ROBOTS:
            words |= set(_words(word))
    return words


def _words(text: str) -> Iterator[str]:
    for word in re.split(r"[\s,]+", text.strip().lower()):
        yield from _NONE if word == "none" else (word,)


class _Target:
    """Takes a page tag by tag; keeps no tree."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self.base = ""
        self.canonical = ""
        self.robots: set[str] = set()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take a tag."""
        if tag in ("a", "area"):
            self._link(attributes)
        elif tag == "base":
            self.base = self.base or attributes.get("href", "").strip()
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.canonical = self.canonical or attributes.get("href", "").strip()
        elif tag == "meta" and attributes.get("name", "").strip().lower() in _ROBOTS:
            self.robots |= set(_words(attributes.get("content", "")))

    def _link(self, attributes: Mapping[str, str]) -> None:
        address = attributes.get("href", "").strip()
        if address and len(self.links) < _MOST_LINKS and "nofollow" not in attributes.get("rel", "").lower().split():
            self.links.append(address)

    def end(self, tag: str | bytes) -> None:
        """Take the end of a tag."""

    def data(self, data: str | bytes) -> None:
        """Take text."""

    def comment(self, text: str | bytes) -> None:
        """Take a comment."""

    def close(self) -> None:
        """Take the end."""
