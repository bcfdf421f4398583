"""Texts to vectors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """
    One embedding model.

    Attributes:
        name: names model, weights and cut-off; two embedders with the same name give the same
            vectors. Part of the key of the embedding cache.
        dimensions: length of a vector.

    """

    @property
    def name(self) -> str:
        """Name of model, weights and cut-off."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """
        Return one unit vector per text, shape (len(texts), dimensions), in order.

        Raises:
            TransientError: the model cannot be reached now.
            PermanentError: the model's files are missing or damaged.

        """


@runtime_checkable
class QuestionEmbedder(Protocol):
    """
    What an embedder can do besides, whose model tells questions from passages, or is asked over a network.

    An embedder without it makes both alike, in its own time.
    """

    def embed_question(self, text: str) -> "NDArray[np.float32]":
        """
        Return the unit vector of a question, shape (dimensions,), or fail in the time of a question.

        Raises:
            TransientError: the model cannot be reached now, or not in time.
            PermanentError: it refuses.

        """

    def embed_soon(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return what `embed` returns, or fail in the time of a question."""
