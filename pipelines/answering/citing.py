"""
Shown pieces to an answer's text and its citations: marks, numbers, quotes, links.

A document's words stand in the text in a form that no chat client links, and its own `[2]` in one that is no
mark; a citation's quote is verbatim.

Numbers run 1…n in reading order; pieces that follow each other in one document share
one number, and its quote runs from the first to the last of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pipelines.answering.extracting.shapes import Extract, Piece, Role
from pipelines.answering.receipts import receipt
from pipelines.answering.writing.inert import inert, unmarked
from pipelines.domain.citations import Citation
from pipelines.domain.reading import Span
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class CitedText(Value):
    """An answer's text with marks like `[1]`, and the citation of each mark."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Run(Value):
    """Pieces of one passage that stand next to each other in the document."""

    pieces: tuple[Piece, ...]
    document_text: str

    @property
    def span(self) -> Span:
        return self.pieces[0].start, self.pieces[-1].end


def cite(extract: Extract, texts: dict[str, str], *, limit: int) -> CitedText:
    """
    Number what is shown and write it out, a paragraph per document.

    Args:
        extract: the pieces to show.
        texts: text hash -> stored text.
        limit: citations at most; what is beyond is not shown.

    Raises:
        StorageDamaged: a piece lies outside its stored text.

    """
    citations: list[Citation] = []
    paragraphs: list[str] = []
    for paragraph in extract.paragraphs:
        shown = []
        for run in _runs(paragraph.pieces, texts):
            if len(citations) == limit:
                break
            citations.append(receipt(len(citations) + 1, run.pieces[0].source, run.document_text, run.span))
            shown.append(_written(run, len(citations)))
        if shown:
            paragraphs.append("\n".join(shown) if _any_lines(paragraph.pieces) else " ".join(shown))
    return CitedText("\n\n".join(paragraphs), tuple(citations))


def _runs(pieces: tuple[Piece, ...], texts: dict[str, str]) -> Iterator[_Run]:
    """Yield pieces grouped while only white space stands between them and the place is the same."""
    number = 0
    keys = []
    for before, piece in zip((None, *pieces), pieces, strict=False):
        if before is not None and not _adjacent(before, piece, texts):
            number += 1
        keys.append(number)
    for _, group in groupby(zip(keys, pieces, strict=True), key=lambda pair: pair[0]):
        own = tuple(piece for _, piece in group)
        yield _Run(own, texts[own[0].source.text_hash])


def _adjacent(before: Piece, piece: Piece, texts: dict[str, str]) -> bool:
    same = before.source.document_version == piece.source.document_version
    if not same or before.source.passage.place != piece.source.passage.place or piece.heading:
        return False
    between = texts[piece.source.text_hash][before.end : piece.start]
    return before.end <= piece.start and not between.strip()


def _written(run: _Run, number: int) -> str:
    """Return a run as it is read: each piece with the mark of its citation behind it."""
    heading = next((_introducing(piece.heading) for piece in run.pieces if piece.heading), "")
    between = "\n" if _any_lines(run.pieces) else " "
    words = [inert(unmarked(_piece(piece, run.document_text))) for piece in run.pieces]
    return inert(unmarked(heading)) + between.join(f"{one} [{number}]" for one in words)


def _introducing(heading: str) -> str:
    """Return a heading as it stands before what it is above."""
    return f"{heading} " if heading.endswith(("?", "!", ".", ":", "…")) else f"{heading}: "


def _piece(piece: Piece, text: str) -> str:
    """Return the stored words in quotation marks; of a row its cells, each behind its column's name."""
    if piece.cells:
        return " · ".join(_cell(text[slice(*cell.header)], text[slice(*cell.value)]) for cell in piece.cells)
    words = text[piece.start : piece.end]
    shown = words if piece.role is Role.CODE else " ".join(words.split())
    bullet = "• " if piece.role is Role.LIST_ITEM and not shown[:1].isdigit() else ""
    return f"{bullet}“{shown}”"


def _cell(header: str, value: str) -> str:
    return f"{header}: {value}" if header else value


def _any_lines(pieces: tuple[Piece, ...]) -> bool:
    """Say whether the pieces are to stand on lines of their own."""
    return any(piece.role is not Role.SENTENCE for piece in pieces)
