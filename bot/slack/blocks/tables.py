"""Which lines of a paragraph are the rows of one table, and how a table is shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import regex

from bot.slack import limits
from bot.slack.blocks.rich_text import batches, to_rich_text
from bot.slack.blocks.shapes import Json, rich_text, section, size_of
from bot.slack.blocks.still import NAMELESS, still
from pipelines.domain.values import Value


_BETWEEN_CELLS = " · "
_BEHIND_HEADER = ": "
_BAR = " | "
# Looked for from the end: from the front, a line of nothing but blanks or brackets takes seconds.
_MARKS = regex.compile(r"(?r)\s*(?P<marks>≈?(?:\[\d{1,3}\])*)\s*\Z")
_FEWEST = 2
"""Columns, and rows, of what is a table."""

_Kind = tuple[str, ...] | int
"""Of a line: the headers of a row's cells; of a line with bars, how many there are; else 0."""

_ROW_BYTES = 2500
_TABLE_BYTES = 6000
"""Of these, no table has 100 rows: the shortest row has 65 bytes."""


@dataclass(frozen=True, slots=True)
class Row(Value):
    """A row: its cells in order, and the marks behind it."""

    cells: tuple[str, ...]
    marks: str


@dataclass(frozen=True, slots=True)
class Table(Value):
    """
    A table that an answer shows as lines of `header: value · header: value [1]`.

    Attributes:
        headers: of its columns.
        rows: below them, each with as many cells; empty where the line says nothing.
        lines: the rows as they stand in the answer.

    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines(Value):
    """Lines that are no table; preformatted where bars part their cells."""

    lines: tuple[str, ...]
    preformatted: bool = False


def segments(paragraph: tuple[str, ...]) -> Iterator[Table | Lines]:
    """Yield a paragraph's lines in order, those that are rows of one table together; a row may lack some cells."""
    for kind, found in _runs(_without_lead(paragraph)):
        if len(found) < _FEWEST or not kind:
            yield Lines(found)
        elif isinstance(kind, int):
            yield Lines(found, preformatted=True)
        else:
            yield Table(kind, tuple(_row(line, kind) for line in found), found)


def _runs(lines: Iterable[str]) -> Iterator[tuple[_Kind, tuple[str, ...]]]:
    """Yield the lines that are of one kind together, and that kind: of rows, the headers of them all."""
    found: list[str] = []
    kind: _Kind = 0
    for line in lines:
        other = _kind(line)
        both = _joined(kind, other)
        if found and both is None:
            yield kind, tuple(found)
            found = []
        kind = other if both is None else both
        found.append(line)
    if found:
        yield kind, tuple(found)


def _joined(first: _Kind, second: _Kind) -> _Kind | None:
    """Return the kind that two lines have together; None if they do not belong together."""
    if first == second:
        return first
    if isinstance(first, int) or isinstance(second, int):
        return None
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    rest = iter(longer)
    return longer if len(set(longer)) == len(longer) and all(header in rest for header in shorter) else None


def table_blocks(table: Table, addresses: Mapping[int, str], marks_header: str) -> tuple[Json, ...] | None:
    """
    Return a table as blocks of which each is small enough for a message of its own; None if it cannot be one.

    Its header stands above each of them.
    """
    if len(table.headers) + 1 > limits.TABLE_COLUMNS:
        return None
    head = [_raw(one) for one in (*table.headers, marks_header)]
    rows = [{"cells": [*(_raw(cell) for cell in row.cells), _marks(row.marks, addresses)]} for row in table.rows]
    if any(size_of(row) > _ROW_BYTES for row in ({"cells": head}, *rows)):
        return None
    room = _TABLE_BYTES - size_of(head)
    return tuple(_block([head, *(row["cells"] for row in batch)]) for batch in batches(rows, room))


def _block(rows: list[list[Json]]) -> Json:
    return {"type": "table", "rows": rows, "column_settings": [{"is_wrapped": True} for _ in rows[0]]}


def _raw(text: str) -> Json:
    return {"type": "raw_text", "text": still(text).strip() or NAMELESS}


def _marks(marks: str, addresses: Mapping[int, str]) -> Json:
    leaves = to_rich_text(marks, addresses)
    return rich_text(section(leaves)) if leaves else _raw("")


def _without_lead(paragraph: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines, the heading before the first row of a table on a line of its own."""
    if len(paragraph) < _FEWEST:
        return paragraph
    headers = _headers(paragraph[1])
    if not headers or _headers(paragraph[0]) == headers:
        return paragraph
    lead, found, rest = paragraph[0].partition(headers[0] + _BEHIND_HEADER)
    if found and lead.rstrip().endswith((":", ".", "?", "!", "…")) and _headers(found + rest) == headers:
        return (lead.rstrip(), found + rest, *paragraph[1:])
    return paragraph


def _kind(line: str) -> _Kind:
    """Return what a line is."""
    headers = _headers(line)
    return headers or line.count(_BAR)


def _headers(line: str) -> tuple[str, ...]:
    """Return the headers of a row's cells; empty if it is no row."""
    cells = _MARKS.sub("", line).split(_BETWEEN_CELLS)
    parted = [f"{cell} ".partition(_BEHIND_HEADER) for cell in cells]
    headers = tuple(header.strip() for header, _, _ in parted)
    is_row = len(cells) >= _FEWEST and all(found for _, found, _ in parted) and all(headers)
    return headers if is_row else ()


def _row(line: str, headers: tuple[str, ...]) -> Row:
    """Return the row of a table with these headers."""
    found = _MARKS.search(line)
    parted = [f"{cell} ".partition(_BEHIND_HEADER) for cell in _MARKS.sub("", line).split(_BETWEEN_CELLS)]
    values = tuple(value.strip() for _, _, value in parted)
    if len(values) < len(headers):
        told = {header.strip(): value for (header, _, _), value in zip(parted, values, strict=True)}
        values = tuple(told.get(header, "") for header in headers)
    return Row(values, found["marks"] if found else "")
