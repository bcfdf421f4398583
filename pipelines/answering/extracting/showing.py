"""From chosen sentences to paragraphs: lead-ins, cells and headings are added, documents kept apart."""

from collections.abc import Mapping, Sequence

from pipelines.answering.extracting.cells import cells_of
from pipelines.answering.extracting.rivals import are_rivals, label_beside
from pipelines.answering.extracting.sentences import Sentence
from pipelines.answering.extracting.shapes import Cell, Extract, Paragraph, Piece, Role
from pipelines.answering.extracting.weighing import Weighed, WeighedQuestion
from pipelines.answering.extracting.wording import goes_on, points_back
from pipelines.domain.reading import Span
from pipelines.retrieval.terms import content_stems


LONGEST_LEAD = 1000
"""Characters of a lead-in beyond which it is left out: nobody reads a page before a list item."""

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
    labels = _labels([question.sentences[at] for at in chosen])
    return Extract(tuple(_paragraph(question, sorted(places), labels) for places in documents.values()))


def _labels(shown: Sequence[Weighed]) -> dict[Span, str]:
    """Return what is to be shown with sentences that, side by side, would seem to contradict each other."""
    pairs = [(one, other) for one in shown for other in shown if one is not other and are_rivals(one, other)]
    found = {}
    for one, other in pairs:
        label = label_beside(one, other)
        if label is not None:
            found[one.sentence.source.document_version, one.sentence.start] = label
    return found


def _paragraph(question: WeighedQuestion, places: Sequence[int], labels: Mapping[Span, str]) -> Paragraph:
    """Return one document's pieces in its own order."""
    pieces: dict[int, Piece] = {}
    section = -1
    for at in places:
        weighed = question.sentences[at]
        one = weighed.sentence
        fresh, section = one.section != section, one.section
        label = labels.get((one.source.document_version, one.start))
        heading = label or (_heading(question, weighed) if fresh else None)
        if one.role is Role.LIST_ITEM and one.lead:
            start, end = _whole(question, one, one.lead)
            if start not in pieces and end <= one.start and end - start <= LONGEST_LEAD:
                pieces[start] = Piece(one.source, start, end, Role.LEAD_IN, heading=heading)
                heading = None
        cells = _cells(one.text, one.start, one.lead_text, one.lead) if one.role is Role.TABLE_ROW else ()
        pieces[one.start] = Piece(one.source, one.start, one.end, one.role, cells, heading)
    return Paragraph(tuple(pieces[start] for start in sorted(pieces)))


def _whole(question: WeighedQuestion, item: Sentence, lead: Span) -> Span:
    """Return the whole sentence in which a lead-in stands, where it is known."""
    for one in question.sentences:
        own = one.sentence
        if own.source.document_version == item.source.document_version and own.start < lead[1] <= own.end:
            return own.start, own.end
    return lead


def _heading(question: WeighedQuestion, one: Weighed) -> str | None:
    """Return the heading above a piece that, alone, does not say what the question is about."""
    path = one.sentence.headings
    if not path:
        return None
    text = one.sentence.text
    elliptic = points_back(text) or goes_on(text) or len(one.stems) < _SAYS_LITTLE
    needed = question.asked.share((*one.stems, *content_stems(path[-1]))) > question.asked.share(one.stems)
    return path[-1] if elliptic or needed or one.sentence.role is Role.TABLE_ROW else None


def _cells(row: str, row_start: int, header: str, lead: Span | None) -> tuple[Cell, ...]:
    """Return the cells of a row that hold something, with their headers; nothing when it has more than its header."""
    if lead is None:
        return ()
    values, names = cells_of(row, row_start), cells_of(header, lead[0])
    if len(values) > len(names):
        return ()
    return tuple(Cell(name, value) for name, value in zip(names, values, strict=False) if value[0] < value[1])
