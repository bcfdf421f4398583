"""How a list item begins when only the characters tell: bullets and numbers. Used where a format has no lists."""

import re
from dataclasses import dataclass

from pipelines.domain.values import Value


_BULLETS = "•·▪●◦○■□▫◾◼‣⁃➢➤►▸✓✔❖◆◇★☐☑☒\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf02d\uf06c\uf06e\uf071\uf0a8"
_BULLET = re.compile(rf"(?:[{_BULLETS}]\s*|[-–—*+]\s+|[-–](?=[A-Z][a-z]))(?=\S)")
_NUMBER = re.compile(
    r"(?:\d{1,3}[.)]|\(\d{1,3}\)|[a-zA-Z][.)]|\([a-zA-Z]\)|(?=[ivxIVX])[ivxIVX]{1,5}[.)]|\([ivx]{1,5}\))\s+(?=\S)"
)
_BARE_NUMBER = re.compile(r"(\d{1,2})\s+(?=[\"'“‘«„(\[]?[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Marker(Value):
    """
    What a list item begins with.

    Attributes:
        length: characters of the marker and the space after it.
        number: the number as written, "3." or "(a)"; None for a bullet.

    """

    length: int
    number: str | None = None


def marker_of(line: str) -> Marker | None:
    """
    Return the marker that a line begins with; None when it begins with none.

    A year or a large number is no marker ("2023. "), nor is a lone letter with a
    capital and a dot that may be an initial ("J. Doe").
    """
    if found := _BULLET.match(line):
        return Marker(found.end())
    found = _NUMBER.match(line)
    if not found or (found[0][0].isupper() and found[0].rstrip().endswith(".") and len(found[0].strip()) == 2):  # noqa: PLR2004 - "J."
        return None
    return Marker(found.end(), found[0].strip())


def bare_number(line: str) -> int | None:
    """
    Return the number of one or two digits that a line begins with, no sign behind it; None for any other line.

    It is a marker only where such lines count, which one line does not tell. Amounts and
    wrapped lines go on in small letters ("2 eggs"), steps do not.
    """
    found = _BARE_NUMBER.match(line)
    return None if not found or line[found.end()].islower() else int(found[1])
