"""Lines of a PDF page to paragraphs: which line goes on with the sentence of the one above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingestion.reading.markers import Marker
from pipelines.ingestion.reading.pdf_lines import LEADERS, Line
from pipelines.ingestion.reading.pdf_steps import Steps
from pipelines.ingestion.reading.pdf_tables import Table
from pipelines.ingestion.reading.pdf_typography import LARGEST_PITCH, SAME_SIZE, Typography


_FULL_QUANTILE = 0.85
_FEWEST_FOR_EDGE = 4
_LINES_FOR_EDGE = 15
_NORMAL_GAP = 1.3
_LARGE = 1.1
"""Of the usual size; larger lines are headings."""
_SENTENCE_ENDS = (".", "!", "?", ":", ";", "…", "。", "！", "？", "”", '."', ".)", ".’")


@dataclass(slots=True)
class Paragraph:
    """
    Lines that belong together.

    Attributes:
        lines: at least one.
        marker: what it begins with, if it is a list item.
        apart: whether it stands apart from what is above it on the page, or is the first on it.
        full: whether its last line had no room for the first word of the next page.
        heading: level of the heading that it is, 1..6; 0 for none.
        code: whether its lines are code.

    """

    lines: list[Line]
    marker: Marker | None = None
    apart: bool = True
    full: bool = False
    heading: int = 0
    code: bool = False

    @property
    def first(self) -> Line:
        """Its first line."""
        return self.lines[0]

    @property
    def text(self) -> str:
        """Its lines joined by blanks."""
        return " ".join(line.text for line in self.lines)

    @property
    def open_ended(self) -> bool:
        """Whether its sentence is not over."""
        return not self.lines[-1].text.rstrip().endswith(_SENTENCE_ENDS)


class Page:
    """Groups the lines of one page."""

    def __init__(self, items: Sequence[Line | Table], typography: Typography, steps: Steps) -> None:
        self._items = items
        self._type = typography
        self._steps = steps
        self._lines = [item for item in items if isinstance(item, Line)]
        self._place = {id(line): number for number, line in enumerate(self._lines)}

    def paragraphs(self) -> list[Paragraph | Table]:
        """Return paragraphs and tables in order."""
        grouped: list[Paragraph | Table] = []
        for item in self._items:
            last = grouped[-1] if grouped else None
            if isinstance(item, Table):
                grouped.append(item)
            elif isinstance(last, Paragraph) and self._goes_on(last, item):
                last.lines.append(item)
            else:
                apart = not isinstance(last, Paragraph) or self._is_apart(last.lines[-1], item)
                code = item.mono and not self._type.mono
                grouped.append(Paragraph([item], None if code else self._steps.marker(item), apart, code=code))
        if grouped and isinstance(grouped[-1], Paragraph):
            last_line = grouped[-1].lines[-1]
            grouped[-1].full = self.edge(last_line) - last_line.box.x1 < 6 * last_line.size
        return grouped

    def edge(self, line: Line) -> float:
        """Return how far lines that begin near this one reach to the right."""
        place = self._place[id(line)]
        around = self._lines[max(0, place - _LINES_FOR_EDGE) : place + _LINES_FOR_EDGE]
        near = 3 * line.size
        reaches = sorted(
            one.box.x1
            for one in around
            if abs(one.box.x0 - line.box.x0) <= near and abs(one.size - line.size) <= SAME_SIZE
        )
        if len(reaches) < _FEWEST_FOR_EDGE:
            return max(one.box.x1 for one in around if one.box.x0 < line.box.x1)
        return reaches[int(_FULL_QUANTILE * (len(reaches) - 1))]

    def _goes_on(self, paragraph: Paragraph, line: Line) -> bool:
        """Whether a line continues the paragraph above it."""
        above = paragraph.lines[-1]
        if abs(above.size - line.size) > SAME_SIZE or paragraph.code != (line.mono and not self._type.mono):
            return False
        if paragraph.code:
            return 0 < line.box.top - above.box.top <= LARGEST_PITCH * line.size
        if self._is_apart(above, line):
            return paragraph.open_ended and self._begins_column(above, line)
        return self._same_style(above, line) and not self._steps.marker(line) and self._was_wrapped(paragraph, line)

    def _same_style(self, above: Line, line: Line) -> bool:
        """Whether two lines may be one paragraph's by weight and size; a heading keeps both from line to line."""
        if LEADERS.search(above.text):
            return False
        if self._is_large(above):
            return (above.size, above.bold) == (line.size, line.bold)
        return above.bold == line.bold or (above.bold and not self._looks_whole(above))

    def _is_large(self, line: Line) -> bool:
        return line.size > _LARGE * self._type.body

    def _was_wrapped(self, paragraph: Paragraph, line: Line) -> bool:
        """Whether a line stands below only for want of room; headings are centred and broken at will."""
        above = paragraph.lines[-1]
        if self._is_large(above):
            return True
        return self._in_column(paragraph, line) and (above.hyphen or not self._had_room(above, line))

    def _had_room(self, above: Line, line: Line) -> bool:
        """Whether the first word of a line would have fit on the line above: the break was wanted."""
        return above.box.x1 + 0.25 * line.size + line.first_width < self.edge(above)

    def _begins_column(self, above: Line, line: Line) -> bool:
        """Whether a line goes on at the top of the next column with what a full line broke off."""
        next_column = line.box.x0 > above.box.x1 - line.size and line.box.top < above.box.top
        return next_column and line.text[0].islower() and not self._had_room(above, line)

    def _is_apart(self, above: Line, line: Line) -> bool:
        """Whether a line stands elsewhere or further away than the next line of a paragraph does."""
        step = line.box.top - above.box.top
        pitch = self._type.pitch(line.size)
        beside = line.box.x0 > above.box.x1 or line.box.x1 < above.box.x0
        return not 0.3 * line.size < step <= _NORMAL_GAP * pitch or beside

    def _in_column(self, paragraph: Paragraph, line: Line) -> bool:
        """Whether a line begins where the lines of this paragraph begin."""
        shift = line.box.x0 - paragraph.lines[-1].box.x0
        slack = 0.8 * line.size
        if len(paragraph.lines) > 1:
            return abs(shift) <= slack
        if paragraph.marker:
            hanging = line.box.x0 - paragraph.first.text_x0
            return abs(hanging) <= slack or abs(shift) <= slack
        return -6 * line.size <= shift <= slack

    def _looks_whole(self, line: Line) -> bool:
        """Whether a line stands alone: it is not filled to the edge."""
        return self.edge(line) - line.box.x1 > 3 * line.size
