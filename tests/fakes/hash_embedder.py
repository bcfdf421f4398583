"""An embedder without a model: texts that share words are near. It knows nothing of meaning."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


WORDS = re.compile(r"\w+")
FLOOR = 0.01
"""Weight of the component that every text has, so that a text without words is a direction too."""


class HashEmbedder:
    """Hashed bag of words, as unit vectors; the same on every machine and in every process."""

    def __init__(self, dimensions: int = 64) -> None:
        """Take the length of a vector, at least 2."""
        self._dimensions = dimensions

    @property
    def name(self) -> str:
        """Name of the fake and its length."""
        return f"hash-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector per text, shape (len(texts), dimensions), in order."""
        vectors = np.zeros((len(texts), self._dimensions), np.float32)
        vectors[:, 0] = FLOOR
        for vector, text in zip(vectors, texts, strict=True):
            for word in WORDS.findall(text.casefold()):
                place, sign = self._place(word)
                vector[place] += sign
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def _place(self, word: str) -> tuple[int, int]:
        """Return the component of a word, never the first, and its sign."""
        number = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        return 1 + (number >> 1) % (self._dimensions - 1), 1 if number & 1 else -1
