"""PDF: paragraphs made whole, headings, lists and tables, each with its page; scans and locked files are said so."""

import re
from itertools import pairwise

import pytest

from pipelines.domain.reading import BlockKind, ParseLimits, Read
from tests.unit.ingestion.reading.pdf_maker import PdfPage, pdf_of
from tests.unit.ingestion.reading.promises import leads, linked, read_as, reading, reason, shown, texts


WRAPPED = [
    "Employees may carry over five days of leave into the next year, provided that their",
    "manager agrees in writing before the end of November and that the days are taken by",
    "the end of March.",
]
WHOLE = " ".join(WRAPPED)
SECOND = [
    "Days that are not taken by then are lost, unless the employee was ill or on parental",
    "leave for the whole of that time, in which case they are kept for another year.",
]


def pdf(*pages: PdfPage, **info: str) -> Read:
    """Return the reading of a file with these pages."""
    return reading("pdf", pdf_of(*pages, info=info))


def test_wrapped_lines_are_whole_paragraphs_with_their_page() -> None:
    """Lines are joined, paragraphs parted by a gap stay two, and each block names its page from 1."""
    first = PdfPage().lines(700, WRAPPED).lines(630, SECOND)
    result = pdf(first, PdfPage().lines(700, SECOND))
    assert texts(result, BlockKind.PARAGRAPH) == [WHOLE, " ".join(SECOND), " ".join(SECOND)]
    assert [one.page for one in result.blocks] == [1, 1, 2]


def test_a_sentence_goes_on_over_the_page_break() -> None:
    """Its rest stands on the next page, as a block of its own that says so."""
    result = pdf(PdfPage().lines(700, WRAPPED[:2]), PdfPage().lines(700, WRAPPED[2:]).lines(640, SECOND))
    assert [(one.page, one.continues) for one in result.blocks] == [(1, False), (2, True), (2, False)]


def test_headings_are_known_by_size_and_weight() -> None:
    """The larger stand above the bolder; each keeps its words."""
    page = PdfPage().text(72, 760, "Leave policy", size=20).lines(720, WRAPPED)
    page.text(72, 660, "Carry over", font="bold").lines(640, SECOND)
    result = pdf(page)
    found = [(one.level, result.text[one.start : one.end]) for one in result.blocks if one.kind is BlockKind.HEADING]
    assert found == [(1, "Leave policy"), (2, "Carry over")]


LONG_TITLE = "A policy on leave that is granted beyond the law, and on what is paid"


@pytest.mark.parametrize(
    ("title", "heading"),
    [((16, "bold"), (16, "plain")), ((16, "plain"), (16, "bold")), ((14, "bold"), (13.5, "bold"))],
    ids=["lighter", "bolder", "smaller"],
)
def test_a_title_directly_above_a_heading_stands_alone(title: tuple[float, str], heading: tuple[float, str]) -> None:
    """Another size or weight begins another heading, though the title fills its line."""
    page = PdfPage().text(72, 760, LONG_TITLE, size=title[0], font=title[1])
    page.text(72, 742, "Carry over", size=heading[0], font=heading[1]).lines(710, WRAPPED).lines(640, SECOND)
    assert texts(pdf(page), BlockKind.HEADING) == [LONG_TITLE, "Carry over"]


def test_a_title_of_two_lines_is_one() -> None:
    """Lines of one size and weight are one title, wherever it was broken."""
    page = PdfPage().text(120, 770, "Leave that is granted", size=16, font="bold")
    page.text(140, 750, "beyond the law", size=16, font="bold").lines(710, WRAPPED).lines(640, SECOND)
    assert texts(pdf(page), BlockKind.HEADING) == ["Leave that is granted beyond the law"]


def test_lists_keep_their_lead_in() -> None:
    """Bullets go, the sentence that introduces them stays with every item."""
    page = PdfPage().lines(700, [*WRAPPED[:2], "the end of March. You may also claim:"])
    page.text(80, 650, "-  your gym card").text(80, 634, "-  a bicycle").lines(600, SECOND)
    assert leads(pdf(page)) == [
        ("your gym card", "You may also claim:"),
        ("a bicycle", "You may also claim:"),
    ]


def test_words_cut_at_a_line_s_end_are_made_whole() -> None:
    """A hyphen that only cut a word goes, one that belongs to it stays."""
    lines = [
        "The reimbursement is paid with the salary of the next month, and the reim-",
        "bursement of a long-term plan is a yearly one. Whoever has chosen such a long-",
        "term plan is told so.",
    ]
    (text,) = texts(pdf(PdfPage().lines(700, lines)), BlockKind.PARAGRAPH)
    assert "the reimbursement of" in text
    assert "such a long-term plan" in text


def table(page: PdfPage, top: float) -> PdfPage:
    """Draw a table of three rows."""
    page.grid([72, 200, 300], [top, top - 20, top - 40, top - 60])
    for number, (plan, cost) in enumerate([("Plan", "Cost"), ("Plus", "$10"), ("Basic", "$5")]):
        page.text(78, top - 14 - 20 * number, plan).text(206, top - 14 - 20 * number, cost)
    return page


