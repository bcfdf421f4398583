"""The demonstration knowledge base: its documents can be read, and its golden answers stand in them. Asks nothing."""

import importlib.util
import json
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pipelines.domain.reading import Block, BlockKind, ParseLimits, Read
from pipelines.ingestion.reading.formats import READERS, format_of


DEMO = Path(__file__).parents[2] / "demo"
DOCUMENTS = DEMO / "documents"
PATHS = sorted(str(file.relative_to(DOCUMENTS)) for file in DOCUMENTS.rglob("[!.]*") if file.is_file())
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (DEMO / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
ANSWERABLE = [one for one in QUESTIONS if one["answerable"]]
NAMELESS = {"offices.csv", "glossary.txt"}


@cache
def read(path: str) -> Read:
    """Return a document as its reader reads it."""
    return read_bytes(path, (DOCUMENTS / path).read_bytes())


def read_bytes(path: str, data: bytes) -> Read:
    """Return what the reader for a path makes of these bytes."""
    format_ = format_of(path)
    assert format_ is not None
    result = import_module(READERS[format_]).read(data, limits=ParseLimits())
    assert isinstance(result, Read), result
    return result


def block_at(document: Read, offset: int) -> Block:
    """Return the block that an offset lies in."""
    return next(one for one in document.blocks if one.start <= offset < one.end)


def headings_above(document: Read, block: Block) -> list[Block]:
    """Return the headings before a block, the nearest first."""
    return [one for one in reversed(document.blocks) if one.kind is BlockKind.HEADING and one.start <= block.start]


def test_the_demonstration_shows_every_format() -> None:
    """Fifteen documents, at least one in each format that can be read."""
    assert Counter(format_of(path) for path in PATHS) == {"md": 5, "html": 2, "pdf": 3, "docx": 3, "csv": 1, "txt": 1}


@pytest.mark.parametrize("path", PATHS)
def test_a_document_says_what_it_is(path: str) -> None:
    """Every document is read, and those of a format with metadata name their title, team and date."""
    document = read(path)
    known = (document.title, document.author, document.date)
    assert all(one is None for one in known) if path in NAMELESS else all(known)


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda one: one["id"])
def test_a_golden_answer_stands_at_its_place(question: dict[str, Any]) -> None:
    """Each golden quote occurs once, word for word, on the page, under the heading, in the row that is named."""
    document, place = read(question["document"]), question["place"]
    for quote in question["quote"]:
        assert document.text.count(quote) == 1
        block = block_at(document, document.text.index(quote))
        above = headings_above(document, block)
        found = {
            "page": block.page,
            "rows": str(block.row),
            "heading": document.text[above[0].start : above[0].end] if above else None,
            "anchor": above[0].anchor if above else None,
        }
        assert place == {name: found[name] for name in place}


def test_golden_quotes_come_in_reading_order() -> None:
    """The steps of a procedure are listed in the order of the document."""
    for question in ANSWERABLE:
        offsets = [read(question["document"]).text.index(quote) for quote in question["quote"]]
        assert offsets == sorted(offsets)


def test_ten_golden_questions_with_two_that_nothing_answers() -> None:
    """Ten questions with different names; the unanswerable ones name no document."""
    assert len({one["id"] for one in QUESTIONS}) == 10
    unanswerable = [one for one in QUESTIONS if not one["answerable"]]
    assert len(unanswerable) == 2
    assert all(not one["document"] and not one["place"] and not one["quote"] for one in unanswerable)


def test_the_printed_documents_are_those_of_their_texts() -> None:
    """Printing the texts of `authoring/` again gives files that read like those that are kept."""
    pytest.importorskip("reportlab", reason="reportlab prints the demonstration's PDFs and is not installed")
    spec = importlib.util.spec_from_file_location("make_documents", DEMO / "make_documents.py")
    assert spec is not None
    assert spec.loader is not None
    printer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(printer)
    for source in (DEMO / "authoring").glob("*.md"):
        sheet = printer.read_sheet(source.read_text(encoding="utf-8"))
        make = printer.make_pdf if sheet.file.endswith(".pdf") else printer.make_docx
        assert read_bytes(sheet.file, make(sheet)) == read(sheet.file)
