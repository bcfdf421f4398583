"""Files beyond a limit, hostile or broken, in the real processes: one clause each, and the next one is read."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.adapters.parser_processes import ProcessParser
from pipelines.domain.reading import ParseLimits, Read, Rejected
from tests.contracts.document_parser import FILES, rejected
from tests.unit.ingestion.reading.docx_maker import paragraph, word_of
from tests.unit.ingestion.reading.pdf_maker import PdfPage, pdf_of
from tests.unit.ingestion.reading.promises import check


MEBIBYTE = 1024 * 1024


@pytest.fixture
def with_limits() -> Iterator[Callable[[ParseLimits], ProcessParser]]:
    """Return what makes parsers of the product's children with other limits."""
    made: list[ProcessParser] = []

    def make(limits: ParseLimits) -> ProcessParser:
        made.append(ProcessParser(limits))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_file_above_the_size_limit_is_not_even_sent() -> None:
    """Two hundred megabytes of text are rejected with value, limit and setting, before any child is started."""
    parser = ProcessParser(ParseLimits())
    told = rejected(parser, "log.txt", bytes(200 * MEBIBYTE))
    assert told == "it has 200 MB, the limit is 50 MB (FOOTNOTE_LIMITS__MAX_FILE_MB)"
    assert parser.idle_pids() == ()


def test_a_file_that_takes_too_long_is_given_up(with_limits: Callable[[ParseLimits], ProcessParser]) -> None:
    """The child is killed in the midst of a file; the reason names limit and setting; the next file is read."""
    parser = with_limits(ParseLimits(parse_seconds=0.3))
    table = b"a,b,c\n" * (5 * MEBIBYTE)
    assert rejected(parser, "rows.csv", table) == (
        "reading it took longer than 0.3 s, the limit (FOOTNOTE_LIMITS__PARSE_SECONDS)"
    )
    assert isinstance(parser.parse("plans.csv", FILES["leave.csv"]), Read)


def test_a_file_that_needs_too_much_memory_is_given_up(with_limits: Callable[[ParseLimits], ProcessParser]) -> None:
    """The reason names limit and setting; the next file is read."""
    parser = with_limits(ParseLimits(parse_memory_mb=160))
    told = rejected(parser, "page.html", b"<p><b>x</b></p>" * MEBIBYTE)
    assert "160 MB of memory" in told
    assert told.endswith("(FOOTNOTE_LIMITS__PARSE_MEMORY_MB)")
    assert isinstance(parser.parse("page.html", FILES["leave.html"]), Read)


HOSTILE = {
    "divs": ("a.html", b"<div>" * 100_000 + b"x", "NESTING_DEPTH"),
    "spans": ("a.html", b"<b>" * 100_000 + b"x", "NESTING_DEPTH"),
    "lists of a page": ("a.html", b"<ul><li>" * 50_000 + b"x", "NESTING_DEPTH"),
    "tables of a page": ("a.html", b"<table><tr><td>" * 30_000 + b"x", "NESTING_DEPTH"),
    "quotes": ("a.md", b">" * 100_000 + b"x", "NESTING_DEPTH"),
    "lists": ("a.md", b"- " * 50_000 + b"x", "NESTING_DEPTH"),
    "indented lists": ("a.md", b"".join(b"  " * n + b"- x\n" for n in range(1000)), "NESTING_DEPTH"),
    "controls of a document": (
        "a.docx",
        word_of("<w:sdt><w:sdtContent>" * 3000 + paragraph("x") + "</w:sdtContent></w:sdt>" * 3000),
        "NESTING_DEPTH",
    ),
    "bomb": ("a.docx", word_of(paragraph("x" * 40_000_000)), "EXPANSION_RATIO"),
    "pages": ("a.pdf", pdf_of(*(PdfPage() for _ in range(5001))), "MAX_PAGES"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_goes_beyond_a_limit_is_rejected_by_its_setting(parser: ProcessParser, kind: str) -> None:
    """Depth, expansion and pages: the reason names value, limit and setting, and no child is lost over it."""
    name, data, setting = HOSTILE[kind]
    told = rejected(parser, name, data)
    assert told.endswith(f"(FOOTNOTE_LIMITS__{setting})")
    assert len(re.findall(r"\d+", told)) >= 2
    assert isinstance(parser.parse(f"leave.{name[2:]}", FILES[f"leave.{name[2:]}"]), Read)


NOT_READ = {
    "laughs": (
        "a.docx",
        word_of(paragraph("&b;"), prologue='<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'),
        "it declares entities, which no Word document does",
    ),
    "locked": ("a.pdf", pdf_of(PdfPage().text(72, 700, "x"), locked=True), "it is encrypted: a password is needed"),
    "scan": ("a.pdf", pdf_of(PdfPage()), "no text layer: scanned pages"),
    "cut pdf": ("a.pdf", FILES["leave.pdf"][:60], "it is no PDF, or it is damaged or cut off"),
    "cut docx": (
        "a.docx",
        FILES["leave.docx"][:-30],
        "it is no Word document: it is not a zip archive, or it was cut off",
    ),
    "zeros": ("a.txt", bytes(MEBIBYTE), "it is no text: it holds control characters like a program's file"),
    "empty": ("a.csv", b"", "it holds no text"),
}


@pytest.mark.parametrize("kind", NOT_READ)
def test_what_cannot_be_read_is_named_as_what_it_is(parser: ProcessParser, kind: str) -> None:
    """Bombs of entities, locked, scanned, cut and empty files each have a reason of their own."""
    name, data, told = NOT_READ[kind]
    assert rejected(parser, name, data) == told


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cell.csv", b"a,b\n" + b"x" * (8 * MEBIBYTE)),
        ("quote.csv", b'a,b\n"' + b"x,\n" * MEBIBYTE),
        ("row.csv", b"1," * 100_000),
        ("line.txt", b"word " * MEBIBYTE),
        ("line.md", b"word *a " * 50_000),
        ("brackets.md", b"[" * 20_000),
    ],
)
def test_one_giant_line_is_read_or_rejected_in_time(parser: ProcessParser, name: str, data: bytes) -> None:
    """A single cell, row or line of megabytes loses nothing silently and does not end a child."""
    result = parser.parse(name, data)
    check(result)
    assert isinstance(result, Rejected) or result.text.count("x") == data.count(b"x")
    assert isinstance(parser.parse(f"leave{Path(name).suffix}", FILES[f"leave{Path(name).suffix}"]), Read)
