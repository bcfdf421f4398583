"""Reads a table of comma-, semicolon-, tab- or bar-separated values."""

import csv
import io
import re
from itertools import chain

from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.assembling import Assembler, Facts
from pipelines.ingestion.reading.bounds import too_large
from pipelines.ingestion.reading.decoding import decode
from pipelines.ingestion.reading.prose import Prose, prose_of


_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50
_LONGEST_CELL = 1 << 30
_NAMED_DELIMITER = re.compile(r'"?sep=([,;\t|])"?\r?\n')
"""A first line by which Excel is told the delimiter; it is no row."""


def read(data: bytes, *, limits: ParseLimits) -> Read | Rejected:
    """
    Read a table whose first row is its header.

    Rows are numbered as a spreadsheet counts them: the header is row 1, a row of
    several lines counts once, a blank row counts and has no block (so does one before
    the header, which is then not row 1). Rows with fewer or more cells than the header
    are kept as they are.
    """
    if beyond := too_large(len(data), limits):
        return beyond
    text = decode(data)
    if text is None:
        return Rejected("it is no text: it holds control characters like a program's file")
    out = Assembler()
    try:
        _write(text, out)
    except csv.Error as error:
        return Rejected(f"its rows cannot be told apart: {error}")
    return out.finish(Facts(), size=len(data), limits=limits)


def _write(text: str, out: Assembler) -> None:
    """Write the table; blank rows before its header are counted."""
    named = _NAMED_DELIMITER.match(text)
    body = text[named.end() :] if named else text
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(io.StringIO(body, newline=""), delimiter=named[1] if named else _delimiter(body))
    for number, row in enumerate(rows, 1):
        if any(cell.strip() for cell in row):
            out.add_table(chain([_cells(row)], map(_cells, rows)), first_row=number)


def _cells(row: list[str]) -> list[Prose]:
    return [prose_of(cell) for cell in row]


def _delimiter(text: str) -> str:
    """
    Return the delimiter that parts the first lines into the most even rows.

    Ties go to one that closes every quote just before it, then to the one that makes
    more cells, then to the order , ; tab |.
    """
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])

    def evenness(delimiter: str) -> tuple[float, bool, int, int]:
        widths = _widths(sample, delimiter)
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        if usual == 1:
            return (0.0, False, 0, -_DELIMITERS.index(delimiter))
        quoted = bool(_widths(sample, delimiter, strict=True))
        return (widths.count(usual) / len(widths), quoted, usual, -_DELIMITERS.index(delimiter))

    return max(_DELIMITERS, key=evenness)


def _widths(sample: str, delimiter: str, *, strict: bool = False) -> list[int]:
    """Return how many cells every row has; none where it cannot be read, `strict` where its quotes are not right."""
    try:
        return [
            len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=strict) if row
        ]
    except csv.Error:
        return []
