"""One file to passages and search texts: read, chunked, identified. Writes nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipelines.domain.knowledge import Chunk, Passage
from pipelines.domain.reading import Read
from pipelines.domain.values import Value
from pipelines.ingestion.chunking import (
    CHUNKER_VERSION,
    chunk_document,
    chunk_id,
    embedded_text,
    searched_text,
    searched_title,
)


READER_VERSION = 2
"""Grows with every change of a reader that makes a stored text differ."""

GENERATION = f"{READER_VERSION}.{CHUNKER_VERSION}.1"
"""
Generation of reader and chunker: documents of another one are read again by the next sync.

The last number was the analyser's, which is changed by a rebuilding of the index now. It stays, so that
no document is read again for its sake.
"""


@dataclass(frozen=True, slots=True)
class PreparedChunk(Value):
    """
    A passage with the texts that the index needs.

    Attributes:
        passage: where it stands.
        title: the document's title and the headings above, searched as a field of its own.
        searched: text for the words.
        embedded: text for the vector.
        search_hash: hash of everything that is searched.

    """

    passage: Passage
    title: str
    searched: str
    embedded: str
    search_hash: str


def document_title(path: str, read: Read) -> str:
    """Return the title that is searched and shown: the document's own, or its file name."""
    return read.title or PurePosixPath(path).stem.replace("_", " ").replace("-", " ").strip() or path


def document_key(source: int, path: str, newest: int) -> str:
    """
    Return the part of a new document in its chunks' ids: it survives renames.

    `newest` is the promoted version in which the path was still free, so that another
    document that began at the same path has another key.
    """
    return digest(str(source), path, str(newest))[:32]


def prepare(kb: int, source: int, key: str, title: str, read: Read, *, generation: str) -> tuple[PreparedChunk, ...]:
    """Return a document's chunks with ids and places, in order."""
    seen: Counter[tuple[tuple[str, ...], str]] = Counter()
    prepared = []
    units = _Units()
    for ordinal, chunk in enumerate(chunk_document(read)):
        same = (chunk.heading_path, chunk.text)
        name = chunk_id(kb, source, key, chunk.heading_path, chunk.text, seen[same])
        seen[same] += 1
        passage = Passage(
            ordinal, name, units.of(chunk), chunk.start, chunk.end, chunk.place, chunk.heading_path, chunk.blocks
        )
        searched, embedded = searched_text(chunk, read.text), embedded_text(title, chunk, read.text)
        named = searched_title(title, chunk)
        hashed = digest(generation, named, searched, embedded)
        prepared.append(PreparedChunk(passage, named, searched, embedded, hashed))
    return tuple(prepared)


def digest(*parts: str) -> str:
    """Return a SHA-256 in hexadecimal that tells ("a", "bc") from ("ab", "c")."""
    return hashlib.sha256("".join(_framed(*parts)).encode()).hexdigest()


def _framed(*parts: str) -> Iterator[str]:
    for part in parts:
        yield f"{len(part)}:{part}"


class _Units:
    """Numbers the pages, or the sections, that ranking folds chunks to."""

    def __init__(self) -> None:
        self._section: object = None
        self._number = -1

    def of(self, chunk: Chunk) -> int:
        """Return the page, or the running number of the section."""
        if chunk.place.page is not None:
            return chunk.place.page
        section = (chunk.heading_path, chunk.place.anchor)
        if section != self._section:
            self._section, self._number = section, self._number + 1
        return self._number
