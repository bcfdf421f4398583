"""The rows of a Word table, with merged cells laid out."""

from collections.abc import Callable

from docx.oxml.ns import qn
from lxml import etree

from pipelines.ingestion.reading.docx_runs import is_on
from pipelines.ingestion.reading.docx_styles import number_of, value_of
from pipelines.ingestion.reading.prose import Prose
from pipelines.ingestion.reading.tables import count_header_rows


_MOST_COLUMNS = 200
_LONGEST_REPEATED = 200


def rows_of(table: etree._Element, prose_of_cell: Callable[[etree._Element], Prose]) -> tuple[list[list[Prose]], int]:
    """
    Return the rows of a table and how many of them are its header.

    A cell merged across columns stands in the first of them; one merged across rows
    stands in each, if it is short.
    """
    rows: list[list[Prose]] = []
    headers = 0
    for element in _own(table, "tr"):
        above = rows[-1] if rows else []
        marked = is_on(element.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}"))
        headers += 1 if marked and headers == len(rows) else 0
        rows.append(_row(element, above, prose_of_cell))
    if headers == len(rows):
        headers = min(headers, 1)
    return rows, headers or count_header_rows([[cell.text for cell in row] for row in rows[:2]])


def _row(element: etree._Element, above: list[Prose], prose_of_cell: Callable[[etree._Element], Prose]) -> list[Prose]:
    before = number_of(value_of(element.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"))) or 0
    row = [Prose("")] * min(before, _MOST_COLUMNS)
    for cell in _own(element, "tc"):
        merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        goes_on = merge is not None and merge.get(qn("w:val"), "continue") != "restart"
        prose = prose_of_cell(cell)
        if goes_on and not prose.text and len(row) < len(above):
            prose = above[len(row)] if len(above[len(row)].text) <= _LONGEST_REPEATED else prose
        span = number_of(value_of(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"))) or 1
        row += [prose] + [Prose("")] * (min(span, max(1, _MOST_COLUMNS - len(row))) - 1)
    return row


def _own(parent: etree._Element, name: str) -> list[etree._Element]:
    """Return the rows of a table or the cells of a row, those inside content controls included."""
    found: list[etree._Element] = []
    for child in parent:
        if child.tag == qn(f"w:{name}"):
            found.append(child)
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            found += _own(child, name)
    return found
