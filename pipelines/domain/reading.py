"""
What a reader makes of a file: a text, and blocks that say what each part of it is.

All offsets count characters (Python code points) of `Read.text`, end exclusive.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from pipelines.domain.values import Value


Span: TypeAlias = tuple[int, int]


class BlockKind(StrEnum):
    """What a stretch of a document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_HEADER = "table_header"
    TABLE_ROW = "table_row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block(Value):
    """
    One stretch of a document's text, in reading order, never overlapping another.

    Attributes:
        kind: what it is.
        start: first character.
        end: one past the last character; `start < end`, no white space at either end.
        level: 1..6 for a heading; nesting depth from 0 for a list item.
        anchor: the fragment that opens this place (without `#`): of a heading, the
            slug or id; of anything else, its own id.
        page: page in a paged format, from 1.
        row: row of a table as a spreadsheet counts it: the header is row 1.
        lead: where the sentence before a list, or the header of a table, stands;
            it is to be shown and searched with this block.
        continues: the sentence goes on from the block before, across a page break.

    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    anchor: str | None = None
    page: int | None = None
    row: int | None = None
    lead: Span | None = None
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Link(Value):
    """A link in a document: the text that carries it and the address as written."""

    start: int
    end: int
    address: str


@dataclass(frozen=True, slots=True)
class Read(Value):
    """
    A file that could be read.

    Attributes:
        text: the document as plain text, blocks separated by blank lines, rows and
            list items by line ends. Cells of a row are joined by " | ". Not empty.
        blocks: all of the text except the white space between them.
        title: from the document itself; None when it names none.
        author: from the document itself.
        date: from the document itself, ISO 8601 (`2026-11-21`).
        links: links of the text, in order.
        audience: readers that the document itself names (`group:hr`); None when it
            names none.

    """

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    author: str | None = None
    date: str | None = None
    links: tuple[Link, ...] = ()
    audience: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rejected(Value):
    """A file that could not be read. `reason` is one clause for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class ParseLimits(Value):
    """
    What the reading of one file may cost. The setting of a limit is FOOTNOTE_LIMITS__ and its name in capitals.

    Attributes:
        parse_seconds: wall time for one file, s.
        parse_memory_mb: address space of a parser process, MiB.
        max_file_mb: size of a file, MiB; a text has at most that many characters.
        max_pages: pages of a paged format.
        expansion_ratio: how many times its size a file may unpack to, in bytes or
            in characters of text; the first million is always allowed.
        nesting_depth: levels of elements, lists or quotes within each other.

    """

    parse_seconds: float = 30.0
    parse_memory_mb: int = 1024
    max_file_mb: int = 50
    max_pages: int = 5000
    expansion_ratio: int = 100
    nesting_depth: int = 100
