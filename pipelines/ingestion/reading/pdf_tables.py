"""Finds tables on a PDF page whose cells are parted by ruled lines. Columns that only line up: pdf_columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.domain.values import Value
from pipelines.ingestion.reading.pdf_content import Box, Word
from pipelines.ingestion.reading.pdf_lines import prose_of_words
from pipelines.ingestion.reading.prose import Prose


_NEAR = 3.0


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
        yield table_from(rows, links, grid.box, page), frozenset(inside)


def table_from(rows: list[list[list[Word]]], links: list[tuple[Box, str]], box: Box, page: int) -> Table:
    """Return the table of these rows of cells; columns without a word are left out."""
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
        open_groups = [*still, (around(members), members)]
    done += [group for _, group in open_groups]
    return [group for group in done if len(group) > 3]  # noqa: PLR2004 - a grid has more


def _touch(one: Box, other: Box) -> bool:
    return (
        one.x0 - _NEAR <= other.x1
        and other.x0 - _NEAR <= one.x1
        and one.top - _NEAR <= other.bottom
        and other.top - _NEAR <= one.bottom
    )


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box that holds all boxes, of which there is one at least."""
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
        self.box = around(rules)
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
