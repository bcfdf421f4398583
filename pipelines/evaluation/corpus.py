"""Entries of a set to chunks with the units by which they are judged. Through the product's own reader and chunker."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import regex

from pipelines.domain.reading import Block, BlockKind, Read
from pipelines.domain.values import Value
from pipelines.errors import PermanentError
from pipelines.evaluation.sets import Entry, SetPlan, UnitName, document_title
from pipelines.ingestion.chunking import chunk_document, embedded_text, searched_text, searched_title
from pipelines.ports.document_parser import DocumentParser
from pipelines.retrieval.fusion import Spot


_LINE = regex.compile(r"\S(?:[^\n]*\S)?")


@dataclass(frozen=True, slots=True)
class CorpusChunk(Value):
    """
    A chunk as the index and the ranking need it.

    Attributes:
        title: what is searched as its title.
        searched: text for the words.
        embedded: text for the vector.
        spot: the unit that it is folded to.
        unit: the name of that unit in the set.

    """

    title: str
    searched: str
    embedded: str
    spot: Spot
    unit: UnitName


def corpus_chunks(entries: Sequence[Entry], plan: SetPlan, parser: DocumentParser) -> Iterator[CorpusChunk]:
    """
    Yield the chunks of a set.

    Entries of one document that stand together are its parts: each a unit, with its
    own title as a heading where the parts' titles differ. A file's units are its pages.
    """
    for number, (document, group) in enumerate(groupby(entries, key=lambda entry: entry.document)):
        parts = list(group)
        title = document_title(document, [part.title for part in parts])
        for ordinal, part in enumerate(parts):
            read = _read(part, title, parser)
            for chunk in chunk_document(read):
                page = chunk.place.page
                unit = (number, ordinal if page is None else page)
                spot = Spot(unit, paged=plan.cut_by_size or page is not None)
                yield CorpusChunk(
                    searched_title(title, chunk),
                    searched_text(chunk, read.text),
                    embedded_text(title, chunk, read.text),
                    spot,
                    (part.id, page),
                )


def _read(entry: Entry, title: str, parser: DocumentParser) -> Read:
    """Return an entry as a reader would: its file parsed, or its text as lines under its own title."""
    if entry.file is not None:
        read = parser.parse(entry.file.name, entry.file.read_bytes())
        if not isinstance(read, Read):
            raise PermanentError(f"{entry.file} of the evaluation sets cannot be read: {read.reason}")
        return read
    heading = entry.title if entry.title != title else ""
    text = f"{heading}\n\n{entry.text or ''}" if heading else entry.text or ""
    return Read(text, tuple(_blocks(text, has_heading=bool(heading))))


def _blocks(text: str, *, has_heading: bool) -> Iterable[Block]:
    """Yield a block per line that is not empty, the first a heading if there is one."""
    for number, match in enumerate(_LINE.finditer(text)):
        kind = BlockKind.HEADING if has_heading and number == 0 else BlockKind.PARAGRAPH
        yield Block(kind, *match.span(), level=1 if kind is BlockKind.HEADING else 0)
