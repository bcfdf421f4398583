"""What goes into extraction and what comes out: passages in, verbatim pieces out. No rule stands here."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.evidence import StoredPassage
from pipelines.domain.knowledge import Passage
from pipelines.domain.reading import Span
from pipelines.domain.values import Value


class Role(StrEnum):
    """What a piece is to the reader."""

    SENTENCE = "sentence"
    LEAD_IN = "lead_in"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Candidate(Value):
    """
    A passage that the search offers.

    Attributes:
        passage: the passage; its blocks carry offsets into `text`.
        text: the whole stored text of its document; quotes are cut from it.
        score: fused score, > 0.
        before: the document's passage before this one, if it has one. It makes nothing
            a candidate; a list or a sentence that began there is shown whole.
        after: the document's passage after this one, for the same reason.

    """

    passage: StoredPassage
    text: str
    score: float
    before: Passage | None = None
    after: Passage | None = None


@dataclass(frozen=True, slots=True)
class Cell(Value):
    """One cell of a table's row and the header above it, both spans of the stored text."""

    header: Span
    value: Span


@dataclass(frozen=True, slots=True)
class Piece(Value):
    """
    One thing that is shown: `text[start:end]` of the stored text of the source's document.

    Attributes:
        source: the passage that it stands in; for a sentence across a page break, the
            one where it begins if that was offered.
        start: first character.
        end: one past the last.
        role: how it is to be shown.
        cells: of a table's row with as many cells as its header; else empty.
        heading: heading to show above it, because without it the piece does not say
            what it is about; None where it speaks for itself.

    """

    source: StoredPassage
    start: int
    end: int
    role: Role
    cells: tuple[Cell, ...] = ()
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph(Value):
    """Pieces of one document, in its own order; never empty."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Extract(Value):
    """What is shown for a question: the best document first; empty when nothing was offered."""

    paragraphs: tuple[Paragraph, ...]
