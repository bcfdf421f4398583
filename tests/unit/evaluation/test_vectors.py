"""Vectors that are kept between runs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.evaluation.vectors import KeptVectors
from tests.fakes.hash_embedder import HashEmbedder


class CountingEmbedder(HashEmbedder):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__(8)
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed and remember."""
        self.asked += texts
        return super().embed(texts)


def test_a_text_is_embedded_once(tmp_path: Path) -> None:
    """Neither a second time in a call, nor in the next run; the vectors are the embedder's own, in order."""
    texts = [f"text {number % 200}" for number in range(300)]
    first, second = CountingEmbedder(), CountingEmbedder()
    for embedder in (first, second):
        kept = KeptVectors(embedder, tmp_path / "kept")
        found = kept.embed(texts)
        kept.close()
        assert found.dtype == np.float32
        assert np.array_equal(found, HashEmbedder(8).embed(texts))
    assert first.asked == texts[:200]
    assert second.asked == []


def test_no_texts_no_vectors(tmp_path: Path) -> None:
    """The shape is that of no rows."""
    kept = KeptVectors(HashEmbedder(8), tmp_path)
    assert kept.embed([]).shape == (0, 8)
    kept.close()


def test_a_broken_run_keeps_what_it_had(tmp_path: Path) -> None:
    """What was computed before a fault is there in the next run."""

    def stop(done: int, _all: int) -> None:
        if done >= 128:
            raise KeyboardInterrupt

    texts = [f"text {number}" for number in range(300)]
    first, second = CountingEmbedder(), CountingEmbedder()
    kept = KeptVectors(first, tmp_path, progress=stop)
    try:
        kept.embed(texts)
    except KeyboardInterrupt:
        kept.close()
    kept = KeptVectors(second, tmp_path)
    kept.embed(texts)
    kept.close()
    assert second.asked == texts[128:]
