"""Vectors of sentences, made when a question needs them and kept while memory is worth it."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from pipelines.ports.embedder import Embedder
from pipelines.retrieval.embedding import EmbedderNow, now, sentence_vectors


if TYPE_CHECKING:
    from numpy.typing import NDArray


class SentenceVectors:
    """
    Embeds texts, the last used ones from memory. Safe to share between threads.

    To store a vector for each sentence at indexing would double the time of a sync for a
    gain of .006 to .01 in right answers shown; frequent passages end up here.
    """

    def __init__(self, embedder: EmbedderNow, *, kept: int = 20_000) -> None:
        """
        Take the embedder.

        Args:
            embedder: makes the vectors, where nobody names another one.
            kept: vectors kept in memory, 1.5 kB each with 384 dimensions.

        """
        self._embedder = embedder
        self._max = kept
        self._kept: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one unit vector per text, shape (len(texts), dimensions), in order."""
        embedder = now(self._embedder)
        return np.empty((len(texts), 0), np.float32) if embedder is None else self.by(embedder, texts)

    def by(self, embedder: Embedder, texts: Sequence[str]) -> "NDArray[np.float32]":
        """
        Return the same, made by this embedder.

        Raises:
            FootnoteError: there are none now.

        """
        name = embedder.name
        with self._lock:
            known = {text: self._kept[name, text] for text in texts if (name, text) in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= dict(zip(missing, sentence_vectors(embedder, missing), strict=True))
        with self._lock:
            for text in known:
                self._kept[name, text] = known[text]
                self._kept.move_to_end((name, text))
            while len(self._kept) > self._max:
                self._kept.popitem(last=False)
        shape = (len(texts), embedder.dimensions)
        return np.stack([known[text] for text in texts]) if texts else np.empty(shape, np.float32)
