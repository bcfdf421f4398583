"""Interim chunker (a chunk per section, cut by blocks); whoever is in charge of chunking replaces this file."""

import hashlib

from pipelines.domain.citations import HEADING_SEPARATOR, Place
from pipelines.domain.knowledge import Chunk
from pipelines.domain.reading import Block, BlockKind, Read


CHUNKER_VERSION = 0


def chunk_id(kb: int, source: int, document: str, heading_path: tuple[str, ...], text: str, ordinal: int) -> str:
    parts = [str(kb), str(source), document, str(len(heading_path)), *heading_path, text, str(ordinal)]
    return hashlib.sha256("".join(f"{len(one)}:{one}" for one in parts).encode()).hexdigest()[:32]


def searched_text(chunk: Chunk, text: str) -> str:
    lead = text[slice(*chunk.lead)] + "\n" if chunk.lead else ""
    return lead + chunk.text


def embedded_text(title: str, chunk: Chunk, text: str) -> str:
    return f"{title}\n{searched_text(chunk, text)}"


def chunk_document(read: Read) -> tuple[Chunk, ...]:
    chunks: list[Chunk] = []
    path: list[tuple[int, str, str | None]] = []
    waiting: list[Block] = []

    def close() -> None:
        if not waiting:
            return
        start, end = waiting[0].start, waiting[-1].end
        headings = tuple(one[1] for one in path)
        rows = [one.row for one in waiting if one.row]
        shown = f"{rows[0]}-{rows[-1]}" if len(rows) > 1 else str(rows[0]) if rows else None
        anchor = next((one[2] for one in reversed(path) if one[2]), None)
        place = Place(waiting[0].page, HEADING_SEPARATOR.join(headings) or None, anchor, shown)
        lead = waiting[0].lead if waiting[0].lead and waiting[0].lead[0] < start else None
        chunks.append(Chunk(start, end, read.text[start:end], headings, place, tuple(waiting), lead))
        waiting.clear()

    for block in read.blocks:
        if block.kind is BlockKind.HEADING:
            close()
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, read.text[block.start : block.end], block.anchor))
            continue
        if waiting and (waiting[0].page != block.page or block.end - waiting[0].start > 900):
            close()
        waiting.append(block)
    close()
    return tuple(chunks)
