"""
Answer -> Page: what every platform shows, in parts. Never a markup string.

A platform turns a Page into its own blocks, cards or lines. All text of a Page is
safe to show and holds no markup of ours; links are addresses of citations alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot import answer_texts
from bot.printable import address, lines, one_line
from pipelines.domain.citations import Citation, Place
from pipelines.domain.conversation import Answer, ClosestDocument, Outcome, Writing
from pipelines.domain.values import Value


_SECONDS_TOLD = 60
"""An answer that is younger is as good as new."""


@dataclass(frozen=True, slots=True)
class SourceCard(Value):
    """
    One receipt.

    Attributes:
        mark: `[1]`, as it stands in the paragraphs.
        title: the document's title, or its path when it has none.
        place: heading path, "page 7", "rows 12-14", what is known of them with commas between; or empty.
        author: who wrote the document, as it says, or empty.
        date: ISO 8601, or empty.
        quote: the verbatim quote, line by line.
        document: the document's path in its source.
        url: address that opens the place, or empty.

    """

    mark: str
    title: str
    place: str
    author: str
    date: str
    quote: tuple[str, ...]
    document: str
    url: str


@dataclass(frozen=True, slots=True)
class DocumentCard(Value):
    """A document that came near."""

    title: str
    kb: str
    document: str
    url: str


@dataclass(frozen=True, slots=True)
class UnreadCard(Value):
    """A file that came with the question and could not be read."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page(Value):
    """
    One answer in parts, each shown in this order; what does not apply is empty.

    Attributes:
        outcome: answer, clarify, refusal or error.
        paragraphs: what is said, each paragraph line by line.
        notes: what is to be known of how it was made, a line each.
        choices: questions to pick from.
        sources: receipts in reading order.
        closest: the nearest documents.
        unread: files that came with the question and could not be read.

    """

    outcome: Outcome
    paragraphs: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    choices: tuple[str, ...]
    sources: tuple[SourceCard, ...]
    closest: tuple[DocumentCard, ...]
    unread: tuple[UnreadCard, ...] = ()


def page(answer: Answer, language: str = "en", *, together: bool = False) -> Page:
    """
    Return the parts of an answer.

    Args:
        answer: it.
        language: code of the language of what we say of it ourselves.
        together: several people read it.

    """
    text = answer.text
    if answer.outcome is not Outcome.ANSWER:
        text = answer_texts.in_place_of_answer(language, text, together=together)
    return Page(
        outcome=answer.outcome,
        paragraphs=_paragraphs(text),
        notes=tuple(one_line(note) for note in _notes(answer, language)),
        choices=tuple(one_line(choice) for choice in answer.choices),
        sources=tuple(_source(one, language) for one in answer.citations),
        closest=tuple(_document(one) for one in answer.closest),
        unread=tuple(UnreadCard(one_line(one.name), one_line(one.reason)) for one in answer.unread),
    )


def _notes(answer: Answer, language: str) -> Iterator[str]:
    """Yield what is to be known of how an answer was made."""
    writing = answer.writing or Writing()
    if writing.fallback is not None:
        yield answer_texts.fell_back(language, writing.fallback, writing.budget or "")
    if writing.own_words:
        yield answer_texts.own_words(language, writing.own_words)
    if writing.withheld:
        yield answer_texts.withheld(language, writing.withheld)
    if writing.model:
        yield answer_texts.written_by(language, writing.model, writing.instead_of)
    if answer.age_s is not None and answer.age_s >= _SECONDS_TOLD:
        yield answer_texts.checked_again(language, answer.age_s)


def _paragraphs(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the paragraphs, which blank lines part; none of them is empty."""
    found: list[list[str]] = [[]]
    for line in lines(text):
        if line.strip():
            found[-1].append(line.rstrip())
        elif found[-1]:
            found.append([])
    return tuple(tuple(one) for one in found if one)


def _source(citation: Citation, language: str) -> SourceCard:
    """Return a receipt to show."""
    return SourceCard(
        mark=f"[{citation.number}]",
        title=one_line(citation.title) or one_line(citation.document),
        place=_place(citation.place, language),
        author=one_line(citation.author or ""),
        date=one_line(citation.date or ""),
        quote=tuple(line.rstrip() for line in lines(citation.quote)),
        document=one_line(citation.document),
        url=address(citation.url or ""),
    )


def _place(place: Place, language: str) -> str:
    """Return where a quote stands: heading path, then page and rows."""
    parts = [one_line(place.heading or "")]
    if place.page is not None:
        parts.append(answer_texts.page_number(language, place.page))
    if place.rows is not None:
        parts.append(answer_texts.row_range(language, one_line(place.rows)))
    return ", ".join(part for part in parts if part)


def _document(closest: ClosestDocument) -> DocumentCard:
    """Return a near document to show."""
    return DocumentCard(
        title=one_line(closest.title) or one_line(closest.document),
        kb=one_line(closest.kb),
        document=one_line(closest.document),
        url=address(closest.url or ""),
    )
