"""Documents of ten sections from the bench's sentences, and vectors for the embedder's cache, which then knows all."""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipelines.domain.reading import ParseLimits, Rejected
from pipelines.ingestion.preparing import document_title, prepare
from pipelines.ingestion.reading import markdown
from pipelines.ports.records import VectorRecords
from tests.bench.corpus import DIMENSIONS, chunks


if TYPE_CHECKING:
    from numpy.typing import NDArray

SECTIONS = 10
_AT_ONCE = 1000


def write_documents(folder: Path, count: int) -> None:
    """Write Markdown files with ten sections of about a thousand characters."""
    folder.mkdir(parents=True)
    for number, some in groupby(enumerate(chunks(count * SECTIONS)), key=lambda pair: pair[0] // SECTIONS):
        sections = [f"## Part {at % SECTIONS}\n\n{one.text.replace('#', ' ')}\n" for at, one in some]
        text = "\n".join([f"# Handbook {number}\n", *sections])
        (folder / f"{number:06}.md").write_text(text, encoding="utf-8")


def fill_cache(vectors: VectorRecords, embedder: str, folder: Path) -> int:
    """Let the cache know the vector of every chunk of a folder's files; return how many."""
    known: dict[str, NDArray[np.float32]] = {}
    generator = np.random.default_rng(7)
    total = 0
    for text in _embedded(folder):
        vector = generator.standard_normal(DIMENSIONS, dtype=np.float32)
        known[hashlib.sha256(text.encode()).hexdigest()] = vector / np.linalg.norm(vector)
        if len(known) == _AT_ONCE:
            vectors.put(embedder, known)
            total, known = total + len(known), {}
    vectors.put(embedder, known)
    return total + len(known)


def _embedded(folder: Path) -> Iterator[str]:
    """Yield what a sync embeds."""
    for file in sorted(folder.iterdir()):
        read = markdown.read(file.read_bytes(), limits=ParseLimits())
        if isinstance(read, Rejected):
            raise TypeError(read.reason)
        title = document_title(file.name, read)
        yield from (one.embedded for one in prepare(1, 1, "bench", title, read, generation="bench"))
