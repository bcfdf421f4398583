"""
The passages that the verifier's cases are drawn from, cut as the product cuts them.

The sets are read where they lie (FOOTNOTE_EVALDATA); nothing of them is kept here.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from pipelines.domain.knowledge import Chunk
from pipelines.domain.reading import BlockKind, Read
from pipelines.evaluation.running import SETS
from pipelines.ingestion.chunking import chunk_document
from pipelines.retrieval.sentences import split_sentences
from tests.fakes.in_process_parser import InProcessParser


SEED = 20261122
"""Of everything that is drawn by chance."""

HANDBOOKS = ("handbook18f", "handbook_sourcegraph")
DEMO = "demo"
SET_NAMES = (*HANDBOOKS, "northwind", "squad2")
TUNING, TEST = "tuning", "test"
HALVES = (TUNING, TEST)

DOCUMENTS_DRAWN = {"handbook18f": 60, "handbook_sourcegraph": 110, "northwind": 6, "squad2": 20}
"""Documents of a half that are read, at most; of squad2 articles."""

# Two plans of northwind are nearly the same document, so they lie on one side.
_NORTHWIND_TUNING = frozenset({"Benefit_Options.pdf", "PerksPlus.pdf", "role_library.pdf"})
_DEMO_TUNING = frozenset(
    {"work/remote-work.md", "products/warranty-and-returns.html", "people/onboarding-first-week.docx"}
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, list item or table row of a passage: `text[start:end]` of the passage."""

    start: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Source:
    """
    A passage as a reader may see it, with what stands around it.

    Attributes:
        set: name of the set, or `demo`.
        document: id of the document in the set.
        half: `tuning` or `test`.
        ordinal: number of the passage in the document.
        title: the document's title.
        headings: the headings above, outermost first.
        lead: the lead-in or table header that stands outside the passage; may be empty.
        text: the passage.
        units: its sentences, list items and rows, in order.

    """

    set: str
    document: str
    half: str
    ordinal: int
    title: str
    headings: tuple[str, ...]
    lead: str
    text: str
    units: tuple[Unit, ...]

    @property
    def key(self) -> str:
        """Return the name of the passage."""
        return f"{self.set}/{self.document}#{self.ordinal}"

    def words(self, unit: Unit) -> str:
        """Return a unit's text on one line, without the marker of a list item."""
        return " ".join(self.text[unit.start : unit.end].split())


def sets_folder() -> Path:
    """Return where the evaluation sets lie."""
    return Path(os.environ.get("FOOTNOTE_EVALDATA", SETS))


def half_of(set_name: str, document: str) -> str:
    """Return on which side of the split a document lies; decided by its name alone, of squad2 by its article."""
    if set_name == DEMO:
        return TUNING if document in _DEMO_TUNING else TEST
    if set_name == "northwind":
        return TUNING if document in _NORTHWIND_TUNING else TEST
    name = document.partition("#")[0] if set_name == "squad2" else document
    return HALVES[hashlib.sha256(f"{set_name}/{name}".encode()).digest()[0] % 2]


def drawn_passages(half: str, set_name: str) -> tuple[Source, ...]:
    """Return the passages of the documents that are drawn from a half of a set, in a fixed order."""
    lines = [one for one in _lines(set_name, "documents.jsonl") if half_of(set_name, one["id"]) == half]
    by_name: dict[str, list[dict[str, Any]]] = {}
    for one in lines:
        by_name.setdefault(one["id"].partition("#")[0] if set_name == "squad2" else one["id"], []).append(one)
    names = sorted(by_name)
    Random(f"{SEED}/{half}/{set_name}").shuffle(names)
    drawn = [one for name in names[: DOCUMENTS_DRAWN[set_name]] for one in by_name[name]]
    return tuple(source for line in drawn for source in passages_of(set_name, line["id"]))


@cache
def passages_of(set_name: str, document: str) -> tuple[Source, ...]:
    """Return all passages of one document; none if it cannot be read."""
    if set_name == DEMO:
        folder = Path(__file__).parents[3] / "demo" / "documents"
        return _cut(DEMO, document, document, (folder / document).read_bytes(), document)
    line = _documents(set_name)[document]
    if line["text"] is not None:
        return _cut(set_name, document, f"{document}.txt", line["text"].encode(), line["title"])
    data = (sets_folder() / set_name / line["path"]).read_bytes()
    return _cut(set_name, document, line["path"], data, line["title"])


def questions(set_name: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of a set's questions."""
    return iter(_lines(set_name, "questions.jsonl"))


@cache
def _documents(set_name: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in _lines(set_name, "documents.jsonl")}


def _lines(set_name: str, name: str) -> list[dict[str, Any]]:
    text = (sets_folder() / set_name / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _cut(set_name: str, document: str, name: str, data: bytes, title: str) -> tuple[Source, ...]:
    read = InProcessParser().parse(name, data)
    if not isinstance(read, Read):
        return ()
    half, named = half_of(set_name, document), read.title or title
    return tuple(
        Source(
            set=set_name,
            document=document,
            half=half,
            ordinal=ordinal,
            title=named,
            headings=chunk.heading_path,
            lead=read.text[slice(*chunk.lead)] if chunk.lead else "",
            text=chunk.text,
            units=tuple(_units(chunk)),
        )
        for ordinal, chunk in enumerate(chunk_document(read))
    )


def _units(chunk: Chunk) -> Iterator[Unit]:
    for block in chunk.blocks:
        start, end = block.start - chunk.start, block.end - chunk.start
        if block.kind in {BlockKind.HEADING, BlockKind.CODE}:
            continue
        if block.kind in {BlockKind.TABLE_HEADER, BlockKind.TABLE_ROW}:
            yield Unit(start, end, block.kind)
            continue
        for begin, stop in split_sentences(chunk.text, start, end):
            yield Unit(begin, stop, block.kind)
