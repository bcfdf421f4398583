"""Texts to vectors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol


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
