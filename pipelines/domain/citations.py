"""Where a passage stands, and the receipt that shows it."""

from dataclasses import dataclass

from pipelines.domain.values import Value


HEADING_SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class Place(Value):
    """
    Where a passage stands in its document; what is unknown is None.

    Attributes:
        page: page, from 1.
        heading: the headings above it, outermost first, joined by " › ".
        anchor: fragment of the nearest heading that has one, without `#`.
        rows: rows of a table as a spreadsheet counts them, "12" or "12-14".

    """

    page: int | None = None
    heading: str | None = None
    anchor: str | None = None
    rows: str | None = None

    def as_json(self) -> dict[str, str | int]:
        """Return the known parts only."""
        parts: dict[str, str | int | None] = {
            "page": self.page,
            "heading": self.heading,
            "anchor": self.anchor,
            "rows": self.rows,
        }
        return {name: part for name, part in parts.items() if part is not None}


@dataclass(frozen=True, slots=True)
class Citation(Value):
    """
    A receipt: `quote` is a verbatim span of one version of one document.

    Attributes:
        number: 1…n in reading order of the answer.
        kb: name of the knowledge base.
        title: the document's title.
        document: the document's path in its source.
        version: version of the knowledge base that was searched.
        document_version: id of the stored reading that the quote is cut from.
        place: where the quote stands.
        quote: `text[start:end]` of the stored text.
        start: first character of the quote.
        end: one past its last character.
        url: address that opens the place, built from our record of the source; None for a file
            that was handed in.
        date: the document's own date, ISO 8601; None when it names none.
        author: who wrote it, as the document says; None when it names nobody.

    """

    number: int
    kb: str
    title: str
    document: str
    version: int
    document_version: int
    place: Place
    quote: str
    start: int
    end: int
    url: str | None
    date: str | None
    author: str | None = None
