"""From the coordinates of a PDF page to those of the page as it is shown."""

import pypdfium2 as pdfium

from pipelines.ingestion.reading.pdf_content import Box


class Turn:
    """Turns PDF coordinates (y upwards, unrotated) into those of the page as it is shown."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._rotation = page.get_rotation()
        self._left, self._bottom, self._right, self._top = page.get_cropbox()
        sideways = self._rotation in (90, 270)
        self.height = self._right - self._left if sideways else self._top - self._bottom

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return the box with its corners in order."""
        if not self._rotation and left <= right and bottom <= top:
            return Box(left - self._left, self._top - top, right - self._left, self._top - bottom)
        corners = [self._point(left, bottom), self._point(right, top)]
        xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        return Box(xs[0], ys[0], xs[1], ys[1])

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self._rotation == 90:  # noqa: PLR2004 - degrees
            return y - self._bottom, x - self._left
        if self._rotation == 180:  # noqa: PLR2004 - degrees
            return self._right - x, y - self._bottom
        if self._rotation == 270:  # noqa: PLR2004 - degrees
            return self._top - y, self._right - x
        return x - self._left, self._top - y
