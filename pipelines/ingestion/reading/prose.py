"""Plain text with its links: cleaned, spaces collapsed, offsets kept. Knows no format."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.domain.reading import Link
from pipelines.domain.values import Value


_DROPPED = re.compile(
    # Controls except \t and \n, soft hyphen, zero-width space, word joiner, byte-order mark, surrogates, noncharacters.
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NO_BREAK = re.compile("[\u00a0\u2007\u202f]")
_HYPHENS = re.compile("[\u2010\u2011]")
_LIGATURES = re.compile("[\ufb00-\ufb06\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_SPACES = re.compile(r"\s+")
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"“”|]+")
_SENTENCE_SIGNS = ".,;:!?'’*_"
CELL_SEPARATOR = " | "


def clean(text: str) -> str:
    """
    Return the text in NFC without what nobody sees.

    Control characters except tab and line feed, soft hyphens and zero-width spaces
    go; line ends become line feeds, non-breaking spaces and hyphens plain ones, ligatures
    and Arabic presentation forms become letters. Joiners (ZWJ, ZWNJ) stay: scripts
    and emoji need them.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _HYPHENS.sub("-", _NO_BREAK.sub(" ", _DROPPED.sub("", text)))
    text = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Prose(Value):
    """
    A clean stretch of text without outer white space, and its links by offset.

    A line feed in it is a line break that its author set.
    """

    text: str
    links: tuple[Link, ...] = ()

    def flat(self) -> "Prose":
        """Return the same without line breaks; offsets stay."""
        return Prose(self.text.replace("\n", " "), self.links)


class ProseBuilder:
    """Collects runs of text and links of one block, in order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._links: list[Link] = []
        self._open: list[tuple[int, str]] = []

    @property
    def blank(self) -> bool:
        """Whether nothing that can be seen was added."""
        return self._length == 0

    @property
    def broken(self) -> bool:
        """Whether a line break was added last."""
        return bool(self._parts) and self._parts[-1].endswith("\n")

    def add(self, text: str) -> None:
        """Add a run of text; white space collapses to single spaces."""
        piece = _SPACES.sub(" ", clean(text))
        if not self._parts or self._parts[-1][-1] in " \n":
            piece = piece.lstrip(" ")
        self._append(piece)

    def drop_last(self) -> None:
        """Take back the last character, a hyphen that only stood for a line's end."""
        if self._parts:
            last = self._parts.pop()[:-1]
            self._length -= 1
            if last:
                self._parts.append(last)

    def line_break(self) -> None:
        """Add a line break; at the start and after another it is dropped."""
        if self._parts and self._parts[-1].endswith(" "):
            last = self._parts.pop()[:-1]
            self._length -= len(last) + 1
            self._append(last)
        if self._parts and not self._parts[-1].endswith("\n"):
            self._append("\n")

    def open_link(self, address: str) -> None:
        """Begin a link; links may nest, an address that is blank is none."""
        self._open.append((self._length, _SPACES.sub("", clean(address).strip())))

    def close_link(self) -> None:
        """End the innermost open link; without one nothing happens."""
        if not self._open:
            return
        start, address = self._open.pop()
        if address and self._length > start:
            self._links.append(Link(start, self._length, address))

    def finish(self) -> Prose:
        """Return what was added; open links end here. The builder is spent."""
        while self._open:
            self.close_link()
        raw = "".join(self._parts)
        text, links = _composed(raw, self._links)
        text = text.rstrip()
        known = [one for one in (_trimmed(text, link) for link in links) if one is not None]
        return Prose(text, tuple(sorted((*known, *_bare_links(text, known)), key=lambda one: (one.start, -one.end))))

    def _append(self, piece: str) -> None:
        if piece:
            self._parts.append(piece)
            self._length += len(piece)


def prose_of(text: str) -> Prose:
    """Return the prose of plain text; line ends count as spaces."""
    if text.isascii() and text.isprintable() and "  " not in text and "://" not in text:
        return Prose(text.strip())
    builder = ProseBuilder()
    builder.add(text)
    return builder.finish()


def joined(cells: Iterable[Prose], separator: str = CELL_SEPARATOR) -> Prose:
    """
    Return cells as one line, with their links; empty cells at the end are left out.

    The offsets follow from the text alone, so a row is its cells joined by " | ".
    """
    kept = [cell.flat() for cell in cells]
    while kept and not kept[-1].text:
        kept.pop()
    parts: list[str] = []
    links: list[Link] = []
    at = 0
    for cell in kept:
        links += [Link(at + one.start, at + one.end, one.address) for one in cell.links]
        parts.append(cell.text)
        at += len(cell.text) + len(separator)
    text = separator.join(parts)
    cut = len(text) - len(text.lstrip())
    return Prose(text.strip(), tuple(Link(one.start - cut, one.end - cut, one.address) for one in links))


def _composed(raw: str, links: list[Link]) -> tuple[str, list[Link]]:
    """Compose characters across the borders of runs; links move along."""
    if unicodedata.is_normalized("NFC", raw):
        return raw, links

    def moved(offset: int) -> int:
        return len(unicodedata.normalize("NFC", raw[:offset]))

    return unicodedata.normalize("NFC", raw), [Link(moved(one.start), moved(one.end), one.address) for one in links]


def _trimmed(text: str, link: Link) -> Link | None:
    """Return the link without outer white space, inside the text; None when nothing is left."""
    start, end = min(link.start, len(text)), min(link.end, len(text))
    carried = text[start:end]
    start += len(carried) - len(carried.lstrip())
    end -= len(carried) - len(carried.rstrip())
    return Link(start, end, link.address) if start < end else None


def _bare_links(text: str, known: list[Link]) -> list[Link]:
    """Return addresses that stand in the text as such, outside of links."""
    if "://" not in text:
        return []
    found = []
    for match in _BARE_ADDRESS.finditer(text):
        address = match[0].rstrip(_SENTENCE_SIGNS)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_SENTENCE_SIGNS)
        start, end = match.start(), match.start() + len(address)
        if all(end <= one.start or one.end <= start for one in known):
            found.append(Link(start, end, address))
    return found
