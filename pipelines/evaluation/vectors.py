"""An embedder that keeps its vectors in a file between runs. A comfort of measuring; the product has its own cache."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.ports.embedder import Embedder


_BATCH = 128
_ASKED_AT_ONCE = 500
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"


class KeptVectors:
    """
    `ports.embedder.Embedder` over another one; what the file knows is not computed again.

    Rows are float32 under the SHA-256 of their text, written after every 128 texts, so
    that a run that was broken off goes on where it stopped. The folder may be deleted at
    any time.
    """

    def __init__(
        self,
        embedder: Embedder,
        folder: Path,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        """
        Open the file of this embedder.

        Args:
            embedder: computes what is missing.
            folder: where the file lies; made if need be.
            progress: told how many of a call's missing texts are done, of how many.

        """
        self._embedder = embedder
        self._progress = progress
        folder.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(folder / f"vectors-{embedder.name}.db")
        self._file.execute(_TABLE)

    @property
    def name(self) -> str:
        """Name of the embedder itself: its vectors are the same."""
        return self._embedder.name

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._embedder.dimensions

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector per text, shape (len(texts), dimensions), in order."""
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        known = dict(self._known(list(dict.fromkeys(keys))))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        known.update(self._computed(missing))
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for place, key in enumerate(keys):
            vectors[place] = known[key]
        return vectors

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _known(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield what the file holds."""
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            part = keys[start : start + _ASKED_AT_ONCE]
            marks = ", ".join("?" * len(part))
            statement = f"SELECT text, vector FROM vectors WHERE text IN ({marks})"  # noqa: S608 - only question marks
            for key, vector in self._file.execute(statement, part):
                yield key, np.frombuffer(vector, np.float32)

    def _computed(self, missing: dict[bytes, str]) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield what had to be computed, written to the file before it is used."""
        items = list(missing.items())
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            vectors = self._embedder.embed([text for _, text in batch])
            rows = [(key, vector) for (key, _), vector in zip(batch, vectors, strict=True)]
            with self._file:
                self._file.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)", ((key, vector.tobytes()) for key, vector in rows)
                )
            yield from rows
            self._progress(start + len(batch), len(items))
