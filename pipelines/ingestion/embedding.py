"""Embedding through the cache: a text that was embedded once is not embedded again."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.ports.embedder import Embedder
from pipelines.ports.records import VectorRecords


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class CachedEmbedding:
    """Vectors of texts, from the cache where they are known. Counts what was not."""

    def __init__(self, embedder: Embedder, cache: VectorRecords) -> None:
        self._embedder = embedder
        self._cache = cache
        self.embedded = 0

    def vectors(self, texts: Sequence[str]) -> "list[NDArray[np.float32]]":
        """Return one unit vector per text, in order."""
        names = [_name(text) for text in texts]
        known = dict(self._cache.get(self._embedder.name, names))
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
        if missing:
            new = dict(zip(missing, self._embedder.embed(list(missing.values())), strict=True))
            self._cache.put(self._embedder.name, new)
            self.embedded += len(new)
            known |= new
        return [known[name] for name in names]

    def unknown(self, texts: Sequence[str]) -> int:
        """Return how many different texts would have to be embedded."""
        names = {_name(text) for text in texts}
        return len(names - self._cache.get(self._embedder.name, names).keys())


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