def test_a_ruled_table_is_a_table() -> None:
    """Rows lead back to their header and are counted from it; text around it is not in it."""
    result = pdf(table(PdfPage().lines(760, WRAPPED), 680).lines(580, SECOND))
    assert shown(result) == [
        ("paragraph", WHOLE),
        ("table_header", "Plan | Cost"),
        ("table_row", "Plus | $10"),
        ("table_row", "Basic | $5"),
        ("paragraph", " ".join(SECOND)),
    ]
    assert [(one.row, one.page) for one in result.blocks] == [(None, 1), (1, 1), (2, 1), (3, 1), (None, 1)]
    assert leads(result) == [("Plus | $10", "Plan | Cost"), ("Basic | $5", "Plan | Cost")]


def test_a_table_goes_on_over_the_page_break() -> None:
    """A header that is printed again is written once; row numbers go on."""
    result = pdf(table(PdfPage(), 680), table(PdfPage(), 760))
    assert texts(result, BlockKind.TABLE_HEADER) == ["Plan | Cost"]
    rows = [one for one in result.blocks if one.kind is BlockKind.TABLE_ROW]
    assert [(one.row, one.page) for one in rows] == [(2, 1), (3, 1), (4, 2), (5, 2)]


def test_running_headers_and_page_numbers_are_no_content() -> None:
    """What repeats at the edge of every page, and the number of the page, go."""
    pages = [
        PdfPage().text(72, 810, "ACME Handbook").lines(700, WRAPPED).text(290, 30, f"Page {number} of 4")
        for number in range(1, 5)
    ]
    result = pdf(*pages)
    assert texts(result, BlockKind.PARAGRAPH) == [WHOLE] * 4


def test_links_stand_on_their_words() -> None:
    """An address that a part of the page opens belongs to the words in it."""
    page = PdfPage().text(72, 700, "Read the policy of the people team first.")
    assert linked(pdf(page.link((115, 695, 148, 712), "https://example.org/policy"))) == [
        ("policy", "https://example.org/policy")
    ]


def test_a_turned_page_is_read_as_it_is_shown() -> None:
    """The lines of a page that lies on its side are lines all the same."""
    result = pdf(PdfPage(rotation=90).lines(500, WRAPPED).lines(430, SECOND))
    assert texts(result, BlockKind.PARAGRAPH) == [WHOLE, " ".join(SECOND)]


def test_the_file_says_what_it_is() -> None:
    """Title, author and date of the Info dictionary; a modification wins over the creation."""
    page = PdfPage().lines(700, WRAPPED)
    result = pdf(page, Title="Leave", Author="People team", CreationDate="D:20250101120000Z", ModDate="D:20260302")
    assert (result.title, result.author, result.date) == ("Leave", "People team", "2026-03-02")
    junk = pdf(page, Title="Microsoft Word - leave_v3.docx", Author="user", CreationDate="D:00000000")
    assert (junk.title, junk.author, junk.date) == (None, None, None)


def test_scanned_pages_are_named_as_such() -> None:
    """A file without a single letter is rejected, never read as empty."""
    assert reason("pdf", pdf_of(PdfPage().rule(72, 100, 200, 100), PdfPage())) == "no text layer: scanned pages"


def test_a_locked_file_is_named_as_such() -> None:
    """Without its password a file is not read, and the reason says what it wants."""
    assert reason("pdf", pdf_of(PdfPage().lines(700, WRAPPED), locked=True)) == "it is encrypted: a password is needed"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"%PDF-1.7 broken", b"\0" * 3000, b"not a pdf"])
def test_what_is_no_pdf_is_rejected(data: bytes) -> None:
    """A name that ends in .pdf does not make one."""
    assert reason("pdf", data) == "it is no PDF, or it is damaged or cut off"


def test_a_file_cut_anywhere_is_read_or_rejected() -> None:
    """A download that broke off gives a reason or the pages that are whole, never an exception."""
    whole = pdf_of(*(PdfPage().lines(700, WRAPPED) for _ in range(3)))
    for cut in range(0, len(whole), 37):
        result = read_as("pdf", whole[:cut])
        if isinstance(result, Read):
            assert WRAPPED[0] in result.text
        else:
            assert result.reason


def test_pages_beyond_the_limit_are_not_read() -> None:
    """The reason names the number, the limit and the setting."""
    told = reason("pdf", pdf_of(*(PdfPage().text(72, 700, "x") for _ in range(4))), ParseLimits(max_pages=3))
    assert told == "it has 4 pages, the limit is 3 (FOOTNOTE_LIMITS__MAX_PAGES)"


def test_no_word_of_a_long_file_is_lost() -> None:
    """Every numbered sentence of forty pages stands in the text once, in order, on its own page."""
    pages = [
        PdfPage().lines(700, [f"Sentence {number} says a thing about leave and about pay that nobody may miss."])
        for number in range(40)
    ]
    result = pdf(*pages)
    assert [int(one) for one in re.findall(r"Sentence (\d+)", result.text)] == list(range(40))
    assert all(right.page == (left.page or 0) + 1 for left, right in pairwise(result.blocks))
