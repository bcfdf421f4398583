"""The embedder port over the local model. Knows neither files' places nor the runtime."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from pipelines.adapters.onnx_embedder.model_files import WEIGHTS_SHA256, find_model
from pipelines.adapters.onnx_embedder.stamp import Stamp
from pipelines.adapters.onnx_embedder.tokens import MAX_TOKENS, Tokens


if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.adapters.onnx_embedder.session import Session

DIMENSIONS = 384
BATCH_TEXTS = 8
BATCH_TOKENS = 512
"""
What is computed at once. Short texts are cheaper together (8 tokens: 6 ms alone, 2 ms
among eight), long ones are not, and memory grows with the product: 145 MB for a
process at two texts of 256 tokens, 270 MB at sixteen.
"""


class OnnxEmbedder:
    """
    all-MiniLM-L6-v2 on the CPU, without a network; safe to share between threads.

    A text's vector differs by less than 1e-6 per component with the texts beside it.
    """

    def __init__(self, folder: Path | None = None, *, stamp: Path | None = None, threads: int = 1) -> None:
        """
        Store the settings; the first use loads the model.

        Args:
            folder: holds `model.safetensors` and `tokenizer.json`; None means those of
                the installed package.
            stamp: file that remembers that the weights were checked, so that the next
                start need not read them all; None checks at every start.
            threads: of one computation.

        """
        self._folder = folder
        self._stamp = None if stamp is None else Stamp(stamp)
        self._threads = threads
        self._lock = Lock()
        self._model: tuple[Tokens, Session] | None = None

    @property
    def name(self) -> str:
        """Name of model, weights and cut-off."""
        return f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:8]}-{MAX_TOKENS}"

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return DIMENSIONS

    def load(self) -> None:
        """
        Find, check and load the model now instead of at the first text; a second call does nothing.

        Raises:
            PermanentError: the model's files are missing or not the expected ones.

        """
        self._loaded()

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """
        Return one unit vector per text, shape (len(texts), 384), in order; a text counts up to its 256th token.

        Raises:
            TransientError: the runtime fails, as when memory is short.
            PermanentError: the model's files are missing or not the expected ones.

        """
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        if not texts:
            return vectors
        tokens, session = self._loaded()
        ids = [tokens.ids(text) for text in texts]
        for places in batches([len(sequence) for sequence in ids]):
            vectors[places] = session.vectors([ids[place] for place in places])
        return vectors

    def _loaded(self) -> "tuple[Tokens, Session]":
        """Return the model, loaded once however many threads ask."""
        # The runtime begins a thread when it is imported; a worker that asked for the name alone still forks.
        from pipelines.adapters.onnx_embedder.session import Session, shipped_graph  # noqa: PLC0415 - as said above

        with self._lock:
            if self._model is None:
                files = find_model(self._folder, self._stamp)
                session = Session(shipped_graph(), files.weights, threads=self._threads)
                self._model = Tokens(files.tokenizer), session
            return self._model


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """
    Yield the places 0..len(lengths) - 1, each once, grouped for computing at once.

    Shortest first, so that little is padded. A group has at most 8 places and, padded
    to its longest, at most 512 tokens, or it is a single place.
    """
    group: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if len(group) == BATCH_TEXTS or (len(group) + 1) * lengths[place] > BATCH_TOKENS:
            if group:
                yield group
            group = []
        group.append(place)
    if group:
        yield group
