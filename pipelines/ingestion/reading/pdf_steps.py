"""Which lines of a PDF begin a list item: those with a marker, and steps that are numbered without a dot."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingestion.reading.markers import Marker, bare_number, marker_of
from pipelines.ingestion.reading.pdf_lines import LEADERS, Line
from pipelines.ingestion.reading.pdf_tables import Table
from pipelines.ingestion.reading.pdf_typography import SAME_SIZE


_FEWEST = 2
_SMALLEST = 0.9
"""Of the usual size; notes at the foot of a page are smaller, and no steps."""
_ALIGNED = 0.3
"""Sizes by which lines that begin at the same place may be apart."""


class Steps:
    """
    Knows the markers of a document's lines.

    A bare number is a marker where lines count 1, 2 and so on, one below the other,
    aligned by the number or by the text after it. Whatever stands between two of them
    begins no further left than that text. Such a run may go on after other text, on
    the next page at the latest, if two numbers or more are left.
    """

    def __init__(self, pages: Sequence[Sequence[Line | Table]], body: float) -> None:
        """Look at what stands on all pages; `body` is the size of most letters, points."""
        runs = _runs([item for page in pages for item in page], body)
        self._numbered = {step.line for run in runs for step in run}

    def marker(self, line: Line) -> Marker | None:
        """Return what the line begins with; None when it begins no item."""
        if line in self._numbered:
            number = line.text.split(maxsplit=1)[0]
            return Marker(len(number) + 1, number)
        return marker_of(line.text)


@dataclass(frozen=True, slots=True)
class _Step:
    """A line that begins with a bare number."""

    line: Line
    number: int

    def follows(self, before: "_Step") -> bool:
        """Whether it has the next number and the same place on the page or on the next one."""
        line, above = self.line, before.line
        near = _ALIGNED * line.size
        return (
            self.number == before.number + 1
            and line.page - above.page in (0, 1)
            and abs(line.size - above.size) <= SAME_SIZE
            and min(abs(line.box.x0 - above.box.x0), abs(line.text_x0 - above.text_x0)) <= near
        )


def _runs(items: Sequence[Line | Table], body: float) -> list[list[_Step]]:
    """Return the steps that count from 1, run by run."""
    accepted: list[list[_Step]] = []
    latest: dict[int, _Step] = {}
    for run in _candidates(items, body):
        before = latest.get(run[0].number - 1)
        if len(run) >= _FEWEST and (run[0].number == 1 or (before and run[0].follows(before))):
            accepted.append(run)
            latest[run[-1].number] = run[-1]
    return accepted


def _candidates(items: Sequence[Line | Table], body: float) -> list[list[_Step]]:
    """Return steps that follow each other with nothing between them but what is indented to their text."""
    found: list[list[_Step]] = []
    around: list[list[_Step]] = []
    for item in items:
        step = _step(item, body) if isinstance(item, Line) else None
        while around and not (step and step.follows(around[-1][-1])) and not _is_indented(item, around[-1][-1]):
            around.pop()
        if step and around and step.follows(around[-1][-1]):
            around[-1].append(step)
        elif step:
            around.append([step])
            found.append(around[-1])
    return found


def _is_indented(item: Line | Table, step: _Step) -> bool:
    return item.box.x0 >= step.line.text_x0 - _ALIGNED * step.line.size


def _step(line: Line, body: float) -> _Step | None:
    """Return the step that a line may begin: no note in small letters, no line of a table of contents."""
    number = bare_number(line.text)
    if number is None or LEADERS.search(line.text):
        return None
    return _Step(line, number) if line.size >= _SMALLEST * body else None
