"""Finds tables on a PDF page that show only by columns that line up over several lines. Ruled ones: pdf_tables."""

from collections.abc import Sequence
from itertools import pairwise

from pipelines.ingestion.reading.markers import bare_number, marker_of
from pipelines.ingestion.reading.pdf_content import Box, Word
from pipelines.ingestion.reading.pdf_lines import Segment
from pipelines.ingestion.reading.pdf_tables import Table, around, table_from


_FEWEST_ALIGNED_ROWS = 3
_LONGEST_ALIGNED_CELL = 60
_SMALLEST_GUTTER_IN_SIZES = 0.8
_MOST_LINES = 400
_LABEL_GAP = 1.3


def aligned_table(
    lines: Sequence[list[Segment]], links: list[tuple[Box, str]], page: int, above: list[Segment] | None
) -> tuple[Table | None, int, bool] | None:
    """
    Return a table that begins with the first of these lines, how many lines it takes and whether `above` is its header.

    None instead of the table where these lines look like one and are a list: the first
    of two columns only counts, from 1, and no labels stand above.

    Its columns show as gutters that run through three or more lines, each of several
    segments; a line of one segment below a column goes on in that column's cell. What
    has long cells is taken for columns of prose and is no table.
    """
    taken = _run(lines)
    if taken < _FEWEST_ALIGNED_ROWS:
        return None
    columns = _columns(lines[:taken])
    rows = _rows(lines[:taken], columns)
    if not _is_filled(rows) or any(all(_is_marker(row[column]) for row in rows) for column in range(len(columns))):
        return None
    header = _labels(above, lines[0], columns) if above else None
    if header is None and _counts(rows):
        return None, taken, False
    rows = [header, *rows] if header else rows
    words = [word for row in rows for cell in row for word in cell]
    box = around([Box(word.x0, word.top, word.x1, word.bottom) for word in words])
    return table_from(rows, links, box, page), taken, header is not None


def _rows(lines: Sequence[list[Segment]], columns: list[tuple[float, float]]) -> list[list[list[Word]]]:
    """Return the words by row and column; a line of one segment goes on in the row above it."""
    rows: list[list[list[Word]]] = []
    for line in lines:
        if len(line) > 1 or not rows:
            rows.append([[] for _ in columns])
        for segment in line:
            rows[-1][_column(columns, segment)] += segment.words
    return rows


def _is_filled(rows: list[list[list[Word]]]) -> bool:
    """Whether rows and columns are enough, half of the cells filled, most of them short, not all typewritten."""
    filled = [[cell for cell in row if cell] for row in rows]
    lengths = sorted(len(_text(cell)) for row in filled for cell in row)
    return (
        len(rows[0]) >= 2  # noqa: PLR2004 - one column is no table
        and len(rows) >= _FEWEST_ALIGNED_ROWS
        and sum(len(row) > 1 for row in filled) >= len(rows)
        and 2 * len(lengths) >= len(rows[0]) * len(rows)
        and lengths[int(0.75 * len(lengths))] <= _LONGEST_ALIGNED_CELL
        and not all(word.face.mono for row in filled for cell in row for word in cell)
    )


def _counts(rows: list[list[list[Word]]]) -> bool:
    """Whether the first of two columns only counts the steps in the other one."""
    return len(rows[0]) == 2 and all(  # noqa: PLR2004 - number and text
        len(row[0]) == 1 and bare_number(f"{_text(row[0])} {_text(row[1])}") == number
        for number, row in enumerate(rows, 1)
    )


def _text(cell: list[Word]) -> str:
    return " ".join(word.text for word in cell)


def _is_marker(cell: list[Word]) -> bool:
    """Whether a cell holds a list's bullet or number and nothing else."""
    marker = marker_of(f"{cell[0].text} x") if len(cell) == 1 else None
    return not cell or (marker is not None and marker.length == len(cell[0].text) + 1)


def _labels(above: list[Segment], first: list[Segment], columns: list[tuple[float, float]]) -> list[list[Word]] | None:
    """Return the line above a table by column, if its widest gaps cut it into one label above each."""
    words = [word for segment in above for word in segment.words]
    if len(words) < len(columns) or not _follows(above, first):
        return None
    gaps = sorted(((right.x0 - left.x1, at) for at, (left, right) in enumerate(pairwise(words), 1)), reverse=True)
    widest, others = gaps[: len(columns) - 1], gaps[len(columns) - 1 :]
    if others and widest[-1][0] < _LABEL_GAP * max(others[0][0], 0.2 * words[0].size):
        return None
    cuts = [0, *sorted(at for _, at in widest), len(words)]
    labels = [words[start:end] for start, end in pairwise(cuts)]
    fits = all(part[0].x0 <= right and part[-1].x1 >= left for part, (left, right) in zip(labels, columns, strict=True))
    return labels if fits else None


def _run(lines: Sequence[list[Segment]]) -> int:
    """Return how many lines from the first one share gutters, the last having several segments."""
    taken = good = 0
    for number, line in enumerate(lines[:_MOST_LINES]):
        if number and not _follows(lines[number - 1], line):
            break
        columns = _columns(lines[: number + 1])
        if len(columns) < 2:  # noqa: PLR2004 - no gutter is left
            break
        taken = number + 1
        if len(line) > 1:
            good = taken
        elif _column(columns, line[0]) == 0 or number == 0:
            break
    return good


def _follows(above: list[Segment], below: list[Segment]) -> bool:
    """Whether a line stands below another within two and a half line heights."""
    height = max(above[0].words[0].bottom - above[0].words[0].top, 1.0)
    step = below[0].words[0].top - above[0].words[0].top
    return -0.5 * height < step < 2.5 * height


def _columns(lines: Sequence[list[Segment]]) -> list[tuple[float, float]]:
    """Return the ranges of x that hold text, parted by gutters that no line crosses."""
    spans = sorted((segment.x0, segment.x1) for line in lines for segment in line)
    gutter = _SMALLEST_GUTTER_IN_SIZES * max(lines[0][0].words[0].size, 1.0)
    columns: list[tuple[float, float]] = []
    for x0, x1 in spans:
        if columns and x0 - columns[-1][1] < gutter:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    return columns


def _column(columns: list[tuple[float, float]], segment: Segment) -> int:
    return next(index for index, (_, x1) in enumerate(columns) if segment.x0 <= x1)
