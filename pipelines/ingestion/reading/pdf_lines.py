"""Words of a PDF page to visual lines, in the file's order. Joins nothing across lines."""

import re
import unicodedata
from dataclasses import dataclass

from pipelines.domain.reading import Link
from pipelines.domain.values import Value
from pipelines.ingestion.reading.pdf_content import Box, PageContent, Word
from pipelines.ingestion.reading.prose import Prose


_WIDEST_BACKSTEP = 2.0
_CELL_GAP_IN_SIZES = 1.4
LEADERS = re.compile(r"(?:\s*[.·…]){5,}\s*")
"""Dots that lead to a page number in a table of contents."""


@dataclass(frozen=True, slots=True)
class Segment(Value):
    """A part of a line without a wide gap in it: its words and where they stand."""

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.words[-1].x1

    @property
    def text(self) -> str:
        """The words joined by blanks."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Line(Value):
    """
    One line of text as it is printed.

    Attributes:
        prose: its text with links.
        box: where it stands; its height is that of most letters, not of a bullet.
        size: of most letters, points.
        bold: whether every word is bold.
        italic: whether every word is italic.
        mono: whether every word is in typewriter letters.
        first_width: width of its first word, points; in scripts without spaces, of its first letter.
        text_x0: left edge of its second word, which is where the text of a list item begins.
        hyphen: whether its last word was cut.
        spaced: whether white space follows its last word.
        page: from 1.

    """

    prose: Prose
    box: Box
    size: float
    bold: bool
    italic: bool
    mono: bool
    first_width: float
    text_x0: float
    hyphen: bool
    spaced: bool
    page: int

    @property
    def text(self) -> str:
        """Its text."""
        return self.prose.text


def segments_of(words: list[Word]) -> list[list[Segment]]:
    """Return visual lines, each as its segments from left to right, in the file's order."""
    lines: list[list[Word]] = []
    for word in words:
        if lines and _goes_on(lines[-1][-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [_cut(line) for line in lines]


def _goes_on(before: Word, word: Word) -> bool:
    """Whether a word stands on the same line, to the right."""
    overlap = min(before.bottom, word.bottom) - max(before.top, word.top)
    lower = max(min(before.bottom - before.top, word.bottom - word.top), 0.1)
    return overlap > 0.5 * lower and word.x0 >= before.x1 - _WIDEST_BACKSTEP and not before.hyphen


def _cut(words: list[Word]) -> list[Segment]:
    segments: list[list[Word]] = [[words[0]]]
    for word in words[1:]:
        before = segments[-1][-1]
        if word.x0 - before.x1 > _CELL_GAP_IN_SIZES * max(word.size, before.size, 1.0):
            segments.append([])
        segments[-1].append(word)
    return [Segment(tuple(segment)) for segment in segments]


def line_of(segments: list[Segment], links: list[tuple[Box, str]], page: int) -> Line:
    """Return segments that stand beside each other as one line."""
    words = [word for segment in segments for word in segment.words]
    lettered = [word.face for word in words if any(char.isalnum() for char in word.text)]
    faces = lettered or [words[0].face]
    weights: dict[float, int] = {}
    for word in words:
        weights[word.size] = weights.get(word.size, 0) + len(word.text)
    size = max(weights, key=lambda one: weights[one])
    usual = [word for word in words if word.size == size]
    return Line(
        prose=prose_of_words(words, links),
        box=Box(
            min(word.x0 for word in words),
            min(word.top for word in usual),
            max(word.x1 for word in words),
            max(word.bottom for word in usual),
        ),
        size=size,
        bold=all(face.bold for face in faces),
        italic=all(face.italic for face in faces),
        mono=all(face.mono for face in faces),
        first_width=min(words[0].x1 - words[0].x0, words[0].size if is_east_asian(words[0].text[0]) else 1e9),
        text_x0=words[1].x0 if len(words) > 1 else words[0].x0,
        hyphen=words[-1].hyphen,
        spaced=words[-1].spaced,
        page=page,
    )


def is_east_asian(char: str) -> bool:
    """Whether a line may break after this letter without a space: Han, Kana, Hangul, wide signs."""
    return unicodedata.east_asian_width(char) in ("W", "F")


def prose_of_words(words: list[Word], links: list[tuple[Box, str]]) -> Prose:
    """Return words joined by blanks; neighbours on the same link become one link."""
    found: list[Link] = []
    at = 0
    for word in words:
        end = at + len(word.text)
        address = _address(word, links) if links else None
        if address and found and found[-1].address == address and found[-1].end == at - 1:
            found[-1] = Link(found[-1].start, end, address)
        elif address:
            found.append(Link(at, end, address))
        at = end + 1
    return Prose(" ".join(word.text for word in words), tuple(found))


def _address(word: Word, links: list[tuple[Box, str]]) -> str | None:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    for box, address in links:
        if box.x0 <= x <= box.x1 and box.top <= y <= box.bottom:
            return address
    return None


def mirrored(content: PageContent) -> PageContent:
    """Return a page of right-to-left script as if it ran the other way; other pages as they are."""
    letters = [char for word in content.words for char in word.text[:2] if char.isalpha()]
    rightwards = sum(unicodedata.bidirectional(char) in ("R", "AL") for char in letters)
    if 2 * rightwards <= len(letters):
        return content
    words = [word._replace(x0=-word.x1, x1=-word.x0) for word in content.words]
    rules = [rule._replace(x0=-rule.x1, x1=-rule.x0) for rule in content.rules]
    links = [(box._replace(x0=-box.x1, x1=-box.x0), address) for box, address in content.links]
    return PageContent(words, rules, links, content.height)
