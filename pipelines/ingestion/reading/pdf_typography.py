"""What is usual in a PDF: the size of its text, its weight, and how far its lines stand apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.ingestion.reading.pdf_lines import Line


LARGEST_PITCH = 2.2
"""Sizes of a line from its top to that of the next one, at most; further down something else begins."""
SAME_SIZE = 0.6
"""Points by which sizes of one paragraph's lines may differ: half points are rounded to either side."""
_JUSTIFIED_SHARE = 0.4


@dataclass(slots=True)
class Typography:
    """
    What is usual in a document.

    Attributes:
        body: size of most letters, points.
        bold: whether most letters are bold.
        mono: whether most letters are typewriter letters.
        justified: whether lines end at the same edge.
        pitches: size -> distance of the tops of neighbouring lines.

    """

    body: float
    bold: bool
    mono: bool
    justified: bool
    pitches: dict[float, float] = field(default_factory=dict)

    def pitch(self, size: float) -> float:
        """Return the usual distance of lines of this size."""
        return self.pitches.get(size, 1.25 * size)


def typography_of(lines: Sequence[Line]) -> Typography:
    """Measure a document."""
    sizes: Counter[float] = Counter()
    bold = mono = 0
    edges: Counter[int] = Counter()
    steps: dict[float, Counter[float]] = {}
    for number, line in enumerate(lines):
        sizes[line.size] += len(line.text)
        bold += len(line.text) * line.bold
        mono += len(line.text) * line.mono
        edges[round(line.box.x1)] += 1
        above = lines[number - 1] if number else None
        if above and above.page == line.page and abs(above.size - line.size) <= SAME_SIZE:
            step = line.box.top - above.box.top
            if 0.8 * line.size < step < LARGEST_PITCH * line.size:
                steps.setdefault(line.size, Counter())[round(2 * step) / 2] += 1
    body = max(sizes, key=lambda size: (sizes[size], size), default=10.0)
    pitches = {size: _usual(counted) for size, counted in steps.items() if counted.total() > 2}  # noqa: PLR2004 - chance
    letters = sizes.total()
    justified = sum(count for _, count in edges.most_common(4)) > _JUSTIFIED_SHARE * len(lines)
    return Typography(body, 2 * bold > letters, 2 * mono > letters, justified, pitches)


def _usual(steps: Counter[float]) -> float:
    """Return the smallest step that a fifth of the lines take: paragraphs of one line make larger ones."""
    return min(step for step, count in steps.items() if 5 * count >= steps.total() or count == max(steps.values()))
