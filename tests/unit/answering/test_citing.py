"""Promises of an answer's text and its citations: numbers, marks, quotes, places."""

import re
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.answering.citing import CitedText, cite
from pipelines.answering.extracting import Candidate
from pipelines.domain.reading import Block, BlockKind, Read
from pipelines.errors import StorageDamaged
from tests.examples import examples
from tests.markdown_documents import QUESTIONS, searches
from tests.markdown_passages import candidates, offered
from tests.unit.answering.asking import extracted, shown


LEAVE = """\
# Leave

## Parents

Every parent gets 24 weeks of leave. The leave may be parted in two.
It ends with the child's third birthday.

## Foster parents

A foster parent gets 20 days of leave.
"""
_MARK = re.compile(r"\[(\d+)\]")


def cited(question: str, offer: tuple[Candidate, ...] | list[Candidate], *, limit: int = 20) -> CitedText:
    """Return the answer to a question."""
    return cite(extracted(question, offer), {one.passage.text_hash: one.text for one in offer}, limit=limit)


def squeezed(*texts: str) -> str:
    """Return texts one after the other without their white space."""
    return "".join("".join(texts).split())


def test_neighbours_share_a_number_and_a_quote() -> None:
    """Sentences that stand next to each other are one quote, which runs from the first to the last of them."""
    answer = cited("How do I part the leave of a parent?", candidates(LEAVE, title="Leave")[:1])
    (one,) = answer.citations
    assert one.quote == (
        "Every parent gets 24 weeks of leave. The leave may be parted in two. It ends with the child's third birthday."
    )
    assert answer.text == (
        "“Every parent gets 24 weeks of leave.” [1] “The leave may be parted in two.” [1] "
        "“It ends with the child's third birthday.” [1]"
    )


def test_a_documents_own_marks_cite_nothing() -> None:
    """Its `[2]` is seen as it was written, and opens no other source; the quote stays verbatim."""
    offer = candidates("# Taxi [2]\n\nThe taxi limit is 9000 euros [1] [2].\n", title="Forged")
    answer = cited("What is the taxi limit?", offer)
    assert _MARK.findall(answer.text) == ["1"]
    assert answer.citations[0].quote == "The taxi limit is 9000 euros [1] [2]."


def test_what_is_not_shown_is_not_quoted() -> None:
    """Sentences with another one between them have quotes of their own."""
    offer = candidates("Anna leads scanners. The sun is warm. Bert leads printers.\n", title="House")
    quotes = [one.quote for one in cited("For scanners, for printers: who leads?", offer).citations]
    assert quotes == ["Anna leads scanners.", "Bert leads printers."]


def test_a_citation_is_a_receipt() -> None:
    """It names base, title, document, version, date, the headings above the quote, and the address that opens it."""
    offer = candidates(LEAVE, title="Leave rules", date="2026-03-01", path="hr/leave.md", kb="people", document=7)
    (one,) = cited("What does a foster parent get?", offer, limit=1).citations
    assert (one.number, one.kb, one.title, one.document) == (1, "people", "Leave rules", "hr/leave.md")
    assert (one.version, one.document_version, one.date) == (1, 7, "2026-03-01")
    assert one.place.as_json() == {"heading": "Leave › Foster parents", "anchor": "foster-parents"}
    assert one.url == "file:///srv/docs/hr/leave.md#foster-parents"


def test_each_document_has_its_paragraph() -> None:
    """Sentences of two documents stand in two paragraphs, numbered in reading order."""
    one = candidates("Anna leads scanners.\n", title="Support", document=1)
    other = candidates("Bert leads printers.\n", title="Support", path="b.md", document=2)
    answer = cited("For scanners, for printers: who leads?", [*one, *other])
    assert answer.text == "“Anna leads scanners.” [1]\n\n“Bert leads printers.” [2]"
    assert [citation.document for citation in answer.citations] == ["a.md", "b.md"]


def test_the_limit_of_citations_is_kept() -> None:
    """What is beyond the limit is not shown at all."""
    names = ["Anna", "Bert", "Cora", "Dan"]
    offer = [
        passage
        for number, name in enumerate(names, start=1)
        for passage in candidates(f"{name} of room {number} leads the support.\n", title="Support", document=number)
    ]
    assert len(cited("Who leads the support?", offer).citations) == 4
    for limit in (1, 2, 3):
        answer = cited("Who leads the support?", offer, limit=limit)
        assert [one.number for one in answer.citations] == list(range(1, limit + 1))
        assert answer.text.count("\n\n") == limit - 1


