"""
Documents of a set as files of a folder source, and the reader of those that were texts.

Files of the set are read by the product's own readers; texts become documents with their title.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import regex

from pipelines.domain.citations import Place
from pipelines.domain.reading import Block, BlockKind, Read, Rejected
from pipelines.evaluation.material import SetDocument, Shape
from pipelines.evaluation.sets import UnitName
from pipelines.ports.document_parser import DocumentParser


TEXT = ".set-text"
"""Ending of the files that hold texts of a set."""

_LINE = regex.compile(r"\S(?:[^\n]*\S)?")


def write_documents(documents: Sequence[SetDocument], folder: Path, root: Path) -> Mapping[str, SetDocument]:
    """
    Write documents into a folder that holds nothing else, and return path -> document.

    Args:
        documents: of a set, or of one language of it.
        folder: where they are written; what was written before and is the same stays as it is.
        root: folder of the set.

    """
    paths: dict[str, SetDocument] = {}
    for number, document in enumerate(documents):
        file = document.parts[0].file
        path = f"{number:06d}{TEXT}" if file is None else file.relative_to(root).as_posix()
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if file is None:
            target.write_text(_as_text(document), encoding="ascii")
        elif file.is_file():
            shutil.copyfile(file, target)
        paths[path] = document
    return paths


class SetParser:
    """`ports.document_parser.DocumentParser` that reads texts of a set itself, and hands every other file on."""

    def __init__(self, parser: DocumentParser) -> None:
        """Take the product's own parser."""
        self._parser = parser

    def parse(self, name: str, data: bytes) -> Read | Rejected:
        """Read a file: a text of a set by its lines, anything else as the product does."""
        return _read(json.loads(data)) if name.endswith(TEXT) else self._parser.parse(name, data)

    def close(self) -> None:
        """End the child processes."""
        self._parser.close()


def unit_of(document: SetDocument, unit: int, *, paged: bool) -> UnitName:
    """Return what the set calls a page or section that the ranking found."""
    if document.shape is Shape.WHOLE:
        return document.parts[0].id, unit if paged else None
    return document.parts[unit - 1 if paged else unit].id, None


def cited_unit(document: SetDocument, place: Place) -> UnitName:
    """Return what the set calls the place of a citation."""
    if document.shape is Shape.PAGES:
        return document.parts[(place.page or 1) - 1].id, None
    if document.shape is Shape.SECTIONS:
        return document.parts[int(place.anchor or 0)].id, None
    return document.parts[0].id, place.page


def _as_text(document: SetDocument) -> str:
    parts = [[part.title or part.id, part.text or ""] for part in document.parts]
    title = document.title or document.parts[0].id
    return json.dumps({"title": title, "shape": document.shape.value, "parts": parts})


def _read(stored: dict[str, Any]) -> Read | Rejected:
    """Return the parts as one text: sections under their titles, pages as such, a block per line."""
    shape = Shape(stored["shape"])
    texts = [f"{title}\n\n{text}" if shape is Shape.SECTIONS else text for title, text in stored["parts"]]
    blocks: list[Block] = []
    start = 0
    for number, text in enumerate(texts):
        blocks += _blocks(text, start, number, shape)
        start += len(text) + 2
    if not blocks:
        return Rejected("it holds no text")
    return Read("\n\n".join(texts), tuple(blocks), title=stored["title"])


def _blocks(text: str, start: int, number: int, shape: Shape) -> Iterator[Block]:
    """Yield a block per line that is not empty, the first one of a section as its heading."""
    page = number + 1 if shape is Shape.PAGES else None
    for line, match in enumerate(_LINE.finditer(text)):
        begin, end = start + match.start(), start + match.end()
        if shape is Shape.SECTIONS and line == 0:
            yield Block(BlockKind.HEADING, begin, end, level=1, anchor=str(number))
        else:
            yield Block(BlockKind.PARAGRAPH, begin, end, page=page)
