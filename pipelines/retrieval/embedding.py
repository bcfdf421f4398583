"""Vectors while somebody waits for an answer: of a question, and of sentences. Those of a sync are made elsewhere."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from pipelines.ports.embedder import Embedder, QuestionEmbedder


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


EmbedderNow: TypeAlias = Embedder | Callable[[], Embedder | None] | None
"""An embedder, None for words only, or what names either at each question, where it may be changed meanwhile."""


def now(embedder: EmbedderNow) -> Embedder | None:
    """
    Return the embedder of this moment; None for words only.

    Raises:
        FootnoteError: it cannot be had now.

    """
    return embedder() if callable(embedder) else embedder


def question_vector(embedder: Embedder, text: str) -> "NDArray[np.float32]":
    """
    Return the unit vector of a question, as a question where the model makes a difference.

    Raises:
        FootnoteError: there is none now.

    """
    if isinstance(embedder, QuestionEmbedder):
        return embedder.embed_question(text)
    vector: NDArray[np.float32] = embedder.embed([text])[0]
    return vector


def sentence_vectors(embedder: Embedder, texts: Sequence[str]) -> "NDArray[np.float32]":
    """
    Return one unit vector per sentence of a passage, shape (len(texts), dimensions), in the time of a question.

    Raises:
        FootnoteError: there are none now.

    """
    return embedder.embed_soon(texts) if isinstance(embedder, QuestionEmbedder) else embedder.embed(texts)
