"""From chosen sentences to paragraphs: lead-ins, cells and headings are added, documents kept apart."""

from collections.abc import Iterator, Sequence

from pipelines.answering.extracting.shapes import Cell, Extract, Paragraph, Piece, Role
from pipelines.answering.extracting.weighing import Weighed, WeighedQuestion
from pipelines.answering.extracting.wording import goes_on, points_back
from pipelines.domain.reading import Span
from pipelines.retrieval.terms import content_words, stem


_BETWEEN_CELLS = " | "
_SAYS_LITTLE = 3
"""Stems below which a piece hardly says what it is about."""


def show(question: WeighedQuestion, chosen: Sequence[int]) -> Extract:
    """
    Return the chosen sentences as paragraphs.

    Documents stand in the order in which `chosen` names them, the pieces of a document in its
    own order. A list item brings its lead-in, a row its header's cells.
    """
    documents: dict[int, list[int]] = {}
    for at in chosen:
        documents.setdefault(question.sentences[at].sentence.source.document_version, []).append(at)
    paragraphs = (tuple(_pieces(question, sorted(places))) for places in documents.values())
    return Extract(tuple(Paragraph(pieces) for pieces in paragraphs))


def _pieces(question: WeighedQuestion, places: Sequence[int]) -> Iterator[Piece]:
    """Yield one document's pieces."""
    shown: set[Span] = {(one.start, one.end) for one in (question.sentences[at].sentence for at in places)}
    section = -1
    for at in places:
        weighed = question.sentences[at]
        one = weighed.sentence
        fresh, section = one.section != section, one.section
        heading = _heading(question, weighed) if fresh else None
        if one.role is Role.LIST_ITEM and one.lead and one.lead not in shown:
            shown.add(one.lead)
            yield Piece(one.source, *one.lead, Role.LEAD_IN, heading=heading)
            heading = None
        cells = _cells(one.text, one.start, one.lead_text, one.lead) if one.role is Role.TABLE_ROW else ()
        yield Piece(one.source, one.start, one.end, one.role, cells, heading)


def _heading(question: WeighedQuestion, one: Weighed) -> str | None:
    """Return the heading above a piece that, alone, does not say what the question is about."""
    path = one.sentence.source.passage.heading_path
    if not path:
        return None
    text = one.sentence.text
    elliptic = points_back(text) or goes_on(text) or len(one.stems) < _SAYS_LITTLE
    needed = question.asked.share((*one.stems, *stem(content_words(path[-1])))) > question.asked.share(one.stems)
    return path[-1] if elliptic or needed or one.sentence.role is Role.TABLE_ROW else None


def _cells(row: str, row_start: int, header: str, lead: Span | None) -> tuple[Cell, ...]:
    """Return the cells of a row that hold something, with their headers; nothing when it has more than its header."""
    if lead is None:
        return ()
    values, names = _split(row, row_start), _split(header, lead[0])
    if len(values) > len(names):
        return ()
    return tuple(Cell(name, value) for name, value in zip(names, values, strict=False) if value[0] < value[1])


def _split(line: str, start: int) -> list[Span]:
    """Return where the cells of a line stand in the stored text; an empty first cell has lost its blank."""
    lost = line.startswith(_BETWEEN_CELLS.lstrip())
    begin = start - lost
    spans = []
    for part in (" " * lost + line).split(_BETWEEN_CELLS):
        first = begin + len(part) - len(part.lstrip())
        spans.append((first, max(first, begin + len(part.rstrip()))))
        begin += len(part) + len(_BETWEEN_CELLS)
    return spans
