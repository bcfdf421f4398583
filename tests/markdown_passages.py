"""Passages as an answer is made of them, from documents written as Markdown. No search stands between."""

import hashlib

from pipelines.answering.extracting import Candidate
from pipelines.domain.evidence import StoredPassage
from pipelines.domain.reading import Read
from pipelines.ingestion.preparing import prepare
from tests.fakes.in_process_parser import InProcessParser


def candidates(
    markdown: str,
    *,
    title: str,
    date: str | None = None,
    path: str = "a.md",
    kb: str = "handbook",
    document: int = 1,
    score: float = 1.0,
) -> tuple[Candidate, ...]:
    """
    Return all passages of a document as the search would offer them, in their order.

    The product's own reader and chunker make them; each has the passages beside it.

    Args:
        markdown: the document; it must be readable.
        title: its title, whatever its headings say.
        date: its date, ISO 8601.
        path: its path in its source.
        kb: name of its base.
        document: its number, and that of its only life.
        score: fused score of every passage.

    """
    read = InProcessParser().parse(path, markdown.encode())
    assert isinstance(read, Read), read
    return offered(read, title=title, date=date, path=path, kb=kb, document=document, score=score)


def offered(
    read: Read,
    *,
    title: str,
    date: str | None = None,
    path: str = "a.md",
    kb: str = "handbook",
    document: int = 1,
    score: float = 1.0,
) -> tuple[Candidate, ...]:
    """Return the same for a document that was read already, or written by hand as blocks."""
    chunks = prepare(1, 1, str(document), title, read, generation="1")
    passages = [one.passage for one in chunks]
    text_hash = hashlib.sha256(read.text.encode()).hexdigest()
    found = []
    for before, own, after in zip([None, *passages], passages, [*passages[1:], None], strict=False):
        stored = StoredPassage(kb, 1, document, document, path, title, date, text_hash, "folder", "/srv/docs", own)
        found.append(Candidate(stored, read.text, score, before=before, after=after))
    return tuple(found)
