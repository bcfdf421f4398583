"""Finds tables on a PDF page: cells between ruled lines, or columns that line up over several lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.domain.values import Value
from pipelines.ingestion.reading.markers import marker_of
from pipelines.ingestion.reading.pdf_file import Box, Word
from pipelines.ingestion.reading.pdf_lines import Segment, prose_of_words
from pipelines.ingestion.reading.prose import Prose


_NEAR = 3.0
_FEWEST_ALIGNED_ROWS = 3
_LONGEST_ALIGNED_CELL = 60
_SMALLEST_GUTTER_IN_SIZES = 0.8
_MOST_LINES = 400
_LABEL_GAP = 1.3


@dataclass(frozen=True, slots=True)
class Table(Value):
    """
    A table of one page.

    Attributes:
        rows: its rows; equally many cells in each.
        box: where it stands.
        page: from 1.
        bold_first: whether the first row, and no other, is all bold.

    """

    rows: tuple[tuple[Prose, ...], ...]
    box: Box
    page: int
    bold_first: bool


def ruled_tables(
    words: Sequence[Word], rules: Sequence[Box], links: list[tuple[Box, str]], page: int
) -> Iterator[tuple[Table, frozenset[int]]]:
    """
    Yield tables whose cells are parted by lines, and the indices of the words in them.

    A grid is a table when it has two rows and two columns at least and every second
    row has text in two cells: frames around text and rules below headings are none.
    """
    for cluster in _clusters(rules):
        grid = _Grid(cluster)
        if grid.columns < 2 or grid.rows < 2:  # noqa: PLR2004 - less is no table
            continue
        inside = [index for index, word in enumerate(words) if grid.holds(word)]
        cells: dict[tuple[int, int], list[Word]] = {}
        for index in inside:
            cells.setdefault(grid.cell(words[index]), []).append(words[index])
        rows = [[cells.get((row, column), []) for column in range(grid.columns)] for row in range(grid.rows)]
        rows = [row for row in rows if any(row)]
        if len(rows) < 2 or 2 * sum(sum(map(bool, row)) > 1 for row in rows) < len(rows):  # noqa: PLR2004 - as above
            continue
        yield _table(rows, links, grid.box, page), frozenset(inside)


def _table(rows: list[list[list[Word]]], links: list[tuple[Box, str]], box: Box, page: int) -> Table:
    used = [column for column in range(len(rows[0])) if any(row[column] for row in rows)]
    bold = [all(word.face.bold for cell in row for word in cell) for row in rows]
    prose = tuple(tuple(prose_of_words(row[column], links) for column in used) for row in rows)
    return Table(prose, box, page, bold[0] and not any(bold[1:]))


def _clusters(rules: Sequence[Box]) -> list[list[Box]]:
    """Return the rules in groups that touch each other."""
    done: list[list[Box]] = []
    open_groups: list[tuple[Box, list[Box]]] = []
    for rule in sorted(rules, key=lambda one: (one.top, one.x0)):
        members = [rule]
        still: list[tuple[Box, list[Box]]] = []
        for box, group in open_groups:
            if box.bottom + _NEAR < rule.top:
                done.append(group)
            elif _touch(box, rule):
                members += group
            else:
                still.append((box, group))
        open_groups = [*still, (_around(members), members)]
    done += [group for _, group in open_groups]
    return [group for group in done if len(group) > 3]  # noqa: PLR2004 - a grid has more


def _touch(one: Box, other: Box) -> bool:
    return (
        one.x0 - _NEAR <= other.x1
        and other.x0 - _NEAR <= one.x1
        and one.top - _NEAR <= other.bottom
        and other.top - _NEAR <= one.bottom
    )


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(one.x0 for one in boxes),
        min(one.top for one in boxes),
        max(one.x1 for one in boxes),
        max(one.bottom for one in boxes),
    )


class _Grid:
    """The cells between the rules of one group; cells without a rule between them are one."""

    def __init__(self, rules: Sequence[Box]) -> None:
        upright = [one for one in rules if one.bottom - one.top > one.x1 - one.x0]
        level = [one for one in rules if one.bottom - one.top <= one.x1 - one.x0]
        self._xs = _distinct([(one.x0 + one.x1) / 2 for one in upright])
        self._ys = _distinct([(one.top + one.bottom) / 2 for one in level])
        self.columns, self.rows = max(len(self._xs) - 1, 0), max(len(self._ys) - 1, 0)
        self.box = _around(rules)
        self._first: dict[tuple[int, int], tuple[int, int]] = {}
        sides = [[(one.top, one.bottom) for one in upright if _on(one.x0, one.x1, x)] for x in self._xs]
        tops = [[(one.x0, one.x1) for one in level if _on(one.top, one.bottom, y)] for y in self._ys]
        for row in range(self.rows):
            for column in range(self.columns):
                self._first[row, column] = self._joined(row, column, sides[column], tops[row])

    def holds(self, word: Word) -> bool:
        """Whether the middle of a word lies in the grid."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return self._xs[0] <= x <= self._xs[-1] and self._ys[0] <= y <= self._ys[-1]

    def cell(self, word: Word) -> tuple[int, int]:
        """Return row and column of the cell that holds a word; of joined cells the first."""
        row = _band(self._ys, (word.top + word.bottom) / 2)
        return self._first[row, _band(self._xs, (word.x0 + word.x1) / 2)]

    def _joined(
        self, row: int, column: int, side: list[tuple[float, float]], top: list[tuple[float, float]]
    ) -> tuple[int, int]:
        """Return the first of the cells that are joined with this one, looking left and up."""
        x = (self._xs[column] + self._xs[column + 1]) / 2
        y = (self._ys[row] + self._ys[row + 1]) / 2
        if column and not any(low <= y <= high for low, high in side):
            return self._first[row, column - 1]
        if row and not any(low <= x <= high for low, high in top):
            return self._first[row - 1, column]
        return row, column


