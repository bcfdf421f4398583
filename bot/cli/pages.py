"""A Page as lines of the terminal: what is said, then the receipts."""

from collections.abc import Iterator

from bot import texts
from bot.lines import BLANK, Line, Look
from bot.rendering import DocumentCard, Page, SourceCard, page
from pipelines.domain.conversation import Answer


_INDENT = 4


def answered(answer: Answer) -> list[Line]:
    """Tell an answer."""
    return list(page_lines(page(answer)))


def page_lines(shown: Page) -> Iterator[Line]:
    """Yield the lines of a page; a blank line stands between its parts."""
    for number, paragraph in enumerate(shown.paragraphs):
        if number:
            yield BLANK
        yield from (Line(line) for line in paragraph)
    if shown.notes:
        yield BLANK
        yield from (Line(note, look=Look.QUIET) for note in shown.notes)
    if shown.choices:
        yield BLANK
        yield from (Line(texts.choice_line(number, one), 2) for number, one in enumerate(shown.choices, start=1))
    for source in shown.sources:
        yield BLANK
        yield from _source(source)
    if shown.closest:
        yield BLANK
        yield Line(texts.closest_headline())
        for one in shown.closest:
            yield from _document(one)


def _source(source: SourceCard) -> Iterator[Line]:
    """Yield a receipt: its line, the quote, what opens it."""
    yield Line(texts.source_line(source.mark, source.title, source.place, source.author, source.date), look=Look.STRONG)
    quote = texts.quoted("\n".join(source.quote))
    yield from (Line(line, _INDENT, Look.QUIET) for line in quote.split("\n"))
    yield _opened(source)


def _document(document: DocumentCard) -> Iterator[Line]:
    """Yield a document that came near."""
    yield Line(texts.closest_line(document.title, document.kb), 2)
    yield _opened(document)


def _opened(shown: SourceCard | DocumentCard) -> Line:
    """Return the address of a document; where it has none, as a file that was handed in, its name."""
    return Line(shown.url, _INDENT, Look.LINK) if shown.url else Line(shown.document, _INDENT, Look.QUIET)
