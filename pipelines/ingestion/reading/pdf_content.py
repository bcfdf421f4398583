"""What stands on a page of a PDF, as plain values. Knows no PDF library."""

from typing import NamedTuple


class Face(NamedTuple):
    """What a font's name says: bold, italic, typewriter letters, or pictures in the place of letters."""

    bold: bool
    italic: bool
    mono: bool
    pictures: bool


class Word(NamedTuple):
    """
    A run of characters without white space.

    Boxes are in points, x to the right and y downwards, as the page is shown. `line`
    counts PDFium's lines on the page. `hyphen` says that it was cut at a line's end,
    `spaced` that white space follows it on its line.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    face: Face
    line: int
    hyphen: bool
    spaced: bool


class Box(NamedTuple):
    """A rectangle on a page, in the same coordinates as words."""

    x0: float
    top: float
    x1: float
    bottom: float


class PageContent(NamedTuple):
    """What stands on one page: words in the file's order, thin rules, and links with their addresses."""

    words: list[Word]
    rules: list[Box]
    links: list[tuple[Box, str]]
    height: float