def _on(low: float, high: float, at: float) -> bool:
    return low - _NEAR <= at <= high + _NEAR


def _distinct(places: list[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found


def _band(edges: list[float], at: float) -> int:
    return max(0, min(len(edges) - 2, sum(edge <= at for edge in edges) - 1))


def aligned_table(
    lines: Sequence[list[Segment]], links: list[tuple[Box, str]], page: int, above: list[Segment] | None
) -> tuple[Table, int, bool] | None:
    """
    Return a table that begins with the first of these lines, how many lines it takes and whether `above` is its header.

    Its columns show as gutters that run through three or more lines, each of several
    segments; a line of one segment below a column goes on in that column's cell. What
    has long cells is taken for columns of prose and is no table.
    """
    taken = _run(lines)
    if taken < _FEWEST_ALIGNED_ROWS:
        return None
    columns = _columns(lines[:taken])
    rows: list[list[list[Word]]] = []
    for line in lines[:taken]:
        if len(line) > 1 or not rows:
            rows.append([[] for _ in columns])
        for segment in line:
            rows[-1][_column(columns, segment)] += segment.words
    filled = [[cell for cell in row if cell] for row in rows]
    mono = all(word.face.mono for row in filled for cell in row for word in cell)
    lengths = sorted(len(" ".join(word.text for word in cell)) for row in filled for cell in row)
    if (
        mono
        or any(all(_is_marker(row[column]) for row in rows) for column in range(len(columns)))
        or len(columns) < 2  # noqa: PLR2004 - one column is no table
        or len(rows) < _FEWEST_ALIGNED_ROWS
        or sum(len(row) > 1 for row in filled) < len(rows)
        or 2 * len(lengths) < len(columns) * len(rows)
        or lengths[int(0.75 * len(lengths))] > _LONGEST_ALIGNED_CELL
    ):
        return None
    header = _labels(above, lines[0], columns) if above else None
    rows = [header, *rows] if header else rows
    words = [word for row in rows for cell in row for word in cell]
    box = _around([Box(word.x0, word.top, word.x1, word.bottom) for word in words])
    return _table(rows, links, box, page), taken, header is not None


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
