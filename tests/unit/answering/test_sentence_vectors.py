"""Promises of the vectors of sentences: right, in order, bounded."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipelines.answering.sentence_vectors import SentenceVectors
from tests.fakes.hash_embedder import HashEmbedder


class CountingEmbedder(HashEmbedder):
    """The fake that keeps what it was asked for."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        super().__init__(8)
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed and remember."""
        self.asked.extend(texts)
        return super().embed(texts)


def test_a_text_is_embedded_once() -> None:
    """What was embedded lately comes from memory, and a text that stands twice is embedded once."""
    embedder = CountingEmbedder()
    vectors = SentenceVectors(embedder)
    first = vectors(["one", "two", "one"])
    assert embedder.asked == ["one", "two"]
    assert np.array_equal(vectors(["two", "one"]), first[[1, 0]])
    assert embedder.asked == ["one", "two"]


def test_nothing_is_an_empty_array() -> None:
    """No texts give no vectors, of the embedder's length, without asking it."""
    embedder = CountingEmbedder()
    assert SentenceVectors(embedder)([]).shape == (0, 8)
    assert embedder.asked == []


def test_the_last_used_are_kept() -> None:
    """Beyond the bound the text that was longest unused is embedded anew; others are not."""
    embedder = CountingEmbedder()
    vectors = SentenceVectors(embedder, kept=2)
    for texts in (["one"], ["two"], ["one"], ["three"], ["one"], ["two"]):
        vectors(texts)
    assert embedder.asked == ["one", "two", "three", "two"]


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=5), max_size=8), st.integers(0, 4))
def test_memory_changes_no_vector(calls: list[list[str]], kept: int) -> None:
    """However little is kept, each call returns what the embedder would, and no more is kept than was allowed."""
    vectors = SentenceVectors(HashEmbedder(8), kept=kept)
    for texts in calls:
        assert np.array_equal(vectors(texts), HashEmbedder(8).embed(texts))
        assert len(vectors._kept) <= kept
