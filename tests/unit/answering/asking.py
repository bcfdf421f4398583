"""The two ways in which a question is put to passages: by words only, and with vectors of a fake."""

from collections.abc import Sequence

import pytest

from pipelines.answering.extracting import Candidate, Extract, Role, WeighedQuestion, extract, weigh
from tests.fakes.hash_embedder import HashEmbedder


EMBEDDER = HashEmbedder()

both_ways = pytest.mark.parametrize("vectors", [False, True], ids=["words", "vectors"])


def extracted(question: str, candidates: Sequence[Candidate], *, vectors: bool = False, limit: int = 4) -> Extract:
    """Return what is shown for a question."""
    if not vectors:
        return extract(question, candidates, limit=limit)
    vector = EMBEDDER.embed([question])[0]
    return extract(question, candidates, question_vector=vector, embed_texts=EMBEDDER.embed, limit=limit)


def weighed(question: str, candidates: Sequence[Candidate], *, vectors: bool = False) -> WeighedQuestion:
    """Return a question with what might answer it."""
    if not vectors:
        return weigh(question, candidates)
    return weigh(question, candidates, question_vector=EMBEDDER.embed([question])[0], embed_texts=EMBEDDER.embed)


def shown(found: Extract, candidates: Sequence[Candidate]) -> list[tuple[Role, str]]:
    """Return the pieces in reading order, as what they are and what they say."""
    texts = {one.passage.text_hash: one.text for one in candidates}
    return [
        (piece.role, texts[piece.source.text_hash][piece.start : piece.end])
        for paragraph in found.paragraphs
        for piece in paragraph.pieces
    ]
