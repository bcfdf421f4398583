"""Which receipts the measuring run counts as broken."""

from dataclasses import replace

import pytest

from pipelines.answering.citing import CitedText
from pipelines.answering.evidence_check import Verdict
from pipelines.answering.extracting import Extract, Paragraph, Piece, Role
from pipelines.domain.citations import Citation, Place
from pipelines.domain.evidence import StoredPassage
from pipelines.domain.knowledge import Passage
from pipelines.evaluation.extracts import broken_receipts, uncited_pieces
from pipelines.evaluation.installed import Shown


TEXT = "Leave is paid. It lasts twenty weeks."
READING = 7
CITATION = Citation(1, "kb", "Leave", "leave.md", 1, READING, Place(), TEXT[:14], 0, 14, "file:///leave.md", None)
SOURCE = StoredPassage(
    kb="kb",
    kb_version=1,
    document_version=READING,
    document=1,
    path="leave.md",
    title="Leave",
    date=None,
    text_hash="0" * 64,
    source_kind="folder",
    source_location="/",
    passage=Passage(0, "0" * 32, 0, 0, len(TEXT), Place(), (), ()),
)


def shown(*citations: Citation, pieces: tuple[tuple[int, int], ...] = ((0, 14),)) -> Shown:
    """Return pieces of the text, shown with these citations."""
    parts = tuple(Piece(SOURCE, *span, Role.SENTENCE) for span in pieces)
    return Shown(Extract((Paragraph(parts),)), CitedText("", citations), {READING: TEXT}, Verdict.ANSWER)


def test_a_receipt_that_holds_is_not_counted() -> None:
    """The quote stands between its offsets and, but for line ends, in the original."""
    assert broken_receipts(shown(CITATION), ["Leave is paid. It lasts"]) == 0


@pytest.mark.parametrize(
    "broken",
    [
        replace(CITATION, start=1),
        replace(CITATION, quote="Leave is paid"),
        replace(CITATION, quote="", end=0),
        replace(CITATION, document_version=8),
    ],
)
def test_a_broken_receipt_is_counted(broken: Citation) -> None:
    """Wrong offsets, another quote, an empty one, another reading: each is one."""
    assert broken_receipts(shown(CITATION, broken), [TEXT]) == 1


def test_a_quote_that_the_original_lacks_is_counted() -> None:
    """A stored text that is not what the file says breaks the receipt too."""
    assert broken_receipts(shown(CITATION), ["Leave is unpaid."]) == 1


def test_a_piece_that_nothing_cites_is_counted() -> None:
    """What is shown lies inside a quote of its own document."""
    assert uncited_pieces(shown(CITATION)) == 0
    assert uncited_pieces(shown(CITATION, pieces=((0, 14), (15, 37)))) == 1
    assert uncited_pieces(shown(replace(CITATION, document_version=8))) == 1


def test_what_is_shown_is_pieces_and_headings() -> None:
    """Neither marks nor quotation marks are counted as words."""
    one = shown(CITATION)
    piece = replace(one.extract.paragraphs[0].pieces[0], heading="Parents")
    assert replace(one, extract=Extract((Paragraph((piece,)),))).words == "Parents Leave is paid."
