"""
A document to chunks: inside one section and one page, ids that survive edits elsewhere.

It decides what is a chunk, what is searched of it and what its id is; where a long
stretch is cut is decided in `boundaries`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.domain.citations import HEADING_SEPARATOR, Place
from pipelines.domain.knowledge import Chunk
from pipelines.domain.reading import Block, BlockKind, Read, Span
from pipelines.domain.values import Value
from pipelines.ingestion.boundaries import Boundary, ChunkSize, Seam, boundaries, cut


CHUNKER_VERSION = 1
"""Grows with every change that cuts a document otherwise or makes its searched texts differ."""

PAGED = ChunkSize(limit=900, least=300, hard=1100)
"""Chunks of a page."""

FLOWING = ChunkSize(limit=1100, least=350, hard=2400)
"""Chunks of a section in a format without pages."""

_LONGEST_HEADING = 300
"""Characters of a heading that the chunks below it repeat, and of an anchor: what is longer is a text, not a name."""

_LONGEST_LEAD = 400


@dataclass(frozen=True, slots=True)
class _Heading(Value):
    level: int
    text: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class _Placed(Value):
    """A block and the headings above it; a heading stands under itself."""

    block: Block
    path: tuple[_Heading, ...]


def chunk_document(read: Read) -> tuple[Chunk, ...]:
    """
    Return the chunks of a document, in order.

    A chunk lies inside one page. Without pages it lies inside one section, its
    headings outside; on a page it may hold several small sections with their headings,
    and its place is that of the first. Every character that is not white space lies
    in exactly one chunk or in a heading above one.
    """
    placed = _under_headings(read)
    paged = any(one.block.page is not None for one in placed)
    stretches = _pages(placed) if paged else _sections(placed)
    size = PAGED if paged else FLOWING
    return tuple(chunk for stretch in stretches for chunk in _chunks(read.text, stretch, size))


def chunk_id(kb: int, source: int, document: str, heading_path: Sequence[str], text: str, ordinal: int) -> str:  # noqa: PLR0917 - the parts of an id, in their order
    """
    Return the stable id of a chunk, 32 hexadecimal digits.

    Args:
        kb: id of the knowledge base.
        source: id of the source.
        document: key of the document, the same after a rename.
        heading_path: headings above the chunk.
        text: exact text of the chunk.
        ordinal: number among the document's chunks with this path and text, from 0.

    """
    parts = (str(kb), str(source), document, str(len(heading_path)), *heading_path, text, str(ordinal))
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(framed.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def searched_title(title: str, chunk: Chunk) -> str:
    """
    Return what is searched as the chunk's title: the document's, and the headings above it.

    Of a part of a page the document's alone: the headings of a page stand in the chunk
    or are often misread (measured in docs/quality.md).
    """
    return "\n".join((title, *_searched_headings(chunk)))


def searched_text(chunk: Chunk, text: str) -> str:
    """Return what is searched of a chunk besides its title: its headings unless it is part of a page, lead, text."""
    return "\n".join((*_searched_headings(chunk), *_lead(chunk, text), chunk.text))


def embedded_text(title: str, chunk: Chunk, text: str) -> str:
    """
    Return what is embedded of a chunk: its title, lead and text; a heading that is the document's title only once.

    Of a part of a page the lead-in of a list is left out, as headings are; a row always has its header.
    """
    headings = (heading for heading in _searched_headings(chunk) if heading != title)
    of_page = chunk.place.page is not None and chunk.blocks[0].kind is not BlockKind.TABLE_ROW
    lead = () if of_page else _lead(chunk, text)
    return "\n".join((title, *headings, *lead, chunk.text))


def _searched_headings(chunk: Chunk) -> tuple[str, ...]:
    return () if chunk.place.page is not None else chunk.heading_path


def _lead(chunk: Chunk, text: str) -> tuple[str, ...]:
    return () if chunk.lead is None else (text[slice(*chunk.lead)],)


def _under_headings(read: Read) -> list[_Placed]:
    """Return every block with the headings above it, of each the beginning; a longer anchor is none."""
    placed: list[_Placed] = []
    path: tuple[_Heading, ...] = ()
    for block in read.blocks:
        if block.kind is BlockKind.HEADING:
            above = tuple(heading for heading in path if heading.level < block.level)
            words = " ".join(read.text[block.start : block.end].split())[:_LONGEST_HEADING].rstrip()
            anchor = block.anchor if len(block.anchor or "") <= _LONGEST_HEADING else None
            path = (*above, _Heading(block.level, words, anchor))
        placed.append(_Placed(block, path))
    return placed


def _pages(placed: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    """Yield the blocks of each page, headings among them."""
    page: list[_Placed] = []
    for one in placed:
        if page and page[-1].block.page != one.block.page:
            yield page
            page = []
        page.append(one)
    if page:
        yield page


def _sections(placed: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    """Yield the blocks of each section without its heading; a heading with nothing under it stands for itself."""
    section: list[_Placed] = []
    for one in placed:
        if one.block.kind is not BlockKind.HEADING:
            if section and section[0].block.kind is BlockKind.HEADING:
                section = []
            section.append(one)
            continue
        is_parent = section and section[0].block.kind is BlockKind.HEADING and len(one.path) > len(section[0].path)
        if section and not is_parent:
            yield section
        section = [one]
    if section:
        yield section


def _chunks(text: str, stretch: Sequence[_Placed], size: ChunkSize) -> Iterator[Chunk]:
    """Yield the chunks of blocks that may share one."""
    blocks = [one.block for one in stretch]
    places = boundaries(text, blocks, size)
    cuts = cut(text, blocks[0].start, blocks[-1].end, places, size)
    first = 0
    for begin, end in zip((None, *cuts), (*cuts, None), strict=True):
        stop = blocks[-1].end if end is None else end.at
        last = first
        while last < len(stretch) and blocks[last].start < stop:
            last += 1
        yield _chunk(text, stretch[first:last], begin, stop)
        first = last - 1 if blocks[last - 1].end > stop else last


def _chunk(text: str, members: Sequence[_Placed], begin: Boundary | None, stop: int) -> Chunk:
    """Return the chunk from a boundary up to a position."""
    blocks = tuple(_clip(text, one.block, begin, stop) for one in members)
    start, end = blocks[0].start, blocks[-1].end
    path = next((one.path for one in members if one.block.kind is not BlockKind.HEADING), members[-1].path)
    headings = tuple(heading.text for heading in path)
    place = Place(
        page=blocks[0].page,
        heading=HEADING_SEPARATOR.join(headings) or None,
        anchor=next((heading.anchor for heading in reversed(path) if heading.anchor), None),
        rows=_rows(blocks),
    )
    return Chunk(start, end, text[start:end], headings, place, blocks, outer_lead(blocks[0]))


def _clip(text: str, block: Block, begin: Boundary | None, stop: int) -> Block:
    """Return the part of a block that lies in a chunk."""
    start, end = block.start, min(block.end, stop)
    while text[end - 1].isspace():
        end -= 1
    if begin is None or begin.at <= start:
        return block if end == block.end else replace(block, end=end)
    return replace(block, start=begin.at, end=end, continues=begin.seam > Seam.SENTENCE)


def _rows(blocks: Sequence[Block]) -> str | None:
    """Return the rows of a chunk as a spreadsheet counts them; None without any."""
    rows = [block.row for block in blocks if block.row is not None]
    if not rows:
        return None
    return str(rows[0]) if rows[0] == rows[-1] else f"{rows[0]}-{rows[-1]}"


def outer_lead(first: Block) -> Span | None:
    """Return the lead of a chunk's first block where it stands before it, not longer than is worth searching."""
    if first.lead is None or first.lead[0] >= first.start:
        return None
    start, end = first.lead
    return start, min(end, start + _LONGEST_LEAD)
