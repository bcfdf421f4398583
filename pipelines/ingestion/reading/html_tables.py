"""The rows of an HTML table, with spans laid out. What only arranges a page is no table."""

from collections.abc import Callable

from lxml import etree

from pipelines.ingestion.reading.html_visible import is_unseen, name_of
from pipelines.ingestion.reading.prose import Prose
from pipelines.ingestion.reading.tables import count_header_rows


_MOST_COLUMNS = 200
_LONGEST_REPEATED = 200
_BLOCKS = ["p", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "div", "section"]


def is_layout(table: etree._Element) -> bool:
    """Whether a table only arranges things: by its role, or it holds tables and no header, or blocks in one column."""
    if table.get("role") in ("presentation", "none"):
        return True
    rows = _rows(table)
    own_cells = [cell for row in rows for cell in row]
    if any(name_of(cell) == "th" for cell in own_cells):
        return False
    if any(cell.find(".//table//tr[2]") is not None for cell in own_cells):
        return True
    widest = max(map(len, rows), default=0)
    return widest <= 1 and any(cell.find(f".//{block}") is not None for cell in own_cells for block in _BLOCKS)


def table_of(table: etree._Element, prose_inside: Callable[[etree._Element], Prose]) -> tuple[list[list[Prose]], int]:
    """
    Return the rows of a table and how many of them are its header.

    A cell that spans columns stands in the first of them, so that the others line up
    with the header; one that spans rows stands in each, if it is short. A header that
    spans columns stands above each of them.
    """
    elements = _rows(table)
    header_rows = _marked_header_rows(elements)
    rows: list[list[Prose]] = []
    below: dict[int, tuple[int, Prose]] = {}
    for number, cells in enumerate(elements):
        laid_out, below = _laid_out(cells, below, prose_inside, repeat=number < header_rows)
        rows.append(laid_out)
    return rows, header_rows or count_header_rows([[cell.text for cell in row] for row in rows[:2]])


def _rows(table: etree._Element) -> list[list[etree._Element]]:
    """Return the cells of the table's own rows, without those of tables inside it."""
    rows = []
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is table and not is_unseen(row):
            cells = [cell for cell in row if name_of(cell) in ("td", "th") and not is_unseen(cell)]
            if cells:
                rows.append(cells)
    return rows


def _marked_header_rows(rows: list[list[etree._Element]]) -> int:
    """Return how many rows at the top are marked as header; all of them never are."""
    marked = 0
    for cells in rows:
        in_head = next(cells[0].iterancestors("thead", "table"), None)
        if not (in_head is not None and name_of(in_head) == "thead") and any(name_of(one) != "th" for one in cells):
            break
        marked += 1
    return marked if marked < len(rows) else min(marked, 1)


def _laid_out(
    cells: list[etree._Element],
    above: dict[int, tuple[int, Prose]],
    prose_inside: Callable[[etree._Element], Prose],
    *,
    repeat: bool,
) -> tuple[list[Prose], dict[int, tuple[int, Prose]]]:
    """Return one row by column, and what still reaches down from it: column -> (rows left, prose)."""
    row: list[Prose] = []
    below: dict[int, tuple[int, Prose]] = {}

    def take_from_above() -> None:
        while len(row) in above:
            left, prose = above[len(row)]
            if left > 1:
                below[len(row)] = (left - 1, prose)
            row.append(prose)

    for cell in cells:
        take_from_above()
        prose = prose_inside(cell)
        reaching = prose if len(prose.text) <= _LONGEST_REPEATED else Prose("")
        for number in range(min(_span(cell, "colspan"), max(1, _MOST_COLUMNS - len(row)))):
            if _span(cell, "rowspan") > 1:
                below[len(row)] = (_span(cell, "rowspan") - 1, reaching if number == 0 or repeat else Prose(""))
            row.append(prose if number == 0 or repeat else Prose(""))
    take_from_above()
    return row, below


def _span(cell: etree._Element, name: str) -> int:
    digits = cell.get(name, "1").strip()
    return max(1, min(int(digits), 1000)) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 1  # noqa: PLR2004