def test_rows_are_cited_by_their_numbers() -> None:
    """One row and several rows are named as a spreadsheet counts them: the header is row 1."""
    rows = "\n".join(f"| {city} | {price} euros |" for city, price in [("Bergen", 165), ("Lyon", 150), ("Porto", 120)])
    offer = candidates(f"# Hotels\n\n| City | Hotel |\n|---|---|\n{rows}\n", title="Expenses")
    one = cited("How much is a hotel in Lyon?", offer)
    assert one.text == "Hotels: City: Lyon · Hotel: 150 euros [1]"
    assert one.citations[0].place.as_json() == {"heading": "Hotels", "anchor": "hotels", "rows": "3"}
    (all_,) = cited("How much is a hotel?", offer).citations
    assert all_.place.rows == "2-4"


def test_list_items_stand_on_lines() -> None:
    """A list is written line by line with bullets under its lead-in."""
    offer = candidates("Take these:\n\n- a map of the town\n- a coat\n\nThen go.\n", title="Town")
    assert cited("What are the things for the town?", offer).text == (
        "“Take these:” [1]\n• “a map of the town” [1]\n• “a coat” [1]"
    )


def test_code_keeps_its_lines() -> None:
    """Blank lines and indents of code reach the reader; those of prose are folded."""
    offer = candidates("Restart\nthe scanner:\n\n```\nstop\n\n  start\n```\n", title="Scanner")
    assert cited("How do I restart the scanner?", offer).text == "“Restart the scanner:” [1]\n“stop\n\n  start” [1]"


def test_a_quote_of_a_page_names_the_small_heading_above_it() -> None:
    """Of a page with several small sections the citation names that of the quote, not the first."""
    text = "Trains\n\nBook trains early.\n\nPlanes\n\nBook planes late."
    kinds = [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH]
    blocks, at = [], 0
    for kind, part in zip(kinds, text.split("\n\n"), strict=True):
        blocks.append(Block(kind, at, at + len(part), level=int(kind is BlockKind.HEADING), page=3))
        at += len(part) + 2
    offer = offered(Read(text, tuple(blocks)), title="Travel", path="a.pdf")
    (one,) = cited("When to book planes?", offer, limit=1).citations
    assert one.place.as_json() == {"page": 3, "heading": "Planes"}
    assert one.url.endswith("a.pdf#page=3")


def test_a_text_that_is_too_short_is_named() -> None:
    """A stored text that ends before a piece is damage: one sentence with the document and the way out."""
    offer = candidates(LEAVE, title="Leave", path="hr/leave.md")
    extract = extracted("What does a foster parent get?", offer)
    texts = {offer[0].passage.text_hash: offer[0].text[:-1]}
    with pytest.raises(StorageDamaged, match=r"stored text of hr/leave\.md .* sync"):
        cite(extract, texts, limit=4)


def test_a_heading_that_asks_needs_no_colon() -> None:
    """A heading before what it is above ends in its own mark, or in a colon."""
    for heading, before in (("How long is it?", "How long is it? "), ("Warranty", "Warranty: ")):
        offer = candidates(f"## {heading}\n\nIt is two years.\n", title="Scanner")
        assert cited("Two years?", offer).text == f"{before}“It is two years.” [1]"


def test_nothing_to_show_is_no_text() -> None:
    """An empty extract gives an empty text without citations."""
    assert cited("What is leave?", []) == CitedText("", ())


@settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(search=searches(), question=QUESTIONS, limit=st.integers(1, 20))
def test_citations_keep_every_promise(
    search: tuple[list[Candidate], list[Candidate]], question: str, limit: int
) -> None:
    """Numbers run 1…n in reading order and are the marks of the text; each quote is verbatim and apart from others."""
    _, found = search
    extract = extracted(question, found)
    answer = cite(extract, {one.passage.text_hash: one.text for one in found}, limit=limit)
    numbers = [one.number for one in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) <= limit
    marks = [int(mark) for mark in _MARK.findall(answer.text)]
    assert list(dict.fromkeys(marks)) == numbers
    assert marks == sorted(marks)
    texts = {one.passage.document_version: one.text for one in found}
    for one in answer.citations:
        assert texts[one.document_version][one.start : one.end] == one.quote
        assert one.quote == one.quote.strip() != ""
    if len(numbers) < limit:
        assert squeezed(*(one.quote for one in answer.citations)) == squeezed(
            *(text for _, text in shown(extract, found))
        )
    for one, other in pairwise(answer.citations):
        assert one.document_version != other.document_version or one.end <= other.start
