"""Running headers, footers and page numbers: lines at the edge of pages that repeat. They are no content."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pipelines.ingestion.reading.pdf_lines import Line


_EDGE = 0.12
_FEWEST_PAGES = 3
_SHARE_OF_PAGES = 0.4
"""Left and right pages often have headers of their own, each on half of the pages."""
_SAME_HEIGHT = 6.0
_DIGITS = re.compile(r"\d+|\b[ivxl]+$")
_PAGE_NUMBER = re.compile(
    r"(?i)(?:(?:page|p\.|seite|pag\.|página|pagina|sivu|sida|side)\s*)?[-–—|\[(]?\s*(\d{1,4}|[ivxl]{1,7})\s*[-–—|\])]?"
    r"(?:\s*(?:of|/|von|de|di|av|af|from)\s*\d{1,4})?"
)


class Margins:
    """Knows which lines of a document are running headers, footers or page numbers."""

    def __init__(self, pages: Sequence[tuple[float, Iterable[Line]]]) -> None:
        """
        Look at the lines of all pages.

        Args:
            pages: height and lines of every page.

        """
        self._heights = [height for height, _ in pages]
        self._repeated = Counter(
            key for height, lines in pages for key in {_key(line) for line in lines if _at_edge(line, height)}
        )
        self._fewest = max(_FEWEST_PAGES, _SHARE_OF_PAGES * len(self._heights))

    def holds(self, line: Line) -> bool:
        """Whether the line is no content."""
        if not _at_edge(line, self._heights[line.page - 1]):
            return False
        if _PAGE_NUMBER.fullmatch(line.text.strip()):
            return True
        near = ((text, place + shift) for text, place in [_key(line)] for shift in (-1, 0, 1))
        return any(char.isalpha() for char in line.text) and sum(self._repeated[key] for key in near) >= self._fewest


def _at_edge(line: Line, height: float) -> bool:
    middle = (line.box.top + line.box.bottom) / 2
    return middle < _EDGE * height or middle > (1 - _EDGE) * height


def _key(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text), round(line.box.top / _SAME_HEIGHT)
