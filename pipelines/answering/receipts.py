"""A citation out of a span of stored text: its quote, its place, its address. The only maker of a `Citation`."""

from dataclasses import replace

from pipelines.answering.addresses import place_address
from pipelines.answering.headings import headings_above
from pipelines.domain.citations import HEADING_SEPARATOR, Citation, Place
from pipelines.domain.evidence import StoredPassage
from pipelines.domain.reading import Span
from pipelines.errors import StorageDamaged


def receipt(number: int, source: StoredPassage, document_text: str, span: Span) -> Citation:
    """
    Return the citation of a span.

    Args:
        number: 1…n in reading order of the answer.
        source: the passage in which the span begins.
        document_text: the stored text of its document.
        span: first character and one past the last.

    Raises:
        StorageDamaged: the span lies outside the stored text.

    """
    start, end = span
    if end > len(document_text):
        raise StorageDamaged(f"the stored text of {source.path} is shorter than its passages: sync its base again")
    quote = document_text[start:end]
    place = _place(source, document_text, span)
    return Citation(
        number=number,
        kb=source.kb,
        title=source.title,
        document=source.path,
        version=source.kb_version,
        document_version=source.document_version,
        place=place,
        quote=quote,
        start=start,
        end=end,
        url=place_address(source, place, quote),
        date=source.date,
        author=source.author,
    )


def _place(source: StoredPassage, document_text: str, span: Span) -> Place:
    """Return where the quote itself stands: its rows, and the headings above it."""
    start, end = span
    rows = [one.row for one in source.passage.blocks if one.row and one.start < end and one.end > start]
    shown = str(rows[0]) if len(set(rows)) == 1 else f"{rows[0]}-{rows[-1]}" if rows else None
    above = headings_above(source.passage, document_text, start)
    heading = HEADING_SEPARATOR.join(above.path) or None
    return replace(source.passage.place, rows=shown, heading=heading, anchor=above.anchor)
