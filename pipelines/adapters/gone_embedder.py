"""Stands for an embedder that the settings do not open any more: vectors that are remembered can still be used."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from pipelines.errors import BadSettings


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class GoneEmbedder:
    """`ports.embedder.Embedder` that makes no vector, and says what to do."""

    def __init__(self, name: str, dimensions: int) -> None:
        self._name = name
        self._dimensions = dimensions

    @property
    def name(self) -> str:
        """Name of the embedder that is gone."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Length of its vectors."""
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":  # noqa: ARG002 - the port's signature
        """
        Refuse.

        Raises:
            BadSettings: always.

        """
        self._refuse()

    def embed_question(self, text: str) -> "NDArray[np.float32]":  # noqa: ARG002 - as above
        """Refuse."""
        self._refuse()

    def embed_soon(self, texts: Sequence[str]) -> "NDArray[np.float32]":  # noqa: ARG002 - as above
        """Refuse."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise BadSettings(
            f"the index was made with the embedder {self._name}, which is no longer here: set FOOTNOTE_EMBEDDER back,"
            " or make the index with the one that is set (footnote index rebuild)"
        )
