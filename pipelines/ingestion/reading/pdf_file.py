"""An open PDF, page by page, as plain values. Nobody but it and what it calls knows PDFium; its error goes through."""

import pypdfium2 as pdfium

from pipelines.ingestion.reading.pdf_content import PageContent
from pipelines.ingestion.reading.pdf_drawing import links_on, rules_on
from pipelines.ingestion.reading.pdf_turn import Turn
from pipelines.ingestion.reading.pdf_words import words_on


PASSWORD_NEEDED = 4
"""PDFium's error code for an encrypted document."""


class PdfFile:
    """An open document. Raises `pypdfium2.PdfiumError` where PDFium cannot go on."""

    def __init__(self, data: bytes) -> None:
        self._document = pdfium.PdfDocument(data)

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._document)

    def metadata(self) -> dict[str, str]:
        """Return the Info dictionary."""
        return dict(self._document.get_metadata_dict(skip_empty=True))

    def page(self, index: int) -> PageContent:
        """Return what stands on a page."""
        page = self._document[index]
        try:
            turn = Turn(page)
            text = page.get_textpage()
            try:
                words = list(words_on(text.raw, turn))
            finally:
                text.close()
            links = links_on(page.raw, self._document.raw, turn)
            return PageContent(words, rules_on(page.raw, turn), links, turn.height)
        finally:
            page.close()

    def close(self) -> None:
        """Release the document."""
        self._document.close()
